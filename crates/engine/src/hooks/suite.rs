//! `test`: the hooks of a release that are its tests, all or some of them by name.

use windlass_release::{Hook, HookEvent, Release, StoreError};

use super::{Aftermath, HookError, Hooks};
use crate::engine::Engine;
use crate::logs::{self, LogError, Sink};

/// Which tests are run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Only these, if any are named.
    pub names: Vec<String>,
    /// Not these.
    pub without: Vec<String>,
}

/// Why a suite failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// A test failed.
    #[error(transparent)]
    Test(HookError),
    /// How the tests went cannot be stored.
    #[error(transparent)]
    Record(StoreError),
}

impl Filters {
    fn names(&self, hook: &Hook) -> bool {
        self.names.is_empty() || self.names.contains(&hook.name)
    }

    fn excludes(&self, hook: &Hook) -> bool {
        self.without.contains(&hook.name)
    }

    /// Takes the hooks that are left out of a list.
    fn take_skipped(&self, hooks: &mut Vec<Hook>) -> Vec<Hook> {
        let mut skipped: Vec<Hook> = hooks.extract_if(.., |hook| self.excludes(hook)).collect();
        skipped.extend(hooks.extract_if(.., |hook| !self.names(hook)));
        skipped
    }
}

impl Hooks<'_> {
    /// Runs a release's tests and stores how they went. The hooks that were left out come first in
    /// the record afterwards. What is to be cleaned up is handed back for [`Hooks::finish`], since logs
    /// may be wanted first.
    pub async fn test(
        &self,
        release: &mut Release,
        filters: &Filters,
    ) -> (Aftermath, Result<(), SuiteError>) {
        let mut hooks = filters.take_skipped(&mut release.hooks);
        let (aftermath, result) = self.start(release, &HookEvent::Test).await;
        hooks.append(&mut release.hooks);
        release.hooks = hooks;
        let stored = self.store.update(release).await;
        let result = match result {
            Ok(()) => stored.map_err(SuiteError::Record),
            Err(error) => Err(SuiteError::Test(error)),
        };
        (aftermath, result)
    }
}

/// What a release's tests printed, in the order in which they ran.
///
/// # Errors
/// The first test whose logs cannot be shown in full, with all that is wrong there.
pub async fn logs(
    engine: &Engine,
    release: &Release,
    namespace: &str,
    filters: &Filters,
    sink: Sink<'_>,
) -> Result<(), LogError> {
    let mut order: Vec<usize> = (0..release.hooks.len()).collect();
    super::sort(&mut order, &release.hooks);
    let hooks = order.into_iter().map(|at| &release.hooks[at]);
    for hook in hooks.filter(|hook| hook.runs_at(&HookEvent::Test)) {
        if filters.excludes(hook) || !filters.names(hook) {
            continue;
        }
        if !engine.compat.shows_logs_by_container() {
            logs::of_hook(engine, namespace, &hook.name, sink).await?;
        } else if hook.kind == "Pod" {
            logs::of_pod(engine, namespace, &hook.name, sink).await?;
        }
    }
    Ok(())
}
