//! [`Engine`]: the ports that every action works over.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use windlass_chart::compat::Compat;
use windlass_plan::{Cluster, Journal};
use windlass_release::{ReleaseStore, Time};

use crate::event::{Event, Events, Level, Log};

/// Tells the time for records.
pub trait Clock: Send + Sync {
    /// Now, in the local zone.
    fn now(&self) -> Time;
}

/// Knows who lives.
pub trait Holders: Send + Sync {
    /// Whether whoever has that name certainly lives no more: a process of this machine that is no
    /// longer there. `false` where that cannot be known.
    fn is_gone(&self, holder: &str) -> bool;
}

/// The ports that every action works over, and what is the same for all actions of a command.
/// Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// The cluster.
    pub cluster: Arc<dyn Cluster>,
    /// Releases' records.
    pub store: Arc<dyn ReleaseStore>,
    /// Notes of actions under way; none where there is nobody to come after (a store in memory).
    pub journal: Option<Arc<dyn Journal>>,
    /// A name for whoever acts, that no other process has.
    pub holder: String,
    /// Who knows which holders live.
    pub holders: Arc<dyn Holders>,
    /// Revisions that Helm left pending, which say nothing of who made them, count as interrupted.
    pub auto_recover: bool,
    /// What charts and objects say of their order is kept; otherwise only Helm's order is.
    pub ordering: bool,
    /// Time, for records.
    pub clock: Arc<dyn Clock>,
    /// Who is told what happens.
    pub events: Arc<dyn Events>,
    /// The Helm that is spoken.
    pub compat: Compat,
    /// The manager of all fields that are written: `helm`, unless told otherwise.
    pub field_manager: String,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// Told when the user wants the action to end: no step is begun after that, and the action
    /// records the truth as Helm does.
    pub cancel: CancellationToken,
}

impl Engine {
    /// Tells an event.
    pub fn tell(&self, event: Event) {
        self.events.tell(event);
    }

    /// The same ports for an action that undoes another: the wish to end is fulfilled by it.
    #[must_use]
    pub(crate) fn uncancelled(&self) -> Self {
        Self {
            cancel: CancellationToken::new(),
            ..self.clone()
        }
    }

    /// Logs a line in Helm 4's words.
    pub fn log(
        &self,
        level: Level,
        message: impl Into<String>,
        fields: Vec<(&'static str, String)>,
    ) {
        self.tell(Event::Log(Log {
            level,
            message: message.into(),
            fields,
        }));
    }
}
