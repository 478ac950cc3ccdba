//! Hostile texts: they fail, or are read in time and without a deep native stack.

use std::time::{Duration, Instant};

use windlass_value::{Heap, Value};
use windlass_yaml as yaml;

fn failure(text: &str) -> String {
    yaml::parse(&mut Heap::new(), text.as_bytes())
        .unwrap_err()
        .to_string()
}

#[test]
fn nesting_ends_at_ten_thousand() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert_eq!(
        failure(&nested(10_001)),
        "error converting YAML to JSON: yaml: exceeded max depth of 10000"
    );
    assert_eq!(
        failure(&"- ".repeat(10_001)),
        "error converting YAML to JSON: yaml: exceeded max depth of 10000"
    );
    assert_eq!(
        failure(&format!("{}{}", "- ".repeat(5_001), nested(5_000))),
        "error unmarshaling JSON: while decoding JSON: invalid character '[' exceeded max depth"
    );
}

#[test]
fn deep_mappings_are_read_and_written() {
    let text = "{a: ".repeat(9_999) + "1" + &"}".repeat(9_999);
    let mut heap = Heap::new();
    let value = yaml::parse(&mut heap, text.as_bytes()).unwrap();
    assert!(yaml::to_yaml(&heap, &value).unwrap().ends_with("a: 1\n"));
    assert!(
        yaml::to_yaml_pretty(&heap, &value)
            .unwrap()
            .ends_with("a: 1\n")
    );
}

#[test]
fn documents_must_not_be_mostly_aliases() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..9 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        text += &format!("a{i}: &a{i} [{aliases}]\n");
    }
    assert_eq!(
        failure(&text),
        "error converting YAML to JSON: yaml: document contains excessive aliasing"
    );
}

#[test]
fn a_map_that_holds_itself_is_an_error() {
    let mut heap = Heap::new();
    let map = heap.new_map();
    heap.set(map, "a", Value::Map(map));
    let value = Value::Map(map);
    assert_eq!(
        yaml::to_yaml(&heap, &value).unwrap_err().to_string(),
        "error marshaling into JSON: json: unsupported value: encountered a cycle via map[string]interface {}"
    );
    assert!(yaml::to_yaml_pretty(&heap, &value).is_err());
}

#[test]
fn time_grows_with_length() {
    let texts = [
        "[".repeat(9_999),
        "a: ".repeat(100_000),
        "? ".repeat(9_000),
        "[a, ".repeat(9_000),
        "{".repeat(9_000) + &"a".repeat(100_000),
        "- &a b\n".repeat(100_000),
        "a\n".repeat(100_000),
        "'\n".to_owned() + &"\n a".repeat(100_000),
        "|\n".to_owned() + &"\n".repeat(300_000),
        "#\n".repeat(100_000),
        "!!str ".repeat(50_000),
        "k".repeat(500_000),
        "é".repeat(300_000) + ": 1",
    ];
    for text in texts {
        let start = Instant::now();
        let _ = yaml::parse(&mut Heap::new(), text.as_bytes());
        let head: String = text.chars().take(10).collect();
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{head:?} took {:?}",
            start.elapsed()
        );
    }
}
