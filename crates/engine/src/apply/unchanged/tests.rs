#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

const STRICT: Rule<'static> = Rule {
    manager: "helm",
    settled: false,
};
const SETTLED: Rule<'static> = Rule {
    manager: "helm",
    settled: true,
};

fn wanted() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "d", "labels": {"app": "web"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"spec": {"containers": [{
                "name": "c",
                "image": "nginx",
                "env": [{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}],
                "ports": [{"containerPort": 80}],
                "resources": {"limits": {"cpu": "1000m"}},
            }]}},
        },
    })
}

fn live() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "web",
            "namespace": "d",
            "uid": "u",
            "labels": {"app": "web", "other": "label"},
            "managedFields": [{
                "manager": "helm",
                "operation": "Apply",
                "apiVersion": "apps/v1",
                "fieldsV1": {
                    "f:metadata": {"f:labels": {"f:app": {}}},
                    "f:spec": {
                        "f:replicas": {},
                        "f:selector": {},
                        "f:template": {"f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {
                            ".": {},
                            "f:name": {},
                            "f:image": {},
                            "f:env": {"k:{\"name\":\"IP\"}": {
                                ".": {}, "f:name": {}, "f:valueFrom": {"f:fieldRef": {}},
                            }},
                            "f:ports": {"k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {
                                ".": {}, "f:containerPort": {},
                            }},
                            "f:resources": {"f:limits": {"f:cpu": {}}},
                        }}}},
                    },
                },
            }],
        },
        "spec": {
            "replicas": 2,
            "progressDeadlineSeconds": 600,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"spec": {"containers": [{
                "name": "c",
                "image": "nginx",
                "imagePullPolicy": "Always",
                "env": [{"name": "IP", "valueFrom": {
                    "fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"},
                }}],
                "ports": [{"containerPort": 80, "protocol": "TCP"}],
                "resources": {"limits": {"cpu": "1"}},
            }]}},
        },
        "status": {"replicas": 2},
    })
}

#[test]
fn as_it_was_applied() {
    assert!(is_unchanged(&live(), &wanted(), SETTLED));
}

#[test]
fn defaults_within_a_whole_count_unless_the_manifest_was_applied_last() {
    assert!(!is_unchanged(&live(), &wanted(), STRICT));
    let mut live = live();
    live["spec"]["template"]["spec"]["containers"][0]["env"][0]["valueFrom"]["fieldRef"] =
        json!({"fieldPath": "status.podIP"});
    assert!(is_unchanged(&live, &wanted(), STRICT));
}

#[test]
fn another_value_there() {
    let mut live = live();
    live["spec"]["replicas"] = 3.into();
    assert!(!is_unchanged(&live, &wanted(), SETTLED));
}

#[test]
fn another_value_wanted() {
    for (path, value) in [
        ("/spec/template/spec/containers/0/image", json!("nginx:2")),
        (
            "/spec/template/spec/containers/0/ports/0/containerPort",
            json!(81),
        ),
        ("/metadata/labels/app", json!("x")),
        ("/spec/selector/matchLabels/app", json!("x")),
        ("/apiVersion", json!("apps/v2")),
    ] {
        let mut wanted = wanted();
        *wanted.pointer_mut(path).unwrap() = value;
        assert!(!is_unchanged(&live(), &wanted, SETTLED), "{path}");
    }
}

#[test]
fn more_or_fewer_fields_wanted() {
    let mut more = wanted();
    more["spec"]["paused"] = false.into();
    assert!(!is_unchanged(&live(), &more, SETTLED));
    let mut fewer = wanted();
    fewer["spec"].as_object_mut().unwrap().remove("replicas");
    assert!(!is_unchanged(&live(), &fewer, SETTLED));
    let mut item = wanted();
    let ports = &mut item["spec"]["template"]["spec"]["containers"][0]["ports"];
    ports
        .as_array_mut()
        .unwrap()
        .push(json!({"containerPort": 80, "protocol": "UDP"}));
    assert!(!is_unchanged(&live(), &item, SETTLED));
}

#[test]
fn a_field_that_others_took_over() {
    let mut live = live();
    let fields = live
        .pointer_mut("/metadata/managedFields/0/fieldsV1/f:spec")
        .unwrap();
    fields.as_object_mut().unwrap().remove("f:replicas");
    assert!(!is_unchanged(&live, &wanted(), SETTLED));
}

#[test]
fn applied_by_someone_else_or_not_at_all() {
    let other = Rule {
        manager: "kubectl",
        settled: true,
    };
    assert!(!is_unchanged(&live(), &wanted(), other));
    let mut live = live();
    live["metadata"]["managedFields"][0]["operation"] = "Update".into();
    assert!(!is_unchanged(&live, &wanted(), SETTLED));
}

#[test]
fn members_of_sets() {
    let live = json!({
        "apiVersion": "v1",
        "metadata": {
            "finalizers": ["a", "b"],
            "managedFields": [{
                "manager": "helm", "operation": "Apply", "apiVersion": "v1",
                "fieldsV1": {"f:metadata": {"f:finalizers": {"v:\"a\"": {}}}},
            }],
        },
    });
    let wanted = json!({"apiVersion": "v1", "metadata": {"finalizers": ["a"]}});
    assert!(is_unchanged(&live, &wanted, STRICT));
    let wanted = json!({"apiVersion": "v1", "metadata": {"finalizers": ["b"]}});
    assert!(!is_unchanged(&live, &wanted, STRICT));
}

#[test]
fn manifests_that_differ_in_metadata_only() {
    let (mut a, b) = (wanted(), wanted());
    a["metadata"]["labels"] = json!({});
    assert!(same_content(&a, &b));
    a["spec"]["replicas"] = 5.into();
    assert!(!same_content(&a, &b));
}
