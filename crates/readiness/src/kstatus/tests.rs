#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;

fn verdict(object: &Value) -> (Status, String) {
    let verdict = compute(object, NOW).unwrap();
    (verdict.status, verdict.message)
}

#[test]
fn a_deployment_that_rolls_out_is_followed_step_by_step() {
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"generation": 2},
        "spec": {"replicas": 2, "progressDeadlineSeconds": 600},
        "status": {"observedGeneration": 1},
    });
    let mut step = |field: &str, value: Value| {
        object["status"][field] = value;
        verdict(&object)
    };
    assert_eq!(
        step("observedGeneration", json!(1)).1,
        "Deployment generation is 2, but latest observed generation is 1"
    );
    assert_eq!(step("observedGeneration", json!(2)).1, "Replicas: 0/2");
    assert_eq!(step("replicas", json!(3)).1, "Updated: 0/2");
    assert_eq!(
        step("updatedReplicas", json!(2)).1,
        "Pending termination: 1"
    );
    assert_eq!(step("replicas", json!(2)).1, "Available: 0/2");
    assert_eq!(step("availableReplicas", json!(2)).1, "Ready: 0/2");
    assert_eq!(
        step("readyReplicas", json!(2)).1,
        "ReplicaSet not Available"
    );
    let progressing = json!({
        "type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable",
    });
    let available = json!({"type": "Available", "status": "True"});
    let half = step("conditions", json!([progressing]));
    assert_eq!(half.1, "Deployment not Available");
    let whole = step("conditions", json!([progressing, available]));
    assert_eq!(
        whole,
        (
            Status::Current,
            "Deployment is available. Replicas: 2".to_owned()
        )
    );
}

#[test]
fn a_replica_set_fails_with_its_pods_but_not_for_want_of_a_node() {
    let set = json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "spec": {"replicas": 1}, "status": {},
    });
    let crashing = json!({
        "apiVersion": "v1", "kind": "Pod",
        "status": {"phase": "Running", "containerStatuses": [
            {"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
        ]},
    });
    let waiting = json!({
        "apiVersion": "v1", "kind": "Pod",
        "status": {"phase": "Pending", "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"},
        ]},
    });
    assert_eq!(verdict(&waiting).0, Status::Failed);
    let with = |pods: &[Value]| assess(&set, Purpose::Ready, pods, NOW);
    assert_eq!(
        with(std::slice::from_ref(&waiting)).message,
        "Labelled: 0/1"
    );
    let failed = with(&[waiting, crashing]);
    assert_eq!(
        (failed.status, failed.message.as_str()),
        (Status::Failed, "1 pods have failed")
    );
}

#[test]
fn a_hook_is_waited_for_until_its_end() {
    let job = json!({
        "apiVersion": "batch/v1", "kind": "Job", "status": {"startTime": "2026-01-01T00:00:00Z"},
    });
    assert_eq!(
        verdict(&job).1,
        "Job in progress. success:0, active: 0, failed: 0"
    );
    let hook = assess(&job, Purpose::Hook, &[], NOW);
    assert_eq!(
        hook.not_ready_text("Job", "prod", "migrate"),
        "resource Job/prod/migrate not ready. status: InProgress, message: Job in progress"
    );
    let odd = json!({"apiVersion": "v1", "kind": "Service", "status": "?"});
    assert_eq!(
        assess(&odd, Purpose::Hook, &[], NOW).status,
        Status::Current
    );
    assert_eq!(
        assess(&odd, Purpose::Ready, &[], NOW),
        Assessment::unknown()
    );
}
