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

    /// The answer as the oracle's line said it.
    pub(super) fn kept(&self) -> Value {
        match self {
            Self::Given(fields) => Value::Object(fields.clone()),
            Self::Refused(error, fields) => {
                let mut fields = fields.clone();
                fields.insert("error".to_owned(), packed(error));
                Value::Object(fields)
            }
            Self::Broke(why) | Self::Limited(why) | Self::Bad(why) => json!({ "bad": why }),
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
    /// an error nobody sees, save the stage that failed, if we name one. Our errors are text: bytes
    /// that are none show as U+FFFD.
    pub(super) fn same(theirs: &Self, ours: &Self) -> bool {
        match (theirs, ours) {
            (Self::Given(a), Self::Given(b)) => a == b || same_but_addresses(theirs, ours),
            (Self::Refused(_, more), Self::Refused(_, ours_more)) => {
                let stage = ours_more.get("stage");
                same_but_addresses(theirs, ours) && (stage.is_none() || stage == more.get("stage"))
            }
            _ => false,
        }
    }

    /// The answer as text; what is no UTF-8 in an error shows as U+FFFD.
    fn lossy(&self) -> String {
        match self {
            Self::Refused(error, _) => String::from_utf8_lossy(error).into_owned(),
            other => other.shown(),
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

/// Whether two answers are the same but for addresses in memory, which Go prints of pointers below
/// the top, and for which ours prints one and the same.
fn same_but_addresses(theirs: &Answer, ours: &Answer) -> bool {
    const ADDRESSES: [&str; 3] = ["c000010000", "C000010000", "824633786368"];
    let (theirs, ours) = (theirs.lossy(), ours.lossy());
    let (mut theirs, mut ours) = (theirs.as_str(), ours.as_str());
    loop {
        let next = ADDRESSES
            .iter()
            .filter_map(|a| Some((ours.find(a)?, a.len())))
            .min();
        let Some((at, length)) = next else {
            return theirs == ours;
        };
        let Some(rest) = theirs.strip_prefix(&ours[..at]) else {
            return false;
        };
        // Digits that stand right behind cannot be told from it.
        let digit = |c: char| c.is_ascii_hexdigit();
        theirs = rest.trim_start_matches(digit);
        ours = ours[at + length..].trim_start_matches(digit);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_all_that_may_differ() {
        let same = |a: &str, b: &str| {
            Answer::same(
                &Answer::text("out", a.as_bytes()),
                &Answer::text("out", b.as_bytes()),
            )
        };
        assert!(same("x 0x2fe9b648cd10.", "x 0xc000010000."));
        assert!(!same("x 0x2fe9", "x 0xc000"));
        assert!(!same("x 0x2fe9b648cd10.", "y 0xc000010000."));
    }

    #[test]
    fn bytes_that_are_no_text_show_as_such_in_errors() {
        let error = |bytes: &[u8]| Answer::error(bytes.to_vec());
        assert!(Answer::same(
            &error(b"a\xffb"),
            &error("a\u{fffd}b".as_bytes())
        ));
        assert!(!Answer::same(&error(b"a\xffb"), &error(b"ab")));
    }
}
