//! A controller's desk: reading and writing objects as a component of the cluster does.
//!
//! What a write refuses is not told: a controller is woken again by the write that makes the difference, or
//! asks to be ([`try_again`]), as the real ones retry.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::registry::{self, DeleteOptions, Part, Propagation, WriteOptions};
use crate::state::{State, Task, identity};
use crate::status::Status;

/// Who writes for most controllers.
pub(crate) const MANAGER: &str = "kube-controller-manager";

/// A text in an object; empty if it is not there.
pub(crate) fn text<'a>(object: &'a Value, path: &str) -> &'a str {
    object
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A number in an object.
pub(crate) fn number(object: &Value, path: &str) -> Option<i64> {
    object.pointer(path)?.as_i64()
}

/// The items of a list in an object.
pub(crate) fn items<'a>(object: &'a Value, path: &str) -> &'a [Value] {
    object
        .pointer(path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Whether an object is marked for deletion.
pub(crate) fn is_going(object: &Value) -> bool {
    !object["metadata"]["deletionTimestamp"].is_null()
}

/// The annotation of this name.
pub(crate) fn annotation<'a>(object: &'a Value, name: &str) -> &'a str {
    object["metadata"]["annotations"][name]
        .as_str()
        .unwrap_or_default()
}

/// A task about an object.
pub(crate) fn task(controller: &str, resource: &str, namespace: &str, name: &str) -> Task {
    Task {
        controller: controller.to_owned(),
        resource: resource.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

/// What the server refused is tried again: soon for a young object, at most every five minutes for an old one.
pub(crate) fn try_again(state: &mut State, controller: &str, resource: &str, about: &Value) {
    const SECONDS: std::ops::RangeInclusive<u64> = 1..=300;
    let born = crate::clock::Moment::parse(text(about, "/metadata/creationTimestamp"));
    let age = born.map_or(0, |born| state.now().since(born).as_secs());
    let pause = age.clamp(*SECONDS.start(), *SECONDS.end());
    let (namespace, name) = identity(about);
    let at = state.now().plus(std::time::Duration::from_secs(pause));
    state
        .work
        .schedule(at, task(controller, resource, namespace, name));
}

/// The objects of a resource in a namespace.
pub(crate) fn all(state: &State, resource: &str, namespace: &str) -> Vec<Arc<Value>> {
    state
        .list(resource, Some(namespace))
        .map(Arc::clone)
        .collect()
}

/// Creates an object.
pub(crate) fn create(
    state: &mut State,
    resource: &str,
    namespace: &str,
    object: Value,
    manager: &str,
) -> Result<Arc<Value>, Status> {
    let Some(kind) = state.catalog.storage(resource).map(Arc::clone) else {
        return Err(Status::not_found(resource, ""));
    };
    registry::create(state, &kind, namespace, object, &WriteOptions::of(manager))
}

/// Replaces the status of an object where it differs.
pub(crate) fn set_status(
    state: &mut State,
    resource: &str,
    object: &Value,
    status: Value,
    manager: &str,
) {
    if object["status"] == status {
        return;
    }
    let options = WriteOptions::of(manager);
    let at = identity(object);
    let _ = registry::modify(state, resource, at, Part::Status, &options, |object| {
        object["status"] = status;
    });
}

/// Changes all of an object but its status.
pub(crate) fn change(
    state: &mut State,
    resource: &str,
    object: &Value,
    change: impl FnOnce(&mut Value),
) -> Option<Arc<Value>> {
    let options = WriteOptions::of(MANAGER);
    let at = identity(object);
    registry::modify(state, resource, at, Part::Main, &options, change).ok()
}

/// Deletes an object, if it is still this one.
pub(crate) fn delete(state: &mut State, resource: &str, object: &Value, propagation: Propagation) {
    let Some(kind) = state.catalog.storage(resource).map(Arc::clone) else {
        return;
    };
    let (namespace, name) = identity(object);
    let options = DeleteOptions {
        propagation: Some(propagation),
        uid: Some(text(object, "/metadata/uid").to_owned()),
        ..DeleteOptions::default()
    };
    let _ = registry::delete(state, &kind, namespace, name, &options);
}

/// The reference by which `owner` controls another object.
pub(crate) fn controller_reference(owner: &Value) -> Value {
    json!({
        "apiVersion": owner["apiVersion"], "kind": owner["kind"],
        "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"],
        "controller": true, "blockOwnerDeletion": true,
    })
}

/// The reference to what controls an object.
pub(crate) fn controller_of(object: &Value) -> Option<&Value> {
    let owners = items(object, "/metadata/ownerReferences");
    owners.iter().find(|owner| owner["controller"] == true)
}

/// Whether `owner` controls the object.
pub(crate) fn is_controlled_by(object: &Value, owner: &Value) -> bool {
    controller_of(object).is_some_and(|found| found["uid"] == owner["metadata"]["uid"])
}

/// The objects of a resource that `owner` controls.
pub(crate) fn controlled(state: &State, resource: &str, owner: &Value) -> Vec<Arc<Value>> {
    let namespace = text(owner, "/metadata/namespace");
    let mut found = all(state, resource, namespace);
    found.retain(|object| is_controlled_by(object, owner));
    found
}
