//! [`Step`]: an operation and its place among others.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Operation;

/// Names a step within its plan: its place, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepId(pub u32);

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An operation of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its place.
    pub id: StepId,
    /// The steps that must be over before it begins.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub needs: Arc<[StepId]>,
    /// What is done.
    #[serde(flatten)]
    pub operation: Operation,
}

/// Whether nothing is needed.
fn is_empty(needs: &Arc<[StepId]>) -> bool {
    needs.is_empty()
}
