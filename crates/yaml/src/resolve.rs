//! What a scalar means: goyaml v2's reading of YAML 1.1.
//!
//! A plain scalar is tried as null, boolean, special float, timestamp, integer and float, as its
//! first character suggests. Numbers in base 60 are not among them. Timestamps stay text.

pub(crate) mod lookalike;
mod number;
mod timestamp;

pub(crate) use number::Number;

use crate::error::{Error, Result};

/// The tags that mean something here.
pub(crate) mod tag {
    pub(crate) const PREFIX: &[u8] = b"tag:yaml.org,2002:";
    pub(crate) const STR: &[u8] = b"tag:yaml.org,2002:str";
    pub(crate) const BOOL: &[u8] = b"tag:yaml.org,2002:bool";
    pub(crate) const INT: &[u8] = b"tag:yaml.org,2002:int";
    pub(crate) const FLOAT: &[u8] = b"tag:yaml.org,2002:float";
    pub(crate) const NULL: &[u8] = b"tag:yaml.org,2002:null";
    pub(crate) const TIMESTAMP: &[u8] = b"tag:yaml.org,2002:timestamp";
    pub(crate) const BINARY: &[u8] = b"tag:yaml.org,2002:binary";
    pub(crate) const MERGE: &[u8] = b"tag:yaml.org,2002:merge";
}

/// What a scalar was found to be. Text stays with the caller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    Number(Number),
    /// Text that looks like a timestamp.
    Timestamp,
    Text,
}

impl Scalar {
    fn tag(self) -> &'static [u8] {
        match self {
            Self::Null => tag::NULL,
            Self::Bool(_) => tag::BOOL,
            Self::Number(Number::Float(_)) => tag::FLOAT,
            Self::Number(_) => tag::INT,
            Self::Timestamp => tag::TIMESTAMP,
            Self::Text => tag::STR,
        }
    }
}

/// Resolves a plain scalar without a tag.
pub(crate) fn resolve_plain(text: &[u8]) -> Scalar {
    let Some(&first) = text.first() else {
        return Scalar::Null;
    };
    match first {
        b'0'..=b'9' | b'+' | b'-' => match special(text) {
            Some(special) => special,
            None if timestamp::is_timestamp(text) => Scalar::Timestamp,
            None => number::parse(text).map_or(Scalar::Text, Scalar::Number),
        },
        b'.' => special(text)
            .or_else(|| number::parse_dotted(text).map(Scalar::Number))
            .unwrap_or(Scalar::Text),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            special(text).unwrap_or(Scalar::Text)
        }
        // The merge key's first character is not among those that goyaml looks at.
        _ => Scalar::Text,
    }
}

/// Resolves a scalar with a tag.
///
/// # Errors
/// When the text is not what the tag says.
pub(crate) fn resolve_tagged(tag: &[u8], text: &[u8]) -> Result<Scalar> {
    let known = [
        tag::STR,
        tag::BOOL,
        tag::INT,
        tag::FLOAT,
        tag::NULL,
        tag::TIMESTAMP,
    ];
    if tag == tag::STR || !known.contains(&tag) {
        return Ok(Scalar::Text);
    }
    let found = match resolve_plain(text) {
        // Only a scalar that may be a timestamp is tried as one; others may still be numbers.
        Scalar::Timestamp if tag != tag::TIMESTAMP => {
            number::parse(text).map_or(Scalar::Text, Scalar::Number)
        }
        found => found,
    };
    match found {
        Scalar::Number(Number::Int(n)) if tag == tag::FLOAT => {
            Ok(Scalar::Number(Number::Float(n as f64)))
        }
        found if found.tag() == tag => Ok(found),
        found => Err(Error::yaml(format_args!(
            "cannot decode {} `{}` as a {}",
            short(found.tag()),
            String::from_utf8_lossy(text),
            short(tag),
        ))),
    }
}

/// A tag as messages name it: `!!int`.
fn short(tag: &[u8]) -> String {
    let text = String::from_utf8_lossy(tag.strip_prefix(tag::PREFIX).unwrap_or(tag));
    if tag.starts_with(tag::PREFIX) {
        format!("!!{text}")
    } else {
        text.into_owned()
    }
}

/// The words with a meaning, each in lower case, in upper case or capitalized.
fn special(text: &[u8]) -> Option<Scalar> {
    if text.len() > 5 {
        return None;
    }
    let number = |x| Some(Scalar::Number(Number::Float(x)));
    match text {
        b"~" | b"null" | b"Null" | b"NULL" => Some(Scalar::Null),
        b"true" | b"True" | b"TRUE" => Some(Scalar::Bool(true)),
        b"false" | b"False" | b"FALSE" => Some(Scalar::Bool(false)),
        b"y" | b"Y" | b"yes" | b"Yes" | b"YES" | b"on" | b"On" | b"ON" => Some(Scalar::Bool(true)),
        b"n" | b"N" | b"no" | b"No" | b"NO" | b"off" | b"Off" | b"OFF" => Some(Scalar::Bool(false)),
        b".nan" | b".NaN" | b".NAN" => number(f64::NAN),
        b".inf" | b".Inf" | b".INF" => number(f64::INFINITY),
        b"+.inf" | b"+.Inf" | b"+.INF" => number(f64::INFINITY),
        b"-.inf" | b"-.Inf" | b"-.INF" => number(f64::NEG_INFINITY),
        _ => None,
    }
}
