//! How an object is written or deleted.

use serde::{Deserialize, Serialize};

use super::Object;

/// What the server does with fields it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FieldValidation {
    /// Nothing is asked for: the server's default.
    #[default]
    Unset,
    /// They are dropped.
    Ignore,
    /// They are dropped with a warning.
    Warn,
    /// They are an error.
    Strict,
}

/// What every write says besides the object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Write {
    /// `fieldManager`; empty for the client's own.
    pub field_manager: String,
    /// `dryRun=All`
    pub dry_run: bool,
    /// `fieldValidation`
    pub field_validation: FieldValidation,
    /// The answer need have no more than metadata.
    pub brief: bool,
}

/// A change of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// Server-side apply.
    Apply {
        /// The fields that the manager wants to own.
        object: Object,
        /// Take fields from other managers.
        force: bool,
    },
    /// A strategic merge patch.
    Strategic(Object),
    /// A JSON merge patch (RFC 7386).
    Merge(Object),
    /// A JSON patch (RFC 6902).
    Json(Object),
}

/// What becomes of an object's dependents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Propagation {
    /// They are deleted later by the garbage collector.
    #[default]
    Background,
    /// They are deleted before the object is.
    Foreground,
    /// They stay.
    Orphan,
}

/// How an object is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// What becomes of dependents; the server's default where nothing is said.
    pub propagation: Option<Propagation>,
    /// Only the object of this uid.
    pub uid: Option<String>,
    /// Seconds that pods have to end.
    pub grace_seconds: Option<u32>,
    /// Only as if.
    pub dry_run: bool,
}
