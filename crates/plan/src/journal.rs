//! The port to the journal of an action under way: who does it, whether they are alive, how far
//! they are. It lies beside a release's records and is gone when the action is over.
//!
//! The journal keeps nobody out: the fence is the creation of the next record. It is there for
//! whoever comes after an action that was killed. An action that creates no record, an uninstall, puts
//! a [`Claim`] in the place of the next one instead.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::cluster;
use crate::plan::{Action, Revision};

/// A part of an action, as the journal tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// Objects are applied.
    Apply,
    /// What was applied is waited for.
    Wait,
    /// Objects are deleted.
    Delete,
    /// The hooks of this moment are run; which of them ran is in the record.
    Hooks {
        /// `pre-install`, …
        moment: String,
    },
    /// The last status is recorded.
    Finish,
}

/// What the journal says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What is done.
    pub action: Action,
    /// To what.
    pub release: Revision,
    /// Who does it: a name that no other process has.
    pub holder: String,
    /// Changes as long as the holder lives. Others judge by whether it changes while they look, not
    /// by clocks.
    pub heartbeat: u64,
    /// A fingerprint of the plan.
    pub plan: String,
    /// The phases that were begun, in order.
    pub phases: Vec<Phase>,
}

/// A claim to the place of a release's next record, for actions that make none of their own: as long as
/// it is held, nobody can begin a new revision there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The release's namespace.
    pub namespace: String,
    /// The release's name.
    pub name: String,
    /// The revision that is to come.
    pub revision: i64,
    /// Who claims it.
    pub holder: String,
    /// What tells this claim from others to the same place; empty until it is held.
    pub uid: String,
}

/// Where the journal is kept.
///
/// All calls may be cancelled by dropping their futures.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes an entry, over whatever the release has there.
    async fn write(&self, entry: &Entry) -> cluster::Result<()>;

    /// Reads a release's entry, if there is one.
    async fn read(&self, namespace: &str, name: &str) -> cluster::Result<Option<Entry>>;

    /// Removes a release's entry; none is fine too.
    async fn remove(&self, namespace: &str, name: &str) -> cluster::Result<()>;

    /// Puts a claim in the place of a record; it comes back with its `uid`. The claim goes with the
    /// record before that place, should nobody ever give it up.
    ///
    /// # Errors
    /// `AlreadyExists` where a record or another claim is there, `NotFound` where there is no record
    /// before it.
    async fn claim(&self, claim: Claim) -> cluster::Result<Claim>;

    /// The claim in the place of a record; `None` where there is none, or the record.
    async fn claimed(
        &self,
        namespace: &str,
        name: &str,
        revision: i64,
    ) -> cluster::Result<Option<Claim>>;

    /// Takes a claim away, if it is still this one.
    async fn unclaim(&self, claim: &Claim) -> cluster::Result<()>;
}
