//! StatefulSets: pods with numbers and claims of their own, one after the other.

mod members;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, is_going, number, text};
use super::events::{self, Source};
use super::{history, replica_set};
use crate::registry::Propagation;
use crate::state::{State, Task};

pub(super) const RESOURCE: &str = "statefulsets.apps";
const SOURCE: Source = Source("statefulset-controller");
/// The label that names the revision a pod is of.
const REVISION: &str = "controller-revision-hash";

/// What one look at a set needs.
struct View {
    set: Arc<Value>,
    /// The revision of the template that pods are to have, and the one that they had before.
    update: String,
    current: String,
    /// Pods by number.
    pods: BTreeMap<i64, Arc<Value>>,
    first: i64,
    wanted: i64,
    patience: i64,
}

/// Takes a set on as far as its pods allow.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(set) = state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    let Some(revision) = history::present(state, &set) else {
        return;
    };
    let update = text(&revision, "/metadata/name").to_owned();
    let current = match text(&set, "/status/currentRevision") {
        "" => update.clone(),
        known => known.to_owned(),
    };
    let view = View {
        pods: members::of(state, &set),
        first: number(&set, "/spec/ordinals/start").unwrap_or(0),
        wanted: number(&set, "/spec/replicas").unwrap_or(1),
        patience: number(&set, "/spec/minReadySeconds").unwrap_or(0),
        set,
        update,
        current,
    };
    if !is_going(&view.set) {
        advance(state, task, &view);
    }
    report(state, &view);
}

impl View {
    fn is_parallel(&self) -> bool {
        text(&self.set, "/spec/podManagementPolicy") == "Parallel"
    }

    /// Numbers of the pods that are wanted.
    fn numbers(&self) -> std::ops::Range<i64> {
        self.first..self.first + self.wanted
    }

    fn is_available(&self, state: &State, pod: &Value) -> bool {
        !is_going(pod)
            && replica_set::available_at(pod, self.patience).is_some_and(|at| at <= state.now())
    }

    /// Looks again when a pod that is ready will have been so long enough.
    fn wake(&self, state: &mut State, task: &Task, pod: &Value) {
        if let Some(at) = replica_set::available_at(pod, self.patience)
            && at > state.now()
        {
            state.work.schedule(at, task.clone());
        }
    }

    fn partition(&self) -> i64 {
        number(&self.set, "/spec/updateStrategy/rollingUpdate/partition").unwrap_or(0)
    }

    /// The revision that a new pod of a number gets.
    fn revision_for(&self, ordinal: i64) -> &str {
        let kept = ordinal < self.first + self.partition();
        let rolling = text(&self.set, "/spec/updateStrategy/type") != "OnDelete";
        if (rolling && !kept) || self.pods.is_empty() {
            &self.update
        } else {
            &self.current
        }
    }
}

fn advance(state: &mut State, task: &Task, view: &View) {
    for ordinal in view.numbers() {
        let fit = match view.pods.get(&ordinal) {
            None => {
                members::create(state, &view.set, ordinal, view.revision_for(ordinal));
                false
            }
            Some(pod) if !replica_set::is_active(pod) && !is_going(pod) => {
                // What is over is made anew.
                drop_pod(state, &view.set, pod);
                false
            }
            Some(pod) => {
                view.wake(state, task, pod);
                view.is_available(state, pod)
            }
        };
        if !fit && !view.is_parallel() {
            return;
        }
    }
    let surplus: Vec<&Arc<Value>> = view
        .pods
        .iter()
        .rev()
        .filter(|(ordinal, _)| !view.numbers().contains(ordinal))
        .map(|(_, pod)| pod)
        .collect();
    for pod in &surplus {
        if !is_going(pod) {
            drop_pod(state, &view.set, pod);
        }
        if !view.is_parallel() {
            return;
        }
    }
    if text(&view.set, "/spec/updateStrategy/type") != "OnDelete" {
        update(state, view);
    }
}

/// From the highest number down, the first pod of another revision is made anew; the one before must be fit.
fn update(state: &mut State, view: &View) {
    let lowest = view.first + view.partition();
    for ordinal in view.numbers().rev().filter(|ordinal| *ordinal >= lowest) {
        let Some(pod) = view.pods.get(&ordinal) else {
            return;
        };
        if !is_of(pod, &view.update) && !is_going(pod) {
            drop_pod(state, &view.set, pod);
            return;
        }
        if !view.is_available(state, pod) {
            return;
        }
    }
}

fn is_of(pod: &Value, revision: &str) -> bool {
    pod["metadata"]["labels"][REVISION] == revision
}

fn drop_pod(state: &mut State, set: &Value, pod: &Value) {
    desk::delete(state, "pods", pod, Propagation::Background);
    let (set_name, name) = (text(set, "/metadata/name"), text(pod, "/metadata/name"));
    let message = format!("Delete Pod {name} in StatefulSet {set_name} successful");
    events::normal(state, SOURCE, set, "SuccessfulDelete", &message);
}

fn report(state: &mut State, view: &View) {
    let pods = members::of(state, &view.set);
    let live: Vec<&Arc<Value>> = pods.values().collect();
    let count = |test: &dyn Fn(&Value) -> bool| live.iter().filter(|pod| test(pod)).count();
    let created = |pod: &Value| !is_going(pod);
    let of = |pod: &Value, revision: &str| created(pod) && is_of(pod, revision);
    let ready = count(&|pod| created(pod) && replica_set::is_ready(pod));
    let available = count(&|pod| view.is_available(state, pod));
    let updated = count(&|pod| of(pod, &view.update));
    let current = count(&|pod| of(pod, &view.current));
    let wanted = usize::try_from(view.wanted).unwrap_or(0);
    // A rollout that is done makes the new revision the present one.
    let done = view.current != view.update
        && view.partition() == 0
        && updated == wanted
        && ready == wanted
        && live.len() == wanted;
    let now_current = if done { &view.update } else { &view.current };
    let mut status = json!({
        "observedGeneration": view.set["metadata"]["generation"],
        "replicas": live.len(), "availableReplicas": available,
        "currentRevision": now_current, "updateRevision": view.update,
        "collisionCount": number(&view.set, "/status/collisionCount").unwrap_or(0),
    });
    let current = if done { updated } else { current };
    for (key, count) in [
        ("readyReplicas", ready),
        ("currentReplicas", current),
        ("updatedReplicas", updated),
    ] {
        if count != 0 {
            status[key] = count.into();
        }
    }
    let used = [now_current.clone(), view.update.clone()];
    desk::set_status(state, RESOURCE, &view.set, status, desk::MANAGER);
    history::clean(state, &view.set, &used);
}
