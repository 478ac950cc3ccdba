//! Texts and messages recorded from Go 1.26.
#![allow(clippy::unwrap_used)]

use std::any::Any;

use super::*;
use crate::fmt;
use crate::heap::MapType;
use crate::kind::{FloatKind, UintKind};
use crate::list::{List, ListType};
use crate::object::{Field, Object, Record, RecordType};

fn compact(heap: &Heap, value: &Value) -> String {
    String::from_utf8(marshal(heap, value).unwrap()).unwrap()
}

fn read(heap: &mut Heap, text: &str) -> Value {
    unmarshal(heap, text.as_bytes()).unwrap()
}

/// What a text becomes when it is read and written again.
fn round_trip(text: &str) -> String {
    let mut heap = Heap::new();
    let value = read(&mut heap, text);
    compact(&heap, &value)
}

#[test]
#[rustfmt::skip]
fn errors_and_their_offsets() {
    let cases = [
        ("", "unexpected end of JSON input", 0),
        (" ", "unexpected end of JSON input", 1),
        ("x", "invalid character 'x' looking for beginning of value", 1),
        ("{", "unexpected end of JSON input", 1),
        ("{\"a\"", "unexpected end of JSON input", 4),
        ("{\"a\":", "unexpected end of JSON input", 5),
        ("{\"a\":1", "unexpected end of JSON input", 6),
        ("{\"a\":1,", "unexpected end of JSON input", 7),
        ("{\"a\"}", "invalid character '}' after object key", 5),
        ("{\"a\" 1}", "invalid character '1' after object key", 6),
        ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair", 8),
        ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string", 8),
        ("{1:2}", "invalid character '1' looking for beginning of object key string", 2),
        ("{,}", "invalid character ',' looking for beginning of object key string", 2),
        ("[", "unexpected end of JSON input", 1),
        ("[1", "unexpected end of JSON input", 2),
        ("[1,", "unexpected end of JSON input", 3),
        ("[1,]", "invalid character ']' looking for beginning of value", 4),
        ("[1 2]", "invalid character '2' after array element", 4),
        ("[1}", "invalid character '}' after array element", 3),
        ("1 2", "invalid character '2' after top-level value", 3),
        ("1]", "invalid character ']' after top-level value", 2),
        ("{}}", "invalid character '}' after top-level value", 3),
        ("tru", "invalid character ' ' in literal true (expecting 'e')", 3),
        ("trux", "invalid character 'x' in literal true (expecting 'e')", 4),
        ("nul", "invalid character ' ' in literal null (expecting 'l')", 3),
        ("nulL", "invalid character 'L' in literal null (expecting 'l')", 4),
        ("fals", "invalid character ' ' in literal false (expecting 'e')", 4),
        ("-", "invalid character ' ' in numeric literal", 1),
        ("-a", "invalid character 'a' in numeric literal", 2),
        ("01", "invalid character '1' after top-level value", 2),
        ("1.", "invalid character ' ' after decimal point in numeric literal", 2),
        ("1.x", "invalid character 'x' after decimal point in numeric literal", 3),
        ("1e", "invalid character ' ' in exponent of numeric literal", 2),
        ("1e+", "invalid character ' ' in exponent of numeric literal", 3),
        ("1ex", "invalid character 'x' in exponent of numeric literal", 3),
        ("\"", "unexpected end of JSON input", 1),
        ("\"a", "unexpected end of JSON input", 2),
        ("\"a\nb\"", "invalid character '\\n' in string literal", 3),
        ("\"\\", "invalid character ' ' in string escape code", 2),
        ("\"\\x\"", "invalid character 'x' in string escape code", 3),
        ("\"\\u12\"", "invalid character '\"' in \\u hexadecimal character escape", 6),
        ("\"\\u12", "invalid character ' ' in \\u hexadecimal character escape", 5),
        ("'a'", "invalid character '\\'' looking for beginning of value", 1),
        ("\"a\"'", "invalid character '\\'' after top-level value", 4),
        ("é", "invalid character 'Ã' looking for beginning of value", 1),
        ("\x00", "invalid character '\\x00' looking for beginning of value", 1),
        ("\u{80}", "invalid character 'Â' looking for beginning of value", 1),
        ("1e999", "json: cannot unmarshal number 1e999 into Go value of type float64", -1),
        ("[1e999, 2, x", "invalid character 'x' looking for beginning of value", 12),
        ("[-1e400,1e999]", "json: cannot unmarshal number -1e400 into Go value of type float64", -1),
    ];
    for (text, want, want_offset) in cases {
        let error = unmarshal(&mut Heap::new(), text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), want, "{text:?}");
        let found = match error {
            Error::Syntax { offset, .. } => offset as i64,
            _ => -1,
        };
        assert_eq!(found, want_offset, "{text:?}");
    }
}

