//! Mappings, sequences, anchors and merge keys; expected values are Go's.

use crate::check::{parses_as_list_to, parses_as_map_to, parses_strictly_to, parses_to};

#[test]
fn block_collections() {
    parses_to(&[
        (b"a:\n- 1\n- 2\nb: 3", "{\"a\":[1,2],\"b\":3}"),
        (
            b"- - a\n  - b\n- c: d\n  e: f",
            "[[\"a\",\"b\"],{\"c\":\"d\",\"e\":\"f\"}]",
        ),
        (
            b"a:\n  - b\n c: d",
            "error: error converting YAML to JSON: yaml: line 2: did not find expected key",
        ),
        (b"? a\n: b\n? c", "{\"a\":\"b\",\"c\":null}"),
        (
            b"? - a\n: b",
            "error: error converting YAML to JSON: yaml: invalid map key: []interface {}{\"a\"}",
        ),
        (b"- \n- a", "[null,\"a\"]"),
        (
            b"a:\n  b:\n c:",
            "error: error converting YAML to JSON: yaml: line 2: did not find expected key",
        ),
    ]);
}

#[test]
fn flow_collections() {
    parses_to(&[
        (
            b"[a, b: c, ? d, {e, f: g}, ]",
            "[\"a\",{\"b\":\"c\"},{\"d\":null},{\"e\":null,\"f\":\"g\"}]",
        ),
        (
            b"{a, b: , : c}",
            "error: error converting YAML to JSON: yaml: did not find expected node content",
        ),
        (b"{a: [b, {c: d}]}", "{\"a\":[\"b\",{\"c\":\"d\"}]}"),
        (
            b"[a, , b]",
            "error: error converting YAML to JSON: yaml: did not find expected node content",
        ),
        (b"{a b: c}", "{\"a b\":\"c\"}"),
        (b"[a]]", "[\"a\"]"),
        (b"{a:b}", "{\"a:b\":null}"),
        (b"{\"a\":b}", "{\"a\":\"b\"}"),
        (
            b"[a: b: c]",
            "error: error converting YAML to JSON: yaml: did not find expected ',' or ']'",
        ),
        (b"{? a : b}", "{\"a\":\"b\"}"),
        (
            b"[? ]",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'",
        ),
        (b"a: [b\n]\nc: d", "{\"a\":[\"b\"],\"c\":\"d\"}"),
    ]);
}

#[test]
fn keys_become_text() {
    parses_to(&[
        (
            b"{1: a, 1.0: b, 0x10: c, true: d, yes2: e, 1.5: f, 1e3: g, 2001-01-01: h}",
            "{\"1\":\"b\",\"1.5\":\"f\",\"1000\":\"g\",\"16\":\"c\",\"2001-01-01\":\"h\",\"true\":\"d\",\"yes2\":\"e\"}",
        ),
        (b"{yes: a}", "{\"true\":\"a\"}"),
        (b"{16777217.5: a}", "{\"1.6777218e+07\":\"a\"}"),
        (b"{.inf: a}", "{\".inf\":\"a\"}"),
        (
            b"{1e10: a, 1234567.5: b}",
            "{\"1.2345675e+06\":\"b\",\"1e+10\":\"a\"}",
        ),
    ]);
}

#[test]
fn keys_that_json_cannot_have() {
    parses_to(&[
        (
            b"~: 1",
            "error: error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: 1",
        ),
        (
            b": 1",
            "error: error converting YAML to JSON: yaml: did not find expected key",
        ),
        (
            b"18446744073709551615: x",
            "error: error converting YAML to JSON: unsupported map key of type: uint64, key: 0xffffffffffffffff, value: \"x\"",
        ),
        (
            b"a: {~: [1, {b: 2.5, ~: z}]}",
            "error: error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{1, map[interface {}]interface {}{interface {}(nil):\"z\", \"b\":2.5}}",
        ),
        (b"a: {~: 1}\na: 2", "{\"a\":2}"),
    ]);
}

#[test]
fn the_last_of_equal_keys_wins() {
    parses_to(&[
        (b"a: 1\na: 2", "{\"a\":2}"),
        (b"{a: {b: 1}, a: {c: 2}}", "{\"a\":{\"c\":2}}"),
        (b"1: a\n'1': b", "{\"1\":\"b\"}"),
    ]);
}

#[test]
fn templates_are_invalid_keys() {
    parses_to(&[
        (
            b"{{ .Values.x }}",
            "error: error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{\".Values.x\":interface {}(nil)}",
        ),
        (
            b"a: {{ .Values.x | quote }}",
            "error: error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{\".Values.x | quote\":interface {}(nil)}",
        ),
        (
            b"{{- if .x }}\na: b\n{{- end }}",
            "error: error converting YAML to JSON: yaml: did not find expected node content",
        ),
        (
            b"{[a, 1, 2.5, ~, true, \"\\n\"]: x}",
            "error: error converting YAML to JSON: yaml: invalid map key: []interface {}{\"a\", 1, 2.5, interface {}(nil), true, \"\\n\"}",
        ),
        (
            b"{{b: 1, 2: x, 1.5: c, true: d, ~: e, a: []}: x}",
            "error: error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{interface {}(nil):\"e\", \"a\":[]interface {}{}, \"b\":1, 2:\"x\", 1.5:\"c\", true:\"d\"}",
        ),
    ]);
}

