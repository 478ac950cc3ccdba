//! Why objects were not brought to a cluster, in the words of Helm's kube client.

use windlass_chart::compat::Compat;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::Error;

use crate::objects::{gvk, quoted};

/// How several errors make one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// Each on a line of its own.
    Lines,
    /// In a list below their count.
    Counted,
    /// ` && ` between them.
    And,
}

impl Joined {
    /// How errors of objects that were all tried are joined.
    pub(crate) fn of(compat: Compat) -> Self {
        match compat.joins_errors_by_line() {
            true => Self::Lines,
            false => Self::Counted,
        }
    }

    pub(crate) fn join(self, texts: &[String]) -> String {
        match self {
            Self::Lines => texts.join("\n"),
            Self::And => texts.join(" && "),
            Self::Counted => {
                let noun = if texts.len() == 1 { "error" } else { "errors" };
                let list = texts.join("\n\t* ");
                format!("{} {noun} occurred:\n\t* {list}\n\n", texts.len())
            }
        }
    }
}

/// Why objects were not brought to a cluster.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// There is nothing to do, where there must be.
    #[error("no objects visited")]
    NothingVisited,
    /// There is nothing to delete, where there must be.
    #[error("object not found, skipping delete: no objects visited")]
    NothingToDelete,
    /// Options that exclude each other.
    #[error("{0}")]
    Options(&'static str),
    /// Another manager owns fields of the object.
    #[error("conflict occurred while applying object {object}")]
    Conflict {
        /// `NAMESPACE/NAME GROUP/VERSION, Kind=KIND`
        object: String,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// The server does not know server-side apply.
    #[error("server-side apply not available on the server")]
    NotAvailable(#[source] Error),
    /// The server does not apply the object.
    #[error("server-side apply failed for object {object}")]
    ServerSide {
        /// `NAMESPACE/NAME GROUP/VERSION, Kind=KIND`
        object: String,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// The server refuses, and Helm adds nothing.
    #[error(transparent)]
    Refused(Error),
    /// An object of an update cannot be read.
    #[error("could not get information about the resource")]
    Read(#[source] Error),
    /// An object of an update that was not there cannot be created.
    #[error("failed to create resource")]
    Create(#[source] Box<ApplyError>),
    /// An object cannot be replaced.
    #[error("failed to replace object")]
    Replace(#[source] Error),
    /// No patch can be made.
    #[error("failed to create patch: {reason}")]
    MakePatch {
        /// Why.
        reason: String,
    },
    /// The server does not take a patch.
    #[error("cannot patch {name} with kind {kind}", name = quoted(.name))]
    Patch {
        /// The object's name.
        name: String,
        /// Its kind.
        kind: String,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// An object cannot be read again, to carry its ownership over.
    #[error("failed to get object {object}")]
    ReadOwnership {
        /// `NAMESPACE/NAME GROUP/VERSION, Kind=KIND`
        object: String,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// An object's ownership cannot be carried over from client-side to server-side apply.
    #[error("failed to patch object to upgrade CSA field manager {object}")]
    CarryOwnership {
        /// `NAMESPACE/NAME GROUP/VERSION, Kind=KIND`
        object: String,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// An object that is no longer wanted cannot be deleted.
    #[error("failed to delete resource namespace={}, name={}, kind={}", .at.namespace, .at.name, .at.mapping.kind)]
    Prune {
        /// The object.
        at: Box<ObjectRef>,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// An object that cannot be changed cannot be deleted to be created anew.
    #[error("failed to delete {object} to create it anew")]
    Recreate {
        /// The object.
        object: Box<ObjectRef>,
        /// What the server says.
        #[source]
        cause: Error,
    },
    /// An object that was deleted to be created anew stays.
    #[error("{object} was deleted to be created anew, and is still there after {seconds} seconds{}", holding(.finalizers))]
    StillThere {
        /// The object.
        object: Box<ObjectRef>,
        /// How long it was waited for.
        seconds: u64,
        /// What holds it.
        finalizers: Vec<String>,
    },
    /// One or more of these.
    #[error("{}", .joined.join(&texts(.errors)))]
    Several {
        /// In the order of the objects.
        errors: Vec<ApplyError>,
        /// How they are told.
        joined: Joined,
    },
}

fn holding(finalizers: &[String]) -> String {
    match finalizers {
        [] => String::new(),
        some => format!(": it is held by the finalizers {}", some.join(", ")),
    }
}

fn texts(errors: &[ApplyError]) -> Vec<String> {
    errors
        .iter()
        .map(|error| crate::error::text(error))
        .collect()
}

impl ApplyError {
    /// What came of several objects that were all tried: an error if any failed.
    pub(super) fn all(errors: Vec<Self>, joined: Joined) -> Result<(), Self> {
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Self::Several { errors, joined }),
        }
    }

    /// What a server said, if this comes down to one answer of it.
    #[must_use]
    pub fn answer(&self) -> Option<&Error> {
        match self {
            Self::Conflict { cause, .. }
            | Self::ServerSide { cause, .. }
            | Self::Patch { cause, .. }
            | Self::ReadOwnership { cause, .. }
            | Self::CarryOwnership { cause, .. }
            | Self::Prune { cause, .. }
            | Self::Recreate { cause, .. }
            | Self::NotAvailable(cause)
            | Self::Refused(cause)
            | Self::Read(cause)
            | Self::Replace(cause) => Some(cause),
            Self::Create(inner) => inner.answer(),
            Self::Several { errors, .. } => match errors.as_slice() {
                [one] => one.answer(),
                _ => None,
            },
            Self::NothingVisited
            | Self::NothingToDelete
            | Self::Options(_)
            | Self::StillThere { .. }
            | Self::MakePatch { .. } => None,
        }
    }

    /// Whether all that is wrong is that an object is there already.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.answer().is_some_and(Error::is_already_exists)
    }
}

/// An object as Helm names it where it speaks of applying.
pub(super) fn named(at: &ObjectRef) -> String {
    format!("{}/{} {}", at.namespace, at.name, gvk(&at.mapping))
}
