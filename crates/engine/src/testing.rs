//! Test: a release's tests run.
//!
//! # Flow
//! The cluster is reached and the newest revision read. The hooks that are its tests run one after the
//! other, but for those that are filtered out; how they went is stored in the record.
//!
//! # Guarantees
//! Nothing but the tests' objects and the record is written. What is to be cleaned up behind the tests
//! is left for [`Engine::clean_up_tests`], since their logs may be wanted first. (Helm 3 cleans up at
//! once, and finds no logs afterwards.)
//!
//! # Cancellation
//! Through [`Engine::cancel`]: the action ends where it waits; tests that run go on in the cluster.

use windlass_release::Release;

use crate::checks;
use crate::engine::Engine;
use crate::error::Error;
use crate::hooks::suite::{Filters, SuiteError};
use crate::hooks::{Aftermath, Hooks};
use crate::options::{Strategy, Waiting};
use crate::records;
use crate::wait::Waiter;

/// What a test is told.
#[derive(Debug, Clone, Default)]
pub struct Test {
    /// The release's name.
    pub name: String,
    /// Which tests run.
    pub filters: Filters,
    /// How long each may take. They are waited for by whatever strategy.
    pub waiting: Waiting,
}

/// A release whose tests ran.
#[derive(Debug)]
pub struct Tested {
    /// The release, with how its tests went.
    pub release: Release,
    /// What is to be cleaned up, for [`Engine::clean_up_tests`].
    pub aftermath: Aftermath,
    /// Whether the tests passed; why not.
    pub result: Result<(), Error>,
}

impl Test {
    fn waiting(&self) -> Waiting {
        Waiting {
            strategy: Strategy::Watcher,
            ..self.waiting
        }
    }

    fn hooks<'a>(&self, engine: &'a Engine, release: &Release) -> Hooks<'a> {
        Hooks {
            engine,
            store: &*engine.store,
            waiter: Waiter::new(engine, self.waiting()),
            server_side: release.is_server_side() && engine.compat.applies_on_server(),
        }
    }
}

impl Engine {
    /// Runs a release's tests. See [the module](self::testing) for the contract.
    ///
    /// # Errors
    /// What keeps tests from being run. That they failed is in [`Tested::result`].
    #[tracing::instrument(skip_all, fields(release.name = %options.name))]
    pub async fn test(&self, options: &Test) -> Result<Tested, Error> {
        checks::reach(self).await?;
        checks::existing_name(&options.name, "releaseTest: R")?;
        let mut release = records::history(self, 0).last(&options.name).await?;
        let hooks = options.hooks(self, &release);
        let (mut aftermath, mut result) = tokio::select! {
            biased;
            (aftermath, result) = hooks.test(&mut release, &options.filters) => {
                (aftermath, result.map_err(failed))
            }
            () = self.cancel.cancelled() => (Aftermath::default(), Err(Error::Cancelled)),
        };
        if !self.compat.reads_logs_before_cleaning_up() {
            let left = std::mem::take(&mut aftermath);
            let cleaned = hooks.finish(left, &release.namespace).await;
            if let Err(error) = cleaned {
                result = Err(Error::Hook(Box::new(error)));
            }
        }
        Ok(Tested {
            release,
            aftermath,
            result,
        })
    }

    /// Deletes by policy what tests left.
    ///
    /// # Errors
    /// What cannot be deleted.
    pub async fn clean_up_tests(
        &self,
        options: &Test,
        release: &Release,
        aftermath: Aftermath,
    ) -> Result<(), Error> {
        let hooks = options.hooks(self, release);
        let finished = hooks.finish(aftermath, &release.namespace).await;
        finished.map_err(|error| Error::Hook(Box::new(error)))
    }
}

fn failed(error: SuiteError) -> Error {
    match error {
        SuiteError::Test(error) => Error::Hook(Box::new(error)),
        SuiteError::Record(error) => Error::Store(error),
    }
}
