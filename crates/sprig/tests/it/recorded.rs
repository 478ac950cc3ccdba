//! Calls recorded with Go's Sprig 3.3.0: `recorded.jsonl` has a call a line.
//!
//! `f` is the function, `args` its arguments with their Go types, `out` the result and then the
//! arguments after the call, so that changes and sharing show: a map is numbered where it is first
//! met, and `#n` afterwards. Bytes that are not plain ASCII are `\xNN`, floats are their bits.

use std::collections::HashMap;
use std::fmt::Write as _;

use windlass_value::{
    FloatKind, Heap, IntKind, List, ListType, MapId, MapType, Str, UintKind, Value, json,
};

use crate::bench::Bench;

#[test]
fn calls_give_what_go_gave() {
    let mut failures = String::new();
    for line in include_str!("recorded.jsonl").lines() {
        let mut bench = Bench::new();
        let call = json::unmarshal(&mut bench.heap, line.as_bytes()).unwrap();
        let function = text(&bench.heap, &call, "f");
        let wanted = text(&bench.heap, &call, "out");
        let encoded = field(&bench.heap, &call, "args").unwrap();
        let mut args: Vec<Value> = Vec::new();
        for arg in encoded.as_list().unwrap() {
            let decoded = decode(&mut bench.heap, arg, &args);
            args.push(decoded);
        }
        let result = bench.call(&function, &args);
        let found = describe(&bench.heap, &result, &args);
        if found != wanted {
            writeln!(failures, "{line}\n  found {found}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

pub(crate) fn field(heap: &Heap, value: &Value, name: &str) -> Option<Value> {
    heap.get(value.as_map().unwrap(), name.as_bytes()).cloned()
}

pub(crate) fn text(heap: &Heap, value: &Value, name: &str) -> String {
    let found = field(heap, value, name);
    found
        .and_then(|v| Some(v.as_str()?.to_text().into_owned()))
        .unwrap_or_default()
}

/// The bytes of a text with `\xNN` in it.
pub(crate) fn bytes(escaped: &str) -> Vec<u8> {
    let mut parts = escaped.split("\\x");
    let mut out = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}

pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b' '..=b'~' if !matches!(byte, b'\\' | b'"') => out.push(char::from(*byte)),
            other => write!(out, "\\x{other:02x}").unwrap(),
        }
    }
    out
}

pub(crate) fn decode(heap: &mut Heap, arg: &Value, earlier: &[Value]) -> Value {
    let (ty, v) = (text(heap, arg, "t"), text(heap, arg, "v"));
    let elements = field(heap, arg, "l");
    let elements = elements
        .as_ref()
        .and_then(Value::as_list)
        .unwrap_or_default();
    let elements: Vec<Value> = elements.iter().map(|e| decode(heap, e, earlier)).collect();
    let keys = field(heap, arg, "k");
    let keys = keys.as_ref().and_then(Value::as_list).unwrap_or_default();
    let keys = keys
        .iter()
        .map(|k| Str::from(bytes(&k.as_str().unwrap().to_text())));
    let list = |ty| Value::List(List::new(ty, elements.clone()).into());
    match ty.as_str() {
        "" => Value::Nil,
        "ref" => earlier[v.parse::<usize>().unwrap()].clone(),
        "bool" => Value::Bool(v == "true"),
        "int" => Value::int(v.parse().unwrap()),
        "int64" => Value::int64(v.parse().unwrap()),
        "int32" => Value::Int(v.parse().unwrap(), IntKind::Int32),
        "uint64" => Value::Uint(v.parse().unwrap(), UintKind::Uint64),
        "uint32" => Value::Uint(v.parse().unwrap(), UintKind::Uint32),
        "uint8" => Value::Uint(v.parse().unwrap(), UintKind::Uint8),
        "float64" => Value::float(f64::from_bits(u64::from_str_radix(&v, 16).unwrap())),
        "string" => Value::str(bytes(&v)),
        "bytes" => Value::Bytes(bytes(&v).into()),
        "[]interface {}" => list(ListType::ANY),
        "[]string" => list(ListType::STRINGS),
        "[]int" => list(ListType::INTS),
        "map[string]interface {}" => {
            Value::Map(heap.map_from(MapType::Any, keys.zip(elements.clone()).collect()))
        }
        "map[string]string" => {
            Value::Map(heap.map_from(MapType::Strings, keys.zip(elements.clone()).collect()))
        }
        other => panic!("no argument type {other}"),
    }
}

fn describe(heap: &Heap, result: &Result<Value, String>, args: &[Value]) -> String {
    let mut description = Description {
        heap,
        met: HashMap::new(),
        out: String::new(),
    };
    match result {
        Ok(value) => description.put(value),
        Err(text) => write!(description.out, "ERR {}", escaped(text.as_bytes())).unwrap(),
    }
    for arg in args {
        description.out.push_str(" | ");
        description.put(arg);
    }
    description.out
}

struct Description<'a> {
    heap: &'a Heap,
    met: HashMap<MapId, usize>,
    out: String,
}

impl Description<'_> {
    fn put(&mut self, value: &Value) {
        let ty = value.type_name(self.heap);
        let out = &mut self.out;
        match value {
            Value::Nil => out.push_str("nil"),
            Value::Bool(b) => write!(out, "{b}").unwrap(),
            Value::Int(n, _) => write!(out, "{ty}:{n}").unwrap(),
            Value::Uint(n, _) => write!(out, "{ty}:{n}").unwrap(),
            Value::Float(x, FloatKind::Float64) if !x.is_nan() => {
                write!(out, "{ty}:{:016x}", x.to_bits()).unwrap();
            }
            Value::Float(..) => write!(out, "{ty}:NaN").unwrap(),
            Value::Str(s) => write!(out, "\"{}\"", escaped(s)).unwrap(),
            Value::Bytes(s) => write!(out, "by\"{}\"", escaped(s)).unwrap(),
            Value::List(list) => {
                write!(out, "{ty}{}[", if list.nil { "nil" } else { "" }).unwrap();
                for element in list.iter() {
                    self.put(element);
                    self.out.push(' ');
                }
                self.out.push(']');
            }
            Value::Map(id) => self.put_map(ty, *id),
            Value::Object(o) => {
                let word = o.display().unwrap_or_default();
                write!(out, "{ty}<{}>", escaped(&word)).unwrap();
            }
            Value::Complex(_) => panic!("no call gives a complex number"),
        }
    }

    fn put_map(&mut self, ty: &str, id: MapId) {
        if let Some(number) = self.met.get(&id) {
            write!(self.out, "#{number}").unwrap();
            return;
        }
        let number = self.met.len();
        self.met.insert(id, number);
        let map = self.heap.map(id);
        let nil = if map.is_nil() { "nil" } else { "" };
        write!(self.out, "{ty}#{number}{nil}{{").unwrap();
        for (key, value) in map.entries() {
            write!(self.out, "{}=", escaped(key)).unwrap();
            self.put(value);
            self.out.push(' ');
        }
        self.out.push('}');
    }
}
