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
        recreate: false,
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
    assert_eq!(*plan.steps[3].needs, [StepId(1), StepId(2)]);
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
    plan.steps[0].needs = [StepId(3)].into();
    let read = Plan::from_json(&plan.to_json().unwrap());
    assert!(matches!(read, Err(ReadError::Order { step: StepId(0) })));
}

#[test]
fn what_became_of_objects_since_is_told() {
    let observed = |uid: &str, value: u8| json!({"metadata": {"uid": uid}, "data": value});
    let with = |state: Option<(&str, u8)>| {
        let mut plan = plan();
        let Operation::Apply { precondition, .. } = &mut plan.steps[1].operation else {
            return plan;
        };
        *precondition =
            state.map(|(uid, value)| Precondition::of(&observed(uid, value), &json!({"data": 0})));
        plan
    };
    let kept = with(Some(("u", 1)));
    let how = |now: Option<(&str, u8)>| {
        let moved = kept.moved_since(&with(now));
        moved.iter().map(|moved| moved.how).collect::<Vec<_>>()
    };
    assert_eq!(how(Some(("u", 1))), []);
    assert_eq!(how(Some(("u", 2))), [Movement::Edited]);
    assert_eq!(how(Some(("v", 1))), [Movement::Recreated]);
    assert_eq!(how(None), [Movement::Gone]);
    let appeared = with(None).moved_since(&kept);
    assert_eq!(appeared[0].how, Movement::Appeared);
    assert_eq!(appeared[0].object.name, "a");
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
