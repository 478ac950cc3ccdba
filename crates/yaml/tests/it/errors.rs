//! Messages and the lines they name; expected texts are Go's.

use crate::check::parses_to;

#[test]
fn the_scanner_complains() {
    parses_to(&[
        (
            b"a: b: c",
            "error: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
        ),
        (
            b"a: b\nc: d: e",
            "error: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        ),
        (
            b"a\nb: c",
            "error: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        ),
        (
            b"a: 'b\nc: d",
            "error: error converting YAML to JSON: yaml: line 2: found unexpected end of stream",
        ),
        (
            b"a: @b",
            "error: error converting YAML to JSON: yaml: found character that cannot start any token",
        ),
        (
            b"a: `b",
            "error: error converting YAML to JSON: yaml: found character that cannot start any token",
        ),
        (
            b"%a",
            "error: error converting YAML to JSON: yaml: found unknown directive name",
        ),
        (
            b"a: %b",
            "error: error converting YAML to JSON: yaml: found character that cannot start any token",
        ),
        (
            b"a:\n\tb: c",
            "error: error converting YAML to JSON: yaml: line 2: found character that cannot start any token",
        ),
        (
            b"a: b\n  c: d",
            "error: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        ),
        (
            b"- a\nb: c",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator",
        ),
        (
            b"a: - b",
            "error: error converting YAML to JSON: yaml: block sequence entries are not allowed in this context",
        ),
        (
            b"? a\n- b",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected key",
        ),
        (
            b"\ta",
            "error: error converting YAML to JSON: yaml: found character that cannot start any token",
        ),
        (
            b"a: |\n  b\n c",
            "error: error converting YAML to JSON: yaml: line 2: did not find expected key",
        ),
        (
            b"a: >x",
            "error: error converting YAML to JSON: yaml: did not find expected comment or line break",
        ),
        (
            b"a: !<x",
            "error: error converting YAML to JSON: yaml: did not find the expected '>'",
        ),
        (
            b"a: !a!b c",
            "error: error converting YAML to JSON: yaml: found undefined tag handle",
        ),
        (b"a: !!str!x", "{\"a\":\"\"}"),
        (
            b"a: &",
            "error: error converting YAML to JSON: yaml: did not find expected alphabetic or numeric character",
        ),
        (
            b"a: & b",
            "error: error converting YAML to JSON: yaml: did not find expected alphabetic or numeric character",
        ),
        (
            b"a: *",
            "error: error converting YAML to JSON: yaml: did not find expected alphabetic or numeric character",
        ),
        (
            b"[a\nb: c",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'",
        ),
        (
            b"a: \"b\" c",
            "error: error converting YAML to JSON: yaml: did not find expected key",
        ),
        (
            b"x: y\nabc\nd: e",
            "error: error converting YAML to JSON: yaml: line 3: could not find expected ':'",
        ),
        (
            b"abc\ndef: g\nh: i",
            "error: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        ),
    ]);
}

#[test]
fn the_parser_complains() {
    parses_to(&[
        (
            b"a: ]",
            "error: error converting YAML to JSON: yaml: did not find expected node content",
        ),
        (
            b"a: }",
            "error: error converting YAML to JSON: yaml: did not find expected node content",
        ),
        (
            b"a: [b",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'",
        ),
        (
            b"a: {b",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected ',' or '}'",
        ),
        (
            b"a: [b}",
            "error: error converting YAML to JSON: yaml: did not find expected ',' or ']'",
        ),
        (
            b"a: {b]",
            "error: error converting YAML to JSON: yaml: did not find expected ',' or '}'",
        ),
        (b"[a b: c d]", "[{\"a b\":\"c d\"}]"),
        (
            b"- a\n]",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator",
        ),
        (
            b"a: b\n- c",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected key",
        ),
        (
            b"a:\n  - b\n  c",
            "error: error converting YAML to JSON: yaml: line 4: could not find expected ':'",
        ),
        (
            b"---\na\nb: c\n",
            "error: error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context",
        ),
        (b"{a: b}c", "{\"a\":\"b\"}"),
        (b"[a]b", "[\"a\"]"),
        (
            b"a: b\n}\n",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected key",
        ),
        (
            b"- [a, b\n- c",
            "error: error converting YAML to JSON: yaml: line 2: did not find expected ',' or ']'",
        ),
        (
            b"a: ,",
            "error: error converting YAML to JSON: yaml: did not find expected node content",
        ),
        (
            b"a: &x &y b",
            "error: error converting YAML to JSON: yaml: did not find expected key",
        ),
    ]);
}

#[test]
fn directives() {
    parses_to(&[
        (b"%YAML 1.1\n---\na", "\"a\""),
        (
            b"%YAML 1.2\n---\na",
            "error: error converting YAML to JSON: yaml: found incompatible YAML document",
        ),
        (
            b"%YAML 1.1\na",
            "error: error converting YAML to JSON: yaml: line 1: did not find expected <document start>",
        ),
        (
            b"%YAML 1\n---\na",
            "error: error converting YAML to JSON: yaml: did not find expected digit or '.' character",
        ),
        (
            b"%YAML 123.1\n---\na",
            "error: error converting YAML to JSON: yaml: found extremely long version number",
        ),
        (
            b"%YAML 1.1\n%YAML 1.1\n---\na",
            "error: error converting YAML to JSON: yaml: line 1: found duplicate %YAML directive",
        ),
        (
            b"%FOO\n---\na",
            "error: error converting YAML to JSON: yaml: found unknown directive name",
        ),
        (b"%TAG !e! tag:x:\n---\n!e!y a", "\"a\""),
        (
            b"%TAG !e! x\n%TAG !e! y\n---\na",
            "error: error converting YAML to JSON: yaml: line 1: found duplicate %TAG directive",
        ),
        (
            b"%TAG e x\n---\na",
            "error: error converting YAML to JSON: yaml: did not find expected '!'",
        ),
        (b"%TAG !e! tag:yaml.org,2002:\n---\n!e!int '7'", "7"),
        (
            b"!e!x a",
            "error: error converting YAML to JSON: yaml: found undefined tag handle",
        ),
        (
            b"% \n",
            "error: error converting YAML to JSON: yaml: could not find expected directive name",
        ),
        (
            b"%YAML 1.1 x\n---\na",
            "error: error converting YAML to JSON: yaml: did not find expected comment or line break",
        ),
        (b"!%41 a", "\"a\""),
        (
            b"!%zz a",
            "error: error converting YAML to JSON: yaml: did not find URI escaped octet",
        ),
    ]);
}

#[test]
fn control_characters() {
    parses_to(&[
        (
            b"a: \x00b",
            "error: error converting YAML to JSON: yaml: control characters are not allowed",
        ),
        (
            b"a: \x07",
            "error: error converting YAML to JSON: yaml: control characters are not allowed",
        ),
        (
            b"a: \x7F",
            "error: error converting YAML to JSON: yaml: control characters are not allowed",
        ),
        (
            b"a: \xC2\x80",
            "error: error converting YAML to JSON: yaml: control characters are not allowed",
        ),
        (
            b"a: \xEF\xBF\xBF",
            "error: error converting YAML to JSON: yaml: control characters are not allowed",
        ),
        (
            b"a: \xFF",
            "error: error converting YAML to JSON: yaml: invalid leading UTF-8 octet",
        ),
        (
            b"a: \xC0\x80",
            "error: error converting YAML to JSON: yaml: invalid length of a UTF-8 sequence",
        ),
        (
            b"a: \xED\xA0\x80",
            "error: error converting YAML to JSON: yaml: invalid Unicode character",
        ),
        (
            b"a: \xE2(\xA1",
            "error: error converting YAML to JSON: yaml: invalid trailing UTF-8 octet",
        ),
        (
            b"a: \xF4\x90\x80\x80",
            "error: error converting YAML to JSON: yaml: invalid Unicode character",
        ),
        (
            b"a: \xE2\x82",
            "error: error converting YAML to JSON: yaml: incomplete UTF-8 octet sequence",
        ),
    ]);
}

#[test]
fn the_reader_is_ahead_of_the_scanner() {
    parses_to(&[
        (b"a: b: c\n################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################\x07", "error: error converting YAML to JSON: yaml: control characters are not allowed"),
        (b"a: b: c\n########################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################\x07", "error: error converting YAML to JSON: yaml: mapping values are not allowed in this context"),
        (b"a: 1\n---\n############################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################################\x07", "{\"a\":1}"),
    ]);
}

/// The reader takes 512 bytes at a time, and complains of all that it has taken.
#[test]
fn the_reader_takes_steps() {
    let control = "error: error converting YAML to JSON: yaml: control characters are not allowed";
    let second = "error: error converting YAML to JSON: yaml: mapping values are not allowed in this context";
    let far = "# x\n".repeat(200);
    let utf16 = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xFF, 0xFE].into_iter().chain(units).collect()
    };
    let commented =
        |to: usize, bad: &str| format!("a: b: c\n{}{bad}{}", "#".repeat(to - 8), "#".repeat(50));
    let rows: [(Vec<u8>, &str); 11] = [
        (format!("{far}\x07").into(), control),
        (format!("a: 1\n{far}\x07").into(), control),
        (
            format!("a: 1\n{far}\u{FEFF}b: 1\n").into(),
            "{\"a\":1,\"\u{FEFF}b\":1}",
        ),
        (commented(511, "\x07").into(), control),
        (commented(512, "\x07").into(), second),
        (utf16(&commented(254, "\u{FFFE}")), control),
        (utf16(&commented(255, "\u{FFFE}")), second),
        (utf16(&commented(256, "\u{FFFE}")), second),
        (utf16(&format!("a: 1\n{far}\u{FFFE}")), control),
        (
            utf16(&format!("a: 1\n{}b: 😀", "# 😀x\n".repeat(200))),
            "{\"a\":1,\"b\":\"😀\"}",
        ),
        (utf16("a: é\u{FFFE}"), control),
    ];
    for (text, expected) in &rows {
        parses_to(&[(text, expected)]);
    }
}

#[test]
fn a_stray_byte_order_mark() {
    parses_to(&[
        (
            b"\xEF\xBB\xBF\xEF\xBB\xBFab: 1\ncd: 2\n",
            "{\"ab\":1,\"d\":2}",
        ),
        (b"a: 1\n\xEF\xBB\xBFb: 2\n", "{\"a\":1,\"\u{FEFF}b\":2}"),
    ]);
}
