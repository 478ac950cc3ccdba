#![allow(clippy::unwrap_used)]

use serde_json::json;
use windlass_chart::compat::Compat;
use windlass_chart::dependencies::order::Edge;
use windlass_plan::ObjectRef;

use super::*;
use crate::fake::{self, Fake, mapping};
use crate::objects::Origin;

/// An object of a template, with its group and the groups it needs.
fn target(source: &str, group: &str, needs: &str) -> Target {
    let mut annotations = serde_json::Map::new();
    if !group.is_empty() {
        annotations.insert("helm.sh/resource-group".to_owned(), json!(group));
    }
    Target {
        at: ObjectRef {
            mapping: mapping("v1", "ConfigMap").unwrap(),
            namespace: "d".to_owned(),
            name: source.replace('/', "-"),
        },
        object: json!({"metadata": {"annotations": annotations}}),
        origin: Origin {
            source: source.to_owned(),
            after: (!needs.is_empty()).then(|| needs.to_owned()),
        },
    }
}

fn of_charts(sources: &[&str]) -> Vec<Target> {
    sources
        .iter()
        .map(|source| target(source, "", ""))
        .collect()
}

fn order(edges: &[(&[&str], &[&str])]) -> Order {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Order {
        edges: edges
            .iter()
            .map(|(of, needs)| Edge {
                of: texts(of),
                needs: texts(needs),
            })
            .collect(),
    }
}

fn made(targets: &[Target], order: &Order) -> Vec<(Vec<usize>, Vec<usize>)> {
    let engine = fake::engine(&Fake::default(), Compat::Helm4);
    let stages = stages(&engine, targets, order).unwrap();
    let pair = |stage: Stage| (stage.members, stage.awaited);
    stages.into_iter().map(pair).collect()
}

fn told(targets: &[Target]) -> String {
    let engine = fake::engine(&Fake::default(), Compat::Helm4);
    let made = stages(&engine, targets, &Order::default());
    made.unwrap_err().to_string()
}

#[test]
fn without_a_word_there_is_one_stage_in_helms_order() {
    let targets = of_charts(&["c/templates/a", "c/charts/db/templates/a", ""]);
    let expected = vec![(vec![0, 1, 2], vec![])];
    assert_eq!(made(&targets, &Order::default()), expected);
    assert_eq!(made(&[], &Order::default()), [(vec![], vec![])]);
}

#[test]
fn charts_go_with_all_below_them_and_only_what_is_needed_is_awaited() {
    let targets = of_charts(&[
        "c/charts/web/templates/a",
        "c/charts/db/templates/a",
        "c/charts/other/templates/a",
        "c/charts/db/charts/init/templates/a",
        "c/charts/web/charts/cache/templates/a",
        "c/templates/a",
    ]);
    let web_needs_db: (&[&str], &[&str]) = (&["c/charts/web/"], &["c/charts/db/"]);
    assert_eq!(
        made(&targets, &order(&[web_needs_db])),
        [(vec![1, 2, 3, 5], vec![1, 3]), (vec![0, 4], vec![])]
    );
    let own_last: (&[&str], &[&str]) = (&["c/templates/"], &["c/charts/web/"]);
    assert_eq!(
        made(&targets, &order(&[web_needs_db, own_last])),
        [
            (vec![1, 2, 3], vec![1, 3]),
            (vec![0, 4], vec![0, 4]),
            (vec![5], vec![])
        ]
    );
}

#[test]
fn what_is_needed_late_is_awaited_late() {
    let targets = of_charts(&[
        "c/charts/a/templates/x",
        "c/charts/b/templates/x",
        "c/charts/c/templates/x",
        "c/charts/d/templates/x",
    ]);
    // b after a, c after b, c after d.
    let order = order(&[
        (&["c/charts/b/"], &["c/charts/a/"]),
        (&["c/charts/c/"], &["c/charts/b/", "c/charts/d/"]),
    ]);
    assert_eq!(
        made(&targets, &order),
        [
            (vec![0, 3], vec![0]),
            (vec![1], vec![1, 3]),
            (vec![2], vec![])
        ]
    );
}

