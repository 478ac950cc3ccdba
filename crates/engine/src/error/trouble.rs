//! Which errors say nothing of the release: the user had enough, or the server had trouble. What such an
//! action left is neither good nor bad, only unfinished.

use windlass_plan::cluster;
use windlass_release::StoreError;

use super::Error;
use crate::apply::ApplyError;
use crate::hooks::HookError;
use crate::objects::BuildError;
use crate::objects::ownership::OwnershipError;
use crate::wait::WaitError;

impl Error {
    /// Whether the action was left unfinished, for no fault of the release.
    #[must_use]
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::Cancelled => true,
            Self::Unreachable { cause, .. }
            | Self::ApiVersions(cause)
            | Self::Unverified { cause, .. }
            | Self::Ownership {
                cause: OwnershipError::Unreadable { cause, .. },
                ..
            } => cause.is_trouble(),
            Self::Store(cause) | Self::NotLoaded { cause, .. } | Self::Purge(cause) => {
                is_trouble(cause)
            }
            Self::Build { cause, .. } | Self::Objects(cause) => build(cause),
            Self::Hook(error) => hook(error),
            Self::Apply(error) => apply(error),
            Self::Wait(error) | Self::Gate(error) | Self::GateGone(error) => wait(error),
            Self::CleanUp(errors) => errors.iter().any(apply),
            _ => self.carried().into_iter().any(Self::leaves_open),
        }
    }
}

/// Whether a store's error comes from a server that has trouble.
pub(crate) fn is_trouble(error: &StoreError) -> bool {
    match error {
        StoreError::Get { cause, .. }
        | StoreError::List(cause)
        | StoreError::Query(cause)
        | StoreError::Create(cause)
        | StoreError::Update(cause)
        | StoreError::Driver(cause) => {
            let cause = cause.downcast_ref::<cluster::Error>();
            cause.is_some_and(cluster::Error::is_trouble)
        }
        StoreError::Prune { first, .. } => is_trouble(first),
        _ => false,
    }
}

fn build(error: &BuildError) -> bool {
    match error {
        BuildError::Recognize(cause) | BuildError::RecognizeItem(cause) => cause.is_trouble(),
        BuildError::Several(errors) => errors.iter().any(build),
        _ => false,
    }
}

fn hook(error: &HookError) -> bool {
    match error {
        HookError::Build { cause, .. } | HookError::BuildForDeletion { cause, .. } => build(cause),
        HookError::Create { cause, .. } => apply(cause),
        HookError::Delete(errors) => errors.iter().any(apply),
        HookError::Wait(error) | HookError::StillThere(error) => wait(error),
    }
}

fn apply(error: &ApplyError) -> bool {
    match error {
        ApplyError::Create(inner) => apply(inner),
        ApplyError::Several { errors, .. } => errors.iter().any(apply),
        other => other.answer().is_some_and(cluster::Error::is_trouble),
    }
}

fn wait(error: &WaitError) -> bool {
    match error {
        WaitError::Unreadable { cause, .. } | WaitError::Read(cause) => cause.is_trouble(),
        WaitError::Explained(explained) => wait(&explained.error),
        WaitError::Several { errors, .. } => errors.iter().any(wait),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::Joined;

    #[test]
    fn what_is_not_even_asked_is_no_trouble_of_the_server() {
        let error = |cause| Error::Unverified {
            object: "ConfigMap".to_owned(),
            cause,
        };
        assert!(!error(cluster::Error::Unnamed).leaves_open());
        let message = "connection refused".to_owned();
        assert!(error(cluster::Error::Unreachable { message }).leaves_open());
    }

    #[test]
    fn trouble_is_found_wherever_a_wait_tells_of_it() {
        let lost = || {
            WaitError::Read(cluster::Error::Unreachable {
                message: "connection refused".to_owned(),
            })
        };
        let several = WaitError::Several {
            errors: vec![WaitError::Deadline, lost()],
            joined: Joined::And,
        };
        for error in [
            Error::Wait(several),
            Error::Gate(lost()),
            Error::GateGone(lost()),
        ] {
            assert!(error.leaves_open(), "{error}");
            assert!(
                Error::Uninstalled(vec![Error::Gate(WaitError::Deadline), error]).leaves_open()
            );
        }
        assert!(!Error::Gate(WaitError::Deadline).leaves_open());
    }
}
