#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::{Mapping, ObjectRef};

fn configmap(name: &str) -> Operation {
    Operation::Apply {
        object: ObjectRef {
            mapping: Mapping {
                group: String::new(),
                version: "v1".into(),
                kind: "ConfigMap".into(),
                plural: "configmaps".into(),
                namespaced: true,
            },
            namespace: "default".into(),
            name: name.into(),
        },
        reason: Reason::New,
        precondition: None,
        wanted: json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}),
    }
}

fn plan() -> Plan {
    let release = Revision {
        namespace: "default".into(),
        name: "web".into(),
        revision: 1,
    };
    let mut plan = Plan::new(Action::Install, release, Method::default());
    let record = Operation::Record {
        status: "pending-install".into(),
    };
    plan.then([record]);
    plan.then([configmap("a"), configmap("b")]);
    plan.then([Operation::Finish {
        status: "deployed".into(),
        description: "Install complete".into(),
    }]);
    plan
}

#[test]
fn levels_follow_what_steps_need() {
    let plan = plan();
    let sizes: Vec<_> = plan.levels().iter().map(|level| level.len()).collect();
    assert_eq!(sizes, [1, 2, 1]);
    assert_eq!(plan.steps[3].needs, [StepId(1), StepId(2)]);
}

#[test]
fn a_plan_comes_back_from_its_file() {
    let plan = plan();
    let text = plan.to_json().unwrap();
    assert_eq!(Plan::from_json(&text).unwrap(), plan);
    assert!(text.contains(r#""do":"apply""#), "{text}");
}

#[test]
fn a_plan_of_another_format_is_refused() {
    let mut plan = plan();
    plan.format = FORMAT + 1;
    let read = Plan::from_json(&plan.to_json().unwrap());
    assert!(matches!(read, Err(ReadError::Format { found: 2 })));
}

#[test]
fn a_step_before_what_it_needs_is_refused() {
    let mut plan = plan();
    plan.steps[0].needs = vec![StepId(3)];
    let read = Plan::from_json(&plan.to_json().unwrap());
    assert!(matches!(read, Err(ReadError::Order { step: StepId(0) })));
}

#[test]
fn a_precondition_watches_the_owned_fields_only() {
    let wanted = json!({"spec": {"replicas": 2}});
    let observed = json!({"metadata": {"uid": "u"}, "spec": {"replicas": 2, "paused": false}});
    let precondition = Precondition::of(&observed, &wanted);
    let mut other = observed.clone();
    other["spec"]["paused"] = json!(true);
    assert!(precondition.holds(&other, &wanted));
    other["spec"]["replicas"] = json!(3);
    assert!(!precondition.holds(&other, &wanted));
    let mut reborn = observed;
    reborn["metadata"]["uid"] = json!("v");
    assert!(!precondition.holds(&reborn, &wanted));
}
