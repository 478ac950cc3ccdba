//! What goes back: a whole reply, or a stream that lives on.

use bytes::Bytes;
use serde_json::Value;

use super::{Follow, Watch};

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
    /// All of it.
    Full(Reply),
    /// Events as they happen.
    Watch(Box<Watch>),
    /// The log of a container as it grows.
    Follow(Box<Follow>),
}

impl Reply {
    pub(crate) fn json(code: u16, value: &Value) -> Self {
        let mut body = value.to_string().into_bytes();
        body.push(b'\n');
        Self::of(code, "application/json", body)
    }

    pub(crate) fn pretty_json(code: u16, value: &Value) -> Self {
        let body = format!("{value:#}");
        Self::of(code, "application/json", body.into_bytes())
    }

    pub(crate) fn text(code: u16, text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self::of(code, "text/plain; charset=utf-8", text.into_bytes())
    }

    pub(crate) fn of(code: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            code,
            content_type,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Adds what the client should tell its user.
    pub(crate) fn warned(mut self, warnings: &[String]) -> Self {
        for warning in warnings {
            let quoted = warning.replace('\\', "\\\\").replace('"', "\\\"");
            let quoted = quoted.replace(|c: char| c.is_control(), " ");
            self.headers
                .push(("warning", format!("299 - \"{quoted}\"")));
        }
        self
    }
}