#[test]
fn groups_come_before_what_says_nothing() {
    let targets = [
        target("c/templates/plain", "", ""),
        target("c/templates/app", "app", r#"["db", "queue"]"#),
        target("c/templates/db", "db", ""),
        target("c/templates/queue", "queue", "[left-out]"),
        target("c/templates/alone", "alone", ""),
        target("c/templates/late", "", "app"),
        target("c/charts/sub/templates/a", "", ""),
    ];
    assert_eq!(
        made(&targets, &Order::default()),
        [
            (vec![2, 3, 6], vec![2, 3]),
            (vec![1], vec![1]),
            (vec![5], vec![5]),
            (vec![0, 4], vec![])
        ]
    );
}

#[test]
fn groups_of_two_charts_have_nothing_to_do_with_each_other() {
    let targets = [
        target("c/templates/db", "db", ""),
        target("c/charts/sub/templates/app", "app", "[db]"),
    ];
    let expected = vec![(vec![0, 1], vec![])];
    assert_eq!(made(&targets, &Order::default()), expected);
}

#[test]
fn groups_that_make_no_order_are_told() {
    let circle = [
        target("c/templates/a", "a", "[b]"),
        target("c/templates/b", "b", "[a]"),
    ];
    assert_eq!(
        told(&circle),
        "resource groups of chart c depend on each other: a -> b -> a"
    );
    let malformed = [target("c/templates/a", "a", "{b: c}")];
    assert_eq!(
        told(&malformed),
        "the depends-on annotation of ConfigMap \"c-templates-a\" must be a list of names of groups"
    );
    let mut engine = fake::engine(&Fake::default(), Compat::Helm4);
    let on_record = stages_on_record(&engine, &circle, &Order::default());
    assert_eq!(on_record, plain(&circle));
    engine.ordering = false;
    let made = stages(&engine, &circle, &Order::default());
    assert_eq!(made.unwrap(), plain(&circle));
}

#[test]
fn what_waits_for_each_other_on_record_comes_last() {
    let targets = of_charts(&[
        "c/charts/a/templates/x",
        "c/charts/b/templates/x",
        "c/templates/x",
    ]);
    let order = order(&[
        (&["c/charts/a/"], &["c/charts/b/"]),
        (&["c/charts/b/"], &["c/charts/a/"]),
    ]);
    let stages = made(&targets, &order);
    assert_eq!(stages, [(vec![2], vec![]), (vec![0, 1], vec![])]);
}

#[test]
fn objects_go_the_other_way_round() {
    let targets = of_charts(&["c/charts/db/templates/a", "c/charts/web/templates/a"]);
    let engine = fake::engine(&Fake::default(), Compat::Helm4);
    let order = order(&[(&["c/charts/web/"], &["c/charts/db/"])]);
    let stages = stages(&engine, &targets, &order).unwrap();
    let pair = |stage: Stage| (stage.members, stage.awaited);
    let reversed: Vec<_> = reversed(stages).into_iter().map(pair).collect();
    assert_eq!(reversed, [(vec![1], vec![1]), (vec![0], vec![])]);
}

#[test]
fn a_template_tells_its_chart() {
    for (source, templates) in [
        ("c/templates/a.yaml", "c/templates/"),
        ("c/templates/charts/a.yaml", "c/templates/"),
        ("c/charts/db/templates/a.yaml", "c/charts/db/templates/"),
        ("c/charts/charts/templates/a", "c/charts/charts/templates/"),
        (
            "c/charts/templates/templates/a",
            "c/charts/templates/templates/",
        ),
        ("", ""),
        ("nonsense", ""),
    ] {
        assert_eq!(templates_of(source), templates, "{source}");
    }
}
