//! Deployments, DaemonSets, StatefulSets, and what all workloads have in common.

use serde_json::{Map, Value};

use super::Verdict;
use super::note::Subject;
use crate::field::{at, int, text};

fn generations(object: &Value) -> (i64, i64) {
    (
        int(object, &["status", "observedGeneration"], 0),
        int(object, &["metadata", "generation"], 0),
    )
}

/// Whether the controller has seen the object as it is now.
pub(super) fn observed(object: &Value) -> Verdict {
    let (observed, wanted) = generations(object);
    if observed == wanted {
        return Verdict::ready();
    }
    let subject = Subject::of(object);
    let (message, seen) = match subject.kind {
        "Deployment" => (
            "Deployment is not ready, observedGeneration does not match spec generation",
            "actualGeneration",
        ),
        "DaemonSet" => (
            "DaemonSet is not ready, observedGeneration does not match spec generation",
            "observedGeneration",
        ),
        "StatefulSet" => (
            "StatefulSet is not ready, observedGeneration does not match spec generation",
            "actualGeneration",
        ),
        "ReplicationController" => (
            "ReplicationController is not ready, observedGeneration does not match spec generation",
            "actualGeneration",
        ),
        _ => (
            "ReplicaSet is not ready, observedGeneration does not match spec generation",
            "actualGeneration",
        ),
    };
    let detail =
        format!("observedGeneration ({observed}) does not match spec generation ({wanted}).");
    let attributes = [
        (seen, observed.to_string()),
        ("expectedGeneration", wanted.to_string()),
    ];
    Verdict::waits(subject.not_ready(&detail, message, &attributes))
}

/// Fewer pods than there must be.
fn too_few(
    object: &Value,
    there: i64,
    wanted: i64,
    scheduled: bool,
    message: &'static str,
) -> Verdict {
    let (words, count) = if scheduled {
        ("have been scheduled", "scheduledPods")
    } else {
        ("are ready", "readyPods")
    };
    let count = if object["kind"] == "StatefulSet" {
        "readyPods"
    } else {
        count
    };
    let detail = format!("{there} out of {wanted} expected pods {words}");
    let attributes = [
        (count, there.to_string()),
        ("totalPods", wanted.to_string()),
    ];
    Verdict::waits(Subject::of(object).not_ready(&detail, message, &attributes))
}

pub(super) fn deployment(object: &Value, sets: &[Value]) -> Verdict {
    // Not made yet: nothing is noted of it.
    let Some(newest) = new_set(object, sets) else {
        return Verdict::silent(false);
    };
    for part in [newest, object] {
        let verdict = observed(part);
        if !verdict.ready {
            return verdict;
        }
    }
    let wanted = int(object, &["spec", "replicas"], 1) - max_unavailable(object);
    let ready = int(newest, &["status", "readyReplicas"], 0);
    if ready < wanted {
        let message = "Deployment does not have enough pods ready";
        return too_few(object, ready, wanted, false, message);
    }
    Verdict::ready()
}

/// The ReplicaSet made of a Deployment's present template: the oldest, should there be several.
fn new_set<'a>(deployment: &Value, sets: &'a [Value]) -> Option<&'a Value> {
    let uid = text(deployment, &["metadata", "uid"], "");
    let template = comparable(at(deployment, &["spec", "template"]));
    let mut fitting: Vec<&Value> = sets
        .iter()
        .filter(|set| is_controlled_by(set, uid))
        .filter(|set| comparable(at(set, &["spec", "template"])) == template)
        .collect();
    fitting.sort_by_key(|set| {
        let metadata = |name: &str| text(set, &["metadata", name], "").to_owned();
        (metadata("creationTimestamp"), metadata("name"))
    });
    fitting.first().copied()
}

fn is_controlled_by(set: &Value, uid: &str) -> bool {
    let owners = crate::field::list(set, &["metadata", "ownerReferences"]);
    let controller = owners
        .iter()
        .find(|o| o.get("controller") == Some(&Value::Bool(true)));
    controller.is_some_and(|owner| text(owner, &["uid"], "") == uid)
}

/// A template without what does not tell two apart: the hash, and what is empty.
fn comparable(template: Option<&Value>) -> Value {
    let mut template = template.cloned().unwrap_or_default();
    if let Some(Value::Object(labels)) = template.pointer_mut("/metadata/labels") {
        labels.remove("pod-template-hash");
    }
    without_empty(template)
}

