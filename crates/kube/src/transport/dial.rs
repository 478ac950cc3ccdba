//! Making a connection: look up, connect, through a proxy where there is one, TLS.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::proxy::{self, Proxies};
use super::stream::{Duplex, Stream};
use super::tls;
use crate::ConnectOptions;
use crate::kubeconfig::Access;
use crate::os;

/// How long a socket may take to connect, and how long TLS may take on it.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Why there is no connection: `dial tcp 127.0.0.1:1: connect: connection refused`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct DialError(pub(crate) String);

/// Makes connections to one server.
#[derive(Clone)]
pub(crate) struct Dialer {
    shared: Arc<Shared>,
}

struct Shared {
    tls: Arc<ClientConfig>,
    /// The name that the server has to prove; the one it is called by if empty.
    server_name: String,
    proxies: Proxies,
}

impl Dialer {
    pub(super) fn new(access: &Access, options: &ConnectOptions, tls: ClientConfig) -> Self {
        let shared = Shared {
            tls: Arc::new(tls),
            server_name: access.tls_server_name.clone(),
            proxies: Proxies::new(access.proxy.as_ref(), options),
        };
        Self {
            shared: Arc::new(shared),
        }
    }
}

impl tower_service::Service<Uri> for Dialer {
    type Response = Stream;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, DialError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let shared = self.shared.clone();
        Box::pin(async move { shared.dial(&target).await.map_err(DialError) })
    }
}

impl Shared {
    async fn dial(&self, target: &Uri) -> Result<Stream, String> {
        let secure = target.scheme_str() == Some("https");
        let host = target.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = target.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let io: Box<dyn Duplex> = match self.proxies.for_target(secure, host, port) {
            Some(proxy) => proxy::tunnel(&proxy, host, port).await?,
            None => Box::new(connect(host, port).await?),
        };
        if !secure {
            return Ok(Stream::new(io, false));
        }
        let name = if self.server_name.is_empty() {
            host
        } else {
            &self.server_name
        };
        secure_with(&self.tls, io, name).await
    }
}

/// TLS over a connection; what is spoken over it comes out of the handshake.
async fn secure_with(
    config: &Arc<ClientConfig>,
    io: Box<dyn Duplex>,
    name: &str,
) -> Result<Stream, String> {
    let server = ServerName::try_from(name.to_owned())
        .map_err(|_| format!("tls: either ServerName or InsecureSkipVerify must be specified in the tls.Config: {name}"))?;
    let handshake = TlsConnector::from(config.clone()).connect(server, io);
    let stream = match timeout(HANDSHAKE_WITHIN, handshake).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(tls::handshake_words(&error, name)),
        Err(_) => return Err("net/http: TLS handshake timeout".to_owned()),
    };
    let h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    Ok(Stream::new(Box::new(stream), h2))
}

/// A socket connected to a host, with Go's words where there is none.
pub(super) async fn connect(host: &str, port: u16) -> Result<TcpStream, String> {
    let addresses = look_up(host, port).await?;
    let mut first = None;
    for address in addresses {
        match timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => {
                // Small requests must not wait for each other's acknowledgements.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Ok(Err(error)) => {
                let reason = os::reason(&error);
                first.get_or_insert(format!("dial tcp {address}: connect: {reason}"));
            }
            Err(_) => {
                first.get_or_insert(format!("dial tcp {address}: i/o timeout"));
            }
        }
    }
    Err(first.unwrap_or_else(|| not_found(host)))
}

async fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    match tokio::net::lookup_host((host, port)).await {
        Ok(found) => Ok(found.collect()),
        Err(_) => Err(not_found(host)),
    }
}

fn not_found(host: &str) -> String {
    let server = name_server().map_or(String::new(), |server| format!(" on {server}"));
    format!("dial tcp: lookup {host}{server}: no such host")
}

/// The name server that Go would have asked.
fn name_server() -> Option<SocketAddr> {
    let text = std::fs::read_to_string(Path::new("/etc/resolv.conf")).ok()?;
    let mut words = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == "nameserver").then(|| words.next())?
    });
    Some(SocketAddr::new(words.next()?.parse().ok()?, 53))
}
