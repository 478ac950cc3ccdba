//! What a plan will do to each object, as far as the server can tell beforehand.

use serde::Serialize;

use super::Reason;
use super::impact::{self, Impact};
use crate::ObjectRef;
use crate::cluster::Object;

/// What will become of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fate {
    /// It will be created.
    Create,
    /// It will be changed.
    Update,
    /// It will be deleted and created anew, since the server does not let it be changed.
    Replace,
    /// It will be deleted.
    Delete,
    /// It stays, though it is no longer wanted.
    Keep,
    /// Nothing.
    Nothing,
}

/// Why the server will not do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// What the server says.
    pub message: String,
    /// Whether the object could be deleted and created anew instead.
    pub is_immutable: bool,
    /// Whether somebody else owns fields, which could be taken.
    pub is_conflict: bool,
}

/// An object, and what will become of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// The object.
    pub object: ObjectRef,
    /// What will become of it.
    pub fate: Fate,
    /// Why.
    pub reason: Reason,
    /// The object as the release's last manifest has it, where that says more of a change than what
    /// is there: for what is replaced or refused.
    pub manifest: Option<Object>,
    /// The object as it is.
    pub live: Option<Object>,
    /// The object as it will be.
    pub after: Option<Object>,
    /// Why it will not come to that.
    pub refusal: Option<Refusal>,
    /// Why the server could not be asked; then `after` is what is wanted.
    pub unchecked: Option<String>,
}

impl Foreseen {
    /// What that means for what runs and for data.
    #[must_use]
    pub fn impact(&self) -> Impact {
        match self.refusal {
            Some(_) => Impact::default(),
            None => impact::of(self.fate, self.live.as_ref(), self.after.as_ref()),
        }
    }
}

/// What will become of all objects, in the order in which it will be done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forecast {
    /// The objects.
    pub objects: Vec<Foreseen>,
}

impl Forecast {
    /// The objects of a fate, those aside that the server refuses.
    #[must_use]
    pub fn count(&self, fate: Fate) -> usize {
        let fated = |found: &&Foreseen| found.fate == fate && found.refusal.is_none();
        self.objects.iter().filter(fated).count()
    }

    /// What the server refuses.
    pub fn refused(&self) -> impl Iterator<Item = (&ObjectRef, &Refusal)> {
        let refused = |found: &'_ Foreseen| found.refusal.is_some();
        self.objects
            .iter()
            .filter(move |found| refused(found))
            .filter_map(|found| Some((&found.object, found.refusal.as_ref()?)))
    }

    /// Whether anything will be different.
    #[must_use]
    pub fn changes(&self) -> bool {
        let idle = |found: &Foreseen| {
            matches!(found.fate, Fate::Nothing | Fate::Keep) && found.refusal.is_none()
        };
        !self.objects.iter().all(idle)
    }
}
