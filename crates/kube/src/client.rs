//! The client: one server, requests to it, and what becomes of them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, IF_NONE_MATCH, USER_AGENT,
};
use http::response::Parts;
use http_body_util::BodyExt;
use kube::client::Body;
use serde_json::Value;
use tower_service::Service;
use windlass_plan::cluster::{Error, Result};

use crate::answer;
use crate::credentials::Credentials;
use crate::discovery::Discovery;
use crate::killed::{self, Point};
use crate::kubeconfig::{self, Access};
use crate::options::{ConnectOptions, OnWarning};
use crate::pace::Pace;
use crate::protobuf;
use crate::request::Request;
use crate::retry::Attempts;
use crate::transport;
use crate::warnings;

/// The most that an answer may grow when it is unpacked.
const LARGEST_ANSWER: u64 = 1 << 30;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A client of one API server. Clones share its connections and what it knows.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    kube: kube::Client,
    /// The server's URL without a slash at its end.
    base: String,
    credentials: Credentials,
    user_agent: HeaderValue,
    on_warning: Option<OnWarning>,
    compressed: bool,
    pace: Pace,
    pub(crate) discovery: Discovery,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.shared.base)
            .finish_non_exhaustive()
    }
}

/// Makes a client for the cluster that flags, kubeconfigs and environment lead to. No request is sent.
///
/// # Errors
/// [`Error::Configuration`], in client-go's words.
///
/// # Panics
/// Outside of a Tokio runtime.
#[allow(
    clippy::unused_async,
    reason = "a runtime is needed, and a caller may not be in one"
)]
pub async fn connect(options: &ConnectOptions) -> Result<Client> {
    client(options).map_err(|message| Error::Configuration { message })
}

fn client(options: &ConnectOptions) -> Result<Client, String> {
    let access = kubeconfig::access(options)?;
    let base = base_url(&access)?;
    let (credentials, certificate) = Credentials::new(&access)?;
    let pool = transport::pool(&access, options, certificate)?;
    let discovery = Discovery::new(options.cache_folder.as_deref(), &base);
    Ok(Client::assemble(
        kube::Client::new(pool, "default"),
        base,
        credentials,
        options,
        !access.disable_compression,
        discovery,
    ))
}

fn base_url(access: &Access) -> Result<String, String> {
    let mut url = kubeconfig::server_url(&access.server, false)?;
    url.query.clear();
    url.force_query = false;
    url.fragment.clear();
    Ok(url.to_string().trim_end_matches('/').to_owned())
}

