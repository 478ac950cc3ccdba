//! Upgrade: a release goes on to a new revision.
//!
//! # Flow
//! 1. The cluster is reached and the release's history read: a pending revision is another action's,
//!    and ends this one.
//! 2. Values are taken over as asked, dependencies settled, the chart rendered. Its objects are made,
//!    new ones looked for in the cluster. A plan is made; a dry run ends here.
//! 3. The new revision's record is created, pending: the fence. Records beyond the limit go.
//! 4. Hooks, objects and prunings, waiting, hooks, as planned. Then the revision before is superseded and
//!    the new one deployed.
//!
//! # Guarantees
//! Before step 3 nothing is written. After it, whatever happens is in the record: deployed, or failed
//! with the reason. The revision before stays deployed until the new one is. With
//! [`Upgrade::undo_on_failure`] a failed upgrade is followed by a rollback to the last revision that
//! was good.
//!
//! # Cancellation
//! Through [`Engine::cancel`]: before the fence nothing further is done; after it, the action ends as
//! one that failed with `context canceled`. Dropping the future leaves a pending record and the
//! journal.

mod failure;
mod keeping;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use windlass_plan::ObjectRef;
use windlass_plan::plan::{Action, Method, Plan};
use windlass_release::{HookEvent, Release, Status, StoreError, labels};

use crate::apply::Update;
use crate::checks;
use crate::claim;
use crate::drawing::Drawing;
use crate::engine::Engine;
use crate::error::{Error, Reading};
use crate::event::Level;
use crate::execute::{Bringing, Execution, Part, Stopped};
use crate::faults::{self, Fault};
use crate::forecast;
use crate::install::Done;
use crate::notes::Notes;
use crate::objects::ownership::{self, Owner};
use crate::objects::{Check, Target, build, build_stored};
use crate::options::{DryRun, Recreate, ServerSide, Waiting};
use crate::ordering;
use crate::planning::{self, Change, Course};
use crate::records;
use crate::recovery;
use crate::renderer::{RenderRequest, RenderedChart, Renderer, ReuseValues};

/// What an upgrade is told.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Upgrade {
    /// The release's name.
    pub name: String,
    /// How far to go.
    pub dry_run: DryRun,
    /// Secrets are left out of the manifest; dry runs only.
    pub hide_secrets: bool,
    /// What becomes of the values of the revision before.
    pub reuse: ReuseValues,
    /// Hooks do not run.
    pub disable_hooks: bool,
    /// What is waited for.
    pub waiting: Waiting,
    /// The record's description, instead of the usual one.
    pub description: String,
    /// An upgrade that fails is rolled back.
    pub undo_on_failure: bool,
    /// Objects that a failed upgrade created are deleted.
    pub clean_up_on_failure: bool,
    /// The record's own labels, over those of the revision before; `null` takes one away.
    pub labels: BTreeMap<String, String>,
    /// How many revisions to keep; 0 keeps all.
    pub max_history: i64,
    /// Objects are replaced instead of patched.
    pub force_replace: bool,
    /// Fields are taken from other managers.
    pub force_conflicts: bool,
    /// Who applies.
    pub server_side: ServerSide,
    /// Objects that are there become the release's, whosever they are.
    pub take_ownership: bool,
    /// Manifests are not looked at closely.
    pub disable_validation: bool,
    /// The server is asked by dry runs first whether it will take everything.
    pub preflight: bool,
    /// Objects that may be deleted and created anew.
    pub recreate: Vec<Recreate>,
}

impl Engine {
    /// Upgrades a release. See [the module](self::upgrade) for the contract.
    ///
    /// # Errors
    /// The first thing that fails, in Helm's words.
    #[tracing::instrument(skip_all, fields(release.name = %options.name))]
    pub async fn upgrade(
        &self,
        mut options: Upgrade,
        renderer: Box<dyn Renderer>,
    ) -> Result<Done, Error> {
        options.force_conflicts &= self.compat.applies_on_server();
        let upgrading = Upgrading {
            engine: self,
            options,
        };
        upgrading.run(Drawing::new(renderer)).await
    }
}

/// Who applies, given what is asked for and how it was done before.
pub(crate) fn applies_on_server(
    engine: &Engine,
    asked: &ServerSide,
    before: &Release,
) -> Result<bool, Error> {
    if !engine.compat.applies_on_server() {
        return Ok(false);
    }
    match asked {
        ServerSide::Auto => Ok(before.is_server_side()),
        ServerSide::Yes => Ok(true),
        ServerSide::No => Ok(false),
        ServerSide::Unknown(other) => Err(Error::Method(other.clone())),
    }
}

