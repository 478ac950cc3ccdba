//! Patches: what a client wants changed, in one of four languages.

use std::sync::Arc;

use serde_json::Value;
use windlass_kinds::patch::{json, merge, strategic};

use super::{Part, WriteOptions, create, ownership, typed, update};
use crate::catalog::Kind;
use crate::convert;
use crate::state::State;
use crate::status::Status;

/// A patch.
#[derive(Clone, Debug)]
pub(crate) enum Patch {
    /// RFC 6902.
    Json(Value),
    /// RFC 7386.
    Merge(Value),
    /// Kubernetes' own, which knows the keys of lists.
    Strategic(Value),
    /// The fields that the manager wants to own.
    Apply(Value),
}

/// What came of a patch: the object, whether it was made just now, and what to warn of.
type Patched = (Arc<Value>, bool, Vec<String>);

/// Patches an object.
pub(crate) fn patch(
    state: &mut State,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
    part: Part,
    patch: Patch,
    options: &WriteOptions,
) -> Result<Patched, Status> {
    let storage = state
        .catalog
        .storage(&kind.resource)
        .map_or_else(|| Arc::clone(kind), Arc::clone);
    let old = state.get(&kind.resource, namespace, name).map(Arc::clone);
    if let Patch::Apply(applied) = patch {
        let place = (namespace, name);
        return apply(
            state,
            (kind, &storage),
            place,
            part,
            old.as_deref(),
            applied,
            options,
        );
    }
    let Some(old) = old else {
        return Err(Status::not_found(&kind.qualified_plural(), name));
    };
    let live = convert::to_version(kind, &old);
    let object = patched(kind, live, &patch)?;
    check_identity(kind, &object, namespace, name)?;
    let shown = || match &patch {
        Patch::Strategic(patch) => go_text(patch),
        _ => object.to_string(),
    };
    let words = match &patch {
        Patch::Strategic(_) => typed::Words::Conversion,
        _ => typed::Words::Decoding,
    };
    let (object, warnings) =
        typed::decode_patched(kind, &object, options.strictness, words, shown)?;
    let object = convert::to_storage(kind, &storage, object);
    let made = update(state, &storage, part, object, options)?;
    Ok((made, false, warnings))
}

fn patched(kind: &Kind, mut live: Value, patch: &Patch) -> Result<Value, Status> {
    check_shape(patch)?;
    match patch {
        Patch::Json(Value::Null) | Patch::Strategic(Value::Null) => Ok(live),
        Patch::Json(patch) => {
            json::apply(&mut live, patch).map_err(|error| match error {
                json::Error::Shape(..) => {
                    Status::bad_request(format!("error decoding patch: {error}"))
                }
                _ => rejected(),
            })?;
            Ok(live)
        }
        Patch::Merge(patch) | Patch::Apply(patch) => {
            merge::apply(&mut live, patch);
            Ok(live)
        }
        Patch::Strategic(patch) => {
            strategic::apply(&typed::schema(kind), &live, patch).map_err(|error| match error {
                strategic::Error::ListOfLists => rejected(),
                strategic::Error::Document
                | strategic::Error::DeleteList
                | strategic::Error::RetainKeys
                | strategic::Error::SetOrder => Status::bad_request(error.to_string()),
                _ => Status::new(500, "", error.to_string()),
            })
        }
    }
}

/// A patch is an object, or a list of them; nothing at all is refused in one language only.
fn check_shape(patch: &Patch) -> Result<(), Status> {
    const MAP: &str = "map[string]interface {}";
    let refuse = |start: &str, value: &Value, of: &str| {
        let kind = windlass_kinds::json_kind(value);
        Err(Status::bad_request(format!(
            "{start}json: cannot unmarshal {kind} into Go value of type {of}"
        )))
    };
    let start = "error decoding patch: ";
    match patch {
        Patch::Json(Value::Null) | Patch::Strategic(Value::Null) => Ok(()),
        Patch::Merge(Value::Null) => Err(Status::bad_request("Invalid JSON Patch")),
        Patch::Json(Value::Array(steps)) => {
            let odd = steps.iter().find(|step| !step.is_object());
            odd.map_or(Ok(()), |odd| refuse(start, odd, "handlers.jsonPatchOp"))
        }
        Patch::Json(other) => refuse(start, other, "[]handlers.jsonPatchOp"),
        Patch::Merge(other) if !other.is_object() => refuse(start, other, MAP),
        Patch::Strategic(other) if !other.is_object() => refuse("", other, MAP),
        _ => Ok(()),
    }
}

/// The answer to a patch that is well formed but cannot be applied.
fn rejected() -> Status {
    let message = "the server rejected our request due to an error in our request";
    let mut status = Status::new(422, "Invalid", message);
    status.details = Some(serde_json::json!({}));
    status
}

/// A patch may not give the object another name.
fn check_identity(kind: &Kind, object: &Value, namespace: &str, name: &str) -> Result<(), Status> {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default();
    let (said, within) = (text("name"), text("namespace"));
    if said != name {
        return Err(Status::bad_request(format!(
            "the name of the object ({said}) does not match the name on the URL ({name})"
        )));
    }
    if kind.namespaced && !within.is_empty() && within != namespace {
        return Err(Status::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    Ok(())
}

fn apply(
    state: &mut State,
    (kind, storage): (&Arc<Kind>, &Arc<Kind>),
    (namespace, name): (&str, &str),
    part: Part,
    old: Option<&Value>,
    mut applied: Value,
    options: &WriteOptions,
) -> Result<Patched, Status> {
    if !applied["metadata"].is_object() {
        applied["metadata"] = serde_json::json!({});
    }
    if applied["metadata"]["name"].is_null() {
        applied["metadata"]["name"] = name.into();
    }
    check_identity(kind, &applied, namespace, name)?;
    if old.is_none() && part != Part::Main {
        return Err(Status::not_found(&kind.qualified_plural(), name));
    }
    let live = old.map(|old| convert::to_version(kind, old));
    let made = ownership::apply(state, kind, part, (live.as_ref(), &applied), options)?;
    let (object, warnings) = (made.object, Vec::new());
    let object = convert::to_storage(kind, storage, object);
    let options = WriteOptions {
        tracked: true,
        ..options.clone()
    };
    match old {
        Some(_) => {
            let made = update(state, storage, part, object, &options)?;
            Ok((made, false, warnings))
        }
        None => {
            if let Some(uid) = applied["metadata"]["uid"].as_str() {
                let why = format!(
                    "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                );
                return Err(Status::conflict(&kind.qualified_plural(), name, &why));
            }
            let made = create(state, storage, namespace, object, &options)?;
            Ok((made, true, warnings))
        }
    }
}

/// As Go prints a map: `map[spec:map[replicas:x]]`.
fn go_text(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{key}:{}", go_text(value)))
                .collect();
            format!("map[{}]", pairs.join(" "))
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(go_text).collect();
            format!("[{}]", items.join(" "))
        }
        Value::String(text) => text.clone(),
        Value::Null => "<nil>".to_owned(),
        other => other.to_string(),
    }
}
