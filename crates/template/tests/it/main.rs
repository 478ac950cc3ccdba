//! The template crate against what Go's `text/template` (1.26) does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod fixture;
mod golden;
mod limits;
mod sessions;
