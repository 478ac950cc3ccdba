//! Rollback: a release goes on to a new revision that is a copy of an older one.
//!
//! # Flow
//! 1. The cluster is reached, the history read, the revision to go back to chosen. A plan is made as
//!    far as records tell; a dry run ends here.
//! 2. Manifests become objects: kinds that the server no longer has end the action here, if they are
//!    wanted.
//! 3. The new revision's record is created, pending: the fence. Records beyond the limit go. Hooks, objects
//!    and prunings, waiting, hooks, as planned.
//! 4. All revisions that count as deployed are superseded, and the new one is deployed.
//!
//! # Guarantees
//! Before step 3 nothing is written. A failed apply or wait is in the record with its reason. What
//! fails elsewhere after the fence (a hook) leaves the record pending, as Helm does; but not where the server had trouble, which is recorded too.
//!
//! # Cancellation
//! Through [`Engine::cancel`]: the action ends at the next point where it waits, as one that failed
//! with `context canceled`; Helm's dies of the signal and leaves a pending record. Dropping the
//! future leaves a pending record and the journal.

mod keeping;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use windlass_plan::ObjectRef;
use windlass_plan::cluster::Propagation;
use windlass_plan::plan::{Action, Method, Plan};
use windlass_release::{HookEvent, Release, Status};

use crate::apply::{self, Update};
use crate::checks;
use crate::claim;
use crate::engine::Engine;
use crate::error::{Error, Reading};
use crate::event::Level;
use crate::execute::{Bringing, Execution, Part, Stopped};
use crate::install::Done;
use crate::notes::Notes;
use crate::objects::ownership::{self, Owner};
use crate::objects::{Check, Target, build, build_stored, quoted};
use crate::options::{DryRun, Recreate, ServerSide, Waiting};
use crate::ordering::{self, Stage};
use crate::planning::{self, Change, Course, Observed};
use crate::records;
use crate::recovery;
use crate::upgrade::applies_on_server;

/// What a rollback is told.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rollback {
    /// The release's name.
    pub name: String,
    /// The revision to go back to; 0 for the one before.
    pub revision: i64,
    /// How far to go.
    pub dry_run: DryRun,
    /// What is waited for.
    pub waiting: Waiting,
    /// Hooks do not run.
    pub disable_hooks: bool,
    /// Objects are replaced instead of patched.
    pub force_replace: bool,
    /// Fields are taken from other managers.
    pub force_conflicts: bool,
    /// Who applies.
    pub server_side: ServerSide,
    /// Objects that a failed rollback created are deleted.
    pub clean_up_on_failure: bool,
    /// How many revisions to keep; 0 keeps all.
    pub max_history: i64,
    /// The record's description, instead of the usual one.
    pub description: String,
    /// Objects that may be deleted and created anew.
    pub recreate: Vec<Recreate>,
}

impl Engine {
    /// Rolls a release back. See [the module](self::rollback) for the contract.
    ///
    /// # Errors
    /// The first thing that fails, in Helm's words.
    #[tracing::instrument(skip_all, fields(release.name = %options.name))]
    pub async fn rollback(&self, mut options: Rollback) -> Result<Done, Error> {
        options.force_conflicts &= self.compat.applies_on_server();
        let rolling = Rolling {
            engine: self,
            options,
        };
        rolling.run().await
    }
}

struct Rolling<'a> {
    engine: &'a Engine,
    options: Rollback,
}

/// What a rollback starts from and leads to.
struct Revisions {
    current: Release,
    /// Those whose objects may be there too, since what was to follow them was interrupted.
    beside: Vec<Release>,
    /// Those whose hooks may have left something.
    left: Vec<Release>,
    release: Release,
    server_side: bool,
}

