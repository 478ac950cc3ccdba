//! `recover`: a release that was left in the middle of a change is brought to a good end, without the
//! chart and without knowing how the change was asked for.
//!
//! - An install is brought to its end: its record holds the manifest and the hooks.
//! - An upgrade is taken back to the revision that was deployed before it.
//! - A rollback is brought to its end, and so is an uninstall.
//! - Where only the last record was missing, that is written.
//!
//! What is done is itself an action with a revision, a fence and hooks of its own, and can be recovered
//! from like any other.

use std::sync::Arc;

use windlass_plan::plan::{Action, Method, Plan};
use windlass_release::{HookEvent, Release, Status};

use super::{Place, clean_hooks, journal_of, take_over};
use crate::apply::Update;
use crate::checks;
use crate::claim;
use crate::engine::Engine;
use crate::error::Error;
use crate::execute::{Bringing, Execution};
use crate::install::Done;
use crate::notes::Notes;
use crate::objects::ownership::{self, Owner};
use crate::objects::{Check, Target, build, quoted};
use crate::options::Waiting;
use crate::ordering;
use crate::planning::{self, Change, Course, Observed};
use crate::records;
use crate::rollback::Rollback;
use crate::uninstall::Uninstall;

/// What a recovery is told.
#[derive(Debug, Clone, Default)]
pub struct Recover {
    /// The release's name.
    pub name: String,
    /// What is waited for.
    pub waiting: Waiting,
    /// Hooks do not run.
    pub disable_hooks: bool,
}

/// What a recovery found and did.
#[derive(Debug)]
#[non_exhaustive]
pub enum Recovered {
    /// Nothing is under way.
    Settled(Box<Release>),
    /// The change had been brought about in full: it was only recorded so.
    Recorded(Box<Release>),
    /// A change was brought to its end, as a new revision.
    Finished {
        /// The revision that was interrupted.
        interrupted: i64,
        /// The status it had.
        status: Status,
        /// The release now.
        release: Box<Release>,
    },
    /// An upgrade was taken back.
    TakenBack {
        /// The revision that was interrupted.
        interrupted: i64,
        /// The revision that it went back to.
        to: i64,
        /// The release now.
        release: Box<Release>,
    },
    /// An uninstall was brought to its end.
    Uninstalled(Box<Release>),
}

impl Engine {
    /// Recovers a release. See [the module](self) for what becomes of it.
    ///
    /// # Errors
    /// [`Error::Pending`] where its holder lives; what fails on the way.
    #[tracing::instrument(skip_all, fields(release.name = %options.name))]
    pub async fn recover(&self, options: Recover) -> Result<Recovered, Error> {
        checks::reach(self).await?;
        checks::existing_name(&options.name, "r")?;
        let engine = Self {
            // Who asks for recovery knows that nobody is at work on it.
            auto_recover: true,
            ..self.clone()
        };
        let recovering = Recovering {
            engine: &engine,
            options,
        };
        Box::pin(recovering.run()).await
    }
}

struct Recovering<'a> {
    engine: &'a Engine,
    options: Recover,
}

