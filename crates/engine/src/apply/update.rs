//! [`update`]: from what a release was to what it is to be.

use std::collections::HashSet;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::{
    Error, FieldValidation, Object, Propagation, Result as ClusterResult,
};

use super::create::create_one;
use super::delete::delete_one;
use super::server_side::{self, Asked};
use super::{
    ApplyError, Create, Joined, client_side, done, level, manager, migrate, recreate, started,
    unchanged, write,
};
use crate::engine::Engine;
use crate::event::{Change, Level};
use crate::faults::{self, Fault};
use crate::objects::{self, Index, MAX_IN_FLIGHT, Target, annotations, difference, get, get_all};

/// The annotation that keeps an object from being deleted, and what it must say.
const POLICY: &str = "helm.sh/resource-policy";
const KEEP: &str = "keep";

/// So many objects are read ahead, which bounds the memory that a large release takes.
const AHEAD: usize = 128;

/// How objects are updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Update {
    /// With server-side apply; else by three-way merge.
    pub server_side: bool,
    /// Take fields from other managers.
    pub force_conflicts: bool,
    /// Replace objects as a whole.
    pub force_replace: bool,
    /// What is there counts for custom resources too, where the client merges.
    pub three_way_for_custom: bool,
    /// Before server-side apply, fields that Helm owns from client-side apply become the server's
    /// to manage.
    pub migrate_manager: bool,
    /// The originals are what was applied last, and it was applied in full: nobody but others can have
    /// changed the objects since.
    pub settled: bool,
    /// Nobody asks for what the server answers: of the objects nothing is kept but their names.
    pub brief: bool,
    /// Only as if.
    pub dry_run: bool,
}

impl Update {
    /// What contradicts itself, in Helm's words.
    fn fault(self) -> Option<&'static str> {
        if !self.server_side && self.force_conflicts {
            return Some(
                "invalid client update option(s): forceConflicts enabled when serverSideApply disabled",
            );
        }
        if self.three_way_for_custom && self.server_side {
            return Some(
                "invalid operation: cannot use three-way merge for unstructured and server-side apply together",
            );
        }
        if self.force_conflicts && self.force_replace {
            return Some(
                "invalid operation: cannot use force conflicts and force replace together",
            );
        }
        (self.server_side && self.force_replace)
            .then_some("invalid operation: cannot use server-side apply and force replace together")
    }
}

/// What an update did, or tried to: what failed is in here as well.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Objects that were not there.
    pub created: Vec<ObjectRef>,
    /// Objects that were there, changed or not.
    pub updated: Vec<ObjectRef>,
    /// Objects that are no longer wanted.
    pub deleted: Vec<ObjectRef>,
}

/// Creates what is not there, updates what is, and deletes what `originals` had and `targets` have no
/// more, unless it is to be kept. Afterwards each target is as the server answered with it.
///
/// An object that cannot be read or created ends the update at once. What cannot be updated is told
/// when all were tried; then nothing is deleted.
///
/// Guarantee: objects of which every field is as wanted and owned as server-side apply would leave
/// them are not written to.
pub async fn update(
    engine: &Engine,
    originals: &[Target],
    targets: &mut [Target],
    how: Update,
) -> (Outcome, Result<(), ApplyError>) {
    let mut updating = Updating::new(engine, originals, how);
    // The names under which targets are looked for later: answers may bring others.
    let wanted: Vec<Target> = targets.iter().map(without_object).collect();
    let mut result = updating.bring(targets).await;
    if result.is_ok() {
        result = updating.prune(&wanted).await;
    }
    (updating.outcome, result)
}

/// An update under way: objects are brought, in as many parts as there are, and then those that are no
/// longer wanted are deleted.
pub(crate) struct Updating<'a> {
    engine: &'a Engine,
    originals: &'a [Target],
    index: Index<'a>,
    how: Update,
    /// Objects that may be deleted and created anew.
    pub(crate) recreated: Vec<ObjectRef>,
    /// What was done so far.
    pub(crate) outcome: Outcome,
    errors: Vec<ApplyError>,
}

impl<'a> Updating<'a> {
    /// An update that has not begun.
    pub(crate) fn new(engine: &'a Engine, originals: &'a [Target], how: Update) -> Self {
        Self {
            engine,
            originals,
            index: Index::of(originals),
            how,
            recreated: Vec::new(),
            outcome: Outcome::default(),
            errors: Vec::new(),
        }
    }

    /// Creates and updates objects; afterwards each is as the server answered with it.
    pub(crate) async fn bring(&mut self, targets: &mut [Target]) -> Result<(), ApplyError> {
        if let Some(fault) = self.how.fault() {
            return Err(ApplyError::Options(fault));
        }
        self.bring_all(targets).await?;
        ApplyError::all(std::mem::take(&mut self.errors), Joined::And)
    }

    /// Deletes what the originals had and is wanted no more.
    pub(crate) async fn prune(&mut self, wanted: &[Target]) -> Result<(), ApplyError> {
        if !faults::on(Fault::SkipPrune) {
            self.prune_all(wanted).await;
        }
        ApplyError::all(std::mem::take(&mut self.errors), Joined::And)
    }

