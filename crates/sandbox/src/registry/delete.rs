//! Removal of one object: at once, or marked until its finalizers and its grace period are over.

use std::sync::Arc;

use serde_json::Value;

use crate::catalog::Kind;
use crate::state::State;
use crate::status::Status;

/// What becomes of what an object owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Propagation {
    /// Collected afterwards.
    #[default]
    Background,
    /// Collected before the object itself goes.
    Foreground,
    /// Left behind.
    Orphan,
}

/// How to delete.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeleteOptions {
    pub(crate) propagation: Option<Propagation>,
    pub(crate) grace_seconds: Option<i64>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) dry_run: bool,
}

/// What a deletion came to.
#[derive(Clone, Debug)]
pub(crate) enum Deleted {
    /// Gone; as it was last.
    Gone(Arc<Value>),
    /// Marked; as it is now.
    Marked(Arc<Value>),
}

/// Deletes an object of `kind`.
pub(crate) fn delete(
    state: &mut State,
    kind: &Kind,
    namespace: &str,
    name: &str,
    options: &DeleteOptions,
) -> Result<Deleted, Status> {
    let Some(old) = state.get(&kind.resource, namespace, name).map(Arc::clone) else {
        return Err(Status::not_found(&kind.qualified_plural(), name));
    };
    let has_finalizers = old["metadata"]["finalizers"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    if has_finalizers {
        let mut object = Value::clone(&old);
        if object["metadata"]["deletionTimestamp"].is_null() {
            object["metadata"]["deletionTimestamp"] = state.now().rfc3339().into();
            object["metadata"]["deletionGracePeriodSeconds"] =
                options.grace_seconds.unwrap_or(0).into();
        }
        return Ok(Deleted::Marked(state.put(&kind.resource, object)));
    }
    if options.dry_run {
        return Ok(Deleted::Gone(old));
    }
    let gone = state.remove(&kind.resource, namespace, name);
    Ok(Deleted::Gone(gone.unwrap_or(old)))
}
