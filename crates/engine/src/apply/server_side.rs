//! Server-side apply of one object.

use windlass_plan::cluster::{Error, FieldValidation, Object, Patch, Write};

use super::error::named;
use super::{ApplyError, write};
use crate::engine::Engine;
use crate::objects::Target;

/// What is asked of the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Take fields from other managers.
    pub force: bool,
    /// The answer need have no more than metadata.
    pub brief: bool,
    /// Only as if.
    pub dry_run: bool,
}

/// One attempt; the server's own error.
pub(super) async fn attempt(
    engine: &Engine,
    target: &Target,
    asked: Asked,
) -> Result<Object, Error> {
    if target.at.name.is_empty() {
        return Err(Error::Unnamed);
    }
    let patch = Patch::Apply {
        object: target.object.clone(),
        force: asked.force,
    };
    let write = Write {
        brief: asked.brief,
        ..write(engine, FieldValidation::Strict, asked.dry_run)
    };
    engine.cluster.patch(&target.at, &patch, &write).await
}

/// The error in Helm's words.
pub(super) fn failure(target: &Target, cause: Error) -> ApplyError {
    let object = named(&target.at);
    match cause.status().map(|status| status.code) {
        // A media type that the server does not know.
        Some(415) => ApplyError::NotAvailable(cause),
        _ if cause.is_conflict() => ApplyError::Conflict { object, cause },
        _ => ApplyError::ServerSide { object, cause },
    }
}

/// Whether the only one that stands in the way is this manager.
pub(super) fn is_conflict_with(error: &Error, manager: &str) -> bool {
    let told = format!("conflict with \"{manager}\"");
    let causes = error.status().map(|status| status.causes.as_slice());
    let causes = causes.unwrap_or_default();
    error.is_conflict()
        && !causes.is_empty()
        && causes.iter().all(|cause| cause.message.starts_with(&told))
}