struct Upgrading<'a> {
    engine: &'a Engine,
    options: Upgrade,
}

/// The revisions that an upgrade starts from.
struct History {
    /// The newest, which is failed or superseded where it is not deployed.
    last: Release,
    /// The one that the cluster runs, as far as anybody knows.
    current: Release,
    /// Others whose objects may be there, since an action was interrupted; oldest first, so that the
    /// fields of the newest are on top.
    interrupted: Vec<Release>,
    /// Those whose hooks may have left something.
    left: Vec<Release>,
}

impl History {
    /// That of a release whose newest revision is deployed.
    fn settled(last: Release) -> Self {
        Self {
            last: without_payload(&last),
            current: last,
            interrupted: Vec::new(),
            left: Vec::new(),
        }
    }
}

/// A revision without what takes memory: chart, values, manifest and hooks.
fn without_payload(release: &Release) -> Release {
    Release {
        name: release.name.clone(),
        namespace: release.namespace.clone(),
        version: release.version,
        info: release.info.clone(),
        labels: release.labels.clone(),
        apply_method: release.apply_method.clone(),
        holder: release.holder.clone(),
        ..Release::default()
    }
}

/// An upgrade before the fence.
struct Prepared {
    current: Release,
    left: Vec<Release>,
    release: Release,
    /// The current revision's objects, and those that were found in the cluster.
    before: Arc<Vec<Target>>,
    settled: bool,
    plan: Plan,
}

