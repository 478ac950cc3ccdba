//! Rules that plain JSON values do not show: other types, round trips, limits.

use std::sync::Arc;

use windlass_time::{Duration, RFC3339_NANO, parse};
use windlass_toml::{Error, decode, encode};
use windlass_value::object::Field;
use windlass_value::{Heap, Kind, List, ListType, MapType, Object, Value};

fn table(heap: &mut Heap, entries: &[(&str, Value)]) -> Value {
    let entries = entries
        .iter()
        .map(|(k, v)| ((*k).into(), v.clone()))
        .collect();
    Value::Map(heap.map_from(MapType::Any, entries))
}

fn written(heap: &Heap, value: &Value) -> String {
    encode(heap, value).unwrap().to_text().into_owned()
}

#[test]
fn types_beyond_json() {
    let mut heap = Heap::new();
    let time = parse(RFC3339_NANO, b"2020-01-02T03:04:05.6+02:00").unwrap();
    let value = table(
        &mut heap,
        &[
            ("bytes", Value::Bytes("hi".into())),
            ("duration", Value::object(Duration(90_000_000_000))),
            ("inf", Value::float(f64::NEG_INFINITY)),
            ("int", Value::int64(-7)),
            ("nan", Value::float(f64::NAN)),
            ("strings", Value::strings(["a", "b"])),
            ("time", Value::object(time)),
        ],
    );
    let wanted = "bytes = [104, 105]\nduration = \"1m30s\"\ninf = -inf\nint = -7\nnan = nan\n\
                  strings = [\"a\", \"b\"]\ntime = 2020-01-02T03:04:05.6+02:00\n";
    assert_eq!(written(&heap, &value), wanted);
}

#[test]
fn dates_without_zone_stay_without() {
    let text =
        "a = 2020-01-02T03:04:05.6\nb = 2020-01-02\nc = 03:04:05\nd = 2020-01-02T03:04:05Z\n";
    let mut heap = Heap::new();
    let value = decode(&mut heap, text.as_bytes()).unwrap();
    assert_eq!(written(&heap, &value), text);
}

#[test]
fn nil_alone_panics_and_nil_within_is_left_out() {
    let mut heap = Heap::new();
    assert!(matches!(
        encode(&heap, &Value::Nil),
        Err(Error::Panicked(_))
    ));
    let nil_list = Value::List(Arc::new(List::nil(ListType::ANY)));
    let value = table(
        &mut heap,
        &[("a", Value::Nil), ("b", nil_list), ("c", Value::int(1))],
    );
    assert_eq!(written(&heap, &value), "c = 1\n");
}

#[test]
fn hostile_inputs_meet_limits() {
    let mut heap = Heap::new();
    let deep = format!("a = {}", "[".repeat(100_000));
    assert_eq!(
        decode(&mut heap, deep.as_bytes()).unwrap_err(),
        Error::TooDeep
    );
    let deep = format!("a = {}", "{a = ".repeat(100_000));
    assert_eq!(
        decode(&mut heap, deep.as_bytes()).unwrap_err(),
        Error::TooDeep
    );
    let dotted = format!("{} = 1", "a.".repeat(100_000) + "a");
    assert_eq!(
        decode(&mut heap, dotted.as_bytes()).unwrap_err(),
        Error::TooDeep
    );

    let cyclic = heap.new_map();
    heap.set(cyclic, "a", Value::Map(cyclic));
    assert_eq!(
        encode(&heap, &Value::Map(cyclic)).unwrap_err(),
        Error::TooDeep
    );
}

/// Each map holds the one below it twice, so the text doubles with each.
#[test]
fn shared_maps_do_not_grow_without_bound() {
    let mut heap = Heap::new();
    let mut value = Value::int(1);
    for _ in 0..64 {
        value = table(&mut heap, &[("a", value.clone()), ("b", value)]);
    }
    assert_eq!(encode(&heap, &value).unwrap_err(), Error::TooLarge);
}

/// A struct that embeds another, as Helm 3's `.Chart` does.
#[derive(Debug)]
struct Embedding;

impl Object for Embedding {
    fn type_name(&self) -> &'static str {
        "struct { Inner; Outer bool }"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(Field, Value)> {
        vec![
            (Field::plain("Inner"), Value::object(Inner)),
            (Field::plain("Outer"), Value::Bool(true)),
        ]
    }

    fn embeds(&self) -> &'static [&'static str] {
        &["Inner"]
    }

    fn to_json(&self) -> Option<Result<String, String>> {
        Some(Ok(r#"{"Name":"x","Outer":true}"#.to_owned()))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[derive(Debug)]
struct Inner;

impl Object for Inner {
    fn type_name(&self) -> &'static str {
        "Inner"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(Field, Value)> {
        vec![(Field::plain("Name"), Value::str("x"))]
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[test]
fn fields_of_what_is_embedded_are_the_structs_own() {
    let text = written(&Heap::new(), &Value::object(Embedding));
    assert_eq!(text, "Name = \"x\"\nOuter = true\n");
}
