//! Plans that are kept: made now, carried out later.
//!
//! # Flow
//! 1. [`Engine::keep`] does all that an action does before its fence, and ends there with a [`Planned`]:
//!    what it takes to carry the plan out later, and a forecast by the server's dry runs. Nothing is
//!    written. Definitions of kinds that an install would begin with are taken for installed.
//! 2. [`Engine::carry_out`] does the same once more, of the kept record instead of a chart, and compares
//!    the two plans. Where they are the same, the action goes on as if it had never stopped.
//!
//! # Guarantees
//! What is carried out is the kept plan, object by object and field by field. Where an object or the
//! release is not what it was, nothing is done, and the error names it.
//!
//! A kept plan holds the wanted objects, Secrets among them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use windlass_plan::Plan;
use windlass_plan::plan::forecast::Forecast;
use windlass_release::{Release, codec, order};

use crate::drawing::Drawing;
use crate::engine::Engine;
use crate::error::Error;
use crate::foreseen::Foreseen;
use crate::install::{Done, Install};
use crate::renderer::{Definitions, Renderer};
use crate::rollback::Rollback;
use crate::uninstall::{Uninstall, Uninstalled};
use crate::upgrade::Upgrade;

/// What an action was told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Order {
    /// An install.
    Install(Box<Install>),
    /// An upgrade.
    Upgrade(Box<Upgrade>),
    /// A rollback.
    Rollback(Box<Rollback>),
    /// An uninstall.
    Uninstall(Box<Uninstall>),
}

/// A plan and all that it takes to carry it out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// The plan.
    pub plan: Plan,
    /// What the action was told.
    pub order: Order,
    /// The record of the revision that it makes, as stores keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The record's own labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What the charts say of the order of objects, as it lies beside records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<String>,
    /// Whether that order is kept.
    #[serde(default)]
    pub ordering: bool,
    /// The definitions that come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<Definitions>,
}

/// A plan that was made to be kept.
#[derive(Debug)]
pub struct Planned {
    /// What it takes to carry it out.
    pub kept: Kept,
    /// The release as it would be recorded first; for an uninstall, as it is.
    pub release: Release,
    /// What the server says that will become of each object.
    pub forecast: Forecast,
}

/// An error of making the plan once more: whose objects are is a matter of what moved.
pub(crate) fn since(error: Error) -> Error {
    match error {
        Error::Ownership { .. } => Error::MovedRelease(Box::new(error)),
        other => other,
    }
}

/// What became of a plan that was carried out.
#[derive(Debug)]
#[non_exhaustive]
pub enum CarriedOut {
    /// There is a new revision.
    Done(Box<Done>),
    /// The release is gone.
    Uninstalled(Box<Uninstalled>),
}

impl Engine {
    /// Makes a plan that can be carried out later. See [the module](self) for the contract. Installs and
    /// upgrades need a renderer.
    ///
    /// # Errors
    /// As the action itself before it begins.
    pub async fn keep(
        &self,
        order: Order,
        renderer: Option<Box<dyn Renderer>>,
    ) -> Result<Planned, Error> {
        let mut drawing = renderer.map(Drawing::new);
        let drawing = drawing.as_mut();
        match order {
            Order::Install(options) => self.keep_install(*options, drawing).await,
            Order::Upgrade(options) => self.keep_upgrade(*options, drawing).await,
            Order::Rollback(options) => self.keep_rollback(*options).await,
            Order::Uninstall(options) => self.keep_uninstall(*options).await,
        }
    }

    /// Carries out a plan that was kept. See [the module](self) for the contract.
    ///
    /// # Errors
    /// [`Error::Moved`], [`Error::MovedOn`] and the like where it is no longer right; else as the action
    /// itself.
    pub async fn carry_out(&self, kept: Kept) -> Result<CarriedOut, Error> {
        let engine = Self {
            ordering: kept.ordering,
            ..self.clone()
        };
        match kept.order.clone() {
            Order::Install(options) => engine.carry_out_install(*options, kept).await,
            Order::Upgrade(options) => engine.carry_out_upgrade(*options, kept).await,
            Order::Rollback(options) => engine.carry_out_rollback(*options, kept).await,
            Order::Uninstall(options) => {
                let done = engine.carry_out_uninstall(*options, kept).await?;
                return Ok(CarriedOut::Uninstalled(Box::new(done)));
            }
        }
        .map(|done| CarriedOut::Done(Box::new(done)))
    }

    /// The same engine over a cluster where definitions are taken for installed.
    pub(crate) fn foreseeing(&self) -> (Self, Arc<Foreseen>) {
        let foreseen = Arc::new(Foreseen::new(Arc::clone(&self.cluster)));
        let engine = Self {
            cluster: Arc::clone(&foreseen) as Arc<dyn windlass_plan::Cluster>,
            ..self.clone()
        };
        (engine, foreseen)
    }
}

impl Kept {
    /// Keeps the record of a revision.
    pub(crate) fn with_record(mut self, engine: &Engine, release: &Release) -> Result<Self, Error> {
        let record = codec::encode(release, engine.compat)
            .map_err(|error| Error::KeepRecord(Box::new(error)))?;
        self.record = Some(record);
        self.labels.clone_from(&release.labels);
        self.dependencies = order::text(&release.order);
        Ok(self)
    }

    /// The record of the revision that is to be made, as of now.
    pub(crate) fn release(&self, engine: &Engine) -> Result<Release, Error> {
        let record = self.record.as_deref().unwrap_or_default();
        let release = codec::decode(record.as_bytes());
        let mut release = release.map_err(|error| Error::KeptRecord(Box::new(error)))?;
        release.labels.clone_from(&self.labels);
        release.order = self
            .dependencies
            .as_deref()
            .map(order::read)
            .unwrap_or_default();
        release.info.last_deployed = engine.clock.now();
        release.holder.clone_from(&engine.holder);
        Ok(release)
    }

    /// Checks that the release is where the plan starts from.
    pub(crate) fn check_revision(&self, next: i64) -> Result<(), Error> {
        let planned = &self.plan.release;
        match planned.revision == next {
            true => Ok(()),
            false => Err(Error::MovedOn {
                release: planned.name.clone(),
                planned: planned.revision,
                next,
            }),
        }
    }

    /// Checks that the plan that would be made now is this one.
    pub(crate) fn check(&self, now: &Plan) -> Result<(), Error> {
        let moved = self.plan.moved_since(now);
        if !moved.is_empty() {
            return Err(Error::Moved(moved));
        }
        match self.plan == *now {
            true => Ok(()),
            false => Err(Error::Replanned),
        }
    }
}

/// A renderer that must be there.
pub(crate) fn required(drawing: Option<&mut Drawing>) -> &mut Drawing {
    drawing.expect("who plans an install or an upgrade brings a renderer")
}
