//! Actions against a sandbox in this process, by the same client that speaks to real clusters.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chart;
mod failures;
mod fixture;
mod holding;
mod hooks;
mod install;
mod old_kinds;
mod rollback;
mod testing;
mod uninstall;
mod upgrade;
