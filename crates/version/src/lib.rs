//! Semantic versions and constraints under the rules of Masterminds' `semver` v3, which Helm uses.
//!
//! Both Helm 3.22 and Helm 4.3 carry its release 3.5.0, so there is one behaviour. Charts' versions
//! and dependencies go through this crate, and Sprig's `semver` and `semverCompare`.
//!
//! [`Version::parse`] is the lenient `NewVersion`, [`Version::parse_strict`] is `StrictNewVersion`,
//! [`Constraints::parse`] is `NewConstraint`. Texts are taken as bytes, since Go's strings are.

mod constraint;
mod error;
mod scan;
mod version;

pub use constraint::Constraints;
pub use error::Error;
pub use version::Version;

#[cfg(test)]
mod tests;
