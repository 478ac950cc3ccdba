//! Whether a plan that was kept is still the right one: the same plan made anew from what is there by now
//! must be the same.

use serde::Serialize;

use super::{Operation, Plan, Precondition};
use crate::ObjectRef;

/// An object that is not what it was when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The object.
    pub object: ObjectRef,
    /// What became of it.
    pub how: Movement,
}

/// What became of an object since a plan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Movement {
    /// It was not there and is now.
    Appeared,
    /// It was there and is not now.
    Gone,
    /// Another object of its name is there.
    Recreated,
    /// Fields of it that the release owns were changed.
    Edited,
    /// Something else would be done to it now.
    Replanned,
}

impl Plan {
    /// The objects to which something else would be done now than when this plan was made. That
    /// there are none does not say that the plans are the same.
    #[must_use]
    pub fn moved_since(&self, now: &Self) -> Vec<Moved> {
        let find = |plan: &Self, object: &ObjectRef| {
            let mut steps = plan.steps.iter().map(|step| &step.operation);
            steps.find(|op| op.object() == Some(object)).cloned()
        };
        let mut moved = Vec::new();
        for operation in self.steps.iter().map(|step| &step.operation) {
            let Some(object) = operation.object() else {
                continue;
            };
            let other = find(now, object);
            if other.as_ref() != Some(operation) {
                let how = movement(operation, other.as_ref());
                let object = object.clone();
                moved.push(Moved { object, how });
            }
        }
        for operation in now.steps.iter().map(|step| &step.operation) {
            let Some(object) = operation.object() else {
                continue;
            };
            if find(self, object).is_none() {
                let (object, how) = (object.clone(), Movement::Appeared);
                moved.push(Moved { object, how });
            }
        }
        moved
    }
}

fn movement(then: &Operation, now: Option<&Operation>) -> Movement {
    let Some(now) = now else {
        return Movement::Gone;
    };
    match (then.precondition(), now.precondition()) {
        (None, Some(_)) => Movement::Appeared,
        (Some(_), None) => Movement::Gone,
        (Some(then), Some(now)) if then.uid != now.uid => Movement::Recreated,
        (Some(then), Some(now)) if then.owned != now.owned => Movement::Edited,
        _ => Movement::Replanned,
    }
}

impl Operation {
    /// The object that it is about, if it is about one that has a name.
    #[must_use]
    pub fn object(&self) -> Option<&ObjectRef> {
        let object = match self {
            Self::Apply { object, .. }
            | Self::Prune { object, .. }
            | Self::Delete { object, .. } => Some(object),
            Self::Keep { object, .. } => object.as_ref(),
            _ => None,
        };
        object.filter(|object| !object.name.is_empty())
    }

    /// What must hold of its object.
    #[must_use]
    pub fn precondition(&self) -> Option<&Precondition> {
        match self {
            Self::Apply { precondition, .. }
            | Self::Prune { precondition, .. }
            | Self::Delete { precondition, .. } => precondition.as_ref(),
            _ => None,
        }
    }
}
