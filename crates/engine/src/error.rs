//! Why an action failed, in Helm's words.
//!
//! An error's `Display` never holds what caused it; [`text`] joins an error and its causes by colons,
//! as Go words them. Where Helm puts a second error into the middle of a sentence, that is a field.

mod trouble;

use std::error::Error as StdError;

use windlass_plan::plan::forecast::Refusal;
use windlass_plan::plan::{Moved, Movement};
use windlass_plan::{ObjectRef, cluster};
use windlass_release::StoreError;
use windlass_release::codec::{DecodeError, EncodeError};
use windlass_release::labels::SYSTEM;
use windlass_release::name::NameError;

use crate::apply::ApplyError;
use crate::hooks::HookError;
use crate::objects::ownership::OwnershipError;
use crate::objects::{BuildError, quoted};
use crate::options::Recreate;
use crate::ordering::GroupError;
use crate::recovery::Pending;
use crate::renderer::RenderFailure;
use crate::wait::{Finding, WaitError};

pub(crate) use trouble::is_trouble;

/// The text of an error and of what caused it, as Go's `%w` joins them. It is what records'
/// descriptions hold and what commands print.
#[must_use]
pub fn text(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

/// A sentence that Helm 3 starts in upper case.
fn started(sentence: &str, upper: bool) -> String {
    let mut chars = sentence.chars();
    match (upper, chars.next()) {
        (true, Some(first)) => first.to_uppercase().chain(chars).collect(),
        _ => sentence.to_owned(),
    }
}

/// What an action was doing with manifests when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Reading {
    InstallManifest,
    CurrentManifest,
    NewManifest,
}

impl Reading {
    fn words(self) -> &'static str {
        match self {
            Self::InstallManifest => "unable to build kubernetes objects from release manifest",
            Self::CurrentManifest => {
                "unable to build kubernetes objects from current release manifest"
            }
            Self::NewManifest => "unable to build kubernetes objects from new release manifest",
        }
    }
}

