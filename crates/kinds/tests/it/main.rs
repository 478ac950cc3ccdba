//! Questions and answers recorded from Kubernetes' own libraries (`cargo xtask kinds check`).

#![allow(clippy::unwrap_used, clippy::panic)]

mod ask;
mod builtin;
mod custom;
mod recorded;
