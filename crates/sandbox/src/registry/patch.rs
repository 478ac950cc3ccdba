//! Patches: what a client wants changed, in one of four languages.

use std::sync::Arc;

use serde_json::Value;

use super::{Part, WriteOptions, decode, update};
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

/// Patches an object. Says whether it was made just now, and what the client should be warned of.
pub(crate) fn patch(
    state: &mut State,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
    part: Part,
    patch: Patch,
    options: &WriteOptions,
) -> Result<(Arc<Value>, bool, Vec<String>), Status> {
    let storage = state
        .catalog
        .storage(&kind.resource)
        .map_or_else(|| Arc::clone(kind), Arc::clone);
    let Some(old) = state.get(&kind.resource, namespace, name).map(Arc::clone) else {
        return Err(Status::not_found(&kind.qualified_plural(), name));
    };
    let mut object = convert::to_version(kind, &old);
    match &patch {
        Patch::Json(patch) => {
            windlass_kinds::patch::json::apply(&mut object, patch)
                .map_err(|error| Status::new(422, "Invalid", error.to_string()))?;
        }
        Patch::Merge(patch) | Patch::Strategic(patch) | Patch::Apply(patch) => {
            windlass_kinds::patch::merge::apply(&mut object, patch);
        }
    }
    let (object, warnings) = decode(kind, object, options.strictness)?;
    let object = convert::to_storage(kind, &storage, object);
    let made = update(state, &storage, part, object, options)?;
    Ok((made, false, warnings))
}
