//! Times, zones and durations against what Go's `time` package gave.
#![allow(clippy::unwrap_used, clippy::panic)]

mod methods;
mod recorded;
