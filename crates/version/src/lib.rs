//! Semantic versions and constraints under the rules of Masterminds' `semver` v3, which Helm uses.
