//! [`Answer`]: what a question comes to, for Helm and for us alike.

use serde_json::{Map, Value, json};
use windlass_value::base64;

use crate::oracle::pipe::text;

/// How a question was answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// The fields of a success.
    Given(Map<String, Value>),
    /// An error's text, and the other fields.
    Refused(Vec<u8>, Map<String, Value>),
    /// A panic, an overflow, no end: nothing to compare with.
    Broke(String),
    /// One of our limits was passed, where Helm knows none.
    Limited(String),
    /// The question itself was at fault; only shrinking asks such.
    Bad(String),
}

impl Answer {
    /// Reads a line of the oracle; `None` is its death.
    pub(super) fn read(line: Option<Value>) -> Self {
        let Some(Value::Object(mut fields)) = line else {
            return Self::Broke("the process ended, or there was no end".into());
        };
        fields.remove("id");
        if let Some(bad) = fields.remove("bad") {
            return Self::Bad(bad.to_string());
        }
        if let Some(cause) = fields.get("panic").and_then(text) {
            return Self::Broke(format!("panic: {}", String::from_utf8_lossy(&cause)));
        }
        match fields.remove("error").as_ref().and_then(text) {
            Some(error) => Self::Refused(error, fields),
            None => Self::Given(fields),
        }
    }

    /// A success with one text.
    pub(super) fn text(field: &str, bytes: &[u8]) -> Self {
        Self::Given(Map::from_iter([(field.to_owned(), packed(bytes))]))
    }

    /// An error.
    pub(super) fn error(text: impl Into<Vec<u8>>) -> Self {
        Self::Refused(text.into(), Map::new())
    }

    /// Whether both succeed with the same fields or fail with the same text. What Helm gave beside
    /// an error nobody sees, save the stage that failed, if we name one.
    pub(super) fn same(theirs: &Self, ours: &Self) -> bool {
        match (theirs, ours) {
            (Self::Given(a), Self::Given(b)) => a == b,
            (Self::Refused(a, theirs), Self::Refused(b, ours)) => {
                let stage = ours.get("stage");
                a == b && (stage.is_none() || stage == theirs.get("stage"))
            }
            _ => false,
        }
    }

    /// The answer as a person reads it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Given(fields) => match fields.iter().next() {
                Some((name, value)) if fields.len() == 1 => format!("{name}: {}", plain(value)),
                _ => Value::Object(fields.clone()).to_string(),
            },
            Self::Refused(error, _) => format!("ERROR {}", shown(error)),
            Self::Broke(why) => format!("BROKE {why}"),
            Self::Limited(why) => format!("LIMIT {why}"),
            Self::Bad(why) => format!("BAD QUESTION {why}"),
        }
    }
}

/// A text of the protocol: plain where it is UTF-8.
pub(super) fn packed(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(_) => {
            let packed = base64::encode(bytes);
            json!({ "base64": String::from_utf8_lossy(&packed) })
        }
    }
}

fn plain(value: &Value) -> String {
    match text(value) {
        Some(bytes) => shown(&bytes),
        None => value.to_string(),
    }
}

fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => format!("{text:?}"),
        Err(_) => format!("b\"{}\"", bytes.escape_ascii()),
    }
}
