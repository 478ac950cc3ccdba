//! Values of other Go types: what JSON makes of them for `toYaml`, and goyaml v3 by itself.

use windlass_value::object::{Field, Record, RecordType};
use windlass_value::{FloatKind, Heap, List, ListType, MapType, Object, Str, Value};
use windlass_yaml::{to_yaml, to_yaml_pretty};

static DEPENDENCY: RecordType = RecordType {
    name: "*chart.Dependency",
    fields: &[
        Field::keep("Name", "name"),
        Field::omit("Version", "version"),
        Field::omit("Alias", "alias"),
        Field::plain("ImportValues"),
    ],
    methods: &[],
    display: None,
};

/// A time, which marshals itself.
#[derive(Debug)]
struct Time;

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn to_json(&self) -> Option<Result<String, String>> {
        Some(Ok("\"2024-02-29T01:02:03Z\"".to_owned()))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A duration, which JSON shows as a number and goyaml as text.
#[derive(Debug)]
struct Span;

impl Object for Span {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int64(90_000_000_000))
    }

    fn display(&self) -> Option<Str> {
        Some(Str::from("1m30s"))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[track_caller]
fn check(heap: &Heap, value: &Value, v2: &str, v3: &str) {
    assert_eq!(to_yaml(heap, value).unwrap(), v2);
    assert_eq!(to_yaml_pretty(heap, value).unwrap(), v3);
}

#[test]
fn structs_show_json_names_sorted_or_go_names_in_lower_case() {
    let heap = Heap::new();
    let values = vec![
        Value::str("db"),
        Value::str("1"),
        Value::str(""),
        Value::list(vec![Value::Nil]),
    ];
    let record = Value::object(Record::new(&DEPENDENCY, values));
    check(
        &heap,
        &record,
        "ImportValues:\n- null\nname: db\nversion: \"1\"\n",
        "name: db\nversion: \"1\"\nalias: \"\"\nimportvalues:\n  - null\n",
    );
}

#[test]
fn objects_inside_of_collections() {
    let mut heap = Heap::new();
    let map = heap.new_map();
    heap.set(map, "time", Value::object(Time));
    heap.set(map, "span", Value::list(vec![Value::object(Span)]));
    check(
        &heap,
        &Value::Map(map),
        "span:\n- 90000000000\ntime: \"2024-02-29T01:02:03Z\"\n",
        "span:\n  - 1m30s\ntime: 2024-02-29T01:02:03Z\n",
    );
}

#[test]
fn nil_collections_are_null_or_empty() {
    let mut heap = Heap::new();
    let nil_map = Value::Map(heap.new_nil_map(MapType::Any));
    check(&heap, &nil_map, "null\n", "{}\n");
    let nil_list = Value::List(List::nil(ListType::STRINGS).into());
    check(&heap, &nil_list, "null\n", "[]\n");
}

#[test]
fn bytes_are_base64_or_numbers() {
    let heap = Heap::new();
    check(
        &heap,
        &Value::Bytes(Str::from("hi")),
        "aGk=\n",
        "- 104\n- 105\n",
    );
}

#[test]
fn small_floats_keep_their_digits() {
    let heap = Heap::new();
    let tenth = Value::Float(f64::from(0.1_f32), FloatKind::Float32);
    check(&heap, &tenth, "0.1\n", "0.1\n");
}

#[test]
fn what_cannot_be_written() {
    let heap = Heap::new();
    let nan = Value::float(f64::NAN);
    assert_eq!(
        to_yaml(&heap, &nan).unwrap_err().to_string(),
        "error marshaling into JSON: json: unsupported value: NaN"
    );
    assert_eq!(to_yaml_pretty(&heap, &nan).unwrap(), ".nan\n");
    let complex = Value::Complex((1.0, 2.0).into());
    assert_eq!(
        to_yaml(&heap, &complex).unwrap_err().to_string(),
        "error marshaling into JSON: json: unsupported type: complex128"
    );
    assert_eq!(
        to_yaml_pretty(&heap, &complex).unwrap_err().to_string(),
        "cannot marshal type: complex128"
    );
}
