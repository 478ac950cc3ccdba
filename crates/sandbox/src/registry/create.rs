//! Creation of one object.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    WriteOptions, admit, allocate, limits, metadata, ownership, quota, strategy, typed,
    update::Part,
};
use crate::catalog::Kind;
use crate::defaults;
use crate::state::State;
use crate::status::Status;

/// How often a generated name that is taken is replaced by another.
const TRIES: usize = 8;

/// Creates an object of `kind` in `namespace` (empty where there are none).
pub(crate) fn create(
    state: &mut State,
    kind: &Arc<Kind>,
    namespace: &str,
    mut object: Value,
    options: &WriteOptions,
) -> Result<Arc<Value>, Status> {
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.kind.clone().into();
    place(kind, namespace, &mut object)?;
    if !given(&object, "resourceVersion").is_empty_or_zero() {
        return Err(Status::new(
            500,
            "",
            "resourceVersion should not be set on objects to be created",
        ));
    }
    let generated = generate_name(state, kind, namespace, &mut object);
    admit::namespace(state, kind, namespace, &object)?;
    read_as_typed(kind, &mut object);
    wipe(&mut object);
    ownership::track(state, kind, Part::Main, None, &mut object, options);
    typed::default_custom(kind, &mut object);
    admit::create(state, kind, &mut object)?;
    identify(state, &mut object);
    strategy::before_create(state, kind, &mut object);
    let name = given(&object, "name").0;
    // All that is wrong is told at once.
    let mut faults = metadata::check_new(kind, &object, &name);
    faults.extend(typed::check_custom(kind, None, &object, false));
    faults.extend(typed::check_builtin(kind, None, &object));
    metadata::refuse(kind, &name, &faults)?;
    if kind.namespaced {
        limits::admit(state, kind, namespace, &object)?;
        quota::admit(state, kind, namespace, &object)?;
    }
    allocate::on_create(state, kind, &mut object, options.dry_run)?;
    if let Some(there) = state.get(&kind.resource, namespace, &name) {
        let going = !there["metadata"]["deletionTimestamp"].is_null();
        return Err(taken(kind, &name, generated, going));
    }
    if options.dry_run {
        return Ok(Arc::new(object));
    }
    Ok(state.put(&kind.resource, object))
}

/// What reading makes of an object of a built-in kind: the form of its type, and defaults.
pub(super) fn read_as_typed(kind: &Kind, object: &mut Value) {
    if kind.custom.is_none() {
        *object = typed::written(kind, object);
        defaults::apply(&kind.api_version(), &kind.kind, object);
        strategy::on_reading(kind, object);
    }
}

struct Given(String);

impl Given {
    fn is_empty_or_zero(&self) -> bool {
        self.0.is_empty()
    }
}

fn given(object: &Value, key: &str) -> Given {
    Given(
        object["metadata"][key]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

fn place(kind: &Kind, namespace: &str, object: &mut Value) -> Result<(), Status> {
    let metadata = &mut object["metadata"];
    if !kind.namespaced {
        if let Some(fields) = metadata.as_object_mut() {
            fields.remove("namespace");
        }
        return Ok(());
    }
    let said = metadata["namespace"].as_str().unwrap_or_default();
    if !said.is_empty() && said != namespace {
        return Err(Status::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    metadata["namespace"] = namespace.into();
    Ok(())
}

/// Makes a name out of `generateName` if there is no other; says whether it did.
fn generate_name(state: &mut State, kind: &Kind, namespace: &str, object: &mut Value) -> bool {
    let prefix = given(object, "generateName").0;
    if prefix.is_empty() || !given(object, "name").0.is_empty() {
        return false;
    }
    // The server cuts the prefix so that five characters fit behind it.
    let prefix: String = prefix.chars().take(248).collect();
    for _ in 0..TRIES {
        let name = format!("{prefix}{}", state.random.suffix(5));
        let free = state.get(&kind.resource, namespace, &name).is_none();
        object["metadata"]["name"] = name.into();
        if free {
            break;
        }
    }
    true
}

fn taken(kind: &Kind, name: &str, generated: bool, going: bool) -> Status {
    let mut status = Status::already_exists(&kind.qualified_plural(), name);
    if going {
        status.message = format!("object is being deleted: {}", status.message);
    }
    if generated {
        status.message = format!(
            "{} {name:?} already exists, the server was not able to generate a unique name for the object",
            kind.qualified_plural()
        );
        if let Some(details) = &mut status.details {
            details["retryAfterSeconds"] = 1.into();
        }
    }
    status
}

/// What only the server sets.
fn wipe(object: &mut Value) {
    if let Some(fields) = object["metadata"].as_object_mut() {
        for key in [
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "resourceVersion",
            "generation",
            "uid",
            "creationTimestamp",
        ] {
            fields.remove(key);
        }
        fields.retain(|_, value| !super::metadata::is_empty(value));
    }
}

fn identify(state: &mut State, object: &mut Value) {
    object["metadata"]["uid"] = state.random.uid().into();
    object["metadata"]["creationTimestamp"] = state.now().rfc3339().into();
}
