//! Plans of uninstalls that are kept.

use std::sync::Arc;

use windlass_plan::Plan;
use windlass_release::{Release, Status};

use super::{Uninstall, Uninstalled, Uninstalling, belongings};
use crate::apply::Update;
use crate::checks;
use crate::engine::Engine;
use crate::error::{Error, text};
use crate::execute::Bringing;
use crate::forecast;
use crate::kept::{Kept, Order, Planned};
use crate::options::DryRun;
use crate::planning;
use crate::recovery;

impl Engine {
    pub(crate) async fn keep_uninstall(&self, options: Uninstall) -> Result<Planned, Error> {
        let uninstalling = Uninstalling {
            engine: self,
            options: options.clone(),
        };
        let (release, plan) = uninstalling.look().await?;
        let bringing = Bringing::Update(Arc::default(), Update::default());
        let forecast = forecast::forecast(self, &plan, &bringing).await;
        Ok(Planned {
            kept: Kept {
                plan,
                order: Order::Uninstall(Box::new(options)),
                record: None,
                labels: Default::default(),
                dependencies: None,
                ordering: self.ordering,
                definitions: Vec::new(),
            },
            release,
            forecast,
        })
    }

    pub(crate) async fn carry_out_uninstall(
        &self,
        options: Uninstall,
        kept: Kept,
    ) -> Result<Uninstalled, Error> {
        let uninstalling = Uninstalling {
            engine: self,
            options,
        };
        let found = uninstalling.look().await.map_err(|error| match error {
            Error::NotLoaded { .. } => Error::MovedRelease(Box::new(error)),
            other => other,
        });
        let (release, plan) = found?;
        kept.check_revision(release.version)?;
        kept.check(&plan)?;
        let done = uninstalling.run().await?;
        done.ok_or(Error::NoRelease)
    }
}

impl Uninstalling<'_> {
    /// The release and what would become of it; nothing is written.
    async fn look(&self) -> Result<(Release, Plan), Error> {
        let name = &self.options.name;
        checks::reach(self.engine).await?;
        checks::existing_name(name, "uninstall: R")?;
        let all = self.history().of(name).await;
        let all = all.map_err(|cause| Error::NotLoaded {
            release: name.clone(),
            cause,
        })?;
        let Some((last, older)) = all.split_last() else {
            return Err(Error::NoRelease);
        };
        let older: Vec<i64> = older.iter().map(|release| release.version).collect();
        let mut release = last.clone();
        if release.info.status == Status::Uninstalled {
            return Err(Error::AlreadyUninstalled(name.clone()));
        }
        let pending = release.info.status.is_pending();
        if pending && (self.engine.auto_recover || !release.holder.is_empty()) {
            recovery::take_over(self.engine, &mut release, true).await?;
        }
        let beside = recovery::beside(&all);
        let parting = belongings::part(self.engine, &release, &beside).await;
        let parting = parting.map_err(|error| self.not_deleted(&text(&error)))?;
        let owned = parting.owned();
        let observed = planning::observe(self.engine, DryRun::Keep, owned).await;
        let plan = self.plan(&release, &parting, &older, &observed);
        Ok((release, plan))
    }
}
