//! Questions that the differential fuzzer asked, with the answer that both Helms' Go gave: a template over
//! typed data a line, and its output or the text of its error. (The folders of `sprig` and `render` have more,
//! for the functions that they know.)

use std::any::Any;
use std::fmt::Write as _;

use windlass_template::{Functions, Host, Limits, MissingKey, Options, Session, Templates};
use windlass_value::{
    FloatKind, Heap, IntKind, List, ListType, MapType, Str, UintKind, Value, json,
};

/// A clock that stands still, and bytes that vary: no question shows either.
struct Still(u64);

impl Host for Still {
    fn now(&mut self) -> i128 {
        1_700_000_000_000_000_000
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1_442_695;
            *byte = self.0.to_be_bytes()[0];
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Makes what only a crate above has: the value of a type's name and its text.
pub(crate) type Objects = fn(&str, &str) -> Value;

/// Asks all questions of a recording, with some functions beside the builtins.
pub(crate) fn check(recording: &str, functions: &Functions, objects: Objects) {
    let (mut wrong, mut count) = (String::new(), 0);
    for line in recording.lines() {
        let mut heap = Heap::new();
        let question = json::unmarshal(&mut heap, line.as_bytes()).unwrap();
        let found = ask(&mut heap, &question, functions.clone(), objects);
        let wanted = match field(&heap, &question, "error") {
            Some(text) => Err(text),
            None => Ok(field(&heap, &question, "out").unwrap()),
        };
        count += 1;
        if found != wanted {
            writeln!(wrong, "{line}\n  found {found:?}").unwrap();
        }
    }
    assert!(count > 100, "the recording is not empty");
    assert!(wrong.is_empty(), "{wrong}");
}

fn field(heap: &Heap, map: &Value, name: &str) -> Option<Str> {
    heap.get(map.as_map()?, name.as_bytes())?.as_str().cloned()
}

/// The output, or the text of the error.
fn ask(
    heap: &mut Heap,
    question: &Value,
    functions: Functions,
    objects: Objects,
) -> Result<Str, Str> {
    let missing = field(heap, question, "missing").unwrap();
    let missing_key = match &*missing {
        b"zero" => MissingKey::Zero,
        b"error" => MissingKey::Error,
        _ => MissingKey::Invalid,
    };
    let refused = |error: windlass_template::Error| Str::from(error.text());
    let mut set = Templates::new("t", functions, Options { missing_key });
    let template = field(heap, question, "template").unwrap();
    set.parse("t", template).map_err(refused)?;
    let encoded = heap
        .get(question.as_map().unwrap(), b"data")
        .unwrap()
        .clone();
    let data = decode(heap, &encoded, objects);
    let mut host = Still(7);
    let mut session = Session::new(&set, heap, &mut host, Limits::default());
    session.render(b"t", data).map(Str::from).map_err(refused)
}

/// Plain JSON, and `{"$go": TYPE, "v": VALUE}`.
fn decode(heap: &mut Heap, json: &Value, objects: Objects) -> Value {
    match json {
        Value::List(items) => {
            let items: Vec<Value> = items.iter().map(|i| decode(heap, i, objects)).collect();
            Value::list(items)
        }
        Value::Map(id) => match field(heap, json, "$go") {
            Some(kind) => {
                let value = heap.get(*id, b"v").cloned().unwrap_or(Value::Nil);
                typed(heap, &kind.to_text(), &value, objects)
            }
            None => map(heap, MapType::Any, json, objects),
        },
        other => other.clone(),
    }
}

fn map(heap: &mut Heap, ty: MapType, json: &Value, objects: Objects) -> Value {
    let entries = heap.map(json.as_map().unwrap()).entries().to_vec();
    let entries = entries
        .into_iter()
        .map(|(key, value)| (key, decode(heap, &value, objects)))
        .collect();
    Value::Map(heap.map_from(ty, entries))
}

fn typed(heap: &mut Heap, kind: &str, json: &Value, objects: Objects) -> Value {
    let text = match json {
        Value::Str(text) => text.to_text().into_owned(),
        Value::Float(number, _) => number.to_string(),
        _ => String::new(),
    };
    let int = |kind| Value::Int(text.parse().unwrap(), kind);
    let uint = |kind| Value::Uint(text.parse().unwrap(), kind);
    match kind {
        "string" => Value::str(text),
        "bytes" => Value::Bytes(text.into()),
        "strings" if json.is_nil() => Value::List(List::nil(ListType::STRINGS).into()),
        "ints" if json.is_nil() => Value::List(List::nil(ListType::INTS).into()),
        "stringmap" if json.is_nil() => Value::Map(heap.new_nil_map(MapType::Strings)),
        "strings" => {
            let items = json.as_list().unwrap().iter();
            Value::strings(items.map(|item| item.as_str().unwrap().clone()))
        }
        "ints" => {
            let whole = |item: &Value| match item {
                Value::Float(number, _) => Value::int(*number as i64),
                other => panic!("{other:?} is no number"),
            };
            let items = json.as_list().unwrap().iter().map(whole).collect();
            Value::List(List::new(ListType::INTS, items).into())
        }
        "stringmap" => map(heap, MapType::Strings, json, objects),
        "int" => int(IntKind::Int),
        "int8" => int(IntKind::Int8),
        "int16" => int(IntKind::Int16),
        "int32" => int(IntKind::Int32),
        "int64" => int(IntKind::Int64),
        "uint" => uint(UintKind::Uint),
        "uint8" => uint(UintKind::Uint8),
        "uint16" => uint(UintKind::Uint16),
        "uint32" => uint(UintKind::Uint32),
        "uint64" => uint(UintKind::Uint64),
        "float32" => Value::Float(text.parse::<f32>().unwrap().into(), FloatKind::Float32),
        "float64" => Value::float(text.parse().unwrap()),
        other => objects(other, &text),
    }
}
