//! What goes back: a whole reply, or a stream that lives on.

use bytes::Bytes;
use serde_json::Value;

use crate::status::Status;

/// A reply that is complete.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// The answer to a request.
pub(crate) enum Answer {
    Full(Reply),
}

impl Reply {
    pub(crate) fn json(code: u16, value: &Value) -> Self {
        let mut body = value.to_string().into_bytes();
        body.push(b'\n');
        Self {
            code,
            content_type: "application/json",
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn text(code: u16, text: impl Into<String>) -> Self {
        Self {
            code,
            content_type: "text/plain; charset=utf-8",
            headers: Vec::new(),
            body: text.into().into(),
        }
    }

    pub(crate) fn refusal(status: &Status) -> Self {
        Self::json(status.code, &status.to_json())
    }
}
