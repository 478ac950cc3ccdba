//! Requests to the service, in process, and what comes back.
#![allow(clippy::unwrap_used, clippy::panic)]

mod definitions;
mod deletion;
mod faults;
mod file;
mod limits;
mod listing;
mod namespaces;
mod openapi;
mod patches;
mod quotas;
mod refusals;
mod rules;
mod server;
mod services;
mod serving;
mod verbs;
mod watching;
