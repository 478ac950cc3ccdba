//! Built-in kinds: what a running server refuses (`cargo xtask kinds record-builtin`).

use serde_json::Value;
use windlass_kinds::{invalid, kind, validate};

#[test]
fn faults_are_those_of_a_server() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/builtin");
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    let (cases, answers) = (read("cases.jsonl"), read("answers.jsonl"));
    assert_eq!(cases.lines().count(), answers.lines().count());
    let mut different = Vec::new();
    for (case, wanted) in cases.lines().zip(answers.lines()) {
        let case: Value = serde_json::from_str(case).unwrap();
        let wanted: Value = serde_json::from_str(wanted).unwrap();
        let ours = answer(&case);
        if ours != wanted.as_str().map(str::to_owned) {
            different.push(format!("{case}\n  server {wanted}\n  ours   {ours:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn answer(case: &Value) -> Option<String> {
    let object = case.get("update").unwrap_or(&case["create"]);
    let version = object["apiVersion"].as_str()?;
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let kind = kind::find(group, version, object["kind"].as_str()?)?;
    let faults = match case.get("update") {
        Some(new) => validate::update(kind, &case["create"], new),
        None => validate::create(kind, object),
    };
    let name = object["metadata"]["name"].as_str().unwrap_or("");
    (!faults.is_empty()).then(|| invalid::message(group, kind.kind, name, &faults))
}