/// Recursion is bounded: no deeper objects are ever parsed than `serde_json` parses.
fn without_empty(value: Value) -> Value {
    let is_full = |value: &Value| match value {
        Value::Null => false,
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    match value {
        Value::Object(map) => {
            let fields = map
                .into_iter()
                .map(|(key, value)| (key, without_empty(value)));
            Value::Object(
                fields
                    .filter(|(_, value)| is_full(value))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_empty).collect()),
        other => other,
    }
}

/// How many pods a Deployment may lack while it rolls out.
fn max_unavailable(object: &Value) -> i64 {
    let wanted = int(object, &["spec", "replicas"], 1);
    if text(object, &["spec", "strategy", "type"], "") != "RollingUpdate" || wanted == 0 {
        return 0;
    }
    let rolling = |name: &str| at(object, &["spec", "strategy", "rollingUpdate", name]);
    let surge = scaled(rolling("maxSurge"), wanted, true);
    let lacking = scaled(rolling("maxUnavailable"), wanted, false);
    match (surge, lacking) {
        // Rounding must not bring a roll-out to a halt.
        (Some(0), Some(0)) => 1.min(wanted),
        (Some(_), Some(lacking)) => lacking.min(wanted),
        _ => 0,
    }
}

/// A number, or a share of another; `None` for what is neither.
fn scaled(value: Option<&Value>, of: i64, round_up: bool) -> Option<i64> {
    match value {
        None | Some(Value::Null) => Some(0),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => {
            let percent: i64 = text.strip_suffix('%')?.parse().ok()?;
            let product = percent.checked_mul(of)?;
            let up = if round_up { 99 } else { 0 };
            Some(product.checked_add(up)?.div_euclid(100))
        }
        Some(_) => None,
    }
}

pub(super) fn daemon_set(object: &Value) -> Verdict {
    let seen = observed(object);
    if !seen.ready {
        return seen;
    }
    if text(object, &["spec", "updateStrategy", "type"], "") != "RollingUpdate" {
        return Verdict::ready();
    }
    let status = |name: &str| int(object, &["status", name], 0);
    let wanted = status("desiredNumberScheduled");
    let updated = status("updatedNumberScheduled");
    if updated != wanted {
        let message = "DaemonSet does not have enough Pods scheduled";
        return too_few(object, updated, wanted, true, message);
    }
    let rolling = &["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"];
    let lacking = scaled(at(object, rolling), wanted, true).unwrap_or(wanted);
    let ready = status("numberReady");
    if ready < wanted - lacking {
        let message = "DaemonSet does not have enough Pods ready";
        return too_few(object, ready, wanted - lacking, false, message);
    }
    Verdict::ready()
}

pub(super) fn stateful_set(object: &Value) -> Verdict {
    let seen = observed(object);
    if !seen.ready {
        return seen;
    }
    if text(object, &["spec", "updateStrategy", "type"], "") != "RollingUpdate" {
        return Verdict::ready();
    }
    let partition = &["spec", "updateStrategy", "rollingUpdate", "partition"];
    let partition = int(object, partition, 0);
    let replicas = int(object, &["spec", "replicas"], 1);
    let status = |name: &str| int(object, &["status", name], 0);
    let updated = status("updatedReplicas");
    if updated < replicas - partition {
        let message = "StatefulSet does not have enough Pods scheduled";
        return too_few(object, updated, replicas - partition, true, message);
    }
    let ready = status("readyReplicas");
    if ready != replicas {
        let message = "StatefulSet does not have enough Pods ready";
        return too_few(object, ready, replicas, false, message);
    }
    let revision = |name: &str| text(object, &["status", name], "");
    let (current, update) = (revision("currentRevision"), revision("updateRevision"));
    // With a partition, old and new pods stay side by side.
    if partition == 0 && current != update {
        let detail =
            format!("currentRevision {current} does not yet match updateRevision {update}");
        let attributes = [
            ("currentRevision", current.to_owned()),
            ("updateRevision", update.to_owned()),
        ];
        let message = "StatefulSet is not ready, currentRevision does not match updateRevision";
        let subject = Subject::of(object);
        return Verdict::waits(subject.not_ready(&detail, message, &attributes));
    }
    Verdict::ready()
}
