//! An embedded Kubernetes API server: a cluster in one process, spoken to over HTTP only.
//!
//! [`Sandbox::service`] is given to a Kubernetes client in place of a connection.
//!
//! The way of a request: [`sandbox`] reads it and brings the state to the present moment
//! ([`engine`]: deadlines pass, controllers do their work), [`http`] routes it, [`registry`] writes with the
//! server's rules, [`state`] stores and logs, [`engine`] lets the controllers react. All of it is
//! synchronous and depends on nothing but the state and the moment; only [`sandbox`] waits.
//!
//! Not here: containers. Pods live by rules ([`controllers`], [`pods`]), and annotations tell them to
//! fail.

mod catalog;
mod clock;
mod controllers;
mod convert;
mod defaults;
mod engine;
mod http;
mod lifecycle;
mod pods;
mod protobuf;
mod random;
mod registry;
mod sandbox;
mod select;
mod state;
mod status;
mod table;

pub use clock::{Clock, Moment, RealClock};
pub use sandbox::{
    Body, BoxError, Builder, Call, Effect, Error, Holder, Rule, Sandbox, Server, Service,
};
pub use status::{Cause, Status};
