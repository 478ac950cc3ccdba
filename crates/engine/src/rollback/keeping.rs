//! Plans of rollbacks that are kept.

use std::sync::Arc;

use windlass_plan::Plan;

use super::{Done, Revisions, Rollback, Rolling};
use crate::checks;
use crate::engine::Engine;
use crate::error::Error;
use crate::execute::Bringing;
use crate::forecast;
use crate::kept::{Kept, Order, Planned};
use crate::options::DryRun;
use crate::planning::{self, Change};

impl Engine {
    pub(crate) async fn keep_rollback(&self, mut options: Rollback) -> Result<Planned, Error> {
        options.force_conflicts &= self.compat.applies_on_server();
        let rolling = Rolling {
            engine: self,
            options: Rollback {
                dry_run: DryRun::Keep,
                ..options.clone()
            },
        };
        let (revisions, plan, bringing) = rolling.look().await?;
        let forecast = forecast::forecast(self, &plan, &bringing).await;
        Ok(Planned {
            kept: Kept {
                plan,
                order: Order::Rollback(Box::new(options)),
                record: None,
                labels: Default::default(),
                dependencies: None,
                ordering: self.ordering,
                definitions: Vec::new(),
            },
            release: revisions.release,
            forecast,
        })
    }

    pub(crate) async fn carry_out_rollback(
        &self,
        options: Rollback,
        kept: Kept,
    ) -> Result<Done, Error> {
        let looking = Rolling {
            engine: self,
            options: Rollback {
                dry_run: DryRun::Keep,
                ..options.clone()
            },
        };
        let found = looking.look().await.map_err(|error| match error {
            Error::Store(_) | Error::NoRevision(_) => Error::MovedRelease(Box::new(error)),
            other => other,
        });
        let (revisions, plan, _) = found?;
        kept.check_revision(revisions.release.version)?;
        kept.check(&plan)?;
        let rolling = Rolling {
            engine: self,
            options,
        };
        // A revision that was interrupted is marked so only now that something is done.
        let revisions = rolling.revisions().await?;
        rolling.execute(revisions).await
    }
}

impl Rolling<'_> {
    /// All that comes before the fence, and the objects besides, which the rollback itself looks at after
    /// it.
    async fn look(&self) -> Result<(Revisions, Plan, Bringing), Error> {
        self.check_description()?;
        checks::reach(self.engine).await?;
        let revisions = self.revisions().await?;
        let (before, wanted) = self.both(&revisions).await?;
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
        change.check_recreate()?;
        let plan = self.plan(&revisions.release, &change, revisions.server_side);
        let bringing = Bringing::Update(Arc::new(before), self.how(&plan));
        Ok((revisions, plan, bringing))
    }
}
