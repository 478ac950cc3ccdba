//! What an action that was killed left behind, and how the next one takes it over.
//!
//! A revision under way names its holder from the moment its record is there, and the journal beside
//! it shows a heartbeat. Whoever finds such a revision judges by what can be observed, never by clocks:
//! a holder of this machine is there or is not; of another one the journal changes or does not. A live
//! holder is respected. A revision that Helm left pending names nobody: only who is asked to
//! ([`Engine::auto_recover`], `recover`) takes it for interrupted.
//!
//! What was interrupted is marked as failed, in words that later actions know again: its objects may be
//! in the cluster in whole or in part, so they count among those that the next change starts from.

mod action;
mod pending;

use std::time::Duration;

pub use action::{Recover, Recovered};
pub use pending::Pending;

use serde_json::Value;
use windlass_plan::cluster::Propagation;
use windlass_plan::journal;
use windlass_release::{DeletePolicy, Hook, HookPhase, Release, Status};

use crate::apply;
use crate::engine::Engine;
use crate::error::Error;
use crate::event::Level;
use crate::objects::{Target, build_stored, find};
use crate::options::Waiting;
use crate::wait::Waiter;

/// How descriptions of revisions begin that were interrupted.
const INTERRUPTED: &str = "Interrupted: ";

/// For how long a journal must not change until its holder counts as gone: two heartbeats and a half.
const PATIENCE: Duration = Duration::from_secs(25);

/// How often the journal is looked at meanwhile.
const GLANCE: Duration = Duration::from_secs(1);

/// Takes over a revision that is under way, if its holder is gone: it is marked as failed. What its hooks
/// left is for [`settle`], once others are kept out. A dry run marks it only here.
///
/// # Errors
/// [`Error::Pending`] where somebody may be at work on it.
pub(crate) async fn take_over(
    engine: &Engine,
    release: &mut Release,
    dry_run: bool,
) -> Result<(), Error> {
    judge(engine, release).await?;
    let what = release.info.status.to_string();
    if release.holder.is_empty() {
        // Helm's own: whoever comes next must know all the same that it was left.
        release.holder.clone_from(&engine.holder);
    }
    release.set_status(
        Status::Failed,
        format!("{INTERRUPTED}{what} was not brought to its end"),
    );
    if dry_run {
        return Ok(());
    }
    let fields = vec![
        ("name", release.name.clone()),
        ("revision", release.version.to_string()),
        ("status", what),
    ];
    let message = "taking over a revision that was interrupted";
    engine.log(Level::Debug, message, fields);
    engine.store.update(release).await?;
    Ok(())
}

/// Whether an action on this revision was not brought to its end, for no fault of the release: it was
/// interrupted and noted as such, or ended itself and kept its holder on record ([`records::fail`]).
///
/// [`records::fail`]: crate::records::fail
pub(crate) fn was_interrupted(release: &Release) -> bool {
    release.info.status == Status::Failed
        && (release.info.description.starts_with(INTERRUPTED) || !release.holder.is_empty())
}

/// Deletes what the hooks of interrupted revisions left. To be called by who has passed the fence: it may
/// not meet hooks of somebody else who has.
///
/// # Errors
/// What cannot be deleted.
pub(crate) async fn settle(engine: &Engine, left: &[Release]) -> Result<(), Error> {
    for release in left.iter().filter(|release| was_interrupted(release)) {
        clean_hooks(engine, release).await?;
    }
    Ok(())
}

/// Finds out whether the holder of a revision is gone.
///
/// # Errors
/// [`Error::Pending`] where they are not, or where nobody knows.
async fn judge(engine: &Engine, release: &Release) -> Result<(), Error> {
    let place = Place::of(release);
    let journal = journal_of(engine, place).await;
    let holder = journal.as_ref().map_or(&release.holder, |j| &j.holder);
    let gone = match holder.is_empty() {
        true => engine.auto_recover,
        false => {
            // Where journals may not be written, a holder shows life only by what becomes of the record.
            let stays = async || {
                let now = engine.store.get(&release.name, release.version).await;
                matches!(now, Ok(now) if now.info.status == release.info.status)
            };
            is_gone(engine, place, holder, stays).await?
        }
    };
    match gone {
        true => Ok(()),
        false => Err(Error::Pending(Box::new(Pending {
            revision: release.version,
            status: release.info.status.to_string(),
            since: release.info.last_deployed.to_string(),
            holder: holder.clone(),
        }))),
    }
}

/// A revision of a release.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) revision: i64,
}

impl<'a> Place<'a> {
    fn of(release: &'a Release) -> Self {
        Self {
            namespace: &release.namespace,
            name: &release.name,
            revision: release.version,
        }
    }
}

