//! The sandbox as its users hold it: a handle that answers requests.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};

use crate::clock::{Clock, RealClock};
use crate::engine;
use crate::http::{self as api, Answer};
use crate::random::Random;
use crate::state::State;

/// What a body or a connection can fail with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// The body of an answer.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// An embedded cluster. Clones are handles to the same one.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    clock: Box<dyn Clock>,
    /// The revision of the state, for whoever waits for it to move.
    moved: tokio::sync::watch::Sender<u64>,
}

impl Sandbox {
    /// A fresh cluster that lives as long as its handles.
    #[must_use]
    pub fn in_memory() -> Self {
        let clock = RealClock::new();
        let state = State::empty(clock.now(), Random::seeded(0));
        Self {
            inner: Arc::new(Inner {
                moved: tokio::sync::watch::Sender::new(state.revision()),
                state: Mutex::new(state),
                clock: Box::new(clock),
            }),
        }
    }

    /// A `tower` service over it: what a Kubernetes client is given in place of a connection.
    #[must_use]
    pub fn service(&self) -> Service {
        Service {
            sandbox: self.clone(),
        }
    }

    fn answer(&self, request: &api::Request) -> Answer {
        let mut state = self.state();
        engine::advance(&mut state, self.inner.clock.now());
        let answer = api::handle(&mut state, request);
        engine::settle(&mut state);
        let revision = state.revision();
        drop(state);
        self.inner.moved.send_if_modified(|known| {
            let moved = *known != revision;
            *known = revision;
            moved
        });
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves whole objects behind: every write is one insertion.
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The API of a [`Sandbox`] as a `tower` service.
#[derive(Clone)]
pub struct Service {
    sandbox: Sandbox,
}

impl<B> tower_service::Service<http::Request<B>> for Service
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let sandbox = self.sandbox.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = match body.collect().await {
                Ok(collected) => collected.to_bytes(),
                Err(_) => Bytes::new(),
            };
            let request = api::Request::new(parts, body);
            let Answer::Full(reply) = sandbox.answer(&request);
            let body = Full::new(reply.body).map_err(|never| match never {});
            let mut response = http::Response::new(body.boxed_unsync());
            *response.status_mut() = http::StatusCode::from_u16(reply.code).unwrap_or_default();
            let content_type = http::HeaderValue::from_static(reply.content_type);
            let headers = response.headers_mut();
            headers.insert(http::header::CONTENT_TYPE, content_type);
            Ok(response)
        })
    }
}
