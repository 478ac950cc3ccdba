//! What actions tell while they run. The cli makes log lines and progress of it.

use bytes::Bytes;
use windlass_plan::ObjectRef;

/// Takes events. Called from many tasks at once; must not block.
pub trait Events: Send + Sync {
    /// Takes one.
    fn tell(&self, event: Event);
}

/// Drops all events.
pub struct Silent;

impl Events for Silent {
    fn tell(&self, _event: Event) {}
}

/// How important a log line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are Helm's")]
pub enum Level {
    Debug,
    Info,
    Warn,
    /// A warning of our own: no Helm has one there, so each is told whatever its own log leaves out.
    Own,
    Error,
}

/// A line of Helm's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// How important it is.
    pub level: Level,
    /// What Helm says.
    pub message: String,
    /// What it says it of.
    pub fields: Vec<(&'static str, String)>,
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Change {
    Created,
    Updated,
    Unchanged,
    Deleted,
    Kept,
}

/// What actions tell while they run.
#[derive(Debug, Clone)]
pub enum Event {
    /// A line of Helm's log.
    Log(Log),
    /// An object is being written or deleted.
    Started(ObjectRef),
    /// An object was written or deleted.
    Done(ObjectRef, Change),
    /// An object is waited for; what is seen of it, each time that changes.
    Waiting {
        /// The object.
        object: ObjectRef,
        /// `InProgress`, `Failed`, …
        status: String,
        /// Why.
        message: String,
    },
    /// Why an object that is waited for may never be as wanted, when that is first seen.
    Trouble {
        /// The object.
        object: ObjectRef,
        /// What kind of trouble: `image-pull`.
        code: &'static str,
        /// The cause in a line.
        summary: String,
    },
    /// An object that was waited for is as wanted.
    Ready(ObjectRef),
    /// A hook starts.
    Hook {
        /// `pre-install`, …
        moment: String,
        /// Its template's path.
        path: String,
    },
    /// A piece of a hook's output that its policy asks to show.
    HookOutput {
        /// The pod's namespace.
        namespace: String,
        /// The pod.
        pod: String,
        /// The container.
        container: String,
        /// What was printed.
        bytes: Bytes,
    },
}
