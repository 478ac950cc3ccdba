#![allow(clippy::unwrap_used)]

use super::*;
use crate::manifest::Reading;

fn object(kind: &str, name: &str, line: &str) -> String {
    format!("---\napiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n{line}\n")
}

fn index(texts: &[String]) -> Index {
    let reading = Reading {
        namespace: "d",
        ..Reading::default()
    };
    Index::read(&texts.concat(), reading).unwrap()
}

fn told(report: &Report) -> Vec<String> {
    let one = |entry: &Entry| format!("{} {}", entry.change.name(), entry.name);
    report.entries.iter().map(one).collect()
}

#[test]
fn what_changed_comes_before_what_went_and_what_came() {
    let old = index(&[
        object("ConfigMap", "same", "a: 1"),
        object("ConfigMap", "changed", "a: 1"),
        object("ConfigMap", "gone", "a: 1"),
    ]);
    let new = index(&[
        object("ConfigMap", "added", "a: 1"),
        object("ConfigMap", "same", "a: 1"),
        object("ConfigMap", "changed", "a: 2"),
    ]);
    let found = report(&old, &new, &[], &Options::default());
    assert_eq!(
        told(&found),
        [
            "MODIFY d, changed, ConfigMap (v1)",
            "REMOVE d, gone, ConfigMap (v1)",
            "ADD d, added, ConfigMap (v1)",
        ]
    );
    assert!(found.has_changes);
}

#[test]
fn what_is_kept_is_not_told_as_removed() {
    let old = index(&[object(
        "ConfigMap",
        "a",
        "  annotations: {helm.sh/resource-policy: keep}",
    )]);
    let found = report(&old, &Index::default(), &[], &Options::default());
    assert_eq!(found, Report::default());
}

#[test]
fn an_object_much_like_one_that_went_is_renamed() {
    let rest = "data:\n  a: x\n  b: y\n  c: z";
    let old = index(&[object("ConfigMap", "one", rest)]);
    let new = index(&[
        object("ConfigMap", "two", rest),
        object("Secret", "one", ""),
    ]);
    let options = Options {
        find_renames: 0.5,
        ..Options::default()
    };
    let found = report(&old, &new, &[], &options);
    assert_eq!(
        told(&found),
        ["MODIFY d, one, ConfigMap (v1)", "ADD d, one, Secret (v1)"]
    );
}

#[test]
fn lines_that_are_left_out_leave_a_word() {
    let old = index(&[object("ConfigMap", "a", "chart: x-1")]);
    let new = index(&[object("ConfigMap", "a", "chart: x-2")]);
    let expression = Regexp::new(&"^chart:".into()).unwrap();
    let options = Options {
        suppressed_lines: vec![Rc::new(expression)],
        ..Options::default()
    };
    let found = report(&old, &new, &[], &options);
    assert_eq!(told(&found), ["MODIFY_SUPPRESSED d, a, ConfigMap (v1)"]);
    assert!(found.has_changes);
}

#[test]
fn carriage_returns_can_be_passed_over() {
    let old = index(&[object("ConfigMap", "a", "b: 1")]);
    let new = index(&[object("ConfigMap", "a", "b: 1")
        .replace('\n', "\r\n")
        .replacen("---\r", "---", 1)]);
    let options = Options {
        strip_carriage_returns: true,
        ..Options::default()
    };
    assert!(report(&old, &new, &[], &Options::default()).has_changes);
    assert!(!report(&old, &new, &[], &options).has_changes);
}

#[test]
fn a_secret_never_shows_what_it_holds() {
    let old = index(&[object("Secret", "a", "data: {k: c2VjcmV0}")]);
    let new = index(&[object("Secret", "a", "stringData: {k: hidden}")]);
    for by_field in [false, true] {
        let options = Options {
            by_field,
            ..Options::default()
        };
        let found = format!("{:?}", report(&old, &new, &[], &options));
        for text in ["c2VjcmV0", "hidden", "secret\""] {
            assert!(!found.contains(text), "{found}");
        }
    }
}
