//! Each recorded question gets the recorded answer.

use serde_json::Value;

use crate::ask;

#[test]
fn answers_are_those_of_kubernetes() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut count = 0;
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        for (at, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            let case: Value = serde_json::from_str(line).unwrap();
            let answer = ask::comparable(ask::answer(&case["question"]));
            assert_eq!(answer, case["answer"], "{} line {}", path.display(), at + 1);
            count += 1;
        }
    }
    assert!(count > 100, "only {count} cases");
}
