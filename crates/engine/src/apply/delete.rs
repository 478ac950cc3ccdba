//! [`delete`]: objects that should be there no more.

use windlass_plan::ObjectRef;
use windlass_plan::cluster::{DeleteOptions, Error, Propagation};

use super::{ApplyError, done, level, retry, started};
use crate::engine::Engine;
use crate::event::Change;
use crate::objects::MAX_IN_FLIGHT;

/// Deletes objects, in the given order. All are tried; one that is not there counts as deleted.
///
/// # Errors
/// What became of each that could not be deleted, in order.
pub async fn delete(
    engine: &Engine,
    objects: &[ObjectRef],
    propagation: Propagation,
) -> Result<Vec<ObjectRef>, Vec<ApplyError>> {
    if objects.is_empty() {
        return Err(vec![ApplyError::NothingToDelete]);
    }
    let mut deleted = Vec::new();
    let mut errors = Vec::new();
    for level in objects.chunk_by(level::together) {
        let calls = level.iter().map(|at| delete_one(engine, at, propagation));
        let results = level::run(calls.collect(), MAX_IN_FLIGHT).await;
        for (at, result) in level.iter().zip(results) {
            match result {
                Err(error) if !error.is_not_found() => errors.push(ApplyError::Refused(error)),
                _ => deleted.push(at.clone()),
            }
        }
    }
    match errors.is_empty() {
        true => Ok(deleted),
        false => Err(errors),
    }
}

/// Asks for one object's deletion.
pub(super) async fn delete_one(
    engine: &Engine,
    at: &ObjectRef,
    propagation: Propagation,
) -> Result<(), Error> {
    if at.name.is_empty() {
        return Err(Error::Unnamed);
    }
    started(engine, at);
    let options = DeleteOptions {
        propagation: Some(propagation),
        ..DeleteOptions::default()
    };
    let attempt = async || engine.cluster.delete(at, &options).await;
    retry::retry(&*engine.cluster, Error::is_conflict, attempt).await?;
    done(engine, at, Change::Deleted);
    Ok(())
}
