//! Change of one object that is there.

use std::sync::Arc;

use serde_json::Value;

use super::create::read_as_typed;
use super::{WriteOptions, allocate, immutable, metadata, ownership, strategy, typed};
use crate::catalog::Kind;
use crate::state::{State, identity};
use crate::status::{Cause, Status};

/// Which part of the object a write may change; the rest is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All but the status.
    Main,
    /// The status.
    Status,
    /// Another subresource, of this name: whatever the caller changed.
    Other(&'static str),
}

impl Part {
    /// What managed fields say of it.
    pub(super) fn subresource(self) -> &'static str {
        match self {
            Self::Main => "",
            Self::Status => "status",
            Self::Other(name) => name,
        }
    }
}

/// Replaces an object by `object`, under the rules for `part`.
pub(crate) fn update(
    state: &mut State,
    kind: &Arc<Kind>,
    part: Part,
    mut object: Value,
    options: &WriteOptions,
) -> Result<Arc<Value>, Status> {
    let (namespace, name) = identity(&object);
    let (namespace, name) = (namespace.to_owned(), name.to_owned());
    if kind.namespaced && namespace.is_empty() {
        return Err(Status::bad_request("Namespace parameter required."));
    }
    let Some(old) = state.get(&kind.resource, &namespace, &name).map(Arc::clone) else {
        return Err(Status::not_found(&kind.qualified_plural(), &name));
    };
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.kind.clone().into();
    check_preconditions(kind, &old, &object, &name)?;
    read_as_typed(kind, &mut object);
    ownership::track(state, kind, part, Some(&old), &mut object, options);
    typed::default_custom(kind, &mut object);
    strategy::before_update(kind, part, &old, &mut object);
    keep_system_metadata(&old, &mut object);
    let mut faults = metadata::check_change(&old, &object);
    faults.extend(typed::check_custom(
        kind,
        Some(&old),
        &object,
        part == Part::Status,
    ));
    if part != Part::Status {
        faults.extend(immutable::check_change(kind, &old, &mut object));
        // Bindings, resizes and the like change what a write of the whole may not.
        if matches!(part, Part::Main | Part::Other("scale")) {
            faults.extend(typed::check_builtin(kind, Some(&old), &object));
        }
    }
    // All that is wrong is told at once.
    metadata::refuse(kind, &name, &faults)?;
    if part != Part::Status {
        allocate::on_update(state, kind, &old, &mut object, options.dry_run)?;
    }
    store(state, kind, &old, object, options.dry_run)
}

/// Stores what replaces `old`, unless nothing changed; lets go of what is marked for deletion and has
/// no finalizer left.
pub(super) fn store(
    state: &mut State,
    kind: &Kind,
    old: &Arc<Value>,
    mut object: Value,
    dry_run: bool,
) -> Result<Arc<Value>, Status> {
    object["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"].clone();
    if same_but_times(old, &object) {
        return Ok(Arc::clone(old));
    }
    if dry_run {
        return Ok(Arc::new(object));
    }
    let (namespace, name) = identity(old);
    if is_ready_to_go(kind, &object) {
        state.put(&kind.resource, object);
        let gone = state.remove(&kind.resource, namespace, name);
        return Ok(gone.unwrap_or_else(|| Arc::clone(old)));
    }
    Ok(state.put(&kind.resource, object))
}

/// Marked for deletion, and nothing holds it back.
fn is_ready_to_go(kind: &Kind, object: &Value) -> bool {
    let metadata = &object["metadata"];
    let marked = !metadata["deletionTimestamp"].is_null();
    let held = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    let own = kind.group.is_empty() && kind.plural == "namespaces";
    let grace = metadata["deletionGracePeriodSeconds"].as_i64().unwrap_or(0);
    marked
        && grace == 0
        && !held(&metadata["finalizers"])
        && !(own && held(&object["spec"]["finalizers"]))
}

