//! Plans of upgrades that are kept.

use windlass_release::Status;

use super::{Done, Upgrade, Upgrading, applies_on_server, bringing};
use crate::checks;
use crate::drawing::Drawing;
use crate::engine::Engine;
use crate::error::Error;
use crate::forecast;
use crate::kept::{self, Kept, Order, Planned, required};
use crate::options::DryRun;

impl Engine {
    pub(crate) async fn keep_upgrade(
        &self,
        mut options: Upgrade,
        drawing: Option<&mut Drawing>,
    ) -> Result<Planned, Error> {
        options.force_conflicts &= self.compat.applies_on_server();
        let mut upgrading = Upgrading {
            engine: self,
            options: Upgrade {
                dry_run: DryRun::Keep,
                ..options.clone()
            },
        };
        let prepared = upgrading.look(required(drawing)).await?;
        let forecast = forecast::forecast(self, &prepared.plan, &bringing(&prepared)).await;
        let kept = Kept {
            plan: prepared.plan,
            order: Order::Upgrade(Box::new(options)),
            record: None,
            labels: Default::default(),
            dependencies: None,
            ordering: self.ordering,
            definitions: Vec::new(),
        };
        Ok(Planned {
            kept: kept.with_record(self, &prepared.release)?,
            release: prepared.release,
            forecast,
        })
    }

    pub(crate) async fn carry_out_upgrade(
        &self,
        options: Upgrade,
        kept: Kept,
    ) -> Result<Done, Error> {
        checks::reach(self).await?;
        let mut looking = Upgrading {
            engine: self,
            options: Upgrade {
                dry_run: DryRun::Keep,
                ..options.clone()
            },
        };
        looking.watch_to_undo();
        let history = looking.history().await.map_err(|error| match error {
            Error::Store(_) => Error::MovedRelease(Box::new(error)),
            other => other,
        })?;
        kept.check_revision(history.last.version + 1)?;
        let server_side = applies_on_server(self, &options.server_side, &history.last)?;
        let mut release = kept.release(self)?;
        release.set_status(Status::PendingUpgrade, "Preparing upgrade");
        let prepared = looking.prepare(history, release, server_side).await;
        let prepared = prepared.map_err(kept::since)?;
        kept.check(&prepared.plan)?;
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let mut upgrading = Upgrading {
            engine: self,
            options,
        };
        upgrading.watch_to_undo();
        // A revision that was interrupted is marked so only now that something is done.
        upgrading.history().await?;
        upgrading.execute(prepared).await
    }
}
