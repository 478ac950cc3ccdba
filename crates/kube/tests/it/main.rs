//! The client against servers in this process: the sandbox, and sockets that misbehave.
#![allow(clippy::unwrap_used, clippy::panic)]

mod cluster;
mod connections;
mod failing;
mod records;
mod servers;
