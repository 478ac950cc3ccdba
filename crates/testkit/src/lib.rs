//! What the tests of the workspace share: a place of their own ([`Place`]), the binary run in a hermetic environment
//! ([`Program`]), recorded texts of the real Helms ([`golden`]), documents of rendered output ([`documents`]).
//!
//! For tests only: a helper that cannot do its work panics and says why.
#![allow(clippy::panic, reason = "tests fail by panicking")]

pub mod golden;
mod manifest;
mod place;
mod program;

pub use manifest::{Document, documents};
pub use place::Place;
pub use program::{Outcome, Program};

use std::path::PathBuf;

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let here = env!("CARGO_MANIFEST_DIR");
    std::fs::canonicalize(format!("{here}/../.."))
        .unwrap_or_else(|e| panic!("the repository is above {here}: {e}"))
}
