#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;
use windlass_plan::Mapping;

use super::*;
use crate::objects::Origin;
use crate::objects::ownership::{Owner, mark};

fn target(kind: &str, name: &str, data: &str) -> Target {
    Target {
        at: ObjectRef {
            mapping: Mapping {
                group: String::new(),
                version: "v1".into(),
                kind: kind.into(),
                plural: format!("{}s", kind.to_lowercase()),
                namespaced: true,
            },
            namespace: "default".into(),
            name: name.into(),
        },
        object: json!({
            "apiVersion": "v1", "kind": kind,
            "metadata": {"name": name}, "data": {"a": data},
        }),
        origin: Origin::default(),
    }
}

fn marked(mut targets: Vec<Target>) -> Vec<Target> {
    let owner = Owner {
        release: "web",
        namespace: "default",
    };
    mark(&mut targets, owner);
    targets
}

fn empty() -> Plan {
    plan(Action::Upgrade, &Release::default(), Method::default())
}

fn reasons(plan: &Plan) -> Vec<(String, Reason)> {
    let one = |operation: &Operation| match operation {
        Operation::Apply { object, reason, .. } | Operation::Prune { object, reason, .. } => {
            (object.name.clone(), *reason)
        }
        other => panic!("{other:?}"),
    };
    plan.steps.iter().map(|step| one(&step.operation)).collect()
}

#[test]
fn every_object_has_its_reason() {
    let before = [
        target("ConfigMap", "same", "1"),
        target("ConfigMap", "changed", "1"),
        target("ConfigMap", "gone", "1"),
    ];
    let wanted = marked(vec![
        target("ConfigMap", "same", "1"),
        target("ConfigMap", "changed", "2"),
        target("ConfigMap", "new", "1"),
        target("ConfigMap", "found", "1"),
        target("ConfigMap", "", "1"),
    ]);
    let found = [wanted[3].clone()];
    let mut plan = empty();
    let observed = Observed::default();
    let change = Change {
        before: &before,
        wanted: &wanted,
        found: &found,
        take_ownership: false,
        observed: &observed,
        recreate: &[],
        stages: &ordering::plain(&wanted),
    };
    change.add_to(&mut plan, Waiting::default());
    let expected = [
        ("same", Reason::Same),
        ("changed", Reason::Changed),
        ("new", Reason::New),
        ("found", Reason::Adopted),
        ("", Reason::Generated),
        ("gone", Reason::Removed),
    ]
    .map(|(name, reason)| (name.to_owned(), reason));
    assert_eq!(reasons(&plan), expected);
}

#[test]
fn kinds_are_levels_and_prunings_come_last() {
    let before = [target("Secret", "old", "1")];
    let wanted = marked(vec![
        target("ConfigMap", "a", "1"),
        target("ConfigMap", "b", "1"),
        target("Service", "c", "1"),
    ]);
    let mut plan = empty();
    let observed = Observed::default();
    let change = Change {
        before: &before,
        wanted: &wanted,
        found: &[],
        take_ownership: false,
        observed: &observed,
        recreate: &[],
        stages: &ordering::plain(&wanted),
    };
    change.add_to(&mut plan, Waiting::default());
    let sizes: Vec<usize> = plan.levels().iter().map(|level| level.len()).collect();
    assert_eq!(sizes, [2, 1, 1]);
}

#[test]
fn hooks_run_by_weight_and_then_by_name() {
    let hook = |name: &str, weight| Hook {
        name: name.into(),
        weight,
        events: vec![HookEvent::PreUpgrade],
        ..Hook::default()
    };
    let mut other = hook("other", -10);
    other.events = vec![HookEvent::PostUpgrade];
    let hooks = [hook("b", 1), hook("c", 0), hook("a", 1), other];
    let mut plan = empty();
    add_hooks(&mut plan, &hooks, &HookEvent::PreUpgrade);
    let names: Vec<&str> = plan
        .steps
        .iter()
        .map(|step| match &step.operation {
            Operation::Hook { name, .. } => name.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["c", "a", "b"]);
    assert_eq!(plan.levels().len(), 3);
}
