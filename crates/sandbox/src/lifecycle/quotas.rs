//! ResourceQuotas: their status follows what the namespace holds.

use std::sync::Arc;

use super::task;
use crate::registry::{self, Part, WriteOptions};
use crate::state::{Entry, State, identity};

pub(super) const RESOURCE: &str = "resourcequotas";

pub(super) fn heard(state: &mut State, entry: &Entry) {
    let (namespace, _) = identity(&entry.object);
    if namespace.is_empty() {
        return;
    }
    let concerned = |quota: &&Arc<serde_json::Value>| {
        let hard = quota["spec"]["hard"].as_object();
        hard.is_some_and(|hard| registry::quota_concerns(hard, &entry.resource))
    };
    let quotas = state.list(RESOURCE, Some(namespace)).filter(concerned);
    let tasks: Vec<_> = quotas
        .map(|quota| task(RESOURCE, namespace, identity(quota).1))
        .collect();
    for task in tasks {
        state.work.enqueue(task);
    }
}

pub(super) fn perform(state: &mut State, namespace: &str, name: &str) {
    let Some(quota) = state.get(RESOURCE, namespace, name).map(Arc::clone) else {
        return;
    };
    let Some(status) = registry::quota_status(state, &quota) else {
        return;
    };
    if quota["status"] == status {
        return;
    }
    let by = WriteOptions::of("kube-controller-manager");
    // Fails only if it is gone already.
    let _ = registry::modify(
        state,
        RESOURCE,
        (namespace, name),
        Part::Status,
        &by,
        |quota| {
            quota["status"] = status;
        },
    );
}
