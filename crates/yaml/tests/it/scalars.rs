//! What plain and tagged scalars mean; expected values are Go's.

use crate::check::parses_to;

#[test]
fn booleans_are_those_of_yaml_1_1() {
    parses_to(&[
        (
            b"[true, True, TRUE, tRUE, yes, Yes, on, On, y, Y]",
            "[true,true,true,\"tRUE\",true,true,true,true,true,true]",
        ),
        (
            b"[false, no, NO, off, OFF, n, N, nO]",
            "[false,false,false,false,false,false,false,\"nO\"]",
        ),
        (b"'yes'", "\"yes\""),
        (b"\"no\"", "\"no\""),
        (b"!!str yes", "\"yes\""),
    ]);
}

#[test]
fn nulls() {
    parses_to(&[
        (
            b"[~, null, Null, NULL, nULL]",
            "[null,null,null,null,\"nULL\"]",
        ),
        (b"a:", "{\"a\":null}"),
        (b"", "null"),
        (b"# only a comment", "null"),
        (b"---", "null"),
        (b"'null'", "\"null\""),
    ]);
}

#[test]
fn integers_in_all_bases() {
    parses_to(&[
        (b"[0, 7, -7, +7, 1_000, 0x1F, 0X1f, 0b11, 0B11, 0o17, 0O17, 017, 00]", "[0,7,-7,7,1000,31,31,3,3,15,15,15,0]"),
        (b"[-0x1F, -0b11, -017, 0b-1, -0b-1, 0b, 0x, 0o8, _1, 1_, 1__0]", "[-31,-3,-15,-1,\"-0b-1\",\"0b\",\"0x\",\"0o8\",\"_1\",1,10]"),
        (b"[9007199254740993, 9223372036854775807, 9223372036854775808, 18446744073709551615, 18446744073709551616]", "[9007199254740992,9223372036854776000,9223372036854776000,18446744073709552000,18446744073709552000]"),
    ]);
}

#[test]
fn digits_that_are_not_octal_are_floats() {
    parses_to(&[(b"[08, 09, 018, 0778, 08.5]", "[8,9,18,778,8.5]")]);
}

#[test]
fn floats() {
    parses_to(&[
        (
            b"[1.5, 1., -.5, .5, +.5, 1e3, 1E+3, 1e-3, 1_0.5, .5_5, 1.5e, e3, .e3]",
            "[1.5,1,-0.5,0.5,0.5,1000,1000,0.001,10.5,0.55,\"1.5e\",\"e3\",\".e3\"]",
        ),
        (
            b"[1e400, -1e400, 1e-400, 1.7976931348623157e308]",
            "[\"1e400\",\"-1e400\",0,1.7976931348623157e+308]",
        ),
        (b"[-0, -0.0, 0.0]", "[0,-0,0]"),
        (
            b"[.5., 1.2.3, 0x1p4, inf, nan, Infinity]",
            "[\".5.\",\"1.2.3\",\"0x1p4\",\"inf\",\"nan\",\"Infinity\"]",
        ),
    ]);
}

#[test]
fn infinity_does_not_survive_json() {
    parses_to(&[
        (
            b"a: .inf",
            "error: error converting YAML to JSON: json: unsupported value: +Inf",
        ),
        (
            b"a: -.INF",
            "error: error converting YAML to JSON: json: unsupported value: -Inf",
        ),
        (
            b"a: .nan",
            "error: error converting YAML to JSON: json: unsupported value: NaN",
        ),
        (
            b"b: .nan\na: [1, .inf]",
            "error: error converting YAML to JSON: json: unsupported value: +Inf",
        ),
    ]);
}

#[test]
fn base_60_is_text() {
    parses_to(&[(
        b"[1:30, 12:30:45, -1:20.5]",
        "[\"1:30\",\"12:30:45\",\"-1:20.5\"]",
    )]);
}

#[test]
fn timestamps_stay_text() {
    parses_to(&[
        (
            b"[2001-01-01, 2001-1-1, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43]",
            "[\"2001-01-01\",\"2001-1-1\",\"2001-12-14t21:59:43.10-05:00\",\"2001-12-14 21:59:43\"]",
        ),
        (
            b"!!timestamp 2001-02-29",
            "error: error converting YAML to JSON: yaml: cannot decode !!str `2001-02-29` as a !!timestamp",
        ),
        (b"!!timestamp 2001-02-28", "\"2001-02-28\""),
        (
            b"!!timestamp '2001-12-14T21:59:43Z'",
            "\"2001-12-14T21:59:43Z\"",
        ),
        (
            b"!!timestamp 2001-12-14T1:2:3+25:00",
            "error: error converting YAML to JSON: yaml: cannot decode !!str `2001-12-14T1:2:3+25:00` as a !!timestamp",
        ),
    ]);
}

#[test]
fn tags_convert_or_fail() {
    parses_to(&[
        (b"!!str 12", "\"12\""),
        (b"!!int '12'", "12"),
        (
            b"!!int x",
            "error: error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int",
        ),
        (
            b"!!int 1.5",
            "error: error converting YAML to JSON: yaml: cannot decode !!float `1.5` as a !!int",
        ),
        (b"!!float 1", "1"),
        (
            b"!!float 18446744073709551615",
            "error: error converting YAML to JSON: yaml: cannot decode !!int `18446744073709551615` as a !!float",
        ),
        (b"!!bool y", "true"),
        (
            b"!!bool 1",
            "error: error converting YAML to JSON: yaml: cannot decode !!int `1` as a !!bool",
        ),
        (b"!!null ~", "null"),
        (
            b"!!null x",
            "error: error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!null",
        ),
        (b"!!null ''", "null"),
        (b"!foo 12", "\"12\""),
        (b"! 12", "\"12\""),
        (b"!<tag:yaml.org,2002:int> 0x10", "16"),
        (b"!!unknown 12", "\"12\""),
        (
            b"!!int ''",
            "error: error converting YAML to JSON: yaml: cannot decode !!null `` as a !!int",
        ),
        (b"!!merge <<", "\"\\u003c\\u003c\""),
    ]);
}

#[test]
fn binary_is_decoded() {
    parses_to(&[
        (b"!!binary aGk=", "\"hi\""),
        (b"!!binary |\n  aGVs\n  bG8=", "\"hello\""),
        (b"!!binary /w==", "\"\u{FFFD}\""),
        (
            b"!!binary x",
            "error: error converting YAML to JSON: yaml: !!binary value contains invalid base64 data",
        ),
        (
            b"!!binary 'aGk'",
            "error: error converting YAML to JSON: yaml: !!binary value contains invalid base64 data",
        ),
        (b"{!!binary aGk=: 1}", "{\"hi\":1}"),
    ]);
}

#[test]
fn sixteen_bit_encodings() {
    parses_to(&[
        (b"\xFF\xFEa\x00:\x00 \x00\xE9\x00", "{\"a\":\"é\"}"),
        (b"\xFE\xFF\x00a\x00:\x00 \xD8=\xDE\x00", "{\"a\":\"😀\"}"),
        (
            b"\xFE\xFF\xDC\x00\x00a",
            "error: error converting YAML to JSON: yaml: unexpected low surrogate area",
        ),
        (
            b"\xFF\xFEa\x00\x00",
            "error: error converting YAML to JSON: yaml: incomplete UTF-16 character",
        ),
        (b"\xEF\xBB\xBFa: 1", "{\"a\":1}"),
    ]);
}
