//! What keeps a number of pods: Deployments, ReplicaSets, StatefulSets, DaemonSets.

use serde_json::Value;

use super::conditions::conditions;
use super::{Assessment, Error, Status, compute, generation, observed_generation};
use crate::field::{self, int, kind, text};

/// Where `progressDeadlineSeconds` is absent or this, nobody watches the progress.
const NO_DEADLINE: i64 = i32::MAX as i64;

pub(super) fn stateful_set(object: &Value) -> Assessment {
    if text(object, &["spec", "updateStrategy", "type"], "") == "OnDelete" {
        return Assessment::current("StatefulSet is using the ondelete update strategy");
    }
    let wanted = int(object, &["spec", "replicas"], 1);
    let status = |name: &str| int(object, &["status", name], 0);
    let (replicas, ready, updated) = (
        status("replicas"),
        status("readyReplicas"),
        status("updatedReplicas"),
    );
    if wanted > replicas {
        return fewer("LessReplicas", "Replicas", replicas, wanted);
    }
    if wanted > ready {
        return fewer("LessReady", "Ready", ready, wanted);
    }
    if replicas > wanted {
        return surplus(replicas - wanted);
    }
    let partition = &["spec", "updateStrategy", "rollingUpdate", "partition"];
    let partition = int(object, partition, -1);
    if partition != -1 {
        if updated < wanted - partition {
            return fewer("PartitionRollout", "updated", updated, wanted - partition);
        }
        return Assessment::current(format!("Partition rollout complete. updated: {updated}"));
    }
    let current = status("currentReplicas");
    if wanted > current {
        return fewer("LessCurrent", "current", current, wanted);
    }
    let revision = |name: &str| text(object, &["status", name], "");
    if revision("currentRevision") != revision("updateRevision") {
        let message = "Waiting for updated revision to match current";
        return Assessment::in_progress("RevisionMismatch", message);
    }
    Assessment::current(format!(
        "All replicas scheduled as expected. Replicas: {replicas}"
    ))
}

pub(super) fn deployment(object: &Value) -> Result<Assessment, Error> {
    let deadline = int(object, &["spec", "progressDeadlineSeconds"], NO_DEADLINE);
    let mut progressing = deadline == NO_DEADLINE;
    let mut available = false;
    for condition in conditions(object)? {
        match condition.kind {
            "Progressing" if condition.reason == "ProgressDeadlineExceeded" => {
                let mut verdict = condition.failed();
                "Progress deadline exceeded".clone_into(&mut verdict.message);
                return Ok(verdict);
            }
            "Progressing" if condition.status == "True" => {
                progressing |= condition.reason == "NewReplicaSetAvailable";
            }
            "Available" => available |= condition.status == "True",
            _ => {}
        }
    }
    let wanted = int(object, &["spec", "replicas"], 1);
    let status = |name: &str| int(object, &["status", name], 0);
    let (replicas, updated) = (status("replicas"), status("updatedReplicas"));
    let (ready, there) = (status("readyReplicas"), status("availableReplicas"));
    Ok(if wanted > replicas {
        fewer("LessReplicas", "Replicas", replicas, wanted)
    } else if wanted > updated {
        fewer("LessUpdated", "Updated", updated, wanted)
    } else if replicas > wanted {
        surplus(replicas - wanted)
    } else if updated > there {
        fewer("LessAvailable", "Available", there, updated)
    } else if wanted > ready {
        fewer("LessReady", "Ready", ready, wanted)
    } else if !progressing {
        Assessment::in_progress("ReplicaSetNotAvailable", "ReplicaSet not Available")
    } else if !available {
        Assessment::in_progress("DeploymentNotAvailable", "Deployment not Available")
    } else {
        Assessment::current(format!("Deployment is available. Replicas: {replicas}"))
    })
}

pub(super) fn replica_set(object: &Value) -> Result<Assessment, Error> {
    let conditions = conditions(object)?;
    if conditions.iter().any(|c| c.is("ReplicaFailure", "True")) {
        let message = "Replica Failure condition. Check Pods";
        return Ok(Assessment::in_progress("ReplicaFailure", message));
    }
    let wanted = int(object, &["spec", "replicas"], 1);
    let status = |name: &str| int(object, &["status", name], 0);
    let (replicas, ready) = (status("replicas"), status("readyReplicas"));
    let (there, labelled) = (status("availableReplicas"), status("fullyLabeledReplicas"));
    Ok(if wanted > labelled {
        fewer("LessLabelled", "Labelled", labelled, wanted)
    } else if wanted > there {
        fewer("LessAvailable", "Available", there, wanted)
    } else if wanted > ready {
        fewer("LessReady", "Ready", ready, wanted)
    } else if replicas > wanted {
        surplus(replicas - wanted)
    } else {
        Assessment::current(format!("ReplicaSet is available. Replicas: {replicas}"))
    })
}

pub(super) fn daemon_set(object: &Value) -> Result<Assessment, Error> {
    let unset = |reason: &str, field: &str| {
        let message = format!("{} {field} not found", kind(object));
        Ok(Assessment::in_progress(reason, message))
    };
    if generation(object)?.is_none() {
        return unset("NoGeneration", super::GENERATION_NAME);
    }
    if observed_generation(object)?.is_none() {
        return unset("NoObservedGeneration", super::OBSERVED_NAME);
    }
    let wanted = int(object, &["status", "desiredNumberScheduled"], -1);
    if wanted == -1 {
        let message = "Missing .status.desiredNumberScheduled";
        return Ok(Assessment::in_progress("NoDesiredNumber", message));
    }
    let steps = [
        ("LessCurrent", "Current", "currentNumberScheduled"),
        ("LessUpdated", "Updated", "updatedNumberScheduled"),
        ("LessAvailable", "Available", "numberAvailable"),
        ("LessReady", "Ready", "numberReady"),
    ];
    for (reason, word, name) in steps {
        let there = int(object, &["status", name], 0);
        if wanted > there {
            return Ok(fewer(reason, word, there, wanted));
        }
    }
    Ok(Assessment::current(format!(
        "All replicas scheduled as expected. Replicas: {wanted}"
    )))
}

fn fewer(reason: &str, word: &str, there: i64, wanted: i64) -> Assessment {
    Assessment::in_progress(reason, format!("{word}: {there}/{wanted}"))
}

fn surplus(count: i64) -> Assessment {
    Assessment::in_progress("ExtraPods", format!("Pending termination: {count}"))
}

/// What is on its way has failed when pods of it have, for good.
pub(super) fn with_pods(verdict: Assessment, pods: &[Value], now: i64) -> Assessment {
    if verdict.status != Status::InProgress {
        return verdict;
    }
    let failed = |pod: &&Value| {
        let status = compute(pod, now).map(|a| a.status);
        status == Ok(Status::Failed) && !is_transient(pod)
    };
    match pods.iter().filter(failed).count() {
        0 => verdict,
        count => Assessment {
            status: Status::Failed,
            message: format!("{count} pods have failed"),
            conditions: Vec::new(),
        },
    }
}

/// A pod that goes, or for which a node may yet be made, is no failure of its owner.
fn is_transient(pod: &Value) -> bool {
    let deleted = field::at(pod, &["metadata", "deletionTimestamp"]).is_some_and(|v| !v.is_null());
    deleted
        || conditions(pod).is_ok_and(|conditions| {
            let mut conditions = conditions.iter();
            conditions.any(|c| c.is("PodScheduled", "False") && c.reason == "Unschedulable")
        })
}