impl Recovering<'_> {
    async fn run(&self) -> Result<Recovered, Error> {
        let history = records::history(self.engine, 0);
        let mut all = history.of(&self.options.name).await?;
        let Some(mut last) = all.pop() else {
            return Err(Error::NoRelease);
        };
        let status = last.info.status.clone();
        let interrupted = last.version;
        let deployed = all.iter().rev().find(|r| r.info.status == Status::Deployed);
        let left = super::was_interrupted(&last);
        match status {
            Status::Uninstalling => return self.uninstall(last).await,
            Status::PendingInstall => {
                take_over(self.engine, &mut last, false).await?;
            }
            Status::PendingUpgrade | Status::PendingRollback => {
                if deployed.is_none() && is_complete(&all) {
                    return self.record(last).await;
                }
                take_over(self.engine, &mut last, false).await?;
            }
            _ if left => {}
            _ => {
                self.remove_journal(&last).await;
                claim::stale(self.engine, &last, interrupted + 1).await?;
                return Ok(Recovered::Settled(Box::new(last)));
            }
        }
        match deployed {
            Some(deployed) if status != Status::PendingRollback => {
                let to = deployed.version;
                let release = self.go_to(to).await?;
                Ok(Recovered::TakenBack {
                    interrupted,
                    to,
                    release,
                })
            }
            Some(_) => {
                let release = self.go_to(interrupted).await?;
                Ok(Recovered::Finished {
                    interrupted,
                    status,
                    release,
                })
            }
            None => {
                let release = match is_first(&all) {
                    true => Box::new(self.install(last).await?.release),
                    false => self.go_to(interrupted).await?,
                };
                Ok(Recovered::Finished {
                    interrupted,
                    status,
                    release,
                })
            }
        }
    }

    /// Records that a change is complete.
    async fn record(&self, mut release: Release) -> Result<Recovered, Error> {
        super::judge(self.engine, &release).await?;
        let description = match release.info.status {
            Status::PendingRollback => release.info.description.clone(),
            _ => "Upgrade complete".to_owned(),
        };
        release.set_status(Status::Deployed, description);
        self.engine.store.update(&release).await?;
        clean_hooks(self.engine, &release).await?;
        self.remove_journal(&release).await;
        Ok(Recovered::Recorded(Box::new(release)))
    }

    /// Makes the content of a revision that of the newest one.
    async fn go_to(&self, revision: i64) -> Result<Box<Release>, Error> {
        let rollback = Rollback {
            name: self.options.name.clone(),
            revision,
            waiting: self.options.waiting,
            disable_hooks: self.options.disable_hooks,
            ..Rollback::default()
        };
        let done = self.engine.rollback(rollback).await?;
        Ok(Box::new(done.release))
    }

    async fn uninstall(&self, release: Release) -> Result<Recovered, Error> {
        super::judge(self.engine, &release).await?;
        let uninstall = Uninstall {
            name: self.options.name.clone(),
            // Whether the history was to be kept nobody knows: so nothing is lost.
            keep_history: true,
            disable_hooks: self.options.disable_hooks,
            waiting: self.options.waiting,
            ..Uninstall::default()
        };
        let done = self.engine.uninstall(uninstall).await?;
        let release = done.map_or(release, |done| done.release);
        Ok(Recovered::Uninstalled(Box::new(release)))
    }

    /// Installs once more what the record of an interrupted install holds.
    async fn install(&self, interrupted: Release) -> Result<Done, Error> {
        let engine = self.engine;
        let mut release = interrupted.clone();
        release.version += 1;
        release.info.last_deployed = engine.clock.now();
        release.set_status(Status::PendingInstall, "Initial install underway");
        release.holder.clone_from(&engine.holder);
        for hook in &mut release.hooks {
            hook.last_run = Default::default();
        }
        let built = build(
            &*engine.cluster,
            &release.manifest,
            &engine.namespace,
            Check::None,
        );
        let before = built.await.map_err(Error::Objects)?;
        let mut plan = self.install_plan(&release, &before).await?;
        claim::fence(engine, 0, &release).await?;
        let left = [interrupted];
        let outcome = self.carry_out(&mut plan, &left, before, &mut release).await;
        outcome.map(|()| Done { release, plan })
    }

    async fn install_plan(&self, release: &Release, before: &[Target]) -> Result<Plan, Error> {
        let engine = self.engine;
        let owner = Owner::of(release);
        let mut wanted = before.to_vec();
        ownership::mark(&mut wanted, owner);
        let found = ownership::adoptable(engine, &wanted, owner, false).await;
        let found = found.map_err(|cause| Error::Ownership {
            upper: !engine.compat.starts_errors_lower_case(),
            action: "install",
            cause,
        })?;
        let method = Method {
            server_side: release.is_server_side(),
            ..Method::default()
        };
        let mut plan = planning::plan(Action::Install, release, method);
        let change = Change {
            before,
            wanted: &wanted,
            found: &found,
            take_ownership: false,
            observed: &Observed::default(),
            recreate: &[],
            stages: &ordering::stages_on_record(engine, &wanted, &release.order),
        };
        let course = Course {
            before: HookEvent::PreInstall,
            behind: HookEvent::PostInstall,
            disable_hooks: self.options.disable_hooks,
            waiting: self.options.waiting,
        };
        course.add_to(&mut plan, release, &change);
        planning::add_finish(&mut plan, "Install complete".to_owned());
        Ok(plan)
    }

    /// Carries the plan of an install out and records how it went.
    async fn carry_out(
        &self,
        plan: &mut Plan,
        left: &[Release],
        before: Vec<Target>,
        release: &mut Release,
    ) -> Result<(), Error> {
        let engine = self.engine;
        let notes = Notes::begin(engine, plan);
        let how = Update {
            server_side: plan.method.server_side,
            ..Update::default()
        };
        let mut execution = Execution {
            engine,
            plan,
            notes: &notes,
            before: HookEvent::PreInstall,
            behind: HookEvent::PostInstall,
            waiting: self.options.waiting,
            left,
            bringing: Bringing::Update(Arc::new(before), how),
            created: Vec::new(),
        };
        let outcome = tokio::select! {
            biased;
            outcome = execution.run(release) => outcome.map_err(|stopped| stopped.error),
            () = engine.cancel.cancelled() => Err(Error::Cancelled),
        };
        match &outcome {
            Ok(()) => release.set_status(Status::Deployed, "Install complete"),
            Err(error) => {
                let name = quoted(&release.name);
                let description = format!("Release {name} failed: {}", error.recorded());
                records::fail(release, description, error);
            }
        }
        let stored = engine.store.update(release).await;
        notes.end().await;
        outcome?;
        Ok(stored?)
    }

    /// Takes away a journal that was left behind a revision that is settled.
    async fn remove_journal(&self, release: &Release) {
        let engine = self.engine;
        let Some(journal) = &engine.journal else {
            return;
        };
        let Some(entry) = journal_of(engine, Place::of(release)).await else {
            return;
        };
        if engine.holders.is_gone(&entry.holder) {
            // One that stays says of itself that its holder no longer lives.
            let _left = journal.remove(&release.namespace, &release.name).await;
        }
    }
}

/// Whether no revision was complete yet: what was interrupted is an install.
fn is_first(older: &[Release]) -> bool {
    let complete = |r: &Release| matches!(r.info.status, Status::Deployed | Status::Superseded);
    !older.iter().any(complete)
}

/// Whether all of a change but its last record was done: the revision before it is superseded only
/// then.
fn is_complete(older: &[Release]) -> bool {
    let before = older.iter().rev().find(|r| !super::was_interrupted(r));
    before.is_some_and(|r| r.info.status == Status::Superseded)
}
