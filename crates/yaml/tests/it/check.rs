//! Checks of tables: what comes in, and what Go makes of it.

use windlass_value::{Heap, Value, json};
use windlass_yaml as yaml;

pub(crate) type Table<'a> = &'a [(&'a [u8], &'a str)];

/// Checks each row, so that one failure does not hide the others.
#[track_caller]
fn check(rows: Table<'_>, answer: impl Fn(&[u8]) -> String) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(input, expected)| (input, expected, answer(input)))
        .filter(|(_, expected, answer)| answer != *expected)
        .map(|(input, expected, answer)| {
            let input = String::from_utf8_lossy(input);
            format!("input    {input:?}\nexpected {expected:?}\ngot      {answer:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

fn as_json(heap: &Heap, value: yaml::Result<Value>) -> String {
    match value {
        Ok(value) => String::from_utf8(json::marshal(heap, &value).unwrap()).unwrap(),
        Err(e) => format!("error: {e}"),
    }
}

fn written(text: yaml::Result<String>) -> String {
    text.unwrap_or_else(|e| format!("error: {e}"))
}

#[track_caller]
pub(crate) fn parses_to(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = yaml::parse(&mut heap, input);
        as_json(&heap, value)
    });
}

#[track_caller]
pub(crate) fn parses_strictly_to(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = yaml::parse_strict(&mut heap, input);
        as_json(&heap, value)
    });
}

#[track_caller]
pub(crate) fn parses_as_map_to(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = yaml::parse_map(&mut heap, input).map(Value::Map);
        as_json(&heap, value)
    });
}

#[track_caller]
pub(crate) fn parses_as_list_to(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = yaml::parse_list(&mut heap, input);
        as_json(&heap, value)
    });
}

#[track_caller]
pub(crate) fn rewrites_v2(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = yaml::parse(&mut heap, input).unwrap();
        written(yaml::to_yaml(&heap, &value))
    });
}

#[track_caller]
pub(crate) fn rewrites_v3(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = yaml::parse(&mut heap, input).unwrap();
        written(yaml::to_yaml_pretty(&heap, &value))
    });
}

/// A string as a value, as a key and in a list.
fn string_everywhere(heap: &mut Heap, text: &[u8]) -> Value {
    let map = heap.new_map();
    heap.set(map, "k", Value::str(text));
    heap.set(map, text, Value::list(vec![Value::str(text)]));
    Value::Map(map)
}

#[track_caller]
pub(crate) fn writes_string_v2(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = string_everywhere(&mut heap, input);
        written(yaml::to_yaml(&heap, &value))
    });
}

#[track_caller]
pub(crate) fn writes_string_v3(rows: Table<'_>) {
    check(rows, |input| {
        let mut heap = Heap::new();
        let value = string_everywhere(&mut heap, input);
        written(yaml::to_yaml_pretty(&heap, &value))
    });
}
