//! Rendering against what both Helms gave: questions of the differential fuzzer, recorded (`cargo xtask-fast fuzz-diff
//! --record`), and rules one by one.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../../../template/tests/it/asked.rs"]
mod asked;
mod explained;
mod recorded;
