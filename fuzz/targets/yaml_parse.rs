//! YAML as it is read: any bytes are values or an error. What is read strictly is read leniently too and is
//! the same; events come in pairs; `--explain` finds a place; memory stays in proportion (aliases).
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_value::{Heap, Value, json};
use windlass_yaml::{EventKind, Stream};

fn as_json(heap: &Heap, value: &Value) -> Vec<u8> {
    json::marshal(heap, value).expect("what is read without its kinds is JSON")
}

fuzz_target!(|text: &[u8]| {
    let mut heap = Heap::new();
    let lenient = windlass_yaml::parse(&mut heap, text);
    if let Ok(strict) = windlass_yaml::parse_strict(&mut heap, text) {
        let lenient = lenient.as_ref().expect("lenient reading takes more");
        assert_eq!(as_json(&heap, &strict), as_json(&heap, lenient));
    }
    if lenient.is_err() {
        let _ = windlass_yaml::diagnose("values.yaml", text);
    }
    let _ = windlass_yaml::parse_kinds(&mut heap, text);
    let _ = windlass_yaml::parse_map_strict(&mut heap, text);
    let _ = windlass_yaml::parse_list(&mut heap, text);
    for document in windlass_yaml::documents(text) {
        let Ok(document) = document else { break };
        let _ = windlass_yaml::parse_map(&mut heap, &document);
    }
    if let Ok(stream) = Stream::new(text) {
        events(&stream);
        for tree in stream.trees() {
            let Ok(tree) = tree else { break };
            let children = tree.children(tree.root()).count();
            std::hint::black_box(children);
        }
    }
});

/// Whatever begins ends, unless there is an error.
fn events(stream: &Stream<'_>) {
    let mut open = 0_i64;
    for event in stream.events() {
        let Ok(event) = event else { return };
        match event.kind {
            EventKind::MappingStart(_) | EventKind::SequenceStart(_) => open += 1,
            EventKind::MappingEnd | EventKind::SequenceEnd => open -= 1,
            _ => {}
        }
        assert!(open >= 0);
    }
    assert_eq!(open, 0);
}
