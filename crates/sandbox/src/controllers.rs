//! What a real cluster's controllers do, as plain functions over the state.
//!
//! The engine (`crate::engine`) calls [`heard`] once for every write, in order, after the request that
//! made it was answered; there a controller maps the write to tasks (`state.work.enqueue`). Then it calls
//! [`perform`] for each task, and again whenever a deadline (`state.work.schedule`) comes due, with
//! `state.now()` set to that deadline. Nothing here runs on a thread or asks a clock.
//!
//! Objects are read through `State::get` and `State::list`, and written through [`crate::registry`],
//! whose functions apply the server's own rules and keep managed fields.

use crate::state::{Entry, State, Task};

/// A write happened: asks for the work that follows from it.
pub(crate) fn heard(_state: &mut State, _entry: &Entry) {}

/// Does one piece of work. What cannot be done yet is asked for again with a deadline.
pub(crate) fn perform(_state: &mut State, _task: &Task) {}
