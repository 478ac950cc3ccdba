//! Connections to a server: sockets, proxies and TLS, with failures told as Go tells them.

mod dial;
mod failure;
mod proxy;
mod stream;
mod tls;
mod trust;

use std::time::Duration;

use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::Body;

use crate::ConnectOptions;
use crate::credentials::Certificate;
use crate::kubeconfig::Access;

pub(crate) use dial::DialError;
use dial::Dialer;
pub(crate) use failure::words;
pub(crate) use tls::certified_key;

/// How long a connection may be silent before it is asked whether it is there, and how long it has to
/// answer: what Go's client does.
const PING_AFTER: Duration = Duration::from_secs(30);
const PONG_WITHIN: Duration = Duration::from_secs(15);
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(90);

/// A pool of connections to the server.
pub(crate) type Pool = legacy::Client<Dialer, Body>;

/// The pool for a server; fails where certificates cannot be read.
pub(crate) fn pool(
    access: &Access,
    options: &ConnectOptions,
    certificate: Certificate,
) -> Result<Pool, String> {
    let tls = tls::config(access, certificate)?;
    let dialer = Dialer::new(access, options, tls);
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    builder
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .http2_keep_alive_interval(PING_AFTER)
        .http2_keep_alive_timeout(PONG_WITHIN)
        .http2_adaptive_window(true);
    Ok(builder.build(dialer))
}
