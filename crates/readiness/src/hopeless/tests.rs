#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;

fn pod(status: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web-1", "namespace": "prod",
            "creationTimestamp": "2020-01-01T00:00:00Z"},
        "status": status,
    })
}

fn web() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "prod"}})
}

fn found(object: &Value, pods: &[Value], events: &[Value]) -> Vec<Diagnosis> {
    let pods: Vec<&Value> = pods.iter().collect();
    let events: Vec<&Value> = events.iter().collect();
    diagnose(object, &pods, &events, NOW)
}

fn only(pods: &[Value], events: &[Value]) -> Diagnosis {
    let mut found = found(&web(), pods, events);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn an_image_that_cannot_be_fetched_is_named() {
    let waiting = json!({"containerStatuses": [{
        "name": "app", "image": "nowhere/x:1",
        "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}},
    }]});
    let found = only(&[pod(&waiting)], &[]);
    assert_eq!(
        found.cause,
        Cause::ImagePull {
            image: "nowhere/x:1".into()
        }
    );
    assert_eq!(found.subject.container.as_deref(), Some("app"));
    assert_eq!(found.detail, "Back-off pulling image");
    assert_eq!(found.certainty, Certainty::Persistent);
}

#[test]
fn a_crash_loop_tells_how_it_ended() {
    let status = json!({"phase": "Running", "initContainerStatuses": [{
        "name": "init", "restartCount": 4,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
    }]});
    let found = only(&[pod(&status)], &[]);
    let cause = Cause::CrashLoop {
        restarts: 4,
        exit_code: Some(137),
        reason: "OOMKilled".into(),
    };
    assert_eq!(
        (found.cause, found.certainty),
        (cause, Certainty::Persistent)
    );
}

#[test]
fn pods_that_go_and_pods_that_are_young_are_left_alone() {
    let status = json!({"phase": "Pending", "conditions": [{
        "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
        "message": "0/3 nodes are available",
    }]});
    assert_eq!(only(&[pod(&status)], &[]).cause, Cause::Unschedulable);
    let mut going = pod(&status);
    going["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    let mut young = pod(&status);
    young["metadata"]["creationTimestamp"] = json!("2027-01-15T07:59:55Z");
    assert!(found(&web(), &[going, young], &[]).is_empty());
}

#[test]
fn a_quota_is_told_from_other_refusals() {
    let event = |message: &str| {
        json!({"type": "Warning", "reason": "FailedCreate", "message": message,
            "involvedObject": {"kind": "ReplicaSet", "namespace": "prod", "name": "web-5d9"}})
    };
    let quota = event("Error creating: pods \"web-5d9-x\" is forbidden: exceeded quota: small");
    assert_eq!(only(&[], &[quota]).cause, Cause::Quota);
    let hook = event("Error creating: admission webhook \"x\" denied the request");
    assert_eq!(only(&[], &[hook]).cause, Cause::Refused);
}

#[test]
fn a_failed_job_is_final() {
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"},
        "status": {"conditions": [{"type": "Failed", "status": "True",
            "reason": "BackoffLimitExceeded", "message": "Job has reached the limit"}]}});
    let found = diagnose(&job, &[], &[], NOW);
    assert_eq!(found[0].certainty, Certainty::Final);
    assert_eq!(
        found[0].cause,
        Cause::JobFailed {
            reason: "BackoffLimitExceeded".into()
        }
    );
}
