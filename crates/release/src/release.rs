//! [`Release`]: one revision of a release, everything Helm keeps of it.

use std::collections::BTreeMap;

use windlass_chart::dependencies::order::Order;
use windlass_time::Time;

use crate::chart::StoredChart;
use crate::hook::Hook;
use crate::json::Json;
use crate::words::{ApplyMethod, Status};

/// One revision of a release.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// The release's name.
    pub name: String,
    /// The namespace it lives in.
    pub namespace: String,
    /// The revision, from 1.
    pub version: i64,
    /// When, how and with what outcome.
    pub info: Info,
    /// The chart.
    pub chart: Option<StoredChart>,
    /// The user's values; `None` and an empty map are the same to Helm.
    pub config: Option<Json>,
    /// The objects, rendered.
    pub manifest: String,
    /// The hooks, rendered.
    pub hooks: Vec<Hook>,
    /// Labels of the object that holds the record. [`crate::ReleaseStore::get`] gives the user's own
    /// only, `list` and `query` give all, as in Helm, where the difference shows when such a record
    /// is stored again.
    pub labels: BTreeMap<String, String>,
    /// How the objects were applied, if Helm 4 (or we in its manner) did it.
    pub apply_method: Option<ApplyMethod>,
    /// Fields of a newer Helm: name and JSON, carried along.
    pub extra: Vec<(String, Json)>,
    /// Who is bringing this revision about. It is no part of Helm's record: it lies beside, in the
    /// annotation [`crate::object::HOLDER`], for as long as the status is one of a change under way; and
    /// beyond that on one that failed, where it was left off without finding a fault with it.
    pub holder: String,
    /// What the charts say of the order of objects. It is no part of Helm's record: it lies beside, in
    /// the annotation [`crate::object::ORDER`].
    pub order: Order,
}

/// When a revision was made, how it went.
#[derive(Debug, Clone, Default)]
pub struct Info {
    /// When the release was first installed.
    pub first_deployed: Time,
    /// When this revision was made.
    pub last_deployed: Time,
    /// When it was uninstalled; zero if it was not.
    pub deleted: Time,
    /// What happened, in a few words.
    pub description: String,
    /// Where it stands.
    pub status: Status,
    /// The revision this one went back to; 0 if it is no rollback.
    pub rollback_revision: i64,
    /// NOTES.txt, rendered.
    pub notes: String,
    /// Fields of a newer Helm: name and JSON, carried along.
    pub extra: Vec<(String, Json)>,
}

impl Release {
    /// Sets status and description in one step, as Helm does.
    pub fn set_status(&mut self, status: Status, description: impl Into<String>) {
        self.info.status = status;
        self.info.description = description.into();
    }

    /// The key of the record: the name of the object that holds it.
    #[must_use]
    pub fn key(&self) -> String {
        crate::name::key(&self.name, self.version)
    }

    /// Whether an action on it is, or was left, under way.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.info.status.is_pending() || self.info.status == Status::Uninstalling
    }

    /// Whether the objects were applied by the server: what the next change then does too.
    #[must_use]
    pub fn is_server_side(&self) -> bool {
        self.apply_method == Some(ApplyMethod::ServerSide)
    }
}
