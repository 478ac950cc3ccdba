//! Texts that the differential fuzzer made, with what both Helms read them as: a text a line, and Go's syntax for
//! the value (`%#v`) or the text of the error.

use std::fmt::Write as _;

use windlass_value::{Heap, Str, Value, fmt, json};
use windlass_yaml as yaml;

fn field(heap: &Heap, map: &Value, name: &str) -> Option<Str> {
    heap.get(map.as_map()?, name.as_bytes())?.as_str().cloned()
}

#[test]
fn both_helms_read_so() {
    let (mut wrong, mut count) = (String::new(), 0);
    for line in include_str!("asked.jsonl").lines() {
        let mut heap = Heap::new();
        let asked = json::unmarshal(&mut heap, line.as_bytes()).unwrap();
        let text = field(&heap, &asked, "text").unwrap();
        let into = field(&heap, &asked, "into").unwrap();
        let read = match &*into {
            b"map" => yaml::parse_map(&mut heap, &text).map(Value::Map),
            b"list" => yaml::parse_list(&mut heap, &text),
            _ => yaml::parse(&mut heap, &text),
        };
        let found = match read {
            Ok(value) => fmt::sprintf(&heap, b"%#v", &[value]),
            Err(error) => error.to_string().into(),
        };
        let wanted = field(&heap, &asked, "go").or_else(|| field(&heap, &asked, "error"));
        count += 1;
        if Some(&found) != wanted.as_ref() {
            writeln!(wrong, "{line}\n  found {}", found.to_text()).unwrap();
        }
    }
    assert!(count > 100, "the recording is not empty");
    assert!(wrong.is_empty(), "{wrong}");
}
