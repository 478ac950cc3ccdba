//! Maps, structs, pointers, types with methods, and values that would never end.

use std::any::Any;

use crate::fmt::{append_value, sprint, sprintf};
use crate::heap::{Heap, MapType};
use crate::kind::Kind;
use crate::list::{List, ListType};
use crate::object::{Field, Object, Record, RecordType};
use crate::str::Str;
use crate::value::Value;

fn show(heap: &Heap, format: &str, v: &Value) -> String {
    sprintf(heap, format.as_bytes(), std::slice::from_ref(v))
        .to_text()
        .into_owned()
}

fn action(heap: &Heap, v: &Value) -> String {
    let mut out = Vec::new();
    append_value(&mut out, heap, v);
    String::from_utf8(out).unwrap()
}

static POINT: RecordType = RecordType {
    name: "geo.Point",
    fields: &[Field::plain("X"), Field::plain("Label")],
    methods: &[],
    display: None,
};

static POINTER: RecordType = RecordType {
    name: "*geo.Point",
    fields: &[Field::plain("X"), Field::plain("Label")],
    methods: &[],
    display: None,
};

fn record(ty: &'static RecordType) -> Value {
    Value::object(Record::new(ty, vec![Value::int(1), "a".into()]))
}

/// A named integer with a `String` method, as `time.Duration` is.
#[derive(Debug)]
struct Seconds(i64);

impl Object for Seconds {
    fn type_name(&self) -> &'static str {
        "clock.Seconds"
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int64(self.0))
    }

    fn display(&self) -> Option<Str> {
        Some(format!("{}s", self.0).into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A nil pointer.
#[derive(Debug)]
struct Nothing;

impl Object for Nothing {
    fn type_name(&self) -> &'static str {
        "*geo.Point"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn is_nil(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn maps_print_sorted() {
    let mut heap = Heap::new();
    let entries = vec![("b".into(), Value::int(2)), ("a".into(), Value::Nil)];
    let map = Value::Map(heap.map_from(MapType::Any, entries));
    assert_eq!(action(&heap, &map), "map[a:<nil> b:2]");
    assert_eq!(
        show(&heap, "%#v", &map),
        r#"map[string]interface {}{"a":interface {}(nil), "b":2}"#
    );
    assert_eq!(
        show(&heap, "%d", &map),
        "map[%!d(string=a):<nil> %!d(string=b):2]"
    );
    assert_eq!(show(&heap, "%T", &map), "map[string]interface {}");
    let nil = Value::Map(heap.new_nil_map(MapType::Strings));
    assert_eq!(show(&heap, "%v %[1]p", &nil), "map[] 0x0");
    assert_eq!(show(&heap, "%#v", &nil), "map[string]string(nil)");
    let nil = Value::List(List::nil(ListType::STRINGS).into());
    assert_eq!(show(&heap, "%v %#[1]v", &nil), "[] []string(nil)");
}

#[test]
fn structs_and_pointers() {
    let heap = Heap::new();
    let (point, pointer) = (record(&POINT), record(&POINTER));
    assert_eq!(
        show(&heap, "%v|%+[1]v|%#[1]v", &point),
        "{1 a}|{X:1 Label:a}|geo.Point{X:1, Label:\"a\"}"
    );
    assert_eq!(
        show(&heap, "%v|%#[1]v|%[1]T", &pointer),
        "&{1 a}|&geo.Point{X:1, Label:\"a\"}|*geo.Point"
    );
    assert_eq!(show(&heap, "%d", &point), "{1 %!d(string=a)}");
    // A template's action follows a pointer first; inside a list there is only its address.
    assert_eq!(action(&heap, &pointer), "{1 a}");
    assert_eq!(
        show(&heap, "%v", &Value::list(vec![pointer])),
        "[0xc000010000]"
    );
    let nil = Value::object(Nothing);
    assert_eq!(action(&heap, &nil), "<nil>");
    assert_eq!(show(&heap, "%#v", &nil), "(*geo.Point)(nil)");
    assert_eq!(show(&heap, "%s", &nil), "%!s(*geo.Point=<nil>)");
}

#[test]
fn string_methods_are_asked_unless_the_verb_wants_the_number() {
    let heap = Heap::new();
    let v = Value::object(Seconds(90));
    assert_eq!(action(&heap, &v), "90s");
    assert_eq!(
        show(&heap, "%s|%5[1]v|%[1]q|%[1]x", &v),
        "90s|  90s|\"90s\"|393073"
    );
    assert_eq!(show(&heap, "%d|%05[1]d|%#[1]v", &v), "90|00090|90");
    assert_eq!(
        show(&heap, "%z|%t", &v),
        "%!z(clock.Seconds=90)|%!t(MISSING)"
    );
    assert_eq!(
        sprint(&heap, &[Value::list(vec![v.clone()]), v]),
        "[90s] 90s"
    );
}

static VERSION: RecordType = RecordType {
    name: "common.KubeVersion",
    fields: &[Field::plain("Version"), Field::plain("normalized")],
    methods: &[],
    display: Some(|version| version.values[1].as_str().cloned().unwrap_or_default()),
};

static CAPABILITIES: RecordType = RecordType {
    name: "*common.Capabilities",
    fields: &[Field::plain("KubeVersion")],
    methods: &[],
    display: None,
};

#[test]
fn string_methods_of_the_pointer_only_count_in_place() {
    let heap = Heap::new();
    let version = Value::object(Record::new(&VERSION, vec!["v1-x".into(), "v1".into()]));
    assert_eq!(action(&heap, &version), "v1");
    assert_eq!(
        show(&heap, "%s|%+[1]v", &version),
        "{v1-x v1}|{Version:v1-x normalized:v1}"
    );
    let capabilities = Value::object(Record::new(&CAPABILITIES, vec![version.clone()]));
    assert_eq!(action(&heap, &capabilities), "{{v1-x v1}}");
    assert_eq!(show(&heap, "%v", &capabilities), "&{{v1-x v1}}");
    let json = crate::json::marshal(&heap, &version).unwrap();
    assert_eq!(json, br#"{"Version":"v1-x"}"#);
    let version = version.downcast::<Record>().unwrap();
    assert!(version.field(b"normalized").is_none());
}

#[test]
fn what_holds_itself_ends() {
    let mut heap = Heap::new();
    let map = heap.new_map();
    heap.set(map, "a", Value::Map(map));
    heap.set(map, "b", Value::list(vec![Value::Map(map), Value::int(1)]));
    assert_eq!(
        action(&heap, &Value::Map(map)),
        "map[a:map[...] b:[map[...] 1]]"
    );
}

#[test]
fn deep_nesting_ends() {
    let mut heap = Heap::new();
    let mut v = Value::int(1);
    for _ in 0..100_000 {
        let map = heap.new_map();
        heap.set(map, "a", v);
        v = Value::Map(map);
    }
    let text = action(&heap, &v);
    assert!(
        text.starts_with("map[a:map[a:") && text.contains(":...]"),
        "{}",
        text.len()
    );
}
