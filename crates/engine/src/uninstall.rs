//! Uninstall: a release's objects go, and its records with them unless they are kept.
//!
//! # Flow
//! 1. The cluster is reached, the history read. A dry run tells what would go and ends here.
//! 2. The place of the next revision is claimed: until the end nobody can begin one. Hooks before; the newest
//!    record is stored as uninstalling.
//! 3. The stored manifest is taken apart in the order of uninstalling. Objects that ask to be kept, that
//!    are not the release's, or of which that cannot be found out, stay and are told; the others are
//!    deleted and waited for.
//! 4. Hooks after. All records are deleted, or the newest one is stored as uninstalled.
//!
//! # Guarantees
//! An object that the release does not own is never deleted (with Helm 3's behaviour: what the
//! manifest names is deleted, whosever it is). An uninstall can be repeated until it succeeds.
//!
//! # Cancellation
//! Through [`Engine::cancel`]: the action ends where it waits, and the record says that it was
//! uninstalling. Dropping the future does the same, and leaves the claim and the journal.

mod belongings;
mod keeping;

use serde::{Deserialize, Serialize};
use windlass_plan::ObjectRef;
use windlass_plan::cluster::Propagation;
use windlass_plan::journal::Phase;
use windlass_plan::plan::{Action, Method, Operation, Plan};
use windlass_release::{HookEvent, Release, Status};

use crate::apply;
use crate::checks;
use crate::claim::{self, Held};
use crate::engine::Engine;
use crate::error::{Error, text};
use crate::event::Level;
use crate::hooks::Hooks;
use crate::notes::Notes;
use crate::options::Waiting;
use crate::ordering;
use crate::planning::{self, Observed};
use crate::records;
use crate::recovery;
use crate::wait::Waiter;
use belongings::{PartError, Parting};

/// What an uninstall is told.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Uninstall {
    /// The release's name.
    pub name: String,
    /// Nothing is written.
    pub dry_run: bool,
    /// A release that is not there is as good as uninstalled.
    pub ignore_not_found: bool,
    /// The records stay.
    pub keep_history: bool,
    /// Hooks do not run.
    pub disable_hooks: bool,
    /// What is waited for.
    pub waiting: Waiting,
    /// What becomes of dependents.
    pub propagation: Propagation,
    /// The record's description, instead of the usual one.
    pub description: String,
}

/// What an uninstall did.
#[derive(Debug)]
pub struct Uninstalled {
    /// The release as it was recorded last.
    pub release: Release,
    /// What stayed and why, as Helm tells it.
    pub info: String,
    /// What was done; or would be. `None` where only records were left to delete.
    pub plan: Option<Plan>,
}

impl Engine {
    /// Uninstalls a release. `None` says that there is none, where that is no error. See [the
    /// module](self::uninstall) for the contract.
    ///
    /// # Errors
    /// What fails, in Helm's words. Where the release is uninstalled all the same, it is
    /// [`Error::Uninstalled`].
    #[tracing::instrument(skip_all, fields(release.name = %options.name))]
    pub async fn uninstall(&self, options: Uninstall) -> Result<Option<Uninstalled>, Error> {
        checks::reach(self).await?;
        let uninstalling = Uninstalling {
            engine: self,
            options,
        };
        match uninstalling.options.dry_run {
            true => uninstalling.only_tell().await,
            false => uninstalling.run().await,
        }
    }
}

struct Uninstalling<'a> {
    engine: &'a Engine,
    options: Uninstall,
}

/// Revisions besides the newest.
struct Others {
    /// Those whose objects may be there too.
    beside: Vec<Release>,
    /// Those whose hooks may have left something.
    left: Vec<Release>,
    /// All of them.
    older: Vec<i64>,
}

/// A release whose objects are gone.
struct Taken {
    info: String,
    plan: Plan,
    /// What went wrong beside that.
    errors: Vec<Error>,
}

