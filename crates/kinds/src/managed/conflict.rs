//! What an apply would take from others.

use std::collections::BTreeMap;
use std::fmt;

use super::entries::Identity;
use crate::fields::{self, Path, Set};

/// A field that another manager owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its owner, as messages name it: `"kubectl" using apps/v1`.
    pub manager: String,
    /// The field.
    pub path: Path,
}

impl Conflict {
    /// The field as causes name it.
    #[must_use]
    pub fn field(&self) -> String {
        fields::show(&self.path)
    }

    /// The message of its cause.
    #[must_use]
    pub fn message(&self) -> String {
        format!("conflict with {}", self.manager)
    }
}

/// All of them, by manager.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflicts(pub Vec<Conflict>);

impl Conflicts {
    pub(super) fn of(sets: &BTreeMap<Identity, Set>) -> Self {
        let mut all = Vec::new();
        for (identity, set) in sets {
            let manager = identity.shown();
            all.extend(set.paths().into_iter().map(|path| Conflict {
                manager: manager.clone(),
                path,
            }));
        }
        Self(all)
    }

    pub(super) fn outside(&self, allowed: &Set) -> Self {
        let outside = self.0.iter().filter(|c| !allowed.has(&c.path));
        Self(outside.cloned().collect())
    }
}

impl fmt::Display for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0.as_slice() {
            return write!(
                f,
                "Apply failed with 1 conflict: {}: {}",
                only.message(),
                only.field()
            );
        }
        write!(f, "Apply failed with {} conflicts: ", self.0.len())?;
        let mut last = None;
        for conflict in &self.0 {
            if last != Some(&conflict.manager) {
                let line = if last.is_some() { "\n" } else { "" };
                write!(f, "{line}conflicts with {}:", conflict.manager)?;
                last = Some(&conflict.manager);
            }
            write!(f, "\n- {}", conflict.field())?;
        }
        Ok(())
    }
}
