//! The `--set` languages: any text changes a map or is an error. An index like `a[999999999]` takes no
//! memory for what it does not set, and the map is still a tree that can be written as JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_chart::strvals;
use windlass_fuzz::BOTH;
use windlass_value::{Heap, MapId, Value, json};

const BEFORE: &[u8] = br#"{"a": {"b": [1, {"c": null}]}, "list": [1, 2], "s": "text", "n": null}"#;

fn map(heap: &mut Heap) -> MapId {
    let value = json::unmarshal(heap, BEFORE).expect("it is JSON");
    value.as_map().expect("it is an object")
}

fuzz_target!(|text: &[u8]| {
    for compat in BOTH {
        let heap = &mut Heap::new();
        for parse in [
            strvals::parse_into,
            strvals::parse_into_string,
            strvals::parse_literal_into,
            strvals::parse_json,
        ] {
            let dest = map(heap);
            let _ = parse(heap, dest, text, compat);
            json::marshal(heap, &Value::Map(dest)).expect("still a tree");
        }
        let dest = map(heap);
        let _ = strvals::parse_into_file(heap, dest, text, compat, &mut |name| {
            Ok(name.as_bytes().to_vec())
        });
        if let Ok(text) = std::str::from_utf8(text) {
            let _ = strvals::parse_json_object(heap, text, compat);
        }
    }
});
