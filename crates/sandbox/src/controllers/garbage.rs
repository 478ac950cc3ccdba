//! The garbage collector: what becomes of an object when its owners go.

use std::sync::Arc;

use serde_json::Value;

use super::desk::{self, is_going, items, task, text};
use crate::registry::{self, Part, Propagation, WriteOptions};
use crate::state::{Entry, Happening, State, Task, identity};

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

/// A write happened: looks at owners that go, and at who was owned by those that are gone.
pub(super) fn heard(state: &mut State, entry: &Entry) {
    let object = &entry.object;
    let (namespace, name) = identity(object);
    match entry.happening {
        Happening::Deleted => {
            let uid = text(object, "/metadata/uid");
            state
                .work
                .enqueue(task("garbage:gone", uid, namespace, name));
            owners_that_wait(state, object);
        }
        Happening::Added => {
            if !items(object, "/metadata/ownerReferences").is_empty() {
                state
                    .work
                    .enqueue(task("garbage:check", &entry.resource, namespace, name));
            }
        }
        Happening::Modified => {
            if is_going(object) && !items(object, "/metadata/finalizers").is_empty() {
                state
                    .work
                    .enqueue(task("garbage:owner", &entry.resource, namespace, name));
            }
            let before = entry
                .previous
                .as_ref()
                .map(|it| &it["metadata"]["ownerReferences"]);
            if before.is_some_and(|before| *before != object["metadata"]["ownerReferences"]) {
                state
                    .work
                    .enqueue(task("garbage:check", &entry.resource, namespace, name));
                if let Some(previous) = &entry.previous {
                    owners_that_wait(state, previous);
                }
            }
        }
    }
}

/// Owners that wait for an object to be gone look again.
fn owners_that_wait(state: &mut State, object: &Value) {
    let (namespace, _) = identity(object);
    for owner in items(object, "/metadata/ownerReferences") {
        if let Some((resource, found)) = find(state, namespace, owner)
            && is_going(&found)
        {
            let (namespace, name) = identity(&found);
            state
                .work
                .enqueue(task("garbage:owner", &resource, namespace, name));
        }
    }
}

/// Does one piece of work.
pub(super) fn perform(state: &mut State, task: &Task) {
    match task.controller.as_str() {
        "garbage:gone" => owner_is_gone(state, &task.resource),
        "garbage:owner" => owner_goes(state, task),
        _ => {
            let object = state
                .get(&task.resource, &task.namespace, &task.name)
                .map(Arc::clone);
            if let Some(object) = object {
                check(state, &task.resource, &object);
            }
        }
    }
}

/// The object that a reference means, if it is that one.
fn find(state: &State, namespace: &str, reference: &Value) -> Option<(String, Arc<Value>)> {
    let kind = state
        .catalog
        .find_kind(text(reference, "/apiVersion"), text(reference, "/kind"))?;
    let place = if kind.namespaced { namespace } else { "" };
    let found = state.get(&kind.resource, place, text(reference, "/name"))?;
    let same = found["metadata"]["uid"] == reference["uid"];
    same.then(|| (kind.resource.to_string(), Arc::clone(found)))
}

/// The objects that name an owner.
fn dependents(state: &State, uid: &str) -> Vec<(Arc<str>, Arc<Value>)> {
    let names = |object: &Value| {
        items(object, "/metadata/ownerReferences")
            .iter()
            .any(|owner| owner["uid"] == uid)
    };
    let mut out = Vec::new();
    for kind in state.catalog.stored() {
        let resource = &kind.resource;
        for object in state.list(resource, None).filter(|object| names(object)) {
            out.push((Arc::clone(resource), Arc::clone(object)));
        }
    }
    out
}

fn owner_is_gone(state: &mut State, uid: &str) {
    for (resource, object) in dependents(state, uid) {
        check(state, &resource, &object);
    }
}

/// An object all of whose owners are gone goes; one that has others forgets those that are gone.
fn check(state: &mut State, resource: &str, object: &Value) {
    if is_going(object) {
        return;
    }
    let (namespace, _) = identity(object);
    let owners = items(object, "/metadata/ownerReferences");
    let gone: Vec<&Value> = owners
        .iter()
        .filter(|owner| {
            // Of kinds that are not served nothing can be said.
            let known = state
                .catalog
                .find_kind(text(owner, "/apiVersion"), text(owner, "/kind"));
            known.is_some() && find(state, namespace, owner).is_none()
        })
        .map(|owner| &owner["uid"])
        .collect();
    if gone.is_empty() {
        return;
    }
    if gone.len() == owners.len() {
        desk::delete(state, resource, object, Propagation::Background);
        return;
    }
    let gone: Vec<Value> = gone.into_iter().cloned().collect();
    forget(state, resource, object, &gone);
}

fn forget(state: &mut State, resource: &str, object: &Value, uids: &[Value]) {
    desk::change(state, resource, object, |object| {
        if let Some(owners) = object["metadata"]["ownerReferences"].as_array_mut() {
            owners.retain(|owner| !uids.contains(&owner["uid"]));
        }
    });
}

/// An owner is to go and waits: for its dependents to be gone, or to be left alone.
fn owner_goes(state: &mut State, task: &Task) {
    let Some(owner) = state
        .get(&task.resource, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    let has = |finalizer: &str| {
        items(&owner, "/metadata/finalizers")
            .iter()
            .any(|it| it == finalizer)
    };
    let uid = text(&owner, "/metadata/uid");
    if has(ORPHAN) {
        for (resource, object) in dependents(state, uid) {
            forget(
                state,
                &resource,
                &object,
                &[owner["metadata"]["uid"].clone()],
            );
        }
        finish(state, task, ORPHAN);
    } else if has(FOREGROUND) {
        let mut blocked = false;
        for (resource, object) in dependents(state, uid) {
            if !is_going(&object) {
                desk::delete(state, &resource, &object, Propagation::Foreground);
            }
            let (namespace, name) = identity(&object);
            let blocks = items(&object, "/metadata/ownerReferences")
                .iter()
                .any(|it| it["uid"] == uid && it["blockOwnerDeletion"] == true);
            blocked |= blocks && state.get(&resource, namespace, name).is_some();
        }
        if !blocked {
            finish(state, task, FOREGROUND);
        }
    }
}

fn finish(state: &mut State, task: &Task, finalizer: &str) {
    let options = WriteOptions::of(desk::MANAGER);
    let at = (task.namespace.as_str(), task.name.as_str());
    let _ = registry::modify(state, &task.resource, at, Part::Main, &options, |owner| {
        if let Some(list) = owner["metadata"]["finalizers"].as_array_mut() {
            list.retain(|it| it != finalizer);
        }
    });
}