#[test]
#[rustfmt::skip]
fn typed_targets_keep_what_go_leaves_in_them() {
    let cases = [
        ("{}", "{}", "", "[]", "json: cannot unmarshal object into Go value of type []interface {}"),
        ("[]", "{}", "json: cannot unmarshal array into Go value of type map[string]interface {}", "[]", ""),
        ("null", "null", "", "null", ""),
        ("1", "{}", "json: cannot unmarshal number into Go value of type map[string]interface {}", "[]", "json: cannot unmarshal number into Go value of type []interface {}"),
        ("\"a\"", "{}", "json: cannot unmarshal string into Go value of type map[string]interface {}", "[]", "json: cannot unmarshal string into Go value of type []interface {}"),
        ("true", "{}", "json: cannot unmarshal bool into Go value of type map[string]interface {}", "[]", "json: cannot unmarshal bool into Go value of type []interface {}"),
        ("1e999", "{}", "json: cannot unmarshal number into Go value of type map[string]interface {}", "[]", "json: cannot unmarshal number into Go value of type []interface {}"),
        ("{\"a\":1e999,\"b\":2}", "{\"a\":null,\"b\":2}", "json: cannot unmarshal number 1e999 into Go value of type float64", "[]", "json: cannot unmarshal object into Go value of type []interface {}"),
        ("[1e999,2]", "{}", "json: cannot unmarshal array into Go value of type map[string]interface {}", "[null,2]", "json: cannot unmarshal number 1e999 into Go value of type float64"),
        ("x", "{}", "invalid character 'x' looking for beginning of value", "[]", "invalid character 'x' looking for beginning of value"),
    ];
    for (text, map, map_error, list, list_error) in cases {
        for (target, want, error) in [(Target::Map, map, map_error), (Target::List, list, list_error)] {
            let mut heap = Heap::new();
            let outcome = decode(&mut heap, text.as_bytes(), target, Numbers::Float);
            assert_eq!(compact(&heap, &outcome.value), want, "{text:?}");
            let found = outcome.error.map(|e| e.to_string()).unwrap_or_default();
            assert_eq!(found, error, "{text:?}");
        }
    }
}

#[test]
#[rustfmt::skip]
fn floats_have_no_exponent_in_the_middle_range() {
    let cases = [
        (0e+00, "0"),
        (1e+00, "1"),
        (-1e+00, "-1"),
        (1.5e+00, "1.5"),
        (1e+05, "100000"),
        (1e+15, "1000000000000000"),
        (1e+20, "100000000000000000000"),
        (1e+21, "1e+21"),
        (1.5e+22, "1.5e+22"),
        (1.2345678901234568e+17, "123456789012345680"),
        (1e-06, "0.000001"),
        (1e-07, "1e-7"),
        (1.5e-09, "1.5e-9"),
        (1.5e-10, "1.5e-10"),
        (5e-324, "5e-324"),
        (1.7976931348623157e+308, "1.7976931348623157e+308"),
        (1e-01, "0.1"),
        (-1e-06, "-0.000001"),
    ];
    for (x, want) in cases {
        assert_eq!(compact(&Heap::new(), &Value::float(x)), want);
    }
    assert_eq!(compact(&Heap::new(), &Value::float(-0.0)), "-0");
    let single = Value::Float(f64::from(0.1f32), FloatKind::Float32);
    assert_eq!(compact(&Heap::new(), &single), "0.1");
}