impl Rolling<'_> {
    async fn run(&self) -> Result<Done, Error> {
        self.check_description()?;
        checks::reach(self.engine).await?;
        self.debug("preparing rollback");
        let revisions = self.revisions().await?;
        if self.options.dry_run.is_dry() {
            let plan = self.kept_plan(&revisions).await;
            let release = revisions.release;
            return Ok(Done { release, plan });
        }
        self.execute(revisions).await
    }

    fn debug(&self, message: &str) {
        let fields = vec![("name", self.options.name.clone())];
        self.engine.log(Level::Debug, message, fields);
    }

    fn check_description(&self) -> Result<(), Error> {
        let max = self.engine.compat.max_rollback_description();
        match self.options.description.chars().count() {
            found if found > max => Err(Error::Description { max, found }),
            _ => Ok(()),
        }
    }

    /// Chooses the revision to go back to and makes the new one of it.
    async fn revisions(&self) -> Result<Revisions, Error> {
        let (engine, options) = (self.engine, &self.options);
        checks::existing_name(&options.name, "prepareRollback: R")?;
        if options.revision < 0 {
            return Err(Error::Revision);
        }
        let history = records::history(engine, 0);
        let mut all = history.of(&options.name).await?;
        let Some(last) = all.last_mut() else {
            let error = windlass_release::StoreError::NoRevision(options.name.clone());
            return Err(error.into());
        };
        // One that names nobody is Helm's, for which rolling back is the remedy.
        if last.info.status.is_pending() && (engine.auto_recover || !last.holder.is_empty()) {
            recovery::take_over(engine, last, options.dry_run.is_dry()).await?;
        }
        let current = last.clone();
        let beside = recovery::beside(&all);
        let left = recovery::interrupted(&all).into_iter().cloned().collect();
        let wanted = match options.revision {
            0 => current.version - 1,
            revision => revision,
        };
        if !all.iter().any(|release| release.version == wanted) {
            return Err(Error::NoRevision(wanted));
        }
        let fields = vec![
            ("name", options.name.clone()),
            ("currentVersion", current.version.to_string()),
            ("targetVersion", wanted.to_string()),
        ];
        engine.log(Level::Debug, "rolling back", fields);
        let previous = history.get(&options.name, wanted).await?;
        let server_side = applies_on_server(engine, &options.server_side, &previous)?;
        let release = self.release(&current, previous, server_side);
        Ok(Revisions {
            current,
            beside,
            left,
            release,
            server_side,
        })
    }

    fn release(&self, current: &Release, previous: Release, server_side: bool) -> Release {
        let engine = self.engine;
        let to = previous.version;
        let mut release = Release::default();
        release.name.clone_from(&self.options.name);
        release.namespace.clone_from(&current.namespace);
        release.version = current.version + 1;
        release.info.first_deployed = current.info.first_deployed.clone();
        release.info.last_deployed = engine.clock.now();
        release.info.notes = previous.info.notes;
        if engine.compat.records_rollback_revision() {
            release.info.rollback_revision = to;
        }
        let usual = format!("Rollback to {to}");
        let description = records::description(&self.options.description, &usual);
        release.set_status(Status::PendingRollback, description);
        release.chart = previous.chart;
        release.config = previous.config;
        release.manifest = previous.manifest;
        release.hooks = previous.hooks;
        release.order = previous.order;
        release.labels = previous.labels;
        release.apply_method = records::apply_method(engine, server_side);
        release.holder.clone_from(&engine.holder);
        release
    }

    /// The plan of a dry run: with objects, if the server may be asked and their manifests make some.
    async fn kept_plan(&self, revisions: &Revisions) -> Plan {
        let (mut before, mut wanted) = (Vec::new(), Vec::new());
        if self.options.dry_run == DryRun::Server
            && let Ok(found) = self.both(revisions).await
        {
            (before, wanted) = found;
        }
        let all = before.iter().chain(&wanted);
        let observed = planning::observe(self.engine, self.options.dry_run, all).await;
        let change = Change {
            before: &before,
            wanted: &wanted,
            found: &[],
            take_ownership: false,
            observed: &observed,
            recreate: &self.options.recreate,
            stages: &self.stages(&wanted, &revisions.release),
        };
        self.plan(&revisions.release, &change, revisions.server_side)
    }

    fn stages(&self, wanted: &[Target], release: &Release) -> Vec<Stage> {
        ordering::stages_on_record(self.engine, wanted, &release.order)
    }

    /// The objects of the current revision and those that are wanted.
    async fn both(&self, revisions: &Revisions) -> Result<(Vec<Target>, Vec<Target>), Error> {
        let Revisions {
            current, release, ..
        } = revisions;
        let engine = self.engine;
        let built = build_stored(engine, &current.manifest).await;
        let mut before = built.map_err(|cause| Error::Build {
            reading: Reading::CurrentManifest,
            cause,
        })?;
        let beside: Vec<&Release> = revisions.beside.iter().collect();
        recovery::add_objects(self.engine, &mut before, &beside).await;
        let built = build(
            &*engine.cluster,
            &release.manifest,
            &engine.namespace,
            Check::None,
        );
        let mut wanted = built.await.map_err(|cause| Error::Build {
            reading: Reading::NewManifest,
            cause,
        })?;
        let owner = Owner::of(release);
        ownership::mark(&mut wanted, owner);
        Ok((before, wanted))
    }

    fn plan(&self, release: &Release, change: &Change<'_>, server_side: bool) -> Plan {
        let options = &self.options;
        let method = Method {
            server_side,
            force_conflicts: options.force_conflicts,
            force_replace: options.force_replace,
            take_ownership: false,
        };
        let mut plan = planning::plan(Action::Rollback, release, method);
        let course = Course {
            before: HookEvent::PreRollback,
            behind: HookEvent::PostRollback,
            disable_hooks: options.disable_hooks,
            waiting: options.waiting,
        };
        course.add_to(&mut plan, release, change);
        planning::add_succession(&mut plan, release.info.description.clone());
        plan
    }

    // === Carrying the plan out ===

    async fn execute(&self, revisions: Revisions) -> Result<Done, Error> {
        let engine = self.engine;
        if engine.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        // Manifests may be of kinds that the server no longer has: there is no way then, and nothing is begun.
        let (before, wanted) = self.both(&revisions).await?;
        self.debug("creating rolled back release");
        let limit = self.options.max_history;
        claim::fence(engine, limit, &revisions.release).await?;
        self.debug("performing rollback");
        let Revisions {
            mut current,
            left,
            mut release,
            server_side,
            ..
        } = revisions;
        let change = Change {
            before: &before,
            wanted: &wanted,
            found: &[],
            take_ownership: false,
            observed: &Observed::default(),
            recreate: &self.options.recreate,
            stages: &self.stages(&wanted, &release),
        };
        change.check_recreate()?;
        let mut plan = self.plan(&release, &change, server_side);
        let how = self.how(&plan);
        let notes = Notes::begin(engine, &plan);
        let execution = Execution {
            engine,
            plan: &mut plan,
            notes: &notes,
            before: HookEvent::PreRollback,
            behind: HookEvent::PostRollback,
            waiting: self.options.waiting,
            left: &left,
            bringing: Bringing::Update(Arc::new(before), how),
            created: Vec::new(),
        };
        let result = self.carry_out(execution, &mut current, &mut release).await;
        notes.end().await;
        result.map(|()| Done { release, plan })
    }

    fn how(&self, plan: &Plan) -> Update {
        Update {
            server_side: plan.method.server_side,
            force_conflicts: plan.method.force_conflicts,
            force_replace: plan.method.force_replace,
            migrate_manager: true,
            ..Update::default()
        }
    }

    async fn carry_out(
        &self,
        mut execution: Execution<'_>,
        current: &mut Release,
        release: &mut Release,
    ) -> Result<(), Error> {
        let outcome = tokio::select! {
            biased;
            outcome = execution.run(release) => outcome,
            () = self.engine.cancel.cancelled() => Err(Stopped {
                part: Part::Objects,
                error: Error::Cancelled,
            }),
        };
        let created = std::mem::take(&mut execution.created);
        match outcome {
            Ok(()) => self.finish(release).await,
            Err(Stopped { part, error }) => match part {
                Part::HooksBefore | Part::HooksBehind if !error.leaves_open() => Err(error),
                Part::HooksBefore | Part::HooksBehind => {
                    Err(self.fail(current, release, &created, error).await)
                }
                Part::Objects => Err(self.fail(current, release, &created, error).await),
                Part::Waiting => Err(self.fail_waiting(current, release, error).await),
            },
        }
    }

    async fn finish(&self, release: &mut Release) -> Result<(), Error> {
        // The new revision is pending and so not among those that are superseded.
        records::supersede(self.engine, &release.name).await?;
        release.info.status = Status::Deployed;
        self.debug("updating status for rolled back release");
        self.engine.store.update(release).await?;
        Ok(())
    }

    /// Records that objects were not brought. The error is what is told in the end.
    async fn fail(
        &self,
        current: &mut Release,
        release: &mut Release,
        created: &[ObjectRef],
        error: Error,
    ) -> Error {
        let engine = self.engine;
        let description = format!(
            "Rollback {} failed: {}",
            quoted(&release.name),
            error.recorded()
        );
        if engine.compat.logs_structured() {
            engine.log(Level::Warn, description.clone(), Vec::new());
        } else {
            engine.log(Level::Debug, format!("warning: {description}"), Vec::new());
        }
        current.info.status = Status::Superseded;
        records::fail(release, description, &error);
        records::note(engine, current).await;
        records::note(engine, release).await;
        // That nothing was created is an error here, which hides the first one: Helm's way.
        if !self.options.clean_up_on_failure {
            return error;
        }
        match apply::delete(engine, created, Propagation::Background).await {
            Ok(_) => error,
            Err(errors) if engine.compat.repeats_error_after_clean_up() => Error::Undoing {
                act: "cleaning up resources",
                action: "rollback",
                original: Box::new(error),
                cause: Box::new(Error::CleanUp(errors)),
            },
            Err(errors) => Error::CleanUpAfterRollback(Box::new(Error::CleanUp(errors))),
        }
    }

    /// Records that objects were brought and did not become ready.
    async fn fail_waiting(&self, current: &Release, release: &mut Release, error: Error) -> Error {
        let name = &release.name;
        let description = format!("Release {} failed: {}", quoted(name), error.recorded());
        records::fail(release, description, &error);
        records::note(self.engine, current).await;
        records::note(self.engine, release).await;
        Error::Failed {
            release: release.name.clone(),
            cause: Box::new(error),
        }
    }
}
