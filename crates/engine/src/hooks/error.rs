//! Why a hook failed, in Helm's words.

use crate::apply::ApplyError;
use crate::objects::BuildError;
use crate::wait::{Finding, WaitError};

/// Why a hook failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HookError {
    /// It makes no objects.
    #[error("unable to build kubernetes object for {moment} hook {path}")]
    Build {
        /// `pre-install`, …
        moment: String,
        /// Its template.
        path: String,
        /// Why.
        #[source]
        cause: BuildError,
    },
    /// It makes no objects that could be deleted.
    #[error("unable to build kubernetes object for deleting hook {path}")]
    BuildForDeletion {
        /// Its template.
        path: String,
        /// Why.
        #[source]
        cause: BuildError,
    },
    /// Its objects are not created.
    #[error("warning: Hook {moment} {path} failed")]
    Create {
        /// `pre-install`, …
        moment: String,
        /// Its template.
        path: String,
        /// Why.
        #[source]
        cause: ApplyError,
    },
    /// It did not succeed, or not in time.
    #[error(transparent)]
    Wait(WaitError),
    /// Its objects are not deleted.
    #[error("{}", joined(.0))]
    Delete(Vec<ApplyError>),
    /// Its objects are asked to go and stay.
    #[error(transparent)]
    StillThere(WaitError),
}

impl HookError {
    /// What was found out about objects that were waited for in vain.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Wait(error) | Self::StillThere(error) => error.finding(),
            _ => None,
        }
    }
}

fn joined(errors: &[ApplyError]) -> String {
    let texts: Vec<String> = errors
        .iter()
        .map(|error| crate::error::text(error))
        .collect();
    texts.join("; ")
}
