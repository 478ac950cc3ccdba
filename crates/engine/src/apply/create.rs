//! [`create`]: objects that should not be there yet.

use windlass_plan::cluster::{Error, FieldValidation, Object, Write};

use super::server_side::{self, Asked};
use super::{ApplyError, Joined, done, level, retry, started, write};
use crate::engine::Engine;
use crate::event::Change;
use crate::objects::{MAX_IN_FLIGHT, Target};

/// How objects are created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Create {
    /// With server-side apply, which takes what is there already as it comes; else with POST.
    pub server_side: bool,
    /// Take fields from other managers.
    pub force_conflicts: bool,
    /// Nobody asks for what the server answers: of the objects nothing is kept but their names.
    pub brief: bool,
    /// Only as if.
    pub dry_run: bool,
}

/// Creates objects. All are tried, whatever becomes of those before; afterwards each is as the
/// server answered with it.
///
/// # Errors
/// All that went wrong; [`ApplyError::NothingVisited`] where there are no objects.
pub async fn create(
    engine: &Engine,
    targets: &mut [Target],
    how: Create,
) -> Result<(), ApplyError> {
    if !how.server_side && how.force_conflicts {
        return Err(ApplyError::Options(
            "invalid client create option(s): forceConflicts enabled when serverSideApply disabled",
        ));
    }
    if targets.is_empty() {
        return Err(ApplyError::NothingVisited);
    }
    let one_at_a_time = !how.server_side && engine.compat.creates_one_at_a_time();
    let limit = if one_at_a_time { 1 } else { MAX_IN_FLIGHT };
    let mut errors = Vec::new();
    for level in targets.chunk_by_mut(|a, b| level::together(&a.at, &b.at)) {
        let calls = level
            .iter_mut()
            .map(|target| create_one(engine, target, how));
        let results = level::run(calls.collect(), limit).await;
        errors.extend(results.into_iter().filter_map(Result::err));
    }
    ApplyError::all(errors, Joined::of(engine.compat))
}

/// Creates one object.
pub(super) async fn create_one(
    engine: &Engine,
    target: &mut Target,
    how: Create,
) -> Result<(), ApplyError> {
    started(engine, &target.at);
    let object = match how.server_side {
        true => apply(engine, target, how).await?,
        false => post(engine, target, how)
            .await
            .map_err(ApplyError::Refused)?,
    };
    target.refresh(object);
    if how.brief {
        target.object = Object::Null;
    }
    done(engine, &target.at, Change::Created);
    Ok(())
}

/// Applies an object that should not be there.
pub(super) async fn apply(
    engine: &Engine,
    target: &Target,
    how: Create,
) -> Result<Object, ApplyError> {
    let asked = Asked {
        force: how.force_conflicts,
        brief: how.brief,
        dry_run: how.dry_run,
    };
    let attempt = async || server_side::attempt(engine, target, asked).await;
    let result = retry::retry(&*engine.cluster, retry::quota_conflict, attempt).await;
    result.map_err(|cause| server_side::failure(target, cause))
}

/// Posts an object.
pub(super) async fn post(engine: &Engine, target: &Target, how: Create) -> Result<Object, Error> {
    let mut object = target.object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Object::as_object_mut) {
        metadata.remove("resourceVersion");
    }
    let write = Write {
        brief: how.brief,
        ..write(engine, FieldValidation::Unset, how.dry_run)
    };
    let attempt = async || engine.cluster.create(&target.at, &object, &write).await;
    retry::retry(&*engine.cluster, Error::is_conflict, attempt).await
}
