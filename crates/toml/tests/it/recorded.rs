//! Documents and values recorded with Go: a case a line, its fields between tabs, bytes that are not
//! plain ASCII as `\xNN`. `ERR` starts the text of an error, `PANIC` that of a panic.

use std::fmt::Write as _;

use windlass_time::Time;
use windlass_toml::Error;
use windlass_value::{Heap, ListType, Value, json};

fn check(recorded: &str, run: impl Fn(&[u8]) -> Vec<u8>) {
    let mut failures = String::new();
    for line in recorded.lines() {
        let (input, wanted) = line.split_once('\t').unwrap();
        let found = run(&bytes(input));
        if found != bytes(wanted) {
            let found = String::from_utf8_lossy(&found);
            writeln!(failures, "{line}\n  found {found}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(recorded.lines().count() > 100);
}

/// The bytes of a text with `\xNN` in it.
fn bytes(escaped: &str) -> Vec<u8> {
    let mut parts = escaped.split("\\x");
    let mut out = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}

fn failure(error: Error) -> Vec<u8> {
    match error {
        Error::Panicked(text) => format!("PANIC {text}"),
        other => format!("ERR {other}"),
    }
    .into_bytes()
}

#[test]
fn documents_decode_as_in_go() {
    check(include_str!("decode.tsv"), |text| {
        let mut heap = Heap::new();
        match windlass_toml::decode(&mut heap, text) {
            Ok(value) => describe(&heap, &value).into_bytes(),
            Err(e) => failure(e),
        }
    });
}

#[test]
fn values_encode_as_in_go() {
    check(include_str!("encode.tsv"), |text| {
        let mut heap = Heap::new();
        let value = json::unmarshal(&mut heap, text).unwrap();
        match windlass_toml::encode(&heap, &value) {
            Ok(text) => text.to_vec(),
            Err(e) => failure(e),
        }
    });
}

/// A value with its types: strings and keys in hexadecimal, floats as bits.
fn describe(heap: &Heap, value: &Value) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    match value {
        Value::Map(id) => {
            let entries = heap.map(*id).entries().iter();
            let entries = entries.map(|(k, v)| format!("{}={},", hex(k), describe(heap, v)));
            format!("{{{}}}", entries.collect::<String>())
        }
        Value::List(list) => {
            let mark = if list.ty == ListType::MAPS { "M" } else { "" };
            let items = list.iter().map(|v| describe(heap, v) + ",");
            format!("{mark}[{}]", items.collect::<String>())
        }
        Value::Str(s) => format!("s{}", hex(s)),
        Value::Int(n, _) => format!("i{n}"),
        // Go's own NaN has another payload than Rust's.
        Value::Float(x, _) if x.is_nan() => format!("f{:x}", x.to_bits() | 1),
        Value::Float(x, _) => format!("f{:x}", x.to_bits()),
        Value::Bool(b) => b.to_string(),
        other => {
            let time: &Time = other.downcast().unwrap();
            format!("t{time}|{}", time.zone().name())
        }
    }
}
