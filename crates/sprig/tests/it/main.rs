//! Sprig's functions against what Go's Sprig gave, and their rules one by one.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../../template/tests/it/asked.rs"]
mod asked;
mod bench;
mod damaged;
mod dates_and_keys;
mod hostile;
mod in_templates;
mod random;
mod recorded;
mod regex;
mod rules;
mod semver;

#[test]
fn both_helms_answer_so() {
    let functions = windlass_sprig::functions(windlass_template::Functions::new());
    asked::check(include_str!("asked.jsonl"), &functions, moment);
}

/// A time or a duration of the questions.
fn moment(kind: &str, text: &str) -> windlass_value::Value {
    use windlass_time::{Duration, RFC3339_NANO, parse};
    match kind {
        "time" => windlass_value::Value::object(parse(RFC3339_NANO, text.as_bytes()).unwrap()),
        "duration" => windlass_value::Value::object(match text.parse() {
            Ok(nanoseconds) => Duration(nanoseconds),
            Err(_) => Duration::parse(text.as_bytes()).unwrap(),
        }),
        other => panic!("no type {other}"),
    }
}

/// Every file here is a module of this binary, or a file of recorded calls.
#[test]
fn no_test_file_is_forgotten() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|m| *m != "main") {
            assert!(
                main.contains(&format!("mod {module};")),
                "{name} is not a module"
            );
        }
    }
}
