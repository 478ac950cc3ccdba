//! Plans of installs that are kept.

use windlass_plan::plan::forecast::Forecast;
use windlass_release::Status;

use super::{Done, Install, Installing, definitions};
use crate::checks;
use crate::drawing::Drawing;
use crate::engine::Engine;
use crate::error::Error;
use crate::forecast;
use crate::kept::{self, Kept, Order, Planned, required};
use crate::options::DryRun;

impl Engine {
    pub(crate) async fn keep_install(
        &self,
        mut options: Install,
        drawing: Option<&mut Drawing>,
    ) -> Result<Planned, Error> {
        options.server_side &= self.compat.applies_on_server();
        options.force_conflicts &= self.compat.applies_on_server();
        let (engine, foreseen) = self.foreseeing();
        let mut installing = Installing {
            engine: &engine,
            options: Install {
                dry_run: DryRun::Keep,
                ..options.clone()
            },
            foreseen: Some(foreseen),
        };
        let prepared = installing.look(required(drawing)).await?;
        let files = &prepared.definitions;
        let defined = definitions::objects(&engine, files).await?;
        let mut objects = forecast::definitions(&engine, &defined).await;
        let bringing = installing.bringing(prepared.adopted.clone());
        let rest = forecast::forecast(&engine, &prepared.plan, &bringing).await;
        objects.extend(rest.objects);
        let kept = Kept {
            plan: prepared.plan,
            order: Order::Install(Box::new(options)),
            record: None,
            labels: Default::default(),
            dependencies: None,
            ordering: self.ordering,
            definitions: prepared.definitions,
        };
        Ok(Planned {
            kept: kept.with_record(self, &prepared.release)?,
            release: prepared.release,
            forecast: Forecast { objects },
        })
    }

    /// Installs what the server takes all of, definitions of kinds included.
    pub(super) async fn install_checked(
        &self,
        options: Install,
        mut drawing: Drawing,
    ) -> Result<Done, Error> {
        let planned = self
            .keep_install(options.clone(), Some(&mut drawing))
            .await?;
        forecast::check(&planned.forecast)?;
        self.carry_out_install(options, planned.kept).await
    }

    pub(crate) async fn carry_out_install(
        &self,
        options: Install,
        kept: Kept,
    ) -> Result<Done, Error> {
        let (engine, foreseen) = self.foreseeing();
        let defined = definitions::objects(&engine, &kept.definitions).await?;
        foreseen.expect(defined.iter().map(|target| &target.object));
        let mut release = kept.release(self)?;
        release.info.first_deployed = release.info.last_deployed.clone();
        let mut looking = Installing {
            engine: &engine,
            options: Install {
                dry_run: DryRun::Keep,
                ..options.clone()
            },
            foreseen: Some(foreseen),
        };
        checks::reach(self).await?;
        let replaced = looking.check().await;
        let replaced = replaced.map_err(|error| Error::MovedRelease(Box::new(error)))?;
        kept.check_revision(replaced.as_ref().map_or(1, |r| r.version + 1))?;
        release.set_status(Status::PendingInstall, "Initial install underway");
        looking.watch_to_undo();
        let files = kept.definitions.clone();
        let prepared = looking.prepare(release, files, replaced).await;
        let prepared = prepared.map_err(kept::since)?;
        kept.check(&prepared.plan)?;
        let mut installing = Installing {
            engine: self,
            options,
            foreseen: None,
        };
        installing.watch_to_undo();
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if !kept.definitions.is_empty() {
            definitions::install(self, &installing.options, &kept.definitions).await?;
        }
        installing.execute(prepared).await
    }
}
