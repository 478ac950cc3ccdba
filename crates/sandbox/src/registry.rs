//! Writes as the API server performs them: admission, defaults, validation, managed fields, then the
//! store.
//!
//! Requests and controllers write through the same functions, so a controller can break no rule that a
//! client could not. [`create`], [`update`], [`modify`], [`patch`] and [`delete`] are all there are; they take
//! the kind that objects are stored as, and objects in its version.

mod admit;
mod allocate;
mod amount;
mod create;
mod definition;
mod delete;
mod immutable;
mod limits;
mod metadata;
mod names;
mod ownership;
mod patch;
mod quota;
mod rules;
mod service_type;
mod strategy;
mod typed;
mod update;

pub(crate) use create::create;
pub(crate) use delete::{DeleteOptions, Deleted, Propagation, delete};
pub(crate) use patch::{Patch, patch};
pub(crate) use quota::{concerns as quota_concerns, status as quota_status};
pub(crate) use typed::{Decoded, decode, written};
pub(crate) use update::{Part, modify, update};

/// Who writes, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteOptions {
    /// The field manager.
    pub(crate) manager: String,
    /// Check and answer, but store nothing.
    pub(crate) dry_run: bool,
    /// What becomes of fields that the kind does not have.
    pub(crate) strictness: Strictness,
    /// Server-side apply: take fields that others own.
    pub(crate) force: bool,
    /// The object's managed fields are as they should be already.
    pub(crate) tracked: bool,
}

/// `fieldValidation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Unknown and duplicate fields are dropped.
    Ignore,
    /// They are dropped, and the client is told.
    #[default]
    Warn,
    /// They are refused.
    Strict,
}

impl WriteOptions {
    /// As a component of the cluster writes, such as `kube-controller-manager`.
    pub(crate) fn of(manager: &str) -> Self {
        Self {
            manager: manager.to_owned(),
            ..Self::default()
        }
    }
}

/// Notes a manager as the owner of all that an object says, which is not going to be stored.
pub(crate) fn sign(
    state: &crate::state::State,
    kind: &crate::catalog::Kind,
    object: &mut serde_json::Value,
    manager: &str,
) {
    ownership::track(
        state,
        kind,
        Part::Main,
        None,
        object,
        &WriteOptions::of(manager),
    );
}

/// Creates an object in its own version and namespace, whoever asks: what tests begin with. One that
/// would be refused is left out.
pub(crate) fn seed(state: &mut crate::state::State, object: serde_json::Value) {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let (version, name) = (text(&object["apiVersion"]), text(&object["kind"]));
    let Some(kind) = state
        .catalog
        .find_kind(&version, &name)
        .map(std::sync::Arc::clone)
    else {
        return;
    };
    let namespace = text(&object["metadata"]["namespace"]);
    let namespace = if kind.namespaced {
        namespace
    } else {
        String::new()
    };
    let _ = create(
        state,
        &kind,
        &namespace,
        object,
        &WriteOptions::of("sandbox"),
    );
}
