//! Namespaces: what each one has from the start, and how one goes: its content first.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{make_as, task};
use crate::registry::{self, DeleteOptions, Part, Propagation, WriteOptions};
use crate::state::{Entry, Happening, State, identity};

/// The bundle that pods are given to trust the API server; the sandbox has no such certificate.
/// Who gives every namespace what it has.
const MANAGER: &str = "kube-controller-manager";
const ROOT: &str = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";

pub(super) fn heard(state: &mut State, entry: &Entry) {
    let (namespace, name) = identity(&entry.object);
    let deleting = |object: &Value| !object["metadata"]["deletionTimestamp"].is_null();
    if &*entry.resource == "namespaces" {
        match entry.happening {
            Happening::Deleted => {}
            _ if deleting(&entry.object) => state.work.enqueue(task("namespaces", "", name)),
            Happening::Added => furnish(state, name),
            Happening::Modified => {}
        }
        return;
    }
    if namespace.is_empty() || entry.happening != Happening::Deleted {
        return;
    }
    let Some(around) = state.get("namespaces", "", namespace).map(Arc::clone) else {
        return;
    };
    if deleting(&around) {
        state.work.enqueue(task("namespaces", "", namespace));
    } else {
        match (&*entry.resource, name) {
            ("serviceaccounts", "default") | ("configmaps", "kube-root-ca.crt") => {
                furnish(state, namespace);
            }
            _ => {}
        }
    }
}

fn furnish(state: &mut State, namespace: &str) {
    let account = json!({"metadata": {"name": "default"}});
    make_as(MANAGER, state, "serviceaccounts", namespace, account);
    let about = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";
    let bundle = json!({"metadata": {"name": "kube-root-ca.crt",
            "annotations": {"kubernetes.io/description": about}},
        "data": {"ca.crt": ROOT}});
    make_as(MANAGER, state, "configmaps", namespace, bundle);
}

/// Deletes what a namespace that is going still holds, and lets it go when it holds nothing.
pub(super) fn perform(state: &mut State, name: &str) {
    let Some(namespace) = state.get("namespaces", "", name) else {
        return;
    };
    if namespace["metadata"]["deletionTimestamp"].is_null() {
        return;
    }
    let options = DeleteOptions {
        propagation: Some(Propagation::Background),
        ..DeleteOptions::default()
    };
    let mut held = false;
    let kinds: Vec<_> = state.catalog.stored().map(Arc::clone).collect();
    for kind in kinds.iter().filter(|kind| kind.namespaced) {
        let objects: Vec<Arc<Value>> = state
            .list(&kind.resource, Some(name))
            .map(Arc::clone)
            .collect();
        for object in &objects {
            let marked = !object["metadata"]["deletionTimestamp"].is_null();
            let deleted = !marked
                && registry::delete(state, kind, name, identity(object).1, &options).is_ok();
            let still = state
                .get(&kind.resource, name, identity(object).1)
                .is_some();
            held |= still || !(deleted || marked);
        }
    }
    if held {
        return;
    }
    let by = WriteOptions::of("kube-controller-manager");
    let part = Part::Other("finalize");
    // Fails only if it is gone already.
    let _ = registry::modify(state, "namespaces", ("", name), part, &by, |namespace| {
        drop(
            namespace["spec"]
                .as_object_mut()
                .map(|spec| spec.remove("finalizers")),
        );
    });
}
