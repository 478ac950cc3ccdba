//! ReplicaSets: as many pods of a template as are wanted.

use std::sync::Arc;

use serde_json::{Value, json};

use super::condition::{self, Condition};
use super::desk::{self, is_going, number, text};
use super::events::{self, Source};
use super::template;
use crate::clock::Moment;
use crate::registry::Propagation;
use crate::select::LabelSelector;
use crate::state::{State, Task};

pub(super) const RESOURCE: &str = "replicasets.apps";
const SOURCE: Source = Source("replicaset-controller");
/// How many pods one look makes or takes at most.
const BURST: usize = 500;

/// Brings the pods of a set to the wanted number, and its status to what is there.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(set) = state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    adopt(state, &set);
    let active = active(state, &set);
    let wanted = usize::try_from(number(&set, "/spec/replicas").unwrap_or(1)).unwrap_or(0);
    let mut failure = None;
    if !is_going(&set) {
        if active.len() < wanted {
            for _ in 0..(wanted - active.len()).min(BURST) {
                if let Err(message) = template::create(state, SOURCE, &set, template::pod(&set)) {
                    failure = Some(message);
                    desk::try_again(state, "replicaset", RESOURCE, &set);
                    break;
                }
            }
        } else if active.len() > wanted {
            remove(state, &set, active, wanted);
        }
    }
    report(state, task, &set, failure);
}

/// Pods that the set selects and that nobody controls become its own.
fn adopt(state: &mut State, set: &Value) {
    if is_going(set) {
        return;
    }
    let selector = LabelSelector::of(&set["spec"]["selector"]);
    let mut free = desk::all(state, "pods", text(set, "/metadata/namespace"));
    free.retain(|pod| {
        desk::controller_of(pod).is_none()
            && !is_going(pod)
            && selector.matches(&pod["metadata"]["labels"])
    });
    for pod in free {
        desk::change(state, "pods", &pod, |pod| {
            let reference = desk::controller_reference(set);
            match pod["metadata"]["ownerReferences"].as_array_mut() {
                Some(owners) => owners.push(reference),
                None => pod["metadata"]["ownerReferences"] = json!([reference]),
            }
        });
    }
}

/// The pods that count: neither over nor going.
pub(super) fn active(state: &State, set: &Value) -> Vec<Arc<Value>> {
    let mut pods = desk::controlled(state, "pods", set);
    pods.retain(|pod| is_active(pod));
    pods
}

/// Whether a pod is neither over nor going.
pub(super) fn is_active(pod: &Value) -> bool {
    !is_going(pod) && !matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")
}

/// Whether a pod is ready.
pub(super) fn is_ready(pod: &Value) -> bool {
    condition::is_true(&pod["status"]["conditions"], "Ready")
}

/// When a pod that is ready will have been so long enough.
pub(super) fn available_at(pod: &Value, seconds: i64) -> Option<Moment> {
    let ready = condition::find(&pod["status"]["conditions"], "Ready")?;
    if ready["status"] != "True" {
        return None;
    }
    let since = Moment::parse(text(ready, "/lastTransitionTime"))?;
    let seconds = u64::try_from(seconds).unwrap_or(0);
    Some(since.plus(std::time::Duration::from_secs(seconds)))
}

/// Pods go that are worth least: without a node, not running, not ready, youngest.
fn remove(state: &mut State, set: &Value, mut active: Vec<Arc<Value>>, wanted: usize) {
    active.sort_by_cached_key(|pod| {
        let placed = !text(pod, "/spec/nodeName").is_empty();
        let running = text(pod, "/status/phase") == "Running";
        let created = text(pod, "/metadata/creationTimestamp").to_owned();
        (placed, running, is_ready(pod), std::cmp::Reverse(created))
    });
    let count = active.len() - wanted;
    for pod in active.iter().take(count) {
        desk::delete(state, "pods", pod, Propagation::Background);
        let message = format!("Deleted pod: {}", text(pod, "/metadata/name"));
        events::normal(state, SOURCE, set, "SuccessfulDelete", &message);
    }
}

fn report(state: &mut State, task: &Task, set: &Value, failure: Option<String>) {
    let pods = desk::controlled(state, "pods", set);
    let going = pods.iter().filter(|pod| is_going(pod)).count();
    let active: Vec<&Arc<Value>> = pods.iter().filter(|pod| is_active(pod)).collect();
    let labels =
        LabelSelector::of(&json!({"matchLabels": set["spec"]["template"]["metadata"]["labels"]}));
    let patience = number(set, "/spec/minReadySeconds").unwrap_or(0);
    let mut counts = [0_i64; 3];
    for pod in &active {
        counts[0] += i64::from(labels.matches(&pod["metadata"]["labels"]));
        counts[1] += i64::from(is_ready(pod));
        match available_at(pod, patience) {
            Some(at) if at <= state.now() => counts[2] += 1,
            Some(at) => state.work.schedule(at, task.clone()),
            None => {}
        }
    }
    let mut status = json!({
        "replicas": active.len(),
        "observedGeneration": set["metadata"]["generation"],
        "terminatingReplicas": going,
    });
    let names = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"];
    for (name, count) in names.into_iter().zip(counts) {
        if count != 0 {
            status[name] = count.into();
        }
    }
    let mut conditions = set["status"]["conditions"].clone();
    if let Some(message) = failure {
        // Told once: the next attempt's words hold another name.
        if condition::find(&conditions, "ReplicaFailure").is_none() {
            let failed = Condition {
                kind: "ReplicaFailure",
                status: "True",
                reason: "FailedCreate",
                message: &message,
            };
            condition::set(&mut conditions, &failed, state.now(), false);
        }
    } else {
        condition::remove(&mut conditions, "ReplicaFailure");
    }
    if conditions.as_array().is_some_and(|list| !list.is_empty()) {
        status["conditions"] = conditions;
    }
    desk::set_status(state, RESOURCE, set, status, desk::MANAGER);
}