    /// Creates and updates. Objects are read ahead, many at once; creations happen one by one, since the
    /// first that fails is the last that is tried, and updates a level at a time.
    async fn bring_all(&mut self, targets: &mut [Target]) -> Result<(), ApplyError> {
        let engine = self.engine;
        let refs: Vec<ObjectRef> = targets.iter().map(|target| target.at.clone()).collect();
        let mut seen: HashSet<&ObjectRef> = HashSet::new();
        for (targets, refs) in targets.chunks_mut(AHEAD).zip(refs.chunks(AHEAD)) {
            let live = get_all(&*engine.cluster, refs).await;
            self.bring_read(targets, refs, live, &mut seen).await?;
        }
        Ok(())
    }

    /// Creates and updates what was read; `seen` are the objects before.
    async fn bring_read<'r>(
        &mut self,
        targets: &mut [Target],
        refs: &'r [ObjectRef],
        mut live: Vec<ClusterResult<Object>>,
        seen: &mut HashSet<&'r ObjectRef>,
    ) -> Result<(), ApplyError> {
        let engine = self.engine;
        let mut next = 0;
        while next < targets.len() {
            if seen.contains(&refs[next]) {
                live[next] = get(&*engine.cluster, &refs[next]).await;
            }
            if live[next].is_err() {
                self.bring_missing(&mut targets[next], &mut live[next])
                    .await?;
                seen.insert(&refs[next]);
                next += usize::from(live[next].is_err());
                continue;
            }
            let mut end = next;
            while end < targets.len()
                && live[end].is_ok()
                && level::together(&refs[end], &refs[next])
                && seen.insert(&refs[end])
            {
                end += 1;
            }
            // A repeated object is read again above, and then is a level of its own.
            let end = end.max(next + 1);
            self.update_level(&mut targets[next..end], &mut live[next..end])
                .await;
            next = end;
        }
        Ok(())
    }

    /// Creates an object that could not be read because it is not there. If it appeared meanwhile,
    /// `live` tells it and the object is still to be updated.
    async fn bring_missing(
        &mut self,
        target: &mut Target,
        live: &mut ClusterResult<Object>,
    ) -> Result<(), ApplyError> {
        if let Err(error) = live
            && !error.is_not_found()
        {
            return Err(ApplyError::Read(error.clone()));
        }
        let how = Create {
            server_side: self.how.server_side,
            force_conflicts: self.how.force_conflicts,
            brief: self.how.brief,
            dry_run: self.how.dry_run,
        };
        let at = target.at.clone();
        match create_one(self.engine, target, how).await {
            Ok(()) => {
                self.outcome.created.push(target.at.clone());
                Ok(())
            }
            Err(error) => {
                if error.is_already_exists()
                    && let Ok(object) = get(&*self.engine.cluster, &at).await
                {
                    *live = Ok(object);
                    return Ok(());
                }
                self.outcome.created.push(at);
                Err(ApplyError::Create(Box::new(error)))
            }
        }
    }

    async fn update_level(&mut self, targets: &mut [Target], live: &mut [ClusterResult<Object>]) {
        let (engine, originals, how) = (self.engine, &self.index, self.how);
        let recreated = &self.recreated;
        let calls = targets.iter_mut().zip(live).filter_map(|(target, live)| {
            let live = std::mem::replace(
                live,
                Err(Error::Answer {
                    message: String::new(),
                }),
            )
            .ok()?;
            let original = originals.find(&target.at);
            if original.is_none() {
                warn_of_baseline(engine, &target.at);
            }
            let may_recreate = recreated.contains(&target.at);
            Some(update_one(
                engine,
                original,
                target,
                live,
                how,
                may_recreate,
            ))
        });
        let results = level::run(calls.collect(), MAX_IN_FLIGHT).await;
        self.errors
            .extend(results.into_iter().filter_map(Result::err));
        let updated = targets.iter().map(|target| target.at.clone());
        self.outcome.updated.extend(updated);
    }

    /// Deletes what is no longer wanted. What cannot be read is left alone; what failed is told or not,
    /// as Helm does.
    async fn prune_all(&mut self, wanted: &[Target]) {
        let gone = difference(self.originals, wanted);
        let live = get_all(&*self.engine.cluster, gone.iter().map(|target| &target.at)).await;
        let mut pruned = Vec::new();
        for (target, live) in gone.into_iter().zip(live) {
            let Ok(live) = live else { continue };
            let policy = annotations(&live).remove(POLICY);
            if policy.as_deref() == Some(KEEP) && !faults::on(Fault::IgnoreKeepPolicy) {
                done(self.engine, &target.at, Change::Kept);
            } else {
                pruned.push(target.at.clone());
            }
        }
        for level in pruned.chunk_by(level::together) {
            let one = |at| delete_one(self.engine, at, Propagation::Background);
            let results = level::run(level.iter().map(one).collect(), MAX_IN_FLIGHT).await;
            for (at, result) in level.iter().zip(results) {
                match result {
                    Ok(()) => self.outcome.deleted.push(at.clone()),
                    Err(error) if error.is_not_found() => {}
                    Err(_) if !self.engine.compat.fails_on_pruning() => {}
                    Err(cause) => self.errors.push(ApplyError::Prune {
                        at: Box::new(at.clone()),
                        cause,
                    }),
                }
            }
        }
    }
}

