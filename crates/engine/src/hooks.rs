//! Running a release's hooks: one after another, by weight and name, each applied, waited for, noted in
//! the record and deleted by its policies.
//!
//! A hook that names no policy is deleted before it is created anew. Definitions of custom resources
//! are never deleted, since all their objects would go with them. When a hook fails, those before it
//! that are to be deleted on success are, since they succeeded; those behind it do not run.
//!
//! [`suite`] runs the hooks of `test`.

mod error;
mod output;
pub mod suite;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::Propagation;
use windlass_release::{
    DeletePolicy, Hook, HookEvent, HookExecution, HookPhase, OutputLogPolicy, Release,
    ReleaseStore, Time,
};

pub use error::HookError;

use crate::apply::{self, Create};
use crate::engine::Engine;
use crate::event::{Event, Level};
use crate::faults::{self, Fault};
use crate::objects::{Check, build};
use crate::wait::Waiter;

/// What hooks are run with.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// The ports.
    pub engine: &'a Engine,
    /// Where the record is kept that notes each run.
    pub store: &'a dyn ReleaseStore,
    /// How hooks, and deletions of hooks, are waited for.
    pub waiter: Waiter<'a>,
    /// Whether hooks are brought by server-side apply.
    pub server_side: bool,
}

/// What is left to be done after hooks ran: output and deletion by policy. It may be put off until
/// their logs were read.
#[derive(Debug, Default)]
#[must_use]
pub struct Aftermath {
    succeeded: Vec<Hook>,
    failed: Option<Hook>,
}

