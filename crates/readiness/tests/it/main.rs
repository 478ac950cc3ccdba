//! Verdicts compared with those of kstatus itself.
//!
//! Each line of `kstatus.jsonl` is an object and what `status.Compute` of github.com/fluxcd/cli-utils
//! v1.2.2, which Helm 4.3.1 links, said of it. The objects were made at random, two kept for each
//! verdict that came up.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;
use windlass_readiness::kstatus::compute;

/// Pods of the cases were created long before.
const NOW: i64 = 1_800_000_000;

#[test]
fn verdicts_are_those_of_kstatus() {
    let cases = include_str!("../kstatus.jsonl");
    assert!(cases.lines().count() > 400);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let object = &case["object"];
        let Ok(verdict) = compute(object, NOW) else {
            assert_eq!(case["failed"], true, "{line}");
            continue;
        };
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        assert_eq!(verdict.status.as_str(), text("status"), "{line}");
        assert_eq!(verdict.message, text("message"), "{line}");
        let theirs = case["conditions"].as_array().cloned().unwrap_or_default();
        assert_eq!(verdict.conditions.len(), theirs.len(), "{line}");
        for (ours, theirs) in verdict.conditions.iter().zip(&theirs) {
            assert_eq!(ours.kind, theirs["type"], "{line}");
            let word = |key: &str| theirs[key].as_str().unwrap_or_default();
            assert_eq!(ours.reason, word("reason"), "{line}");
            assert_eq!(ours.message, word("message"), "{line}");
        }
    }
}
