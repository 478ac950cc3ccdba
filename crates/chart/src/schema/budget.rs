//! [`Budget`]: how much work one run of schemas may be.
//!
//! Applying a schema is counted elsewhere; this is for what one application can do: compare long lists,
//! search with large expressions, complain of a million members. A step is some ten nanoseconds, and what
//! keeps memory counts a step for each byte or so.

use std::cell::Cell;

/// The steps of a run, about half a second; real charts stay below a hundredth. Tests are not optimized.
const STEPS: u64 = if cfg!(test) { 1_000_000 } else { 50_000_000 };

/// What is left to spend.
pub(super) struct Budget(Cell<u64>);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(STEPS))
    }

    /// Takes steps; says whether any are left.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.0.get().saturating_sub(steps as u64);
        self.0.set(left);
        left > 0
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
