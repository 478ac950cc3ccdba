//! Rules of YAML as Helm's libraries have them, grouped by concept.
//!
//! The expected texts come from Go: from `sigs.k8s.io/yaml` 1.6.0 over goyaml 2.4.4, and from goyaml
//! 3.0.5, run on the same inputs.

#![allow(clippy::unwrap_used, clippy::panic)]

mod asked;
mod check;
mod collections;
mod documents;
mod entries;
mod errors;
mod limits;
mod objects;
mod scalars;
mod streams;
mod strings_v2;
mod strings_v3;
mod styles;
mod values_v2;
mod values_v3;
