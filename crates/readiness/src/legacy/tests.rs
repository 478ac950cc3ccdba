#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

fn deployment(replicas: i64, lacking: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "prod", "uid": "u1", "generation": 1},
        "spec": {
            "replicas": replicas,
            "strategy": {"type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": lacking}},
            "template": {"metadata": {"labels": {"app": "web"}, "creationTimestamp": null}},
        },
        "status": {"observedGeneration": 1},
    })
}

fn set(name: &str, label: &str, ready: i64) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {"name": name, "uid": name, "generation": 1,
            "ownerReferences": [{"uid": "u1", "controller": true}]},
        "spec": {"template": {"metadata": {"labels": {"app": label, "pod-template-hash": name}}}},
        "status": {"observedGeneration": 1, "readyReplicas": ready},
    })
}

fn is_ready(object: &Value, related: &[Value]) -> bool {
    judge(object, related, true).unwrap().ready
}

#[test]
fn a_deployment_may_lack_as_many_pods_as_it_says() {
    let quarter = deployment(4, &json!("25%"));
    assert_eq!(needs(&quarter), Needs::ReplicaSets);
    assert!(!is_ready(&quarter, &[]));
    assert!(!is_ready(&quarter, &[set("old", "other", 4)]));
    assert!(is_ready(&quarter, &[set("new", "web", 3)]));
    let verdict = judge(&quarter, &[set("new", "web", 2)], true).unwrap();
    assert_eq!(
        verdict.note.unwrap().line,
        "Deployment is not ready: prod/web. 2 out of 3 expected pods are ready"
    );
    assert!(!is_ready(
        &deployment(1, &json!("25%")),
        &[set("new", "web", 0)]
    ));
    assert!(is_ready(&deployment(1, &json!(1)), &[set("new", "web", 0)]));
}

#[test]
fn a_paused_deployment_is_ready() {
    let mut paused = deployment(4, &json!(0));
    paused["spec"]["paused"] = json!(true);
    assert_eq!(needs(&paused), Needs::Nothing);
    assert!(is_ready(&paused, &[]));
}

#[test]
fn a_load_balancer_needs_an_address() {
    let mut service = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "namespace": "prod"},
        "spec": {"type": "LoadBalancer", "clusterIP": "10.0.0.1"},
    });
    let note = judge(&service, &[], false).unwrap().note.unwrap();
    assert_eq!(
        note.line,
        "Service does not have load balancer ingress IP address: prod/web"
    );
    service["status"] = json!({"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}});
    assert!(is_ready(&service, &[]));
}

#[test]
fn jobs_count_only_where_they_are_waited_for() {
    let job = json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": "j", "namespace": "n"},
        "spec": {"backoffLimit": 0, "completions": 1},
        "status": {"failed": 1},
    });
    assert!(judge(&job, &[], false).unwrap().ready);
    let failed = judge(&job, &[], true).unwrap_err();
    assert_eq!(failed.to_string(), "job is failed: n/j");
    assert!(!is_judged(&job, false) && is_judged(&job, true));
}

#[test]
fn a_stateful_set_moves_on_to_one_revision() {
    let mut set = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet",
        "metadata": {"name": "db", "namespace": "n", "generation": 2},
        "spec": {"replicas": 2, "updateStrategy": {"type": "RollingUpdate"}},
        "status": {"observedGeneration": 2, "updatedReplicas": 2, "readyReplicas": 2,
            "currentRevision": "a", "updateRevision": "b"},
    });
    let note = judge(&set, &[], false).unwrap().note.unwrap();
    assert_eq!(
        note.line,
        "StatefulSet is not ready: n/db. currentRevision a does not yet match updateRevision b"
    );
    set["spec"]["updateStrategy"]["rollingUpdate"] = json!({"partition": 1});
    assert!(is_ready(&set, &[]));
}

#[test]
fn a_replica_set_is_as_ready_as_its_pods() {
    let mut object = set("new", "web", 0);
    let pod = |ready: &str| {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "n"},
            "status": {"conditions": [{"type": "Ready", "status": ready}]}})
    };
    assert!(is_ready(&object, &[pod("True")]));
    let verdict = judge(&object, &[pod("True"), pod("False")], false).unwrap();
    assert_eq!(verdict.note.unwrap().line, "Pod is not ready: n/p");
    object["status"]["observedGeneration"] = json!(0);
    assert!(!is_ready(&object, &[pod("True")]));
}
