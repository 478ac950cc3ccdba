//! Why a request got no answer, as Go's HTTP client says it.

use std::error::Error;
use std::io;

use super::DialError;
use crate::os;

/// The words for a request that failed on its way, without what was asked.
pub(crate) fn words(error: &(dyn Error + 'static)) -> String {
    let mut next = Some(error);
    let mut last = None;
    // A source that is its own source must not hang us.
    for _ in 0..16 {
        let Some(error) = next else { break };
        if let Some(dial) = error.downcast_ref::<DialError>() {
            return dial.0.clone();
        }
        if let Some(words) = of_one(error) {
            last = Some(words);
        }
        next = error.source();
    }
    last.unwrap_or_else(|| error.to_string())
}

fn of_one(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(super::tls::words(tls, ""));
    }
    if let Some(io) = error.downcast_ref::<io::Error>() {
        if let Some(inner) = io.get_ref().and_then(|inner| inner.downcast_ref()) {
            return Some(super::tls::words(inner, ""));
        }
        return match io.kind() {
            io::ErrorKind::UnexpectedEof => Some("unexpected EOF".to_owned()),
            io::ErrorKind::ConnectionReset => Some(format!("read: {}", os::reason(io))),
            _ => Some(os::reason(io)),
        };
    }
    if let Some(http) = error.downcast_ref::<hyper::Error>() {
        if http.is_incomplete_message() || http.is_canceled() {
            return Some("EOF".to_owned());
        }
        if http.is_parse() {
            return Some(format!(
                "net/http: HTTP/1.x transport connection broken: {http}"
            ));
        }
    }
    None
}
