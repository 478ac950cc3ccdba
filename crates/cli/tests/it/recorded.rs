//! The binary against recordings of both Helms: `tests/goldens/NAME/cases`, one command a line.

use std::path::PathBuf;

use windlass_testkit::{Program, golden};

/// The binary, at the root of the repository, speaking one of the Helms and called as it is.
pub(crate) fn windlass(helm: &str) -> Program {
    Program::at(env!("CARGO_BIN_EXE_windlass"))
        .called("helm")
        .variable("WINDLASS_COMPAT", helm)
        .in_directory(windlass_testkit::repository())
}

/// Compares every case below `tests/goldens/NAME` with what both Helms printed.
fn compare(name: &str) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/goldens")
        .join(name);
    let cases = golden::cases(&directory);
    let mut differences = Vec::new();
    for helm in golden::HELMS {
        for case in &cases {
            let outcome = windlass(helm).run(&case.arguments);
            differences.extend(golden::difference(&directory, helm, &case.name, &outcome));
        }
    }
    assert!(!cases.is_empty(), "no cases in {}", directory.display());
    assert!(
        differences.is_empty(),
        "{} of {} runs differ:\n{}",
        differences.len(),
        cases.len() * golden::HELMS.len(),
        differences.join("\n")
    );
}

#[test]
fn the_gateway_prints_as_with_both_helms() {
    compare("api-gateway");
}

#[test]
fn the_umbrella_prints_as_with_both_helms() {
    compare("aichatwar");
}
