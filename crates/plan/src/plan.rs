//! A plan: everything an action means to do to a cluster and to a release's history, as data.
//!
//! A plan is made from what is wanted and what was observed, before anything is written; a dry run
//! ends there, and an execution carries out the very same plan. It is versioned and can be written
//! to a file and read back. It holds the wanted objects, so a plan's file holds secrets.
//!
//! Not here: carrying plans out, and the words for them on a terminal.

mod compare;
pub mod forecast;
pub mod impact;
mod operation;
mod step;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use compare::{Moved, Movement};
pub use operation::{Operation, Precondition, Reason};
pub use step::{Step, StepId};

/// The version of the format that is written here. It changes when a plan of before could be
/// misunderstood.
pub const FORMAT: u32 = 1;

/// What kind of action a plan is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are Helm's")]
pub enum Action {
    Install,
    Upgrade,
    Rollback,
    Uninstall,
    Test,
}

/// The revision of a release that a plan makes, or takes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The namespace of the release.
    pub namespace: String,
    /// The release.
    pub name: String,
    /// The revision.
    pub revision: i64,
}

/// How objects are brought to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Method {
    /// Server-side apply; otherwise a three-way merge by the client.
    pub server_side: bool,
    /// Fields are taken from other managers.
    pub force_conflicts: bool,
    /// Objects are replaced instead of patched.
    pub force_replace: bool,
    /// Objects that are nobody's or another release's become the release's.
    pub take_ownership: bool,
}

/// What an action means to do. See the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of the format: [`FORMAT`].
    pub format: u32,
    /// What kind of action it is.
    pub action: Action,
    /// What it is done to.
    pub release: Revision,
    /// How objects are brought to the server.
    pub method: Method,
    /// The steps, each after all that it needs.
    pub steps: Vec<Step>,
}

impl Plan {
    /// A plan without steps.
    #[must_use]
    pub fn new(action: Action, release: Revision, method: Method) -> Self {
        Self {
            format: FORMAT,
            action,
            release,
            method,
            steps: Vec::new(),
        }
    }

    /// Kinds and names of the objects that stay and were looked at no further.
    pub fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        let operations = self.steps.iter().map(|step| &step.operation);
        operations.filter_map(|operation| match operation {
            Operation::Keep {
                object: None,
                kind,
                name,
                ..
            } => Some((kind.as_str(), name.as_str())),
            _ => None,
        })
    }

    /// Adds operations that may run side by side, after everything that was added before.
    pub fn then(&mut self, operations: impl IntoIterator<Item = Operation>) {
        let needs = self.last_level();
        for operation in operations {
            let id = self.step_to_be(0);
            self.steps.push(Step {
                id,
                needs: Arc::clone(&needs),
                operation,
            });
        }
    }

    /// The name that a step will have, which is so many behind the next.
    #[must_use]
    pub fn step_to_be(&self, behind: usize) -> StepId {
        StepId(u32::try_from(self.steps.len() + behind).unwrap_or(u32::MAX))
    }

    /// The steps that nothing needs yet.
    fn last_level(&self) -> Arc<[StepId]> {
        let Some(last) = self.steps.last() else {
            return Arc::default();
        };
        let same = |step: &&Step| step.needs == last.needs;
        let level = self.steps.iter().rev().take_while(same).map(|step| step.id);
        let mut ids: Vec<_> = level.collect();
        ids.reverse();
        ids.into()
    }

    /// The steps in runs that may go side by side, in order.
    #[must_use]
    pub fn levels(&self) -> Vec<&[Step]> {
        self.steps.chunk_by(|a, b| a.needs == b.needs).collect()
    }

    /// The plan as JSON, the same for the same plan.
    ///
    /// # Errors
    /// None that a plan's own data could cause.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// What tells the plan from others: a hash of its JSON.
    #[must_use]
    pub fn digest(&self) -> String {
        operation::digest(self)
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let head: Head = serde_json::from_str(text).map_err(ReadError::Syntax)?;
        if head.format != FORMAT {
            return Err(ReadError::Format { found: head.format });
        }
        let plan: Self = serde_json::from_str(text).map_err(ReadError::Syntax)?;
        plan.check_order()?;
        Ok(plan)
    }

    /// Every step stands after what it needs, which also keeps circles out.
    fn check_order(&self) -> Result<(), ReadError> {
        for (index, step) in self.steps.iter().enumerate() {
            let earlier = |id: &StepId| (id.0 as usize) < index;
            if step.id.0 as usize != index || !step.needs.iter().all(earlier) {
                return Err(ReadError::Order { step: step.id });
            }
        }
        Ok(())
    }
}

/// A text is no plan that could be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not the JSON of a plan.
    #[error("not a plan")]
    Syntax(#[source] serde_json::Error),
    /// It is of another version.
    #[error("a plan of format {found}, of which only {FORMAT} is understood")]
    Format {
        /// The version.
        found: u32,
    },
    /// A step stands before something that it needs.
    #[error("step {step} of the plan does not stand after what it needs")]
    Order {
        /// The step.
        step: StepId,
    },
}

#[cfg(test)]
mod tests;