#[test]
#[rustfmt::skip]
fn strings_are_escaped() {
    let cases = [
        ("", "\"\""),
        ("a\"b\\c/", "\"a\\\"b\\\\c/\""),
        ("<a href='x'>&", "\"\\u003ca href='x'\\u003e\\u0026\""),
        ("\x08\x0c\n\x0d\t\x0b\x00\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u000b\\u0000\\u001f\x7f\""),
        ("é世😀", "\"é世😀\""),
        ("\u{2028}\u{2029}", "\"\\u2028\\u2029\""),
    ];
    for (text, want) in cases {
        assert_eq!(compact(&Heap::new(), &text.into()), want);
    }
    let broken = Value::str(b"a\xff\xe4\xb8z".as_slice());
    assert_eq!(compact(&Heap::new(), &broken), r#""a\ufffd\ufffd\ufffdz""#);
    let raw = marshal_raw(&Heap::new(), &"<a>&\u{2028}".into()).unwrap();
    assert_eq!(raw, br#""<a>&\u2028""#);
}

#[test]
fn escapes_are_read() {
    let mut heap = Heap::new();
    let v = read(
        &mut heap,
        r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00|\ud83d|\ud83dx|\ude00\ud83d""#,
    );
    let want = "\"\\/\x08\x0c\n\r\té😀|\u{fffd}|\u{fffd}x|\u{fffd}\u{fffd}";
    assert_eq!(*v.as_str().unwrap(), want);
    let v = unmarshal(&mut heap, b"\"a\xffb\"").unwrap();
    assert_eq!(*v.as_str().unwrap(), "a\u{fffd}b");
}

#[test]
fn documents_pass_through() {
    assert_eq!(
        round_trip(r#" { "b" : [ 1 , 2.50 , null ] , "a" : { } , "b2" : [ ] } "#),
        r#"{"a":{},"b":[1,2.5,null],"b2":[]}"#
    );
    assert_eq!(round_trip(r#"{"a":1,"b":2,"a":3}"#), r#"{"a":3,"b":2}"#);
    assert_eq!(
        round_trip("[[[]],{\"a\":[{}]},true,false,\"\"]"),
        r#"[[[]],{"a":[{}]},true,false,""]"#
    );
}

#[test]
fn numbers_can_stay_text() {
    let mut heap = Heap::new();
    let text = br#"[12345678901234567890, 1.50, 1e999]"#;
    let outcome = decode(&mut heap, text, Target::Any, Numbers::Text);
    let value = outcome.into_result().unwrap();
    assert_eq!(compact(&heap, &value), "[12345678901234567890,1.50,1e999]");
    let first = &value.as_list().unwrap()[0];
    assert_eq!(first.type_name(&heap), "json.Number");
    assert_eq!(
        fmt::sprint(&heap, &[value]),
        "[12345678901234567890 1.50 1e999]"
    );
}

#[test]
fn indentation() {
    let mut heap = Heap::new();
    let value = read(&mut heap, r#"{"a":[1,{"b":"x:{y}, \"z\""}],"c":[],"d":{}}"#);
    let text = marshal_indent(&heap, &value, b"", b"  ").unwrap();
    let want = r#"{
  "a": [
    1,
    {
      "b": "x:{y}, \"z\""
    }
  ],
  "c": [],
  "d": {}
}"#;
    assert_eq!(String::from_utf8(text).unwrap(), want);
    let text = marshal_indent(&heap, &Value::list(vec![Value::Nil]), b"p", b"\t").unwrap();
    assert_eq!(text, b"[\np\tnull\np]");
}

#[test]
fn nil_containers_are_null_and_bytes_are_base64() {
    let mut heap = Heap::new();
    let map = Value::Map(heap.new_nil_map(MapType::Any));
    assert_eq!(compact(&heap, &map), "null");
    let list = Value::List(List::nil(ListType::STRINGS).into());
    assert_eq!(compact(&heap, &list), "null");
    for (bytes, want) in [
        ("", ""),
        ("a", "YQ=="),
        ("ab", "YWI="),
        ("abc", "YWJj"),
        ("\u{ff}\u{fe}~", "w7/Dvn4="),
    ] {
        assert_eq!(
            compact(&heap, &Value::Bytes(bytes.into())),
            format!("\"{want}\"")
        );
    }
    assert_eq!(
        compact(&heap, &Value::Uint(u64::MAX, UintKind::Uint64)),
        "18446744073709551615"
    );
}

#[test]
fn what_json_cannot_express() {
    let heap = Heap::new();
    let error = |v: &Value| marshal(&heap, v).unwrap_err().to_string();
    assert_eq!(
        error(&Value::float(f64::NAN)),
        "json: unsupported value: NaN"
    );
    assert_eq!(
        error(&Value::float(f64::NEG_INFINITY)),
        "json: unsupported value: -Inf"
    );
    let complex = Value::Complex(std::sync::Arc::new((1.0, 2.0)));
    assert_eq!(
        error(&Value::list(vec![complex])),
        "json: unsupported type: complex128"
    );
}

#[test]
fn cycles_are_refused_where_go_finds_them() {
    let mut heap = Heap::new();
    let map = heap.new_map();
    heap.set(map, "a", Value::Map(map));
    let error = marshal(&heap, &Value::Map(map)).unwrap_err().to_string();
    assert_eq!(
        error,
        "json: unsupported value: encountered a cycle via map[string]interface {}"
    );
    // Here every second container is a list, the one at depth 1001 among them.
    heap.set(map, "a", Value::list(vec![Value::Map(map)]));
    let error = marshal(&heap, &Value::list(vec![Value::Map(map)]))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "json: unsupported value: encountered a cycle via []interface {}"
    );
}

#[test]
fn depth_alone_is_no_error() {
    let mut heap = Heap::new();
    let mut v = Value::int(1);
    for _ in 0..100_000 {
        let map = heap.new_map();
        heap.set(map, "a", v);
        v = Value::Map(map);
    }
    assert_eq!(compact(&heap, &v).len(), 600_001);
    let text = "[".repeat(10_000) + &"]".repeat(10_000);
    assert!(unmarshal(&mut heap, text.as_bytes()).is_ok());
    let text = "[".repeat(10_001);
    let error = unmarshal(&mut heap, text.as_bytes())
        .unwrap_err()
        .to_string();
    assert_eq!(error, "invalid character '[' exceeded max depth");
}

static PERSON: RecordType = RecordType {
    name: "*chart.Maintainer",
    fields: &[
        Field::omit("Name", "name"),
        Field::keep("Email", "email"),
        Field::plain("URL"),
        Field::keep("Secret", "-"),
        Field::omit("Tags", "tags"),
    ],
    methods: &[],
    display: None,
};

#[test]
fn structs_go_by_their_tags() {
    let heap = Heap::new();
    let empty = vec![
        "".into(),
        "".into(),
        Value::Nil,
        "s".into(),
        Value::strings([""; 0]),
    ];
    let value = Value::object(Record::new(&PERSON, empty));
    assert_eq!(compact(&heap, &value), r#"{"email":"","URL":null}"#);
    let full = vec![
        "a".into(),
        "b".into(),
        "c".into(),
        "s".into(),
        Value::strings(["t"]),
    ];
    let value = Value::object(Record::new(&PERSON, full));
    assert_eq!(
        compact(&heap, &value),
        r#"{"name":"a","email":"b","URL":"c","tags":["t"]}"#
    );
}

/// A type with a `MarshalJSON` method.
#[derive(Debug)]
struct Custom(Result<&'static str, &'static str>);

impl Object for Custom {
    fn type_name(&self) -> &'static str {
        "some.Custom"
    }

    fn to_json(&self) -> Option<Result<String, String>> {
        Some(self.0.map(str::to_owned).map_err(str::to_owned))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn types_may_write_themselves() {
    let heap = Heap::new();
    let value = Value::object(Custom(Ok("{ \"a b\" : [ \"<\\\"\" ] }")));
    assert_eq!(compact(&heap, &value), r#"{"a b":["\u003c\""]}"#);
    assert_eq!(marshal_raw(&heap, &value).unwrap(), br#"{"a b":["<\""]}"#);
    let error = marshal(&heap, &Value::object(Custom(Err("no"))))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "json: error calling MarshalJSON for type some.Custom: no"
    );
}
