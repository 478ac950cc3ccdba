//! Why waiting ended badly, in Helm's words.

use windlass_plan::ObjectRef;
use windlass_plan::cluster::Error;
use windlass_readiness::Assessment;

use super::diagnose::Finding;
use crate::apply::Joined;

/// An object that is not as it was waited for.
#[derive(Debug, Clone)]
pub struct Unsettled {
    /// The object.
    pub at: ObjectRef,
    /// How it was seen last.
    pub seen: Assessment,
}

/// Why waiting ended badly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// Objects are not ready.
    #[error("{}", lines(.objects, *.expired, Assessment::not_ready_text))]
    NotReady {
        /// In the order of the manifest.
        objects: Vec<Unsettled>,
        /// Whether there was no more time; else there is no more hope.
        expired: bool,
    },
    /// Objects are still there.
    #[error("{}", lines(.objects, *.expired, Assessment::still_exists_text))]
    StillThere {
        /// In the order of the manifest.
        objects: Vec<Unsettled>,
        /// Whether there was no more time.
        expired: bool,
    },
    /// There was no more time.
    #[error("context deadline exceeded")]
    Deadline,
    /// There was no more time for a hook.
    #[error("timed out waiting for the condition")]
    HookTimeout,
    /// A Job that is a hook failed.
    #[error("job {name} failed: {reason}")]
    JobFailed {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A pod that is a hook failed.
    #[error("pod {name} failed")]
    PodFailed {
        /// Its name.
        name: String,
    },
    /// Objects can be neither watched nor read.
    #[error("failed to list {kind}")]
    Unreadable {
        /// `/v1, Kind=ConfigMap`
        kind: String,
        /// Why.
        #[source]
        cause: Error,
    },
    /// An object cannot be read.
    #[error(transparent)]
    Read(Error),
    /// An object makes no sense, or what belongs to it cannot be read.
    #[error("{0}")]
    Check(String),
    /// There is nothing to wait for, where there must be.
    #[error("no objects visited")]
    NothingVisited,
    /// One of these, and why objects are not as they were waited for.
    #[error(transparent)]
    Explained(Box<Explained>),
    /// One or more of these.
    #[error("{}", .joined.join(&texts(.errors)))]
    Several {
        /// In the order of the objects.
        errors: Vec<WaitError>,
        /// How they are told.
        joined: Joined,
    },
}

/// Why waiting ended badly, and what was found out about it. It reads as the error alone.
#[derive(Debug)]
pub struct Explained {
    /// The error.
    pub error: WaitError,
    /// What was found out.
    pub finding: Finding,
}

impl std::fmt::Display for Explained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Explained {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl WaitError {
    /// What was found out about it.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Explained(explained) => Some(&explained.finding),
            Self::Several { errors, .. } => errors.iter().find_map(Self::finding),
            _ => None,
        }
    }

    /// The objects that are not as they should be, as far as that is known.
    #[must_use]
    pub fn unsettled(&self) -> &[Unsettled] {
        match self {
            Self::NotReady { objects, .. } | Self::StillThere { objects, .. } => objects,
            Self::Explained(explained) => explained.error.unsettled(),
            _ => &[],
        }
    }
}

fn lines(
    objects: &[Unsettled],
    expired: bool,
    text: fn(&Assessment, &str, &str, &str) -> String,
) -> String {
    let line = |object: &Unsettled| {
        let at = &object.at;
        text(&object.seen, &at.mapping.kind, &at.namespace, &at.name)
    };
    let mut lines: Vec<String> = objects.iter().map(line).collect();
    if expired {
        lines.push("context deadline exceeded".to_owned());
    }
    lines.join("\n")
}

fn texts(errors: &[WaitError]) -> Vec<String> {
    errors
        .iter()
        .map(|error| crate::error::text(error))
        .collect()
}
