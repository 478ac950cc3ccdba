//! The API as a `tower` service.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};

use super::faults::{Call, Effect};
use super::{Sandbox, stream};
use crate::http::{self as api, Answer, Reply};
use crate::status::Status;

/// What the body of a request may fail with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// The body of an answer.
pub type Body = UnsyncBoxBody<Bytes, io::Error>;

/// What is read of a body at most; the API itself refuses less than that.
const LIMIT: usize = 16 * 1024 * 1024;

/// The API of a [`Sandbox`] as a `tower` service.
#[derive(Clone)]
pub struct Service {
    sandbox: Sandbox,
}

impl Service {
    pub(super) fn of(sandbox: Sandbox) -> Self {
        Self { sandbox }
    }
}

impl<B> tower_service::Service<http::Request<B>> for Service
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let sandbox = self.sandbox.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let effect = sandbox.faults().meet(Call::of(&parts));
            let mut break_after = false;
            match effect {
                None => {}
                Some(Effect::Refuse(code, wait)) => return Ok(refused(code, wait)),
                Some(Effect::Reset) => return Err(reset()),
                Some(Effect::ResetAfter) => break_after = true,
                Some(Effect::Delay(duration)) => tokio::time::sleep(duration).await,
                Some(Effect::Hang) => std::future::pending::<()>().await,
            }
            let body = match Limited::new(body, LIMIT).collect().await {
                Ok(collected) => collected.to_bytes(),
                Err(error) => return Ok(respond(too_large(&error))),
            };
            let request = api::Request::new(parts, body);
            let answer = sandbox.answer(&request);
            if break_after {
                return Err(reset());
            }
            Ok(match answer {
                Answer::Full(reply) => respond(reply),
                Answer::Watch(watch) => stream::watch(sandbox, *watch),
                Answer::Follow(follow) => stream::follow(sandbox, *follow),
            })
        })
    }
}

fn reset() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "connection reset by peer")
}

fn too_large(error: &BoxError) -> Reply {
    let message = format!("Request entity too large: {error}");
    let status = Status::new(413, "RequestEntityTooLarge", message);
    Reply::json(status.code, &status.to_json())
}

/// The refusal of a server in trouble, with its usual words.
fn refused(code: u16, wait: Option<u64>) -> http::Response<Body> {
    let (reason, message) = match code {
        401 => ("Unauthorized", "Unauthorized"),
        403 => (
            "Forbidden",
            "forbidden: the sandbox was told to refuse this",
        ),
        429 => (
            "TooManyRequests",
            "The server has received too many requests and has asked us to try again later",
        ),
        503 => (
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
        504 => (
            "Timeout",
            "the server was unable to return a response in the time allotted, but may still be processing the request",
        ),
        _ => (
            "InternalError",
            "Internal error occurred: the sandbox was told to fail",
        ),
    };
    let mut status = Status::new(code, reason, message);
    if let Some(seconds) = wait {
        status.details = Some(serde_json::json!({"retryAfterSeconds": seconds}));
    }
    let mut reply = Reply::json(code, &status.to_json());
    if let Some(seconds) = wait {
        reply.headers.push(("retry-after", seconds.to_string()));
    }
    respond(reply)
}

fn respond(reply: Reply) -> http::Response<Body> {
    let body = Full::new(reply.body).map_err(|never: Infallible| match never {});
    let mut response = http::Response::new(body.boxed_unsync());
    *response.status_mut() = http::StatusCode::from_u16(reply.code).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    response
}
