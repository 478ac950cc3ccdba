//! Actions against a sandbox in this process, by the same client that speaks to real clusters.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chart;
mod failures;
mod fixture;
mod install;
mod rollback;
mod uninstall;
mod upgrade;