/// Whether a holder is gone: one of this machine is there or is not, of another one the journal changes or
/// does not, and what they hold `stays` as it was.
///
/// # Errors
/// [`Error::Cancelled`] where the user does not want to wait.
pub(crate) async fn is_gone(
    engine: &Engine,
    place: Place<'_>,
    holder: &str,
    stays: impl AsyncFn() -> bool,
) -> Result<bool, Error> {
    // Who ended in order between our first look and this one has changed what they held.
    if holder == engine.holder || engine.holders.is_gone(holder) {
        return Ok(stays().await);
    }
    let fields = vec![
        ("name", place.name.to_owned()),
        ("holder", holder.to_owned()),
    ];
    let message = "waiting to see whether the holder of the release still lives";
    engine.log(Level::Own, message, fields);
    let journal = journal_of(engine, place).await;
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        engine.cluster.sleep(GLANCE).await;
        waited += GLANCE;
        if engine.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if journal_of(engine, place).await != journal {
            return Ok(false);
        }
        if engine.holders.is_gone(holder) {
            break;
        }
    }
    Ok(stays().await)
}

/// The journal of a revision. One of another revision says nothing of this one.
async fn journal_of(engine: &Engine, place: Place<'_>) -> Option<journal::Entry> {
    let journal = engine.journal.as_ref()?;
    let found = journal.read(place.namespace, place.name).await;
    let found = found.ok().flatten();
    found.filter(|entry| entry.release.revision == place.revision)
}

/// Deletes what the hooks of an interrupted revision left and would have lost at its end; else the
/// next run of a hook that is not deleted before its creation would find itself there already.
async fn clean_hooks(engine: &Engine, release: &Release) -> Result<(), Error> {
    let left = release.hooks.iter().filter(|hook| would_go(hook));
    let text: Vec<&str> = left.map(|hook| hook.manifest.as_str()).collect();
    if text.is_empty() {
        return Ok(());
    }
    let text = text.join("\n---\n");
    let Ok(targets) = build_stored(engine, &text).await else {
        return Ok(());
    };
    // What the server gave a name has one that nobody noted, and is in no later hook's way.
    let named = targets.into_iter().map(|target| target.at);
    let objects: Vec<_> = named.filter(|at| !at.name.is_empty()).collect();
    let deleted = apply::delete(engine, &objects, Propagation::Background).await;
    deleted.map_err(Error::CleanUp)?;
    let waiter = Waiter::new(engine, Waiting::default());
    waiter.hook_gone(&objects).await.map_err(Error::Wait)
}

/// Whether a hook ran and its end would have deleted it.
fn would_go(hook: &Hook) -> bool {
    let succeeded = hook.deletes_on(&DeletePolicy::HookSucceeded);
    let failed = hook.deletes_on(&DeletePolicy::HookFailed);
    if hook.kind == "CustomResourceDefinition" {
        return false;
    }
    match hook.last_run.phase {
        HookPhase::Running | HookPhase::Unknown => succeeded || failed,
        HookPhase::Succeeded => succeeded,
        HookPhase::Failed => failed,
        _ => false,
    }
}

/// The revisions, newest first, that were interrupted since the last one that was complete: what they
/// brought may be there. `history` is oldest first.
pub(crate) fn interrupted(history: &[Release]) -> Vec<&Release> {
    let complete = |r: &&Release| {
        !matches!(
            r.info.status,
            Status::Deployed | Status::Superseded | Status::Uninstalled
        )
    };
    let since = history.iter().rev().take_while(complete);
    since.filter(|r| was_interrupted(r)).collect()
}

/// The revisions whose objects may be there besides those of the last, if that was interrupted: those
/// that were interrupted before it, and the one that was complete (which a rollback that fails marks as
/// superseded). Oldest first.
pub(crate) fn beside(history: &[Release]) -> Vec<Release> {
    let Some((last, older)) = history.split_last() else {
        return Vec::new();
    };
    if !was_interrupted(last) && last.info.status != Status::Uninstalling {
        return Vec::new();
    }
    let newest = |status| older.iter().rev().find(|r| r.info.status == status);
    let complete = newest(Status::Deployed).or_else(|| newest(Status::Superseded));
    let interrupted = interrupted(older).into_iter().rev();
    complete.into_iter().chain(interrupted).cloned().collect()
}

/// Adds the objects of further revisions to those that a change starts from. Of an object that is
/// among them already, the fields of the later revision count as applied too. A manifest that no
/// longer makes objects adds none: what it named cannot be named to this server.
pub(crate) async fn add_objects(engine: &Engine, before: &mut Vec<Target>, of: &[&Release]) {
    for release in of {
        let Ok(targets) = build_stored(engine, &release.manifest).await else {
            continue;
        };
        for target in targets {
            let known = find(before, &target.at).map(|known| known.at.clone());
            let known = known.and_then(|at| before.iter_mut().find(|t| t.at == at));
            match known {
                Some(known) => lay_over(&mut known.object, target.object),
                None => before.push(target),
            }
        }
    }
}

/// Puts the fields of one object over those of another.
fn lay_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay_over(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}
