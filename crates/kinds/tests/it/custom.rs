//! Custom resources: a running server's answers (`cargo xtask kinds record-custom`).

use serde_json::{Value, json};
use windlass_kinds::{custom, invalid};

#[test]
fn objects_come_out_and_faults_are_told_as_by_a_server() {
    let read = |name: &str| {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/custom");
        std::fs::read_to_string(dir.join(name)).unwrap()
    };
    let schema: Value = serde_json::from_str(&read("schema.json")).unwrap();
    let (specs, answers) = (read("specs.jsonl"), read("answers.jsonl"));
    assert_eq!(specs.lines().count(), answers.lines().count());
    let mut different = Vec::new();
    for (spec, wanted) in specs.lines().zip(answers.lines()) {
        let wanted: Value = serde_json::from_str(wanted).unwrap();
        let spec: Value = serde_json::from_str(spec).unwrap();
        let (ours, wanted) = (answer(&schema, &spec), sorted(wanted));
        if ours != wanted {
            different.push(format!("{spec}\n  server {wanted}\n  ours   {ours}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn answer(schema: &Value, spec: &Value) -> Value {
    let mut object = json!({"apiVersion": "example.com/v1", "kind": "Widget",
        "metadata": {"name": "x"}, "spec": spec});
    let unknown = custom::prune(schema, &mut object);
    custom::default(schema, &mut object);
    let faults = custom::validate(schema, &object, "");
    if !faults.is_empty() {
        let message = invalid::message("example.com", "Widget", "x", &faults);
        return sorted(json!({"message": message}));
    }
    let warnings = unknown.iter().map(|path| format!("unknown field {path:?}"));
    json!({"spec": object["spec"], "warnings": warnings.collect::<Vec<_>>()})
}

/// The server tells of several faults in no particular order.
fn sorted(mut answer: Value) -> Value {
    if let Some(message) = answer["message"].as_str()
        && let Some((head, rest)) = message.split_once(": [")
    {
        let mut faults: Vec<&str> = rest.trim_end_matches(']').split(", ").collect();
        faults.sort_unstable();
        answer["message"] = format!("{head}: [{}]", faults.join(", ")).into();
    }
    answer
}