impl Hooks<'_> {
    /// Runs all hooks of a moment and cleans up behind them.
    ///
    /// # Errors
    /// The first hook that fails; or what cannot be cleaned up, which Helm tells instead.
    pub async fn run(&self, release: &mut Release, moment: &HookEvent) -> Result<(), HookError> {
        let (aftermath, result) = self.start(release, moment).await;
        self.finish(aftermath, &release.namespace).await?;
        result
    }

    /// Runs all hooks of a moment. What is to be cleaned up behind them is handed back.
    pub async fn start(
        &self,
        release: &mut Release,
        moment: &HookEvent,
    ) -> (Aftermath, Result<(), HookError>) {
        let order = in_order(&release.hooks, moment);
        for (done, &at) in order.iter().enumerate() {
            match self.run_one(release, at, moment).await {
                Ok(()) => {}
                Err(error @ HookError::Wait(_)) => {
                    let succeeded = order[..done].iter().map(|&at| release.hooks[at].clone());
                    let aftermath = Aftermath {
                        succeeded: succeeded.collect(),
                        failed: Some(release.hooks[at].clone()),
                    };
                    return (aftermath, Err(error));
                }
                Err(error) => return (Aftermath::default(), Err(error)),
            }
        }
        let succeeded = order.iter().map(|&at| release.hooks[at].clone()).collect();
        let aftermath = Aftermath {
            succeeded,
            failed: None,
        };
        (aftermath, Ok(()))
    }

    /// Shows and deletes by policy what [`Hooks::start`] left.
    ///
    /// # Errors
    /// What cannot be deleted. A failed hook that cannot be deleted is only logged.
    pub async fn finish(&self, left: Aftermath, namespace: &str) -> Result<(), HookError> {
        if let Some(failed) = &left.failed {
            let deleted = self
                .delete_by_policy(failed, &DeletePolicy::HookFailed)
                .await;
            if let Err(error) = deleted {
                self.log(
                    "error deleting the hook resource on hook failure",
                    105,
                    &error,
                );
            }
            for hook in &left.succeeded {
                self.delete_by_policy(hook, &DeletePolicy::HookSucceeded)
                    .await?;
            }
            return Ok(());
        }
        for hook in left.succeeded.iter().rev() {
            self.output_by_policy(hook, namespace, &OutputLogPolicy::HookSucceeded)
                .await;
            self.delete_by_policy(hook, &DeletePolicy::HookSucceeded)
                .await?;
        }
        Ok(())
    }

    /// Runs one hook, and notes in the record that it runs and in `release` how it went.
    async fn run_one(
        &self,
        release: &mut Release,
        at: usize,
        moment: &HookEvent,
    ) -> Result<(), HookError> {
        let hook = &mut release.hooks[at];
        if hook.delete_policies.is_empty() {
            hook.delete_policies = vec![DeletePolicy::BeforeHookCreation];
        }
        let hook = hook.clone();
        self.delete_by_policy(&hook, &DeletePolicy::BeforeHookCreation)
            .await?;
        let engine = self.engine;
        let built = build(
            &*engine.cluster,
            &hook.manifest,
            &engine.namespace,
            Check::Strict,
        );
        let mut targets = built.await.map_err(|cause| HookError::Build {
            moment: moment.to_string(),
            path: hook.path.clone(),
            cause,
        })?;
        engine.tell(Event::Hook {
            moment: moment.to_string(),
            path: hook.path.clone(),
        });
        release.hooks[at].last_run = HookExecution {
            started_at: self.now(),
            completed_at: Time::default(),
            phase: HookPhase::Running,
        };
        self.record(release).await;
        release.hooks[at].last_run.phase = HookPhase::Unknown;
        let how = Create {
            server_side: self.server_side,
            ..Create::default()
        };
        let created = apply::create_for_good(engine, &mut targets, how, self.waiter.limit()).await;
        if let Err(cause) = created {
            self.note(release, at, HookPhase::Failed);
            return Err(HookError::Create {
                moment: moment.to_string(),
                path: hook.path,
                cause,
            });
        }
        let waited = self.waiter.completed(&targets).await;
        let phase = match waited {
            Ok(()) => HookPhase::Succeeded,
            Err(_) => HookPhase::Failed,
        };
        self.note(release, at, phase);
        if waited.is_err() {
            let policy = OutputLogPolicy::HookFailed;
            self.output_by_policy(&hook, &release.namespace, &policy)
                .await;
        }
        waited.map_err(HookError::Wait)
    }

    fn now(&self) -> Time {
        self.engine.clock.now()
    }

    fn note(&self, release: &mut Release, at: usize, phase: HookPhase) {
        let run = &mut release.hooks[at].last_run;
        run.completed_at = self.now();
        run.phase = phase;
    }

    /// Stores the record. That it cannot be is no reason to stop.
    async fn record(&self, release: &Release) {
        if let Err(error) = self.store.update(release).await {
            let fields = vec![
                ("name", release.name.clone()),
                ("revision", release.version.to_string()),
                ("error", error.text()),
            ];
            let engine = self.engine;
            engine.log(Level::Warn, "failed to update release", fields);
        }
    }

    /// Deletes a hook's objects if that policy is one of its, and waits until they are gone.
    async fn delete_by_policy(&self, hook: &Hook, policy: &DeletePolicy) -> Result<(), HookError> {
        if hook.kind == "CustomResourceDefinition"
            || !hook.deletes_on(policy)
            || faults::on(Fault::SkipHookDeletion)
        {
            return Ok(());
        }
        let engine = self.engine;
        let built = build(
            &*engine.cluster,
            &hook.manifest,
            &engine.namespace,
            Check::None,
        );
        let targets = built.await.map_err(|cause| HookError::BuildForDeletion {
            path: hook.path.clone(),
            cause,
        })?;
        let objects: Vec<ObjectRef> = targets.into_iter().map(|target| target.at).collect();
        let deleted = apply::delete(engine, &objects, Propagation::Background).await;
        deleted.map_err(HookError::Delete)?;
        self.waiter
            .hook_gone(&objects)
            .await
            .map_err(HookError::StillThere)
    }

    /// Logs what went wrong beside the point. Helm 3 says which line of its own says so.
    fn log(&self, what: &str, line: u32, error: &(dyn std::error::Error + 'static)) {
        let place = match self.engine.compat.logs_structured() {
            true => String::new(),
            false => format!("hooks.go:{line}: "),
        };
        let message = format!("{place}{what}: {}", crate::error::text(error));
        self.engine.log(Level::Info, message, Vec::new());
    }
}

/// The hooks of a moment as they run: by weight, then by name, else as they stand.
fn in_order(hooks: &[Hook], moment: &HookEvent) -> Vec<usize> {
    let mut order: Vec<usize> = (0..hooks.len())
        .filter(|&at| hooks[at].runs_at(moment))
        .collect();
    sort(&mut order, hooks);
    if faults::on(Fault::SwapHookOrder) {
        order.reverse();
    }
    order
}

fn sort(order: &mut [usize], hooks: &[Hook]) {
    let weighs = !faults::on(Fault::IgnoreHookWeights);
    let rank = |&at: &usize| (weighs.then_some(hooks[at].weight), &hooks[at].name);
    order.sort_by(|a, b| rank(a).cmp(&rank(b)));
}

#[cfg(test)]
mod tests;
