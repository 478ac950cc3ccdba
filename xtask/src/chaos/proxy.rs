//! A proxy between commands and a server, which makes the server look faulty.
//!
//! It speaks HTTP/1.1 without encryption on both sides: to the sandbox as it is, to a real server through
//! `kubectl proxy`. [`Plan`] decides by a seed what becomes of each request.

mod plan;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, client, server};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

pub(super) use plan::{Fault, Plan};

type Body = BoxBody<Bytes, hyper::Error>;

/// A proxy, which ends with the value.
pub(super) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    // Ends all connections with it.
    _runtime: Runtime,
}

struct Shared {
    upstream: SocketAddr,
    plan: Mutex<Plan>,
}

impl Proxy {
    /// Starts a proxy to a server that speaks HTTP on loopback.
    pub(super) fn start(upstream: SocketAddr, plan: Plan) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream,
            plan: Mutex::new(plan),
        });
        runtime.spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            _runtime: runtime,
        })
    }

    /// A kubeconfig that leads to it.
    pub(super) fn kubeconfig(&self) -> String {
        format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: faulty\n  cluster: {{server: \"http://{}\"}}\n\
             users:\n- name: user\n  user: {{token: admin}}\ncontexts:\n- name: faulty\n  context: \
             {{cluster: faulty, user: user}}\ncurrent-context: faulty\n",
            self.address
        )
    }

    /// What it did so far.
    pub(super) fn faults(&self) -> Vec<String> {
        self.shared.plan().done().to_vec()
    }
}

impl Shared {
    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

/// Serves a connection until the client leaves or the plan breaks it.
async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let line = Arc::new(Line::default());
    let socket = Socket {
        io: TokioIo::new(stream),
        line: Arc::clone(&line),
    };
    let answer = |request| {
        let (shared, line) = (Arc::clone(&shared), Arc::clone(&line));
        async move { Ok::<_, Infallible>(shared.answer(request, &line).await) }
    };
    let connection =
        server::conn::http1::Builder::new().serve_connection(socket, service_fn(answer));
    tokio::select! {
        // A client that leaves is none of our faults.
        _left = connection => {}
        () = line.broken.notified() => {}
    }
}

/// What is known of a connection.
#[derive(Default)]
struct Line {
    broken: Notify,
    /// Whether it ends with a reset, rather than in order.
    resets: AtomicBool,
}

impl Line {
    /// Breaks the connection; nothing is answered.
    async fn broken(&self, resets: bool) -> Response<Body> {
        self.resets.store(resets, Ordering::Release);
        self.broken.notify_one();
        std::future::pending().await
    }
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>, line: &Line) -> Response<Body> {
        let fault = self.plan().next(request.method(), request.uri());
        match fault {
            None => self.pass_on(request, line).await,
            Some(Fault::Refusal { code, retry_after }) => refusal(code, retry_after),
            Some(Fault::Gone) => gone(),
            Some(Fault::Slow(time)) => {
                tokio::time::sleep(time).await;
                self.pass_on(request, line).await
            }
            Some(Fault::BreakBefore { resets }) => line.broken(resets).await,
            Some(Fault::BreakAfter { resets }) => {
                let answer = self.pass_on(request, line).await;
                // The server has done it, to the last byte of its answer; a watch has no last one.
                let _read =
                    tokio::time::timeout(Duration::from_millis(200), answer.collect()).await;
                line.broken(resets).await
            }
            Some(Fault::OldDiscovery) => {
                let mut request = request;
                let plain = HeaderValue::from_static("application/json");
                request.headers_mut().insert(ACCEPT, plain);
                self.pass_on(request, line).await
            }
        }
    }

    async fn pass_on(&self, request: Request<Incoming>, line: &Line) -> Response<Body> {
        match self.forward(request).await {
            Ok(response) => response.map(BodyExt::boxed),
            // The server itself is not there: so it looks from outside too.
            Err(_) => line.broken(false).await,
        }
    }

    async fn forward(&self, mut request: Request<Incoming>) -> Result<Response<Incoming>> {
        let stream = TcpStream::connect(self.upstream).await?;
        let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let host = HeaderValue::from_str(&self.upstream.to_string())?;
        request.headers_mut().insert(HOST, host);
        request.headers_mut().remove(hyper::header::AUTHORIZATION);
        sender.send_request(request).await.context("forward")
    }
}

/// What a server says that does not do what it is asked to.
fn refusal(code: u16, retry_after: Option<u32>) -> Response<Body> {
    let (reason, message) = match code {
        401 => ("Unauthorized", "Unauthorized"),
        409 => (
            "Conflict",
            "Operation cannot be fulfilled: the object has been modified; please apply your changes to the \
             latest version and try again",
        ),
        429 => (
            "TooManyRequests",
            "too many requests, please try again later",
        ),
        503 => (
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
        _ => (
            "InternalError",
            "Internal error occurred: a fault that was asked for",
        ),
    };
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    let mut response = response(&status);
    *response.status_mut() =
        StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A watch that has missed too much.
fn gone() -> Response<Body> {
    response(&json!({"type": "ERROR", "object": {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "too old resource version", "reason": "Expired", "code": 410,
    }}))
}

fn response(body: &serde_json::Value) -> Response<Body> {
    let body = Full::new(Bytes::from(format!("{body}\n")));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed());
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// A connection that can end with a reset.
struct Socket {
    io: TokioIo<TcpStream>,
    line: Arc<Line>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.line.resets.load(Ordering::Acquire) {
            // One that ends in order is a fault as well.
            let _in_order = self.io.inner().set_zero_linger();
        }
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