#[test]
fn aliases() {
    parses_to(&[
        (b"a: &x 1\nb: *x", "{\"a\":1,\"b\":1}"),
        (b"- &x {a: [b]}\n- *x", "[{\"a\":[\"b\"]},{\"a\":[\"b\"]}]"),
        (
            b"a: *x",
            "error: error converting YAML to JSON: yaml: unknown anchor 'x' referenced",
        ),
        (b"&x a: *x", "{\"a\":\"a\"}"),
        (b"- &x a\n- &x b\n- *x", "[\"a\",\"b\",\"b\"]"),
        (
            b"&a [*a]",
            "error: error converting YAML to JSON: yaml: anchor 'a' value contains itself",
        ),
        (
            b"a: &a {b: *a}",
            "error: error converting YAML to JSON: yaml: anchor 'a' value contains itself",
        ),
        (
            b"&a {*a: b}",
            "error: error converting YAML to JSON: yaml: anchor 'a' value contains itself",
        ),
        (
            b"*a",
            "error: error converting YAML to JSON: yaml: unknown anchor 'a' referenced",
        ),
        (b"a: &x-1_ b\nc: *x-1_", "{\"a\":\"b\",\"c\":\"b\"}"),
        (
            b"&: a",
            "error: error converting YAML to JSON: yaml: did not find expected alphabetic or numeric character",
        ),
        (b"a: &x\nb: *x", "{\"a\":null,\"b\":null}"),
    ]);
}

#[test]
fn merge_keys() {
    parses_to(&[
        (
            b"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}",
            "{\"a\":{\"true\":2,\"x\":1},\"b\":{\"true\":3,\"x\":1}}",
        ),
        (
            b"a: &a {x: 1}\nb: {x: 2, <<: *a}",
            "{\"a\":{\"x\":1},\"b\":{\"x\":1}}",
        ),
        (
            b"a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}",
            "{\"a\":{\"x\":1},\"b\":{\"true\":2,\"x\":2},\"c\":{\"true\":2,\"x\":1}}",
        ),
        (b"a: {<<: {b: 1}}", "{\"a\":{\"b\":1}}"),
        (
            b"a: {<<: 1}",
            "error: error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        ),
        (
            b"a: {<<: [1]}",
            "error: error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        ),
        (
            b"a: &a [1]\nb: {<<: *a}",
            "error: error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        ),
        (b"{'<<': {a: 1}}", "{\"\\u003c\\u003c\":{\"a\":1}}"),
        (b"{!!merge <<: {a: 1}}", "{\"a\":1}"),
        (
            b"a: &a {<<: *a}",
            "error: error converting YAML to JSON: yaml: anchor 'a' value contains itself",
        ),
        (
            b"<<: ~",
            "error: error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        ),
    ]);
}

#[test]
fn strict_reading_refuses_equal_keys() {
    parses_strictly_to(&[
        (
            b"a: 1\na: 2",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key \"a\" already set in map",
        ),
        (
            b"a: 1\n'a': 2",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key \"a\" already set in map",
        ),
        (b"1: a\n'1': b", "{\"1\":\"b\"}"),
        (
            b"1: a\n0x1: b",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key 1 already set in map",
        ),
        (
            b"a: {b: 1, b: 2}\na:\n- 3",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key \"b\" already set in map\n  line 3: key \"a\" already set in map",
        ),
        (
            b"x: &x {a: 1}\ny: {<<: *x, a: 2}",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key \"a\" already set in map",
        ),
        (
            b"{~: 1, ~: 2}",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key <nil> already set in map",
        ),
        (
            b"true: 1\nyes: 2",
            "error: error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key true already set in map",
        ),
        (b"a: 1\nb: 2", "{\"a\":1,\"b\":2}"),
    ]);
}

#[test]
fn reading_as_a_map() {
    parses_as_map_to(&[
        (b"a: 1", "{\"a\":1}"),
        (b"", "{}"),
        (b"~", "{}"),
        (
            b"x",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}",
        ),
        (
            b"1",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go value of type map[string]interface {}",
        ),
        (
            b"1.5",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go value of type map[string]interface {}",
        ),
        (
            b"true",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go value of type map[string]interface {}",
        ),
        (
            b"[]",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
        (
            b"- a",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
        (
            b"a: b: c",
            "error: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
        ),
    ]);
}

#[test]
fn reading_as_a_list() {
    parses_as_list_to(&[
        (b"[1]", "[1]"),
        (b"", "[]"),
        (b"~", "[]"),
        (
            b"x",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type []interface {}",
        ),
        (
            b"1",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go value of type []interface {}",
        ),
        (
            b"true",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go value of type []interface {}",
        ),
        (
            b"{}",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go value of type []interface {}",
        ),
        (
            b"a: 1",
            "error: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go value of type []interface {}",
        ),
    ]);
}
