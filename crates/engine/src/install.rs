//! Install: a chart becomes a release.
//!
//! # Flow
//! 1. The cluster is reached, the name and the options are checked; nothing is written.
//! 2. Dependencies are settled; files of `crds/` are created and waited for, so that templates and
//!    everything after see their kinds.
//! 3. The chart is rendered; its objects are made and looked for in the cluster. A plan is made. A
//!    dry run ends here.
//! 4. The namespace is created if asked for. The record is created, pending: the fence.
//! 5. Hooks, objects, waiting, hooks, as planned. The record is stored as deployed.
//!
//! # Guarantees
//! Before step 4 nothing but definitions of kinds is written. After the fence, whatever happens is in
//! the record: deployed, or failed with the reason. With [`Install::undo_on_failure`] a failed
//! release is uninstalled again.
//!
//! # Cancellation
//! Through [`Engine::cancel`]: before the fence nothing further is done; after it, the action ends as
//! one that failed with `context canceled`. Dropping the future leaves a pending record and the
//! journal.

mod carrying;
mod definitions;
mod keeping;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use windlass_plan::cluster::Version;
use windlass_plan::plan::{Action, Method, Operation, Plan};
use windlass_release::{HookEvent, Release, Status, name};
use windlass_render::Capabilities;

use crate::checks;
use crate::drawing::Drawing;
use crate::engine::Engine;
use crate::error::{Error, Reading};
use crate::event::Level;
use crate::foreseen::Foreseen;
use crate::objects::ownership::{self, Owner};
use crate::objects::{Check, Target, build};
use crate::options::{DryRun, Recreate, Waiting};
use crate::ordering::{self, Stage};
use crate::planning::{self, Change, Course, Observed};
use crate::records;
use crate::recovery;
use crate::renderer::{Definitions, RenderRequest, RenderedChart, Renderer};

/// What an install is told.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Install {
    /// The release's name.
    pub name: String,
    /// The release's namespace.
    pub namespace: String,
    /// How far to go.
    pub dry_run: DryRun,
    /// Secrets are left out of the manifest; dry runs only.
    pub hide_secrets: bool,
    /// A release of that name that is uninstalled or failed is followed by this one.
    pub replace: bool,
    /// The namespace is created.
    pub create_namespace: bool,
    /// Hooks do not run.
    pub disable_hooks: bool,
    /// Files of `crds/` are not installed.
    pub skip_definitions: bool,
    /// What is waited for.
    pub waiting: Waiting,
    /// The record's description, instead of the usual one.
    pub description: String,
    /// A release that fails is uninstalled.
    pub undo_on_failure: bool,
    /// The record's own labels.
    pub labels: BTreeMap<String, String>,
    /// Objects that are there are replaced.
    pub force_replace: bool,
    /// Fields are taken from other managers.
    pub force_conflicts: bool,
    /// The server applies.
    pub server_side: bool,
    /// Objects that are there become the release's, whosever they are.
    pub take_ownership: bool,
    /// Manifests are not looked at closely.
    pub disable_validation: bool,
    /// What is assumed of a cluster that is not asked.
    #[serde(skip)]
    pub assumed: Capabilities,
    /// `.Release.IsUpgrade`, in a dry run.
    pub is_upgrade: bool,
    /// The server is asked by dry runs first whether it will take everything.
    pub preflight: bool,
    /// Objects that may be deleted and created anew.
    pub recreate: Vec<Recreate>,
}

/// What became of a release, and by which plan.
#[derive(Debug)]
pub struct Done {
    /// The release, as it is recorded; or would be, after a dry run.
    pub release: Release,
    /// What was done, but for the objects, which were given away on the way; or what would be, in full.
    pub plan: Plan,
}

impl Engine {
    /// Installs a chart as a release. See [the module](self::install) for the contract.
    ///
    /// # Errors
    /// The first thing that fails, in Helm's words.
    #[tracing::instrument(skip_all, fields(release.name = %options.name))]
    pub async fn install(
        &self,
        mut options: Install,
        renderer: Box<dyn Renderer>,
    ) -> Result<Done, Error> {
        options.server_side &= self.compat.applies_on_server();
        options.force_conflicts &= self.compat.applies_on_server();
        if options.preflight && !options.dry_run.is_dry() {
            return self.install_checked(options, Drawing::new(renderer)).await;
        }
        let installing = Installing {
            engine: self,
            options,
            foreseen: None,
        };
        installing.run(Drawing::new(renderer)).await
    }
}

struct Installing<'a> {
    engine: &'a Engine,
    options: Install,
    /// Where definitions are only taken for installed.
    foreseen: Option<Arc<Foreseen>>,
}

/// The objects of an install.
struct Wanted<'a> {
    targets: &'a [Target],
    /// Those that are there already.
    adopted: &'a [Target],
    observed: &'a Observed,
    stages: &'a [Stage],
}

/// An install before the fence.
struct Prepared {
    release: Release,
    adopted: Vec<Target>,
    plan: Plan,
    /// The revision that this one takes the place of.
    replaced: Option<Release>,
    /// The files of definitions that come before.
    definitions: Vec<Definitions>,
}

