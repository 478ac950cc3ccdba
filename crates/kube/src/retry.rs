//! Which requests are sent again, and after which pause.
//!
//! What client-go does is the least that is done: a server that names a pause gets it, a read whose connection
//! broke is repeated. Beyond that, whatever may be done twice without harm ([`Again`]) is repeated also where
//! the server fails without naming a pause, for some seconds: load balancers, leaders that change and
//! restarts are over by then, and what is not is told as it is.

use std::time::Duration;

use http::response::Parts;
use http::{Method, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::request::{Again, Request};

/// How often a request is sent again that the server put off, or whose connection broke; and the pause in
/// the latter case.
const PATIENT: u32 = 10;
const AFTER_BREAK: Duration = Duration::from_secs(1);

/// How often a request is sent again that the server failed to serve, and the first pause, which grows.
const FAILURES: u32 = 3;
const AFTER_FAILURE: Duration = Duration::from_millis(200);
const GROWTH: u32 = 3;

/// What a request met with so far.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    put_off: u32,
    failed: u32,
    /// Whether an attempt may have been carried out though its answer did not say so.
    pub(crate) uncertain: bool,
}

impl Attempts {
    /// The pause before a request is sent again whose connection broke.
    pub(crate) fn after_break(&mut self, request: &Request) -> Option<Duration> {
        self.uncertain = true;
        let again = request.again != Again::Never && self.put_off < PATIENT;
        self.put_off += 1;
        again.then_some(AFTER_BREAK)
    }

    /// The pause before a request is sent again that was answered like this.
    pub(crate) fn after(
        &mut self,
        request: &Request,
        parts: &Parts,
        body: &[u8],
    ) -> Option<Duration> {
        if let Some(pause) = put_off(request, parts, body) {
            self.put_off += 1;
            return (self.put_off <= PATIENT).then_some(pause);
        }
        let again = request.again == Again::Always && self.failed < FAILURES;
        if !again || !passes(parts.status, request, body) {
            return None;
        }
        self.uncertain = true;
        let pause = AFTER_FAILURE * GROWTH.pow(self.failed);
        self.failed += 1;
        Some(pause)
    }
}

/// The pause that a server asks for, which has not carried the request out.
fn put_off(request: &Request, parts: &Parts, body: &[u8]) -> Option<Duration> {
    let code = parts.status.as_u16();
    if code != 429 && code < 500 {
        return None;
    }
    if let Some(seconds) = answer::retry_after(parts) {
        return Some(Duration::from_secs(seconds.into()));
    }
    (code >= 500 && lost_by_etcd(request, body)).then_some(Duration::ZERO)
}

/// Whether the server's store lost the request. A new leader may yet know it, so that what must not happen
/// twice is not sent again.
fn lost_by_etcd(request: &Request, body: &[u8]) -> bool {
    let message = message(body);
    message.ends_with("raft proposal dropped")
        || (message.ends_with("etcdserver: leader changed") && request.method != Method::POST)
}

/// Whether a failure may pass by itself.
fn passes(code: StatusCode, request: &Request, body: &[u8]) -> bool {
    match code {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => true,
        // Others' webhooks, and what is too large for the store, fail again.
        StatusCode::INTERNAL_SERVER_ERROR => {
            let told = status(body);
            let message = message(body);
            // Without a reason it is most often an object that does not fit its kind's schema.
            let inside = told["kind"] != "Status" || told["reason"] == "InternalError";
            (inside || message.contains("etcdserver:"))
                && !message.contains("webhook")
                && !message.contains("larger than")
                && !message.contains("too large")
        }
        StatusCode::CONFLICT => request.method != Method::POST && is_race(body),
        _ => false,
    }
}

/// Whether the server was overtaken by another request while it served this one, which said nothing of the
/// state that it expects. A conflict over fields names them.
fn is_race(body: &[u8]) -> bool {
    let told = status(body);
    told["reason"] == "Conflict"
        && told["details"]["causes"].is_null()
        && message(body).contains("the object has been modified")
}

fn status(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

fn message(body: &[u8]) -> String {
    status(body)["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
