//! Quoted, folded and literal scalars; expected values are Go's.

use crate::check::parses_to;

#[test]
fn plain_scalars_span_lines() {
    parses_to(&[
        (b"a b\n c\n\n\n  d", "\"a b c\\n\\nd\""),
        (b"a: b\n  c # x\n", "{\"a\":\"b c\"}"),
        (b"a: b #c\n", "{\"a\":\"b\"}"),
        (b"a: b#c", "{\"a\":\"b#c\"}"),
        (b"[a\n b, c]", "[\"a b\",\"c\"]"),
        (
            b"a: x\n y: z",
            "error: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        ),
        (
            b"- a\n b\n-c",
            "error: error converting YAML to JSON: yaml: line 4: could not find expected ':'",
        ),
        (b"a:\tb", "{\"a\":\"b\"}"),
        (b"a\n\tb", "\"a b\""),
    ]);
}

#[test]
fn single_quotes() {
    parses_to(&[
        (b"'it''s'", "\"it's\""),
        (b"'a\n b\n\n c'", "\"a b\\nc\""),
        (b"'  a  '", "\"  a  \""),
        (
            b"'a",
            "error: error converting YAML to JSON: yaml: found unexpected end of stream",
        ),
        (b" 'a' b", "\"a\""),
    ]);
}

#[test]
fn double_quotes_and_escapes() {
    parses_to(&[
        (
            b"\"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\\\\\N\\_\\L\\P\"",
            "\"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001b \\\"\\\\\u{85}\u{A0}\\u2028\\u2029\"",
        ),
        (b"\"\\x41\\u00e9\\U0001F600\"", "\"Aé😀\""),
        (b"\"a\\\n   b\"", "\"ab\""),
        (b"\"a \\\n  \\ b\"", "\"a  b\""),
        (b"\"a\n  b\n\n  c\"", "\"a b\\nc\""),
        (
            b"\"\\q\"",
            "error: error converting YAML to JSON: yaml: found unknown escape character",
        ),
        (
            b"\"\\xZZ\"",
            "error: error converting YAML to JSON: yaml: did not find expected hexdecimal number",
        ),
        (
            b"\"\\ud800\"",
            "error: error converting YAML to JSON: yaml: found invalid Unicode character escape code",
        ),
        (
            b"\"\\U00110000\"",
            "error: error converting YAML to JSON: yaml: found invalid Unicode character escape code",
        ),
        (
            b"\"a",
            "error: error converting YAML to JSON: yaml: found unexpected end of stream",
        ),
        (
            b"\"\\/\"",
            "error: error converting YAML to JSON: yaml: found unknown escape character",
        ),
    ]);
}

#[test]
fn literal_blocks() {
    parses_to(&[
        (
            b"a: |\n  x\n   y\n\n  z\n\n",
            "{\"a\":\"x\\n y\\n\\nz\\n\"}",
        ),
        (b"a: |-\n  x\n\n", "{\"a\":\"x\"}"),
        (b"a: |+\n  x\n\n", "{\"a\":\"x\\n\\n\"}"),
        (b"a: |2\n   x\n", "{\"a\":\" x\\n\"}"),
        (b"a: |+1\n  x\n", "{\"a\":\" x\\n\"}"),
        (b"a: |\n\n\n  x", "{\"a\":\"\\n\\nx\"}"),
        (b"a: |\n", "{\"a\":\"\"}"),
        (b"- |\n x\n- y", "[\"x\\n\",true]"),
        (b"a: | # c\n  x", "{\"a\":\"x\"}"),
        (
            b"a: |x\n  y",
            "error: error converting YAML to JSON: yaml: did not find expected comment or line break",
        ),
        (
            b"a: |0\n  x",
            "error: error converting YAML to JSON: yaml: found an indentation indicator equal to 0",
        ),
        (
            b"a: |\n\tx",
            "error: error converting YAML to JSON: yaml: line 2: found a tab character where an indentation space is expected",
        ),
        (
            b"a: |\n  x\n\ty",
            "error: error converting YAML to JSON: yaml: line 3: found a tab character where an indentation space is expected",
        ),
        (b"a: |\r\n  x\r\n  y\r\n", "{\"a\":\"x\\ny\\n\"}"),
    ]);
}

#[test]
fn folded_blocks() {
    parses_to(&[
        (
            b"a: >\n  x\n  y\n\n  z\n   w\n  v\n",
            "{\"a\":\"x y\\nz\\n w\\nv\\n\"}",
        ),
        (b"a: >-\n  x\n\n\n  y\n", "{\"a\":\"x\\n\\ny\"}"),
        (b"a: >+\n  x\n\n", "{\"a\":\"x\\n\\n\"}"),
        (
            b"a: >\n  x\n\t y\n",
            "error: error converting YAML to JSON: yaml: line 3: found a tab character where an indentation space is expected",
        ),
    ]);
}

#[test]
fn other_line_breaks() {
    parses_to(&[
        (b"a: x\xC2\x85b: y", "{\"a\":\"x\",\"b\":true}"),
        (b"a: 'x\xE2\x80\xA8y'", "{\"a\":\"x\\u2028y\"}"),
        (b"a: |\n  x\xE2\x80\xA9  y", "{\"a\":\"x\\u2029y\"}"),
        (b"a: 1\rb: 2", "{\"a\":1,\"b\":2}"),
    ]);
}

#[test]
fn document_marks_end_scalars() {
    parses_to(&[
        (
            b"'a\n--- b'",
            "error: error converting YAML to JSON: yaml: line 2: found unexpected document indicator",
        ),
        (b"a\n--- b", "\"a\""),
        (b"|\n a\n...\n", "\"a\\n\""),
        (b"a\n...\nb", "\"a\""),
    ]);
}
