//! The chart crate against recorded answers of both Helms.
//!
//! Each line of `golden/*.jsonl` holds a question and what Helm 3.22.0 and Helm 4.3.1 answered
//! (`both` where they agree). The answers were recorded by calling Helm's own packages:
//! `loader.LoadFiles`, `chartutil.ProcessDependencies`, `CoalesceValues`, `Save`,
//! `LoadArchiveFiles`, `ignore.Parse`, Go's `http.DetectContentType`. `rules.jsonl` is written by
//! hand, the others are random; where Helm itself is random, a question was left out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod answer;
mod archive;
mod hostile;
mod shown_by_fuzzing;

use windlass_chart::compat::Compat;
use windlass_value::{Heap, MapId, Str, Value, json};

/// Asks every question of a file, of both Helms.
fn check(golden: &str) {
    assert!(golden.lines().count() > 15, "the recording is not empty");
    for (number, line) in golden.lines().enumerate() {
        for (compat, name) in [(Compat::Helm3, "helm3"), (Compat::Helm4, "helm4")] {
            let mut heap = Heap::new();
            let line = json::unmarshal(&mut heap, line.as_bytes()).unwrap();
            let line = line.as_map().unwrap();
            let ask = heap.get(line, b"ask").and_then(Value::as_map).unwrap();
            let expected = heap.get(line, name.as_bytes());
            let expected = expected
                .or_else(|| heap.get(line, b"both"))
                .unwrap()
                .clone();
            let expected = text(&heap, &expected);
            let given = answer::answer(&mut heap, ask, compat);
            assert_eq!(text(&heap, &given), expected, "line {}, {name}", number + 1);
        }
    }
}

fn text(heap: &Heap, value: &Value) -> String {
    String::from_utf8(json::marshal(heap, value).unwrap()).unwrap()
}

fn field(heap: &Heap, map: MapId, key: &str) -> Str {
    heap.get(map, key.as_bytes())
        .and_then(|v| v.as_str().cloned())
        .unwrap_or_default()
}

#[test]
fn charts_load_as_in_helm() {
    check(include_str!("golden/load.jsonl"));
}

#[test]
fn dependencies_and_values_follow_the_rules() {
    check(include_str!("golden/rules.jsonl"));
}

#[test]
fn dependencies_and_values_of_random_charts_are_helms() {
    check(include_str!("golden/process.jsonl"));
}

#[test]
fn chart_yaml_reads_and_writes_as_in_helm() {
    check(include_str!("golden/metadata.jsonl"));
}

#[test]
fn values_files_read_as_in_helm() {
    check(include_str!("golden/values.jsonl"));
}

#[test]
fn ignore_rules_match_as_in_helm() {
    check(include_str!("golden/ignore.jsonl"));
}

#[test]
fn archives_read_as_in_helm() {
    check(include_str!("golden/archive.jsonl"));
}

#[test]
fn packed_charts_hold_what_helms_hold() {
    check(include_str!("golden/pack.jsonl"));
}

#[test]
fn content_types_are_gos() {
    check(include_str!("golden/content_type.jsonl"));
}
