//! Sprig's functions against what Go's Sprig gave, and their rules one by one.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bench;
mod dates_and_keys;
mod hostile;
mod in_templates;
mod random;
mod recorded;
mod regex;
mod rules;
mod semver;

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
