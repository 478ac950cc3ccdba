//! How long each trouble is given to pass before nothing is hoped for any more.
//!
//! The figures are those of clusters: the kubelet pulls an image again after 10 and 20 seconds; a
//! controller that brings Secrets from elsewhere takes up to a minute; a node that is made for a pod,
//! two and more.

use std::time::Duration;

use super::{Cause, Certainty, Diagnosis};

/// How often a container must have been started again before its loop counts.
const RESTARTS: i64 = 3;

/// How long a trouble is given to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace {
    /// How long.
    pub time: Duration,
    /// Whether it can pass by itself as long as anything else is on its way: a container may end
    /// again and again only because what it needs starts later.
    pub depends: bool,
}

impl Diagnosis {
    /// How long this is given to pass; `None` for what says nothing about the future.
    #[must_use]
    pub fn grace(&self) -> Option<Grace> {
        let seconds = match &self.cause {
            Cause::ImageName { .. } => 5,
            Cause::ImagePull { .. } if self.certainty == Certainty::Final => 5,
            Cause::ImagePull { .. } | Cause::CrashLoop { .. } | Cause::Refused => 30,
            Cause::ContainerConfig | Cause::Missing { .. } | Cause::Quota => 60,
            Cause::Mount | Cause::Unschedulable => 120,
            Cause::Unbound if self.certainty == Certainty::Persistent => 120,
            _ => return None,
        };
        Some(Grace {
            time: Duration::from_secs(seconds),
            depends: matches!(self.cause, Cause::CrashLoop { .. }),
        })
    }

    /// How often what is in trouble was started again, where that is what counts.
    #[must_use]
    pub fn restarts(&self) -> i64 {
        match self.cause {
            Cause::CrashLoop { restarts, .. } => restarts,
            _ => 0,
        }
    }

    /// Whether it has happened often enough to be taken for a habit.
    #[must_use]
    pub fn is_habitual(&self) -> bool {
        !matches!(self.cause, Cause::CrashLoop { restarts, .. } if restarts < RESTARTS)
    }
}
