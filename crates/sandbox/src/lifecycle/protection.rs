//! Claims and volumes that are in use are not taken away: a finalizer holds them until nobody uses them.

use std::sync::Arc;

use serde_json::Value;

use super::task;
use crate::registry::{self, Part, WriteOptions};
use crate::state::{Entry, Happening, State, identity};

pub(super) const CLAIMS: &str = "persistentvolumeclaims";
pub(super) const VOLUMES: &str = "persistentvolumes";
/// The finalizers, which admission puts on.
pub(crate) const OF_CLAIMS: &str = "kubernetes.io/pvc-protection";
pub(crate) const OF_VOLUMES: &str = "kubernetes.io/pv-protection";

pub(super) fn heard(state: &mut State, entry: &Entry) {
    let (namespace, name) = identity(&entry.object);
    match &*entry.resource {
        CLAIMS | VOLUMES if is_going(&entry.object) => {
            state.work.enqueue(task(&entry.resource, namespace, name));
        }
        // A pod that is over lets go of what it mounted.
        "pods" if entry.happening == Happening::Deleted || is_over(&entry.object) => {
            for claim in claims_of(&entry.object) {
                state.work.enqueue(task(CLAIMS, namespace, &claim));
            }
        }
        _ => {}
    }
}

pub(super) fn perform(state: &mut State, resource: &str, namespace: &str, name: &str) {
    let Some(object) = state.get(resource, namespace, name).map(Arc::clone) else {
        return;
    };
    let used = match resource {
        CLAIMS => is_mounted(state, namespace, name),
        _ => object["status"]["phase"] == "Bound",
    };
    if !is_going(&object) || used {
        return;
    }
    let ours = if resource == CLAIMS {
        OF_CLAIMS
    } else {
        OF_VOLUMES
    };
    let by = WriteOptions::of("kube-controller-manager");
    // Fails only if it is gone already.
    let _ = registry::modify(
        state,
        resource,
        (namespace, name),
        Part::Main,
        &by,
        |object| {
            if let Some(list) = object["metadata"]["finalizers"].as_array_mut() {
                list.retain(|finalizer| finalizer != ours);
            }
        },
    );
}

fn is_going(object: &Value) -> bool {
    !object["metadata"]["deletionTimestamp"].is_null()
}

fn is_over(pod: &Value) -> bool {
    matches!(
        pod["status"]["phase"].as_str(),
        Some("Succeeded" | "Failed")
    )
}

fn claims_of(pod: &Value) -> Vec<String> {
    let volumes = pod["spec"]["volumes"].as_array().into_iter().flatten();
    let claims = volumes.filter_map(|v| v["persistentVolumeClaim"]["claimName"].as_str());
    claims.map(str::to_owned).collect()
}

fn is_mounted(state: &State, namespace: &str, claim: &str) -> bool {
    state
        .list("pods", Some(namespace))
        .any(|pod| !is_over(pod) && claims_of(pod).iter().any(|name| name == claim))
}
