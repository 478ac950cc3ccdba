//! Requests to the service, in process, and what comes back.
#![allow(clippy::unwrap_used, clippy::panic)]

mod server;
mod verbs;