impl Client {
    /// A client of a server in this process: requests go to the service, by the same path as all others.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    #[must_use]
    pub fn from_service<S, B>(service: S, options: &ConnectOptions) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<B>> + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::assemble(
            kube::Client::new(service, "default"),
            "http://sandbox".to_owned(),
            Credentials::none(),
            options,
            false,
            Discovery::new(None, ""),
        )
    }

    fn assemble(
        kube: kube::Client,
        base: String,
        credentials: Credentials,
        options: &ConnectOptions,
        compressed: bool,
        discovery: Discovery,
    ) -> Self {
        let agent = HeaderValue::from_str(&options.user_agent);
        let default = HeaderValue::from_static(concat!("windlass/", env!("CARGO_PKG_VERSION")));
        let shared = Shared {
            kube,
            base,
            credentials,
            user_agent: match agent {
                Ok(agent) if !agent.is_empty() => agent,
                _ => default,
            },
            on_warning: options.on_warning.clone(),
            compressed,
            pace: Pace::new(options.qps, options.burst),
            discovery,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The server's URL.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.shared.base
    }

    /// The object that an answer consists of.
    pub(crate) async fn object(&self, request: &Request) -> Result<Value> {
        let (_, body) = self.whole(request).await?;
        parsed(&body)
    }

    /// An answer that agrees, read to its end. `304 Not Modified` agrees.
    pub(crate) async fn whole(&self, request: &Request) -> Result<(Parts, Bytes)> {
        self.attempted(request, &mut Attempts::default()).await
    }

    /// The same, and what the request met with on the way.
    pub(crate) async fn attempted(
        &self,
        request: &Request,
        attempts: &mut Attempts,
    ) -> Result<(Parts, Bytes)> {
        let mut credentials = Freshness::Kept;
        loop {
            let sent = self.once(request).await;
            let pause = match &sent {
                Ok((parts, _)) if parts.status == StatusCode::UNAUTHORIZED => {
                    self.renewed(&mut credentials).await
                }
                Ok((parts, body)) => attempts.after(request, parts, body),
                Err(broken) if broken.retry => attempts.after_break(request),
                Err(_) => None,
            };
            if let Some(pause) = pause {
                tokio::time::sleep(pause).await;
                continue;
            }
            let (parts, body) = sent.map_err(|broken| broken.error)?;
            self.warn(&parts);
            if parts.status.is_success() || parts.status == StatusCode::NOT_MODIFIED {
                return Ok((parts, body));
            }
            return Err(answer::refusal(request, &parts, &body));
        }
    }

    /// Credentials that were not accepted are had anew once, where there may be others: then at once.
    async fn renewed(&self, credentials: &mut Freshness) -> Option<Duration> {
        let again = *credentials == Freshness::Kept && self.shared.credentials.refused().await;
        *credentials = Freshness::Renewed;
        again.then_some(Duration::ZERO)
    }

    /// An answer that agrees, to be read bit by bit.
    pub(crate) async fn stream(&self, request: &Request) -> Result<Body> {
        let sent = self.send(request).await.map_err(|broken| broken.error)?;
        let (parts, body) = sent.into_parts();
        if parts.status == StatusCode::UNAUTHORIZED {
            // For whoever asks next.
            self.shared.credentials.refused().await;
        }
        self.warn(&parts);
        if parts.status.is_success() {
            return Ok(body);
        }
        let body = self.collect(request, &parts, body).await;
        let body = body.map_err(|broken| broken.error)?;
        Err(answer::refusal(request, &parts, &body))
    }

    fn warn(&self, parts: &Parts) {
        if let Some(on_warning) = &self.shared.on_warning {
            for text in warnings::texts(&parts.headers) {
                on_warning(&text);
            }
        }
    }

    async fn once(&self, request: &Request) -> Result<(Parts, Bytes), Broken> {
        let (parts, body) = self.send(request).await?.into_parts();
        let body = self.collect(request, &parts, body).await?;
        let refused = !parts.status.is_success() && protobuf::is_message(&body);
        match refused.then(|| protobuf::status(&body)).flatten() {
            Some(status) => Ok((parts, status.to_string().into())),
            None => Ok((parts, body)),
        }
    }

    async fn collect(&self, request: &Request, parts: &Parts, body: Body) -> Result<Bytes, Broken> {
        let collected = body.collect().await.map_err(|error| {
            let words = transport::words(&error);
            Broken {
                retry: is_break(&words),
                error: Error::Unreachable {
                    message: format!(
                        "unexpected error when reading response body. Please retry. Original error: {words}"
                    ),
                },
            }
        })?;
        unpack(parts, collected.to_bytes()).map_err(|message| Broken {
            retry: false,
            error: self.unreachable(request, &message),
        })
    }

    async fn send(&self, request: &Request) -> Result<http::Response<Body>, Broken> {
        if let Some(message) = request.invalid.clone() {
            return Err(Broken {
                retry: false,
                error: Error::Configuration { message },
            });
        }
        self.shared.pace.wait().await;
        let prepared = self.prepare(request).await.map_err(|words| Broken {
            retry: false,
            error: self.unreachable(request, &words),
        })?;
        let number = killed::counted();
        killed::at(Point::Before, number);
        let answer = self.shared.kube.send(prepared).await.map_err(|error| {
            let words = transport::words(&error);
            Broken {
                retry: is_break(&words),
                error: self.unreachable(request, &words),
            }
        })?;
        killed::at(Point::After, number);
        Ok(answer)
    }

    async fn prepare(&self, request: &Request) -> Result<http::Request<Body>, String> {
        let (media_type, body) = match &request.body {
            Some((media_type, body)) => (Some(*media_type), Body::from(body.clone())),
            None => (None, Body::empty()),
        };
        let mut prepared = http::Request::builder()
            .method(request.method.clone())
            .uri(format!("{}{}", self.shared.base, request.target()))
            .body(body)
            .map_err(|error| error.to_string())?;
        let headers = prepared.headers_mut();
        headers.insert(USER_AGENT, self.shared.user_agent.clone());
        headers.insert(ACCEPT, HeaderValue::from_static(request.accept));
        if let Some(media_type) = media_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        if let Some(known) = request
            .known
            .as_deref()
            .and_then(|tag| HeaderValue::from_str(tag).ok())
        {
            headers.insert(IF_NONE_MATCH, known);
        }
        if self.shared.compressed && !request.streams && !request.plain {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        self.shared.credentials.sign(headers).await?;
        Ok(prepared)
    }

    /// `Get "https://…": dial tcp …`
    fn unreachable(&self, request: &Request, words: &str) -> Error {
        let method = request.method.as_str();
        let method = format!("{}{}", &method[..1], method[1..].to_lowercase());
        let (base, target) = (&self.shared.base, request.target());
        Error::Unreachable {
            message: format!("{method} \"{base}{target}\": {words}"),
        }
    }
}

/// The object that a body consists of.
pub(crate) fn parsed(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|error| Error::Answer {
        message: format!("couldn't get version/kind; json parse error: {error}"),
    })
}

/// A request without an answer.
struct Broken {
    error: Error,
    /// Whether a connection broke that was there.
    retry: bool,
}

/// Whether credentials were had anew for a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Freshness {
    Kept,
    Renewed,
}

/// Whether words tell of a connection that broke.
fn is_break(words: &str) -> bool {
    words == "EOF"
        || words.contains("connection reset by peer")
        || words.contains("broken pipe")
        || words.ends_with("unexpected EOF")
}

fn unpack(parts: &Parts, body: Bytes) -> Result<Bytes, String> {
    use std::io::Read as _;
    let packed = parts
        .headers
        .get(CONTENT_ENCODING)
        .is_some_and(|it| it == "gzip");
    if !packed {
        return Ok(body);
    }
    let mut out = Vec::with_capacity(body.len() * 4);
    let mut decoder = flate2::read::MultiGzDecoder::new(&*body).take(LARGEST_ANSWER);
    decoder
        .read_to_end(&mut out)
        .map_err(|error| format!("gzip: {error}"))?;
    Ok(out.into())
}