/// Reads an object, lets `change` change it, and writes it back: what a controller does.
pub(crate) fn modify(
    state: &mut State,
    resource: &str,
    (namespace, name): (&str, &str),
    part: Part,
    options: &WriteOptions,
    change: impl FnOnce(&mut Value),
) -> Result<Arc<Value>, Status> {
    let kind = state.catalog.storage(resource).map(Arc::clone);
    let object = state.get(resource, namespace, name);
    let (Some(kind), Some(object)) = (kind, object) else {
        return Err(Status::not_found(resource, name));
    };
    let mut object = Value::clone(object);
    change(&mut object);
    update(state, &kind, part, object, options)
}

fn check_preconditions(kind: &Kind, old: &Value, object: &Value, name: &str) -> Result<(), Status> {
    let plural = kind.qualified_plural();
    let text = |object: &Value, key: &str| {
        let text = object["metadata"][key].as_str();
        text.unwrap_or_default().to_owned()
    };
    let (wanted, real) = (text(object, "uid"), text(old, "uid"));
    if !wanted.is_empty() && wanted != real {
        let (namespace, _) = identity(old);
        let path = crate::state::key(namespace, name);
        let shelf = crate::catalog::storage_path(kind);
        return Err(Status::conflict(
            &plural,
            name,
            &format!(
                "StorageError: invalid object, Code: 4, Key: /registry/{shelf}/{path}, ResourceVersion: 0, \
             AdditionalErrorMsg: Precondition failed: UID in precondition: {wanted}, UID in object meta: {real}"
            ),
        ));
    }
    let (wanted, real) = (
        text(object, "resourceVersion"),
        text(old, "resourceVersion"),
    );
    if wanted.is_empty() || wanted == "0" {
        if needs_revision(kind) {
            let cause = Cause {
                reason: "FieldValueInvalid",
                message: "Invalid value: 0: must be specified for an update".to_owned(),
                field: "metadata.resourceVersion".to_owned(),
            };
            return Err(Status::invalid(&kind.qualified_kind(), name, &[cause]));
        }
        return Ok(());
    }
    if wanted != real {
        return Err(Status::conflict(
            &plural,
            name,
            "the object has been modified; please apply your changes to the latest version and try again",
        ));
    }
    Ok(())
}

/// Kinds that are never replaced without saying which revision is meant.
fn needs_revision(kind: &Kind) -> bool {
    kind.custom.is_some()
        || matches!(
            (kind.group.as_str(), kind.plural.as_str()),
            ("node.k8s.io", "runtimeclasses")
                | ("policy", "poddisruptionbudgets")
                | ("coordination.k8s.io", "leases")
                | (
                    "storage.k8s.io",
                    "csidrivers" | "csinodes" | "csistoragecapacities" | "volumeattachments"
                )
                | ("apiextensions.k8s.io", "customresourcedefinitions")
        )
        || kind.group == "admissionregistration.k8s.io"
}

fn keep_system_metadata(old: &Value, object: &mut Value) {
    for key in [
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
    ] {
        match old["metadata"].get(key) {
            Some(value) => object["metadata"][key] = value.clone(),
            None => drop(object["metadata"].as_object_mut().map(|m| m.remove(key))),
        }
    }
    if let Some(fields) = object["metadata"].as_object_mut() {
        fields.retain(|_, value| !metadata::is_empty(value));
    }
}

/// Whether two objects are the same but for the times of managed fields.
fn same_but_times(old: &Value, new: &Value) -> bool {
    if old == new {
        return true;
    }
    let timeless = |object: &Value| {
        let mut object = object.clone();
        if let Some(entries) = object["metadata"]
            .get_mut("managedFields")
            .and_then(Value::as_array_mut)
        {
            for entry in entries {
                drop(entry.as_object_mut().map(|entry| entry.remove("time")));
            }
        }
        object
    };
    timeless(old) == timeless(new)
}