impl Uninstalling<'_> {
    async fn only_tell(&self) -> Result<Option<Uninstalled>, Error> {
        checks::existing_name(&self.options.name, "releaseContent: R")?;
        let ignored =
            self.options.ignore_not_found && self.engine.compat.ignores_not_found_on_dry_run();
        let release = match self.history().last(&self.options.name).await {
            Ok(release) => release,
            Err(error) if error.is_not_found() && ignored => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if !self.engine.compat.tells_what_would_be_kept() {
            let plan = None;
            let info = String::new();
            return Ok(Some(Uninstalled {
                release,
                info,
                plan,
            }));
        }
        let parting = belongings::part(self.engine, &release, &[]).await;
        let (info, plan) = match parting {
            Ok(parting) => {
                parting.tell_what_would_be(self.engine, &release.name);
                (
                    parting.kept_by_policy(),
                    Some(self.plan(&release, &parting, &[], &Observed::default())),
                )
            }
            // What cannot be taken apart is not told, as in Helm.
            Err(_) => (String::new(), None),
        };
        Ok(Some(Uninstalled {
            release,
            info,
            plan,
        }))
    }

    fn history(&self) -> windlass_release::History<'_> {
        records::history(self.engine, 0)
    }

    fn debug(&self, message: &str) {
        let fields = vec![("release", self.options.name.clone())];
        self.engine.log(Level::Debug, message, fields);
    }

    async fn run(&self) -> Result<Option<Uninstalled>, Error> {
        let name = &self.options.name;
        checks::existing_name(name, "uninstall: R")?;
        let mut all = match self.history().of(name).await {
            Ok(all) => all,
            Err(_) if self.options.ignore_not_found => return Ok(None),
            Err(cause) => {
                let release = name.clone();
                return Err(Error::NotLoaded { release, cause });
            }
        };
        let Some(release) = all.pop() else {
            return Err(Error::NoRelease);
        };
        let older: Vec<i64> = all.iter().map(|release| release.version).collect();
        all.push(release.clone());
        let (release, beside) = self.take_over(release, &mut all).await?;
        if release.info.status == Status::Uninstalled {
            return self.run_again(release, &older).await.map(Some);
        }
        if self.engine.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let left: Vec<Release> = recovery::interrupted(&all).into_iter().cloned().collect();
        self.run_claimed(
            release,
            &Others {
                beside,
                left,
                older,
            },
        )
        .await
        .map(Some)
    }

    /// Takes over a revision that was interrupted; with those whose objects may be there besides.
    async fn take_over(
        &self,
        mut last: Release,
        all: &mut [Release],
    ) -> Result<(Release, Vec<Release>), Error> {
        // One that names nobody is Helm's, and may go as ever.
        if last.info.status.is_pending() && (self.engine.auto_recover || !last.holder.is_empty()) {
            recovery::take_over(self.engine, &mut last, false).await?;
        }
        if let Some(newest) = all.last_mut() {
            newest.clone_from(&last);
        }
        let beside = recovery::beside(all);
        Ok((last, beside))
    }

    /// Takes the release down while everybody else is kept out.
    async fn run_claimed(
        &self,
        mut release: Release,
        others: &Others,
    ) -> Result<Uninstalled, Error> {
        let engine = self.engine;
        let claim = claim::claim(engine, &release).await?;
        let begun = planning::plan(Action::Uninstall, &release, Method::default());
        let notes = Notes::begin(engine, &begun);
        let outcome = tokio::select! {
            biased;
            outcome = self.take_down(&mut release, others, &notes) => outcome,
            () = engine.cancel.cancelled() => Err(Error::Cancelled),
        };
        // Before the records: nobody comes after the last of them to take the notes away.
        notes.end().await;
        let Taken { info, plan, errors } = match outcome {
            Ok(taken) => taken,
            Err(error) => {
                claim.give_up().await;
                return Err(error);
            }
        };
        self.close(&mut release, &others.older, errors, claim)
            .await?;
        Ok(Uninstalled {
            release,
            info,
            plan: Some(plan),
        })
    }

    /// A release that was uninstalled before can only lose its records.
    async fn run_again(&self, release: Release, older: &[i64]) -> Result<Uninstalled, Error> {
        if self.options.keep_history {
            return Err(Error::AlreadyUninstalled(self.options.name.clone()));
        }
        claim::stale(self.engine, &release, release.version + 1).await?;
        self.purge_older(&release, older).await?;
        self.purge_one(&release, release.version).await?;
        Ok(Uninstalled {
            release,
            info: String::new(),
            plan: None,
        })
    }

    async fn take_down(
        &self,
        release: &mut Release,
        others: &Others,
        notes: &Notes,
    ) -> Result<Taken, Error> {
        let engine = self.engine;
        recovery::settle(engine, &others.left).await?;
        release.holder.clone_from(&engine.holder);
        self.debug("uninstall: deleting release");
        release.info.deleted = engine.clock.now();
        release.set_status(
            Status::Uninstalling,
            "Deletion in progress (or silently failed)",
        );
        self.hooks(release, &HookEvent::PreDelete).await?;
        self.store(release).await;
        let parting = belongings::part(engine, release, &others.beside).await;
        let parting = parting.map_err(|error| match error {
            PartError::Unverified { object, cause } => Error::Unverified { object, cause },
            other => self.not_deleted(&text(&other)),
        })?;
        parting.tell_what_stays(engine, &release.name);
        let info = parting.info();
        let plan = self.plan(release, &parting, &others.older, &Observed::default());
        let errors = self.carry_out(&parting, notes, release).await?;
        Ok(Taken { info, plan, errors })
    }

    fn not_deleted(&self, why: &str) -> Error {
        let fields = vec![("error", format!("[{why}]"))];
        let message = "uninstall: Failed to delete release";
        self.engine.log(Level::Debug, message, fields);
        Error::Delete(self.options.name.clone())
    }

    async fn hooks(&self, release: &mut Release, moment: &HookEvent) -> Result<(), Error> {
        if self.options.disable_hooks {
            self.debug("delete hooks disabled");
            return Ok(());
        }
        let hooks = Hooks {
            engine: self.engine,
            store: &*self.engine.store,
            waiter: Waiter::new(self.engine, self.options.waiting),
            server_side: self.engine.compat.applies_on_server(),
        };
        hooks
            .run(release, moment)
            .await
            .map_err(|error| Error::Hook(Box::new(error)))
    }

    /// Stores the newest record; that it cannot be stored is only told.
    async fn store(&self, release: &Release) {
        if let Err(error) = self.engine.store.update(release).await {
            let fields = vec![("error", error.text())];
            let message = "uninstall: Failed to store updated release";
            self.engine.log(Level::Debug, message, fields);
        }
    }

    /// Deletes objects and runs the hooks behind that. What fails besides deleting is given: it is told in
    /// the end, once the release is gone.
    async fn carry_out(
        &self,
        parting: &Parting,
        notes: &Notes,
        release: &mut Release,
    ) -> Result<Vec<Error>, Error> {
        let engine = self.engine;
        notes.phase(Phase::Delete);
        let mut objects = Vec::new();
        for going in parting.going() {
            self.delete(&going.objects).await?;
            self.pass(&going.awaited).await?;
            objects.extend(going.objects);
        }
        let mut errors = Vec::new();
        notes.phase(Phase::Wait);
        let waiter = Waiter::new(engine, self.options.waiting);
        if let Err(error) = waiter.gone(&objects).await {
            errors.push(Error::Wait(error));
        }
        notes.phase(Phase::Hooks {
            moment: HookEvent::PostDelete.to_string(),
        });
        if let Err(error) = self.hooks(release, &HookEvent::PostDelete).await {
            errors.push(error);
        }
        notes.phase(Phase::Finish);
        Ok(errors)
    }

    /// Ends the records, and lets others in again right before the last of them: nobody comes after that
    /// to take the claim away.
    async fn close(
        &self,
        release: &mut Release,
        older: &[i64],
        mut errors: Vec<Error>,
        claim: Held<'_>,
    ) -> Result<(), Error> {
        let description =
            records::description(&self.options.description, "Uninstallation complete");
        release.set_status(Status::Uninstalled, description);
        if self.options.keep_history {
            // The last word is the newest record's: until it is said, the uninstall can be repeated.
            let superseded = records::supersede(self.engine, &release.name).await;
            claim.give_up().await;
            superseded?;
            self.store(release).await;
        } else {
            let purged = self.purge_older(release, older).await;
            claim.give_up().await;
            let purged = match purged {
                Ok(()) => self.purge_one(release, release.version).await,
                failed => failed,
            };
            errors.extend(purged.err());
        }
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Error::Uninstalled(errors)),
        }
    }

    /// Waits until what depends on others is gone. As long as it is not, those stay, and so does the
    /// release: the uninstall can be repeated.
    async fn pass(&self, awaited: &[ObjectRef]) -> Result<(), Error> {
        if awaited.is_empty() {
            return Ok(());
        }
        let waiter = Waiter::new(self.engine, ordering::gate(self.options.waiting));
        waiter.gone(awaited).await.map_err(Error::GateGone)
    }

    async fn delete(&self, objects: &[ObjectRef]) -> Result<(), Error> {
        if objects.is_empty() {
            return Ok(());
        }
        let deleted = apply::delete(self.engine, objects, self.options.propagation).await;
        deleted.map(|_| ()).map_err(|errors| {
            let texts: Vec<String> = errors.iter().map(|e| text(e)).collect();
            self.not_deleted(&texts.join(" "))
        })
    }

    /// Deletes all records but the newest, oldest first.
    async fn purge_older(&self, release: &Release, older: &[i64]) -> Result<(), Error> {
        self.debug("purge requested");
        for revision in older {
            self.purge_one(release, *revision).await?;
        }
        Ok(())
    }

    async fn purge_one(&self, release: &Release, revision: i64) -> Result<(), Error> {
        let deleted = self.engine.store.delete(&release.name, revision).await;
        deleted.map(drop).map_err(Error::Purge)
    }

    fn plan(
        &self,
        release: &Release,
        parting: &Parting,
        older: &[i64],
        observed: &Observed,
    ) -> Plan {
        let options = &self.options;
        let method = Method::default();
        let mut plan = planning::plan(Action::Uninstall, release, method);
        if !options.disable_hooks {
            planning::add_hooks(&mut plan, &release.hooks, &HookEvent::PreDelete);
        }
        plan.then([Operation::Record {
            status: Status::Uninstalling.to_string(),
        }]);
        parting.add_to(&mut plan, options.propagation, options.waiting, observed);
        if options.waiting.strategy != crate::options::Strategy::HookOnly {
            plan.then([Operation::WaitGone {
                strategy: options.waiting.strategy.name().to_owned(),
            }]);
        }
        if !options.disable_hooks {
            planning::add_hooks(&mut plan, &release.hooks, &HookEvent::PostDelete);
        }
        if options.keep_history {
            plan.then([Operation::Finish {
                status: Status::Uninstalled.to_string(),
                description: records::description(&options.description, "Uninstallation complete"),
            }]);
        } else {
            let revisions = older.iter().copied().chain([release.version]).collect();
            plan.then([Operation::Purge { revisions }]);
        }
        plan
    }
}