impl Installing<'_> {
    async fn run(mut self, mut drawing: Drawing) -> Result<Done, Error> {
        let prepared = self.look(&mut drawing).await?;
        if self.options.dry_run.is_dry() {
            let Prepared {
                mut release, plan, ..
            } = prepared;
            "Dry run complete".clone_into(&mut release.info.description);
            return Ok(Done { release, plan });
        }
        if self.engine.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        // The chart and its rendering take memory that the objects need from here on.
        drop(drawing);
        self.execute(prepared).await
    }

    /// All that comes before the fence.
    async fn look(&mut self, drawing: &mut Drawing) -> Result<Prepared, Error> {
        let version = self.reach().await?;
        let replaced = self.check().await?;
        let definitions = self.settle(drawing).await?;
        self.watch_to_undo();
        let capabilities = match version {
            Some(version) => checks::capabilities(self.engine, version).await?,
            None => self.options.assumed.clone(),
        };
        let rendered = self.render(drawing, capabilities).await?;
        let mut release = self.release(rendered);
        if let Some(replaced) = &replaced {
            release.version = replaced.version + 1;
        }
        self.prepare(release, definitions, replaced).await
    }

    /// Failing must be noticed, so that it can be undone.
    fn watch_to_undo(&mut self) {
        let undo = self.options.undo_on_failure;
        let waiting = &mut self.options.waiting;
        waiting.strategy = waiting.strategy.for_undoing(undo);
    }

    /// Whether no cluster is asked.
    fn is_offline(&self) -> bool {
        self.options.dry_run == DryRun::Client && self.engine.compat.keeps_client_dry_run_offline()
    }

    async fn reach(&self) -> Result<Option<Version>, Error> {
        if self.is_offline() {
            return Ok(None);
        }
        match checks::reach(self.engine).await {
            Ok(version) => Ok(Some(version)),
            Err(cause) => Err(self.refused("cluster reachability check", cause, |text| {
                (format!("cluster reachability check failed: {text}"), None)
            })),
        }
    }

    /// A failed check; Helm 4 logs it and names the check.
    fn refused(
        &self,
        check: &'static str,
        cause: Error,
        line: impl FnOnce(String) -> (String, Option<String>),
    ) -> Error {
        if !self.engine.compat.names_the_failed_check() {
            return cause;
        }
        let (message, error) = line(cause.text());
        let fields = error.map(|error| ("error", error)).into_iter().collect();
        self.engine.log(Level::Error, message, fields);
        Error::Check {
            check,
            cause: Box::new(cause),
        }
    }

    /// Checks options and name. What an earlier revision of that name must make room for is given.
    async fn check(&self) -> Result<Option<Release>, Error> {
        let engine = self.engine;
        if self.options.hide_secrets && !self.options.dry_run.is_dry() {
            let upper = !engine.compat.starts_errors_lower_case();
            let error = Error::HideSecrets { upper };
            if !upper {
                engine.log(Level::Error, error.text(), Vec::new());
            }
            return Err(error);
        }
        self.available().await.map_err(|cause| {
            self.refused("release name check", cause, |text| {
                ("release name check failed".to_owned(), Some(text))
            })
        })
    }

    /// Checks that the name can be one and that no release has it.
    async fn available(&self) -> Result<Option<Release>, Error> {
        let name = &self.options.name;
        name::validate(name).map_err(|cause| Error::NewName {
            name: name.clone(),
            cause,
        })?;
        if self.options.dry_run.is_dry() && self.foreseen.is_none() {
            return Ok(None);
        }
        // Records that cannot be read are taken for none, as Helm does: the fence will tell.
        let Ok(mut last) = records::history(self.engine, 0).last(name).await else {
            return Ok(None);
        };
        let over = matches!(last.info.status, Status::Uninstalled | Status::Failed);
        if self.options.replace && over {
            return Ok(Some(last));
        }
        if self.was_killed(&mut last).await {
            return Ok(Some(last));
        }
        Err(Error::NameInUse(self.engine.compat.name_in_use()))
    }

    /// Whether the last revision is an install that was killed; it is taken over then.
    async fn was_killed(&self, last: &mut Release) -> bool {
        if recovery::was_interrupted(last) {
            return true;
        }
        // Helm's own names nobody: only who asks for it has that taken for killed.
        let told = self.engine.auto_recover || !last.holder.is_empty();
        let status = &last.info.status;
        *status == Status::PendingInstall
            && told
            && recovery::take_over(self.engine, last, self.options.dry_run.is_dry())
                .await
                .is_ok()
    }

    /// Settles dependencies and installs definitions; gives the files of the latter.
    async fn settle(&self, drawing: &mut Drawing) -> Result<Vec<Definitions>, Error> {
        let settled = drawing.attempt(|r| r.process_dependencies()).await;
        settled.map_err(|cause| {
            self.refused("chart dependencies processing", cause, |text| {
                (
                    "chart dependencies processing failed".to_owned(),
                    Some(text),
                )
            })
        })?;
        let files = drawing.run(|r| r.definitions()).await?;
        if self.is_offline() || self.options.skip_definitions || files.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(foreseen) = &self.foreseen {
            let objects = definitions::objects(self.engine, &files).await?;
            foreseen.expect(objects.iter().map(|target| &target.object));
        } else if self.options.dry_run.is_dry() {
            definitions::warn_of_dry_run(self.engine);
        } else {
            definitions::install(self.engine, &self.options, &files).await?;
        }
        Ok(files)
    }

    async fn render(
        &self,
        drawing: &mut Drawing,
        capabilities: Capabilities,
    ) -> Result<RenderedChart, Error> {
        let is_upgrade = self.options.is_upgrade && self.options.dry_run.is_dry();
        let request = RenderRequest {
            release: windlass_render::Release {
                name: self.options.name.clone(),
                namespace: self.options.namespace.clone(),
                revision: 1,
                is_install: !is_upgrade,
                is_upgrade,
            },
            capabilities,
            lookup: self.options.dry_run != DryRun::Client,
            hide_secrets: self.options.hide_secrets,
        };
        drawing.attempt(|r| r.prepare(request)).await?;
        checks::custom_labels(&self.options.labels)?;
        drawing.attempt(|r| r.render()).await
    }

    /// Makes the plan of a record.
    async fn prepare(
        &self,
        release: Release,
        definitions: Vec<Definitions>,
        replaced: Option<Release>,
    ) -> Result<Prepared, Error> {
        let (targets, adopted) = match self.is_offline() {
            true => Default::default(),
            false => self.targets(&release).await?,
        };
        let mut adopted = adopted;
        if let Some(killed) = replaced.as_ref().filter(|r| recovery::was_interrupted(r)) {
            recovery::add_objects(self.engine, &mut adopted, &[killed]).await;
        }
        let observed = planning::observe(self.engine, self.options.dry_run, &targets).await;
        let wanted = Wanted {
            targets: &targets,
            adopted: &adopted,
            observed: &observed,
            stages: &ordering::stages(self.engine, &targets, &release.order)?,
        };
        let plan = self.plan(&release, &wanted, &definitions, replaced.as_ref())?;
        Ok(Prepared {
            release,
            adopted,
            plan,
            replaced,
            definitions,
        })
    }

    fn release(&self, rendered: RenderedChart) -> Release {
        let options = &self.options;
        let mut release = records::of(self.engine, rendered, options.server_side);
        release.name.clone_from(&options.name);
        release.namespace.clone_from(&options.namespace);
        release.version = 1;
        release.labels.clone_from(&options.labels);
        release.info.first_deployed = release.info.last_deployed.clone();
        release.set_status(Status::PendingInstall, "Initial install underway");
        release
    }

    /// The release's objects, and those of them that are in the cluster already.
    async fn targets(&self, release: &Release) -> Result<(Vec<Target>, Vec<Target>), Error> {
        let (engine, options) = (self.engine, &self.options);
        let check = Check::unless(options.disable_validation);
        let built = build(
            &*engine.cluster,
            &release.manifest,
            &engine.namespace,
            check,
        )
        .await;
        let mut targets = built.map_err(|cause| Error::Build {
            reading: Reading::InstallManifest,
            cause,
        })?;
        let owner = Owner::of(release);
        ownership::mark(&mut targets, owner);
        if options.is_upgrade && options.dry_run.is_dry() {
            return Ok((targets, Vec::new()));
        }
        let adopted = ownership::adoptable(engine, &targets, owner, options.take_ownership).await;
        let adopted = adopted.map_err(|cause| Error::Ownership {
            upper: !engine.compat.starts_errors_lower_case(),
            action: "install",
            cause,
        })?;
        Ok((targets, adopted))
    }

    fn plan(
        &self,
        release: &Release,
        wanted: &Wanted<'_>,
        definitions: &[Definitions],
        replaced: Option<&Release>,
    ) -> Result<Plan, Error> {
        let options = &self.options;
        let method = Method {
            server_side: options.server_side,
            force_conflicts: options.force_conflicts,
            force_replace: options.force_replace,
            take_ownership: options.take_ownership,
        };
        let mut plan = planning::plan(Action::Install, release, method);
        for file in definitions {
            let path = file.name.clone();
            plan.then([Operation::InstallDefinitions { path }]);
        }
        if options.create_namespace {
            let name = options.namespace.clone();
            plan.then([Operation::CreateNamespace { name }]);
        }
        if let Some(replaced) = replaced.filter(|r| r.info.status != Status::Failed) {
            let revisions = vec![replaced.version];
            plan.then([Operation::Supersede { revisions }]);
        }
        let change = Change {
            before: &[],
            wanted: wanted.targets,
            found: wanted.adopted,
            take_ownership: options.take_ownership,
            observed: wanted.observed,
            recreate: &options.recreate,
            stages: wanted.stages,
        };
        change.check_recreate()?;
        let course = Course {
            before: HookEvent::PreInstall,
            behind: HookEvent::PostInstall,
            disable_hooks: options.disable_hooks,
            waiting: options.waiting,
        };
        course.add_to(&mut plan, release, &change);
        let description = records::description(&options.description, "Install complete");
        planning::add_finish(&mut plan, description);
        Ok(plan)
    }
}
