//! What an answer that refuses says: the server's own `Status`, or the words client-go has where there is none.

use http::response::Parts;
use serde_json::Value;
use windlass_plan::cluster::{Error, Status, StatusCause};
use windlass_value::fmt::quote;

use crate::request::Request;

/// As much of an answer as is quoted.
const LONGEST_QUOTE: usize = 2048;

/// The error for an answer that refuses.
pub(crate) fn refusal(request: &Request, parts: &Parts, body: &[u8]) -> Error {
    let told = (!request.raw)
        .then(|| serde_json::from_slice::<Value>(body).ok())
        .flatten()
        .filter(|object| object["kind"] == "Status" && object["status"] != "Success");
    let mut status = match told {
        Some(object) => Status::from_object(&object),
        None => unexplained(request, parts, body),
    };
    if status.code == 0 {
        status.code = parts.status.as_u16();
    }
    if status.retry_after_seconds.is_none() {
        status.retry_after_seconds = retry_after(parts);
    }
    Error::Refused(Box::new(status))
}

/// `Retry-After`, in seconds.
pub(crate) fn retry_after(parts: &Parts) -> Option<u32> {
    let header = parts.headers.get(http::header::RETRY_AFTER)?;
    header.to_str().ok()?.trim().parse().ok()
}

fn is_text(parts: &Parts) -> bool {
    let header = parts.headers.get(http::header::CONTENT_TYPE);
    header.is_none_or(|media| media.as_bytes().starts_with(b"text/"))
}

/// What client-go makes of an answer that is no `Status`.
fn unexplained(request: &Request, parts: &Parts, body: &[u8]) -> Status {
    let code = parts.status.as_u16();
    let body = &body[..body.len().min(LONGEST_QUOTE)];
    let said = if is_text(parts) {
        String::from_utf8_lossy(body).trim().to_owned()
    } else {
        "unknown".to_owned()
    };
    let post = request.method == http::Method::POST;
    let (reason, mut message) = words(code, post, &said);
    let verb = request.method.as_str().to_lowercase();
    if !request.resource.is_empty() {
        message = if request.name.is_empty() {
            format!("{message} ({verb} {})", request.resource)
        } else {
            format!("{message} ({verb} {} {})", request.resource, request.name)
        };
    }
    Status {
        code,
        reason: reason.to_owned(),
        message,
        causes: vec![StatusCause {
            reason: "UnexpectedServerResponse".to_owned(),
            message: said,
            field: String::new(),
        }],
        retry_after_seconds: retry_after(parts),
    }
}

fn words(code: u16, post: bool, said: &str) -> (&'static str, String) {
    let (reason, message) = match code {
        400 => (
            "BadRequest",
            "the server rejected our request for an unknown reason",
        ),
        401 => (
            "Unauthorized",
            "the server has asked for the client to provide credentials",
        ),
        403 => ("Forbidden", said),
        404 => (
            "NotFound",
            "the server could not find the requested resource",
        ),
        405 => (
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
        406 if said.is_empty() || said == "unknown" => (
            "NotAcceptable",
            "the server was unable to respond with a content type that the client supports",
        ),
        406 => ("NotAcceptable", said),
        409 if post => ("AlreadyExists", "the server reported a conflict"),
        409 => ("Conflict", "the server reported a conflict"),
        415 => ("UnsupportedMediaType", said),
        422 => (
            "Invalid",
            "the server rejected our request due to an error in our request",
        ),
        429 => (
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later",
        ),
        503 => (
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
        504 => (
            "Timeout",
            "the server was unable to return a response in the time allotted, but may still be processing the request",
        ),
        500.. => {
            let quoted = quote(said.as_bytes());
            let message = format!(
                "an error on the server ({quoted}) has prevented the request from succeeding"
            );
            return ("InternalError", message);
        }
        _ => {
            let message = format!(
                "the server responded with the status code {code} but did not return more information"
            );
            return ("", message);
        }
    };
    (reason, message.to_owned())
}