/// Why an action failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The cluster cannot be reached.
    #[error("{}", started("kubernetes cluster unreachable", *.upper))]
    Unreachable {
        /// Whether the sentence starts in upper case.
        upper: bool,
        /// Why.
        #[source]
        cause: cluster::Error,
    },
    /// A check before an install failed.
    #[error("{check} failed")]
    Check {
        /// `release name check`, …
        check: &'static str,
        /// What it found.
        #[source]
        cause: Box<Error>,
    },
    /// Secrets are to be hidden, which only a dry run can.
    #[error("{}", started("hiding Kubernetes secrets requires a dry-run mode", *.upper))]
    HideSecrets {
        /// Whether the sentence starts in upper case.
        upper: bool,
    },
    /// A release cannot be installed under that name.
    #[error("release name {}", quoted(.name))]
    NewName {
        /// The name.
        name: String,
        /// Why not.
        #[source]
        cause: NameError,
    },
    /// No release can have that name.
    #[error("{context}elease name is invalid: {name}")]
    Name {
        /// What stands before it in the sentence, up to the `R`.
        context: &'static str,
        /// The name.
        name: String,
    },
    /// There is a release of that name.
    #[error("{0}")]
    NameInUse(&'static str),
    /// The chart does not render, or its values do not fit.
    #[error(transparent)]
    Render(RenderFailure),
    /// Records cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Labels that drivers need for themselves.
    #[error("user supplied labels contains system reserved label name. System labels: [{}]", SYSTEM.join(" "))]
    SystemLabels,
    /// The server's version cannot be had.
    #[error("could not get server version from Kubernetes")]
    ServerVersion(#[source] cluster::Error),
    /// The API versions that the server serves cannot be had.
    #[error("could not get apiVersions from Kubernetes")]
    ApiVersions(#[source] cluster::Error),
    /// A file of `crds/` cannot be installed.
    #[error("failed to install CRD {file}")]
    Definitions {
        /// The file.
        file: String,
        /// Why.
        #[source]
        cause: Box<Error>,
    },
    /// A file of `crds/` holds no objects.
    #[error("resources are empty")]
    NoDefinitions,
    /// A manifest does not make objects.
    #[error("{}", .reading.words())]
    Build {
        /// Which.
        reading: Reading,
        /// Why.
        #[source]
        cause: BuildError,
    },
    /// A text of our own, or one that Helm says nothing about, does not make objects.
    #[error(transparent)]
    Objects(BuildError),
    /// Objects are there that are not the release's.
    #[error("{} {action}", started("unable to continue with", *.upper))]
    Ownership {
        /// Whether the sentence starts in upper case.
        upper: bool,
        /// `install` or `update`
        action: &'static str,
        /// Which.
        #[source]
        cause: OwnershipError,
    },
    /// Another action is, or was left, under way.
    #[error("another operation (install/upgrade/rollback) is in progress")]
    Pending(Box<Pending>),
    /// The user has had enough.
    #[error("context canceled")]
    Cancelled,
    /// Hooks failed.
    #[error("{moment}")]
    Hooks {
        /// `failed pre-install`, `post-upgrade hooks failed`
        moment: &'static str,
        /// Why.
        #[source]
        cause: Box<Error>,
    },
    /// Hooks failed, of which Helm says no more.
    #[error(transparent)]
    Hook(Box<HookError>),
    /// Objects were not brought to the cluster.
    #[error(transparent)]
    Apply(ApplyError),
    /// Objects were waited for in vain.
    #[error(transparent)]
    Wait(WaitError),
    /// Objects that others depend on were waited for in vain.
    #[error("what comes next depends on objects that are not ready")]
    Gate(#[source] WaitError),
    /// Objects were waited for in vain to go, before those that they depend on.
    #[error("objects that depend on others are not gone")]
    GateGone(#[source] WaitError),
    /// Objects make no order.
    #[error(transparent)]
    Ordering(#[from] GroupError),
    /// An install failed and was undone.
    #[error("release {release} failed, and has been {undone} due to {flag} being set")]
    Undone {
        /// The release.
        release: String,
        /// `uninstalled` or `rolled back`
        undone: &'static str,
        /// The flag.
        flag: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<Error>,
    },
    /// An action failed, and so did undoing it.
    #[error("an error occurred while {act}. original {action} error: {}", text(.original.as_ref()))]
    Undoing {
        /// `uninstalling the release`, …
        act: &'static str,
        /// `install`, `upgrade`, `rollback`
        action: &'static str,
        /// Why the action failed.
        original: Box<Error>,
        /// Why undoing it failed.
        #[source]
        cause: Box<Error>,
    },
    /// An action failed, and so did deleting what it had created; Helm 4 forgets the former.
    #[error("an error occurred while cleaning up resources. original rollback error")]
    CleanUpAfterRollback(#[source] Box<Error>),
    /// What was created cannot be deleted.
    #[error("unable to cleanup resources: {}", joined(.0, ", "))]
    CleanUp(Vec<ApplyError>),
    /// There is no revision to go back to.
    #[error(
        "unable to find a previously successful release when attempting to rollback. original upgrade error"
    )]
    NothingToGoBackTo(#[source] Box<Error>),
    /// A way of applying that there is not.
    #[error("invalid/unknown release server-side apply method: {0}")]
    Method(String),
    /// A revision that cannot be.
    #[error("invalid release revision")]
    Revision,
    /// A revision that there is not.
    #[error("release has no {0} version")]
    NoRevision(i64),
    /// A description that is too long.
    #[error("description must be {max} characters or less, got {found}")]
    Description {
        /// What is allowed.
        max: usize,
        /// What it has.
        found: usize,
    },
    /// Waiting for what was rolled back to failed.
    #[error("release {release} failed")]
    Failed {
        /// The release.
        release: String,
        /// Why.
        #[source]
        cause: Box<Error>,
    },
    /// No release was named.
    #[error("no release provided")]
    NoRelease,
    /// A release that is to be uninstalled cannot be loaded.
    #[error("uninstall: Release not loaded: {release}")]
    NotLoaded {
        /// The release.
        release: String,
        /// Why.
        #[source]
        cause: StoreError,
    },
    /// The release is uninstalled already.
    #[error("the release named {} is already deleted", quoted(.0))]
    AlreadyUninstalled(String),
    /// It cannot be found out whether objects are the release's; they would be left behind.
    #[error("unable to find out whether {object} belongs to the release, nothing was deleted")]
    Unverified {
        /// `ConfigMap "x" in namespace "y"`
        object: String,
        /// Why.
        #[source]
        cause: cluster::Error,
    },
    /// Records cannot be deleted.
    #[error("uninstall: Failed to purge the release")]
    Purge(#[source] StoreError),
    /// Objects of a release cannot be deleted.
    #[error("failed to delete release: {0}")]
    Delete(String),
    /// A plan that was kept is no longer right.
    #[error("the plan is no longer right, and nothing was done: {}", all_moved(.0))]
    Moved(Vec<Moved>),
    /// A release is not at the revision that a kept plan starts from.
    #[error(
        "the plan is no longer right, and nothing was done: release {release} has moved on \
         (the plan is of revision {planned}, by now it would be {next})"
    )]
    MovedOn {
        /// The release.
        release: String,
        /// The revision that the plan makes.
        planned: i64,
        /// The revision that would be made.
        next: i64,
    },
    /// The release of a kept plan is gone, or there is one by now; or an object is there that is not its own.
    #[error("the plan is no longer right, and nothing was done")]
    MovedRelease(#[source] Box<Error>),
    /// A plan made now would be another, though no object is to blame.
    #[error("the plan is no longer right, and nothing was done: another one would be made now")]
    Replanned,
    /// The record in a kept plan cannot be read.
    #[error("the record in the plan cannot be read")]
    KeptRecord(#[source] Box<DecodeError>),
    /// A record cannot be put into a plan.
    #[error("the record cannot be put into the plan")]
    KeepRecord(#[source] Box<EncodeError>),
    /// The server refuses objects, as was found out before anything was written.
    #[error("the server refuses {}, and nothing was written:{}", counted(.0.len()), all_refused(.0))]
    Preflight(Vec<(ObjectRef, Refusal)>),
    /// There is no object of a name to make anew.
    #[error("there is no {}/{} among the release's objects to be created anew", .0.kind.to_lowercase(), .0.name)]
    NothingToRecreate(Recreate),
    /// A release was uninstalled, but something went wrong.
    #[error("uninstallation completed with {} error(s): {}", .0.len(), all(.0, "; "))]
    Uninstalled(Vec<Error>),
}

fn all_moved(moved: &[Moved]) -> String {
    let one = |moved: &Moved| format!("{} {}", moved.object, became(moved.how));
    moved.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn became(how: Movement) -> &'static str {
    match how {
        Movement::Appeared => "is there by now",
        Movement::Gone => "is gone",
        Movement::Recreated => "was deleted and created again",
        Movement::Edited => "was changed",
        _ => "would be treated otherwise now",
    }
}

fn counted(objects: usize) -> String {
    match objects {
        1 => "an object".to_owned(),
        many => format!("{many} objects"),
    }
}

fn all_refused(refused: &[(ObjectRef, Refusal)]) -> String {
    let one = |(object, refusal): &(ObjectRef, Refusal)| {
        format!("\n  {object}: {}", refusal.message.trim_end())
    };
    refused.iter().map(one).collect()
}

fn all(errors: &[Error], separator: &str) -> String {
    let texts: Vec<String> = errors.iter().map(|e| text(e)).collect();
    texts.join(separator)
}

fn joined(errors: &[ApplyError], separator: &str) -> String {
    let texts: Vec<String> = errors.iter().map(|e| text(e)).collect();
    texts.join(separator)
}

impl Error {
    /// The error and what caused it, as Helm prints it.
    #[must_use]
    pub fn text(&self) -> String {
        text(self)
    }

    /// The revision that somebody else is at work on, where that is what stood in the way.
    #[must_use]
    pub fn pending(&self) -> Option<&Pending> {
        match self {
            Self::Pending(pending) => Some(pending),
            _ => None,
        }
    }

    /// What was found out about objects that were waited for in vain, wherever that is among the
    /// causes.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Wait(error) | Self::Gate(error) | Self::GateGone(error) => error.finding(),
            Self::Hook(error) => error.finding(),
            _ => self.carried().into_iter().find_map(Self::finding),
        }
    }

    /// The errors of steps within, of which this one tells.
    fn carried(&self) -> Vec<&Self> {
        match self {
            Self::Check { cause, .. }
            | Self::Definitions { cause, .. }
            | Self::Hooks { cause, .. }
            | Self::Undone { cause, .. }
            | Self::CleanUpAfterRollback(cause)
            | Self::NothingToGoBackTo(cause)
            | Self::Failed { cause, .. } => vec![cause],
            Self::Undoing {
                original, cause, ..
            } => vec![original, cause],
            Self::Uninstalled(errors) => errors.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The text for a record: Helm's, and behind it the cause where it was asked for and found.
    #[must_use]
    pub fn recorded(&self) -> String {
        let finding = self.finding().filter(|finding| finding.is_for_record);
        match finding.and_then(Finding::line) {
            Some(cause) => format!("{} ({cause})", self.text()),
            None => self.text(),
        }
    }

    /// Whether it says that there is no such release.
    #[must_use]
    pub fn is_release_not_found(&self) -> bool {
        match self {
            Self::Store(error) | Self::NotLoaded { cause: error, .. } => error.is_not_found(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_an_error_and_its_causes() {
        let error = Error::Check {
            check: "release name check",
            cause: Box::new(Error::NewName {
                name: String::new(),
                cause: NameError::Missing,
            }),
        };
        let expected = "release name check failed: release name \"\": no name provided";
        assert_eq!(error.text(), expected);
    }

    #[test]
    fn an_undone_action_names_its_flag_and_then_the_cause() {
        let error = Error::Undone {
            release: "web".into(),
            undone: "uninstalled",
            flag: "atomic",
            cause: Box::new(Error::Cancelled),
        };
        let expected = "release web failed, and has been uninstalled due to atomic being set: context canceled";
        assert_eq!(error.text(), expected);
    }

    #[test]
    fn helm_3_starts_sentences_in_upper_case() {
        let error = |upper| Error::HideSecrets { upper }.text();
        assert!(error(true).starts_with("Hiding"));
        assert!(error(false).starts_with("hiding"));
    }
}