/// A target's names without what it is to be.
pub(crate) fn without_object(target: &Target) -> Target {
    Target {
        at: target.at.clone(),
        object: Object::Null,
        origin: target.origin.clone(),
    }
}

fn warn_of_baseline(engine: &Engine, at: &ObjectRef) {
    let (level, message, fields) = if engine.compat.warns_of_cluster_baseline() {
        let message = "resource exists on cluster but not in original release, using cluster state as baseline";
        let fields = vec![
            ("namespace", at.namespace.clone()),
            ("name", at.name.clone()),
            ("kind", at.mapping.kind.clone()),
        ];
        (Level::Warn, message.to_owned(), fields)
    } else {
        let message = format!(
            "resource {} exists on cluster but not in original release, using cluster state as baseline",
            objects::described(at)
        );
        (Level::Debug, message, Vec::new())
    };
    engine.log(level, message, fields);
}

/// Updates one object that is there, or makes it anew where that is allowed and needed.
async fn update_one(
    engine: &Engine,
    original: Option<&Target>,
    target: &mut Target,
    live: Object,
    how: Update,
    may_recreate: bool,
) -> Result<(), ApplyError> {
    started(engine, &target.at);
    let answer = match change(engine, original, target, &live, how).await {
        Err(error) if may_recreate && recreate::is_immutable(&error) => {
            return recreate::recreate(engine, target, &live, how).await;
        }
        answer => answer?,
    };
    let change = match answer {
        Some(_) => Change::Updated,
        None => Change::Unchanged,
    };
    target.refresh(answer.unwrap_or(live));
    if how.brief {
        target.object = Object::Null;
    }
    done(engine, &target.at, change);
    Ok(())
}

/// Changes one object that is there; `None` where there is nothing to change. What is there stands for
/// an original that is missing.
pub(super) async fn change(
    engine: &Engine,
    original: Option<&Target>,
    target: &Target,
    live: &Object,
    how: Update,
) -> Result<Option<Object>, ApplyError> {
    if how.force_replace {
        replace(engine, target, how.dry_run).await.map(Some)
    } else if how.server_side {
        apply(engine, original, target, live, how).await
    } else {
        let original = original.map_or(live, |original| &original.object);
        client_side::patch(engine, original, target, live, how).await
    }
}

async fn apply(
    engine: &Engine,
    original: Option<&Target>,
    target: &Target,
    live: &Object,
    how: Update,
) -> Result<Option<Object>, ApplyError> {
    let mut migrated = false;
    if how.migrate_manager {
        migrated = migrate::migrate(engine, &target.at, live, how.dry_run).await?;
    }
    let same_manifest =
        original.is_some_and(|o| unchanged::same_content(&o.object, &target.object));
    let rule = unchanged::Rule {
        manager: &manager(engine),
        settled: how.settled && same_manifest,
    };
    if !migrated && unchanged::is_unchanged(live, &target.object, rule) {
        return Ok(None);
    }
    let asked = Asked {
        force: how.force_conflicts,
        brief: how.brief,
        dry_run: how.dry_run,
    };
    let mut answer = server_side::attempt(engine, target, asked).await;
    if migrated
        && how.dry_run
        && let Err(error) = &answer
        && server_side::is_conflict_with(error, &manager(engine))
    {
        // Ownership was carried over only as if.
        let asked = Asked {
            force: true,
            ..asked
        };
        answer = server_side::attempt(engine, target, asked).await;
    }
    answer
        .map(Some)
        .map_err(|cause| server_side::failure(target, cause))
}

/// Puts the object in the place of what is there, whatever version that has by now.
async fn replace(engine: &Engine, target: &Target, dry_run: bool) -> Result<Object, ApplyError> {
    let mut object = target.object.clone();
    let version = object
        .pointer("/metadata/resourceVersion")
        .and_then(Object::as_str);
    if version.is_none_or(str::is_empty)
        && let Ok(live) = get(&*engine.cluster, &target.at).await
        && let Some(version) = live.pointer("/metadata/resourceVersion")
        && let Some(metadata) = object.get_mut("metadata").and_then(Object::as_object_mut)
    {
        metadata.insert("resourceVersion".to_owned(), version.clone());
    }
    let validation = match engine.compat.replaces_strictly() {
        true => FieldValidation::Strict,
        false => FieldValidation::Unset,
    };
    let write = write(engine, validation, dry_run);
    let answer = engine.cluster.replace(&target.at, &object, &write).await;
    answer.map_err(ApplyError::Replace)
}
