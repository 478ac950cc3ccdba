//! Writes as the API server performs them: defaults, validation, managed fields, then the store.
//!
//! Requests and controllers write through the same functions, so a controller can break no rule that a
//! client could not. [`create`], [`update`], [`modify`] and [`delete`] are the four; all name resources
//! as `plural.group`.

mod create;
mod delete;
mod update;

pub(crate) use create::create;
pub(crate) use delete::{DeleteOptions, Deleted, Propagation, delete};
pub(crate) use update::{Part, modify, update};

/// Who writes, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteOptions {
    /// The field manager.
    pub(crate) manager: String,
    /// Check and answer, but store nothing.
    pub(crate) dry_run: bool,
}

impl WriteOptions {
    /// As a component of the cluster writes, such as `kube-controller-manager`.
    pub(crate) fn of(manager: &str) -> Self {
        Self {
            manager: manager.to_owned(),
            dry_run: false,
        }
    }
}