impl Upgrading<'_> {
    async fn run(mut self, mut drawing: Drawing) -> Result<Done, Error> {
        let mut prepared = self.look(&mut drawing).await?;
        if self.options.dry_run.is_dry() {
            prepared.release.info.description =
                records::description(&self.options.description, "Dry run complete");
            let Prepared { release, plan, .. } = prepared;
            return Ok(Done { release, plan });
        }
        if self.engine.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if self.options.preflight {
            let bringing = bringing(&prepared);
            forecast::preflight(self.engine, &prepared.plan, &bringing).await?;
        }
        // The chart and its rendering take memory that the objects need from here on.
        drop(drawing);
        self.execute(prepared).await
    }

    /// All that comes before the fence.
    async fn look(&mut self, drawing: &mut Drawing) -> Result<Prepared, Error> {
        let version = checks::reach(self.engine).await?;
        self.watch_to_undo();
        checks::existing_name(&self.options.name, "r")?;
        self.debug("preparing upgrade");
        self.check_hiding()?;
        let history = self.history().await?;
        self.take_values(drawing, &history.current).await?;
        drawing.attempt(|r| r.process_dependencies()).await?;
        let capabilities = checks::capabilities(self.engine, version).await?;
        let rendered = self.render(drawing, &history, capabilities).await?;
        checks::custom_labels(&self.options.labels)?;
        let server_side = applies_on_server(self.engine, &self.options.server_side, &history.last)?;
        let release = self.release(&history.last, &history.current, rendered, server_side);
        self.prepare(history, release, server_side).await
    }

    /// Failing must be noticed, so that it can be undone.
    fn watch_to_undo(&mut self) {
        let undo = self.options.undo_on_failure;
        let waiting = &mut self.options.waiting;
        waiting.strategy = waiting.strategy.for_undoing(undo);
    }

    fn debug(&self, message: &str) {
        let fields = vec![("name", self.options.name.clone())];
        self.engine.log(Level::Debug, message, fields);
    }

    fn check_hiding(&self) -> Result<(), Error> {
        let upper = !self.engine.compat.starts_errors_lower_case();
        match self.options.hide_secrets && !self.options.dry_run.is_dry() {
            true => Err(Error::HideSecrets { upper }),
            false => Ok(()),
        }
    }

    /// The revisions to start from.
    async fn history(&self) -> Result<History, Error> {
        let name = &self.options.name;
        let history = records::history(self.engine, 0);
        let absent = |error| match error {
            StoreError::NotFound => StoreError::NoDeployed(name.clone()),
            other => other,
        };
        let last = history.last(name).await.map_err(absent)?;
        if last.info.status == Status::Deployed {
            return Ok(History::settled(last));
        }
        // What went before counts.
        let mut all = history.of(name).await.map_err(absent)?;
        let Some(last) = all.last_mut() else {
            return Err(StoreError::NoRevision(name.clone()).into());
        };
        if last.info.status.is_pending() {
            let is_dry = self.options.dry_run.is_dry();
            recovery::take_over(self.engine, last, is_dry).await?;
        }
        let last = last.clone();
        if last.info.status == Status::Deployed {
            return Ok(History::settled(last));
        }
        let current = match history.deployed(name).await {
            Ok(current) => current,
            Err(StoreError::NoDeployed(_))
                if matches!(last.info.status, Status::Failed | Status::Superseded) =>
            {
                last.clone()
            }
            Err(error) => return Err(error.into()),
        };
        let left: Vec<Release> = recovery::interrupted(&all)
            .into_iter()
            .rev()
            .cloned()
            .collect();
        let mut interrupted = recovery::beside(&all);
        interrupted.retain(|release| !left.iter().any(|l| l.version == release.version));
        interrupted.extend(left.iter().cloned());
        interrupted.retain(|release| release.version != current.version);
        Ok(History {
            last,
            current,
            interrupted,
            left,
        })
    }

    async fn take_values(&self, drawing: &mut Drawing, current: &Release) -> Result<(), Error> {
        let how = match faults::on(Fault::ReuseNothing) {
            true => ReuseValues::Reset,
            false => self.options.reuse,
        };
        let current = current.clone();
        drawing.attempt(move |r| r.reuse(&current, how)).await
    }

    async fn render(
        &self,
        drawing: &mut Drawing,
        history: &History,
        capabilities: windlass_render::Capabilities,
    ) -> Result<RenderedChart, Error> {
        let request = RenderRequest {
            release: windlass_render::Release {
                name: self.options.name.clone(),
                namespace: history.current.namespace.clone(),
                revision: history.last.version + 1,
                is_install: false,
                is_upgrade: true,
            },
            capabilities,
            lookup: self.options.dry_run != DryRun::Client,
            hide_secrets: self.options.hide_secrets,
        };
        drawing.attempt(|r| r.prepare(request)).await?;
        drawing.attempt(|r| r.render()).await
    }

    /// Makes the plan of a record.
    async fn prepare(
        &self,
        history: History,
        release: Release,
        server_side: bool,
    ) -> Result<Prepared, Error> {
        let History {
            last,
            current,
            interrupted,
            left,
        } = history;
        let (mut before, wanted) = self.targets(&current, &release).await?;
        let beside: Vec<&Release> = interrupted.iter().collect();
        recovery::add_objects(self.engine, &mut before, &beside).await;
        let found = self.found(&before, &wanted, &release).await?;
        let all = before.iter().chain(&wanted);
        let observed = planning::observe(self.engine, self.options.dry_run, all).await;
        let change = Change {
            before: &before,
            wanted: &wanted,
            found: &found,
            take_ownership: self.options.take_ownership,
            observed: &observed,
            recreate: &self.options.recreate,
            stages: &ordering::stages(self.engine, &wanted, &release.order)?,
        };
        change.check_recreate()?;
        let plan = self.plan(&release, &change, server_side);
        // What a failed revision left behind is not known in full, nor what was found.
        let settled = found.is_empty()
            && current.version == last.version
            && current.info.status == Status::Deployed;
        before.extend(found);
        Ok(Prepared {
            settled,
            current,
            left,
            release,
            before: Arc::new(before),
            plan,
        })
    }

    fn release(
        &self,
        last: &Release,
        current: &Release,
        rendered: RenderedChart,
        server_side: bool,
    ) -> Release {
        let mut release = records::of(self.engine, rendered, server_side);
        release.name.clone_from(&self.options.name);
        release.namespace.clone_from(&current.namespace);
        release.version = last.version + 1;
        release.labels = match faults::on(Fault::ForgetReleaseLabels) {
            true => self.options.labels.clone(),
            false => labels::merged(&last.labels, &self.options.labels),
        };
        release.info.first_deployed = current.info.first_deployed.clone();
        release.set_status(Status::PendingUpgrade, "Preparing upgrade");
        release
    }

    /// The objects of the current revision and those that are wanted.
    async fn targets(
        &self,
        current: &Release,
        release: &Release,
    ) -> Result<(Vec<Target>, Vec<Target>), Error> {
        let engine = self.engine;
        let check = Check::unless(self.options.disable_validation);
        let built = build(
            &*engine.cluster,
            &release.manifest,
            &engine.namespace,
            check,
        )
        .await;
        // Helm reads the new manifest first of all, and says nothing of its own there.
        let mut wanted = built.map_err(Error::Objects)?;
        let before = current_targets(engine, current).await?;
        let owner = Owner::of(release);
        ownership::mark(&mut wanted, owner);
        Ok((before, wanted))
    }

    /// Objects that are new in the release and in the cluster already.
    async fn found(
        &self,
        before: &[Target],
        wanted: &[Target],
        release: &Release,
    ) -> Result<Vec<Target>, Error> {
        let known: HashSet<&ObjectRef> = before.iter().map(|target| &target.at).collect();
        let new = wanted.iter().filter(|target| !known.contains(&target.at));
        let new: Vec<Target> = new.cloned().collect();
        let owner = Owner::of(release);
        let take = self.options.take_ownership;
        let found = ownership::adoptable(self.engine, &new, owner, take).await;
        found.map_err(|cause| Error::Ownership {
            upper: !self.engine.compat.starts_errors_lower_case(),
            action: "update",
            cause,
        })
    }

    fn plan(&self, release: &Release, change: &Change<'_>, server_side: bool) -> Plan {
        let options = &self.options;
        let method = Method {
            server_side,
            force_conflicts: options.force_conflicts,
            force_replace: options.force_replace,
            take_ownership: options.take_ownership,
        };
        let mut plan = planning::plan(Action::Upgrade, release, method);
        let course = Course {
            before: HookEvent::PreUpgrade,
            behind: HookEvent::PostUpgrade,
            disable_hooks: options.disable_hooks,
            waiting: options.waiting,
        };
        course.add_to(&mut plan, release, change);
        let description = records::description(&options.description, "Upgrade complete");
        planning::add_succession(&mut plan, description);
        plan
    }

    // === Carrying the plan out ===

    async fn execute(&self, prepared: Prepared) -> Result<Done, Error> {
        let bringing = bringing(&prepared);
        let Prepared {
            mut current,
            left,
            mut release,
            mut plan,
            ..
        } = prepared;
        let engine = self.engine;
        let limit = self.options.max_history;
        self.debug("creating upgraded release");
        claim::fence(engine, limit, &release).await?;
        let notes = Notes::begin(engine, &plan);
        let mut execution = Execution {
            engine,
            plan: &mut plan,
            notes: &notes,
            before: HookEvent::PreUpgrade,
            behind: HookEvent::PostUpgrade,
            waiting: self.options.waiting,
            left: &left,
            bringing,
            created: Vec::new(),
        };
        let outcome = tokio::select! {
            biased;
            outcome = execution.run(&mut release) => outcome,
            () = engine.cancel.cancelled() => Err(Stopped {
                part: Part::HooksBefore,
                error: Error::Cancelled,
            }),
        };
        let created = std::mem::take(&mut execution.created);
        let outcome = match outcome {
            Ok(()) => self.finish(&mut current, &mut release).await,
            Err(stopped) => {
                if matches!(stopped.part, Part::Objects | Part::Waiting) {
                    records::note(engine, &current).await;
                }
                let error = named(stopped);
                Err(self.fail(&mut release, &created, error).await)
            }
        };
        notes.end().await;
        outcome.map(|()| Done { release, plan })
    }

    async fn finish(&self, current: &mut Release, release: &mut Release) -> Result<(), Error> {
        records::supersede_one(self.engine, current).await?;
        release.info.status = Status::Deployed;
        release.info.description =
            records::description(&self.options.description, "Upgrade complete");
        self.debug("updating status for upgraded release");
        self.engine.store.update(release).await?;
        Ok(())
    }
}

/// How objects are brought.
fn bringing(prepared: &Prepared) -> Bringing {
    let method = prepared.plan.method;
    let how = Update {
        server_side: method.server_side,
        force_conflicts: method.force_conflicts,
        force_replace: method.force_replace,
        migrate_manager: !prepared.current.is_server_side() && method.server_side,
        settled: prepared.settled,
        ..Update::default()
    };
    Bringing::Update(Arc::clone(&prepared.before), how)
}

/// The objects of the current revision.
async fn current_targets(engine: &Engine, current: &Release) -> Result<Vec<Target>, Error> {
    let built = build_stored(engine, &current.manifest).await;
    built.map_err(|cause| Error::Build {
        reading: Reading::CurrentManifest,
        cause,
    })
}

fn named(stopped: Stopped) -> Error {
    let moment = match (&stopped.error, stopped.part) {
        (Error::Cancelled, _) | (_, Part::Objects | Part::Waiting) => return stopped.error,
        (_, Part::HooksBefore) => "pre-upgrade hooks failed",
        (_, Part::HooksBehind) => "post-upgrade hooks failed",
    };
    Error::Hooks {
        moment,
        cause: Box::new(stopped.error),
    }
}
