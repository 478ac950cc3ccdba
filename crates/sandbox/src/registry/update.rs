//! Change of one object that is there.

use std::sync::Arc;

use serde_json::Value;

use super::WriteOptions;
use crate::catalog::Kind;
use crate::defaults;
use crate::state::{State, identity};
use crate::status::Status;

/// Which part of the object a write may change; the rest is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All but the status.
    Main,
    /// The status.
    Status,
}

/// Replaces an object by `object`, under the rules for `part`.
pub(crate) fn update(
    state: &mut State,
    kind: &Kind,
    part: Part,
    mut object: Value,
    options: &WriteOptions,
) -> Result<Arc<Value>, Status> {
    let (namespace, name) = identity(&object);
    let (namespace, name) = (namespace.to_owned(), name.to_owned());
    let Some(old) = state.get(&kind.resource, &namespace, &name).map(Arc::clone) else {
        return Err(Status::not_found(&kind.qualified_plural(), &name));
    };
    match part {
        Part::Main => {
            if let Some(status) = old.get("status") {
                object["status"] = status.clone();
            }
        }
        Part::Status => {
            let status = object["status"].take();
            object = Value::clone(&old);
            object["status"] = status;
        }
    }
    if !kind.custom {
        defaults::apply(&kind.api_version(), &kind.kind, &mut object);
    }
    if old.get("spec") != object.get("spec") {
        let generation = old["metadata"]["generation"].as_i64().unwrap_or(0) + 1;
        object["metadata"]["generation"] = generation.into();
    }
    if *old == object || options.dry_run {
        return Ok(Arc::new(object));
    }
    Ok(state.put(&kind.resource, object))
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
