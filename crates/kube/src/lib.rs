//! A Kubernetes API server behind the engine's ports.
//!
//! [`connect`] finds the server and who speaks to it, as Helm does, and makes a [`Client`] that is the engine's
//! `Cluster`; [`Storage`] keeps releases on it, [`Lookup`] answers templates. All words for what fails on the way are client-go's, since Helm passes them on. What the
//! calls are for is not known here, and nothing here reads the environment: [`ConnectOptions`] carries what flags
//! and environment say.

mod answer;
mod client;
mod cluster;
mod credentials;
mod discovery;
mod killed;
mod kubeconfig;
mod list;
mod lookup;
mod options;
mod os;
mod pace;
mod protobuf;
mod request;
mod retry;
mod storage;
mod transport;
mod warnings;
mod watch;

pub use client::{Client, connect};
pub use kubeconfig::namespace;
pub use lookup::Lookup;
pub use options::{ConnectOptions, OnWarning};
pub use storage::{Now, Storage};
