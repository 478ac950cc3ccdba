//! What several actions are told, as plain data.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use windlass_plan::ObjectRef;

/// How far an action goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DryRun {
    /// All the way.
    #[default]
    None,
    /// It makes a plan without asking the cluster, as far as the action can.
    Client,
    /// It makes a plan.
    Server,
    /// It makes a plan that is to be kept and carried out later: looks at all that carrying it out would
    /// look at.
    Keep,
}

impl DryRun {
    /// Whether nothing is written.
    #[must_use]
    pub fn is_dry(self) -> bool {
        self != Self::None
    }

    /// Whether objects are looked at, for what a plan must go on holding.
    #[must_use]
    pub(crate) fn observes(self) -> bool {
        matches!(self, Self::Server | Self::Keep)
    }
}

/// How readiness is told, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Strategy {
    /// Of all objects, by watching them.
    Watcher,
    /// Of Helm 3's kinds, by asking again and again.
    Legacy,
    /// Of hooks only.
    #[default]
    HookOnly,
}

impl Strategy {
    /// Its name in `--wait`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Watcher => "watcher",
            Self::Legacy => "legacy",
            Self::HookOnly => "hookOnly",
        }
    }

    /// What is waited by where undoing is asked for: somebody must look whether it failed.
    #[must_use]
    pub(crate) fn for_undoing(self, undo: bool) -> Self {
        match self {
            Self::HookOnly if undo => Self::Watcher,
            other => other,
        }
    }
}

/// What is waited for, how and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// How.
    pub strategy: Strategy,
    /// Jobs must complete.
    pub jobs: bool,
    /// How long for each single thing: the release's objects, each hook.
    pub timeout: Duration,
    /// Whether it ends early where nothing is left to hope for.
    pub fail_fast: FailFast,
    /// Whether to find out why waiting failed.
    pub explain: Explain,
}

/// Whether it is found out why waiting failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Explain {
    /// It is not.
    #[default]
    No,
    /// It is, to be told.
    Tell,
    /// And the first cause is put into the record's description, behind Helm's words.
    Record,
}

/// Whether waiting ends early where nothing is left to hope for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FailFast {
    /// It does, after as long as each kind of trouble may take to pass.
    #[default]
    Patiently,
    /// It does, after so long whatever the trouble.
    After(Duration),
    /// It never does: Helm's way.
    Never,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            jobs: false,
            timeout: Duration::from_mins(5),
            fail_fast: FailFast::default(),
            explain: Explain::No,
        }
    }
}

/// Who merges what is wanted with what is there: `--server-side`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ServerSide {
    /// Whoever did it for the revision before.
    #[default]
    Auto,
    /// The server.
    Yes,
    /// The client.
    No,
    /// Something else was given. Helm finds that out late.
    Unknown(String),
}

/// An object that may be deleted and created anew where the server does not let it be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recreate {
    /// Its kind, in any case.
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl Recreate {
    /// Whether an object is meant.
    #[must_use]
    pub fn means(&self, object: &ObjectRef) -> bool {
        object.name == self.name && object.mapping.kind.eq_ignore_ascii_case(&self.kind)
    }
}
