//! [`Json`]: a document as text, kept in Go's form.

use serde_json::value::RawValue;
use windlass_value::{Heap, Value, json};

/// A JSON document, compact, as Go's `encoding/json` writes it.
///
/// Values and metadata of a record stay text: storing a record again then changes nothing that it
/// did not mean to change, and a list of releases costs no decoding of what it does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Box<str>);

/// A text is not JSON, or a value cannot be JSON.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The text is not JSON.
    #[error("not JSON")]
    Syntax(#[source] serde_json::Error),
    /// Go's reason why a value cannot be written, or a text not be read.
    #[error("{0}")]
    Value(json::Error),
}

impl Json {
    /// The document `null`.
    #[must_use]
    pub fn null() -> Self {
        Self("null".into())
    }

    /// A text as it is, once it is known to be JSON.
    ///
    /// # Errors
    /// [`JsonError::Syntax`].
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let raw: &RawValue = serde_json::from_str(text).map_err(JsonError::Syntax)?;
        Ok(Self::from_raw(raw))
    }

    /// Text that one of our writers made: compact JSON in Go's form.
    pub fn from_go(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    pub(crate) fn from_raw(raw: &RawValue) -> Self {
        Self(raw.get().into())
    }

    /// What Go's `Marshal` writes for a value.
    ///
    /// # Errors
    /// [`JsonError::Value`] for what JSON cannot express.
    pub fn of(heap: &Heap, value: &Value) -> Result<Self, JsonError> {
        let bytes = json::marshal(heap, value).map_err(JsonError::Value)?;
        Ok(Self(String::from_utf8_lossy(&bytes).into()))
    }

    /// The value, as Go's `Unmarshal` reads it: every number a `float64`.
    ///
    /// # Errors
    /// [`JsonError::Value`] for numbers out of range.
    pub fn to_value(&self, heap: &mut Heap) -> Result<Value, JsonError> {
        json::unmarshal(heap, self.0.as_bytes()).map_err(JsonError::Value)
    }

    /// What Go's `Marshal` writes for an object of a cluster.
    #[must_use]
    pub fn of_object(object: &serde_json::Value) -> Self {
        let mut out = Vec::new();
        append(&mut out, object);
        Self(String::from_utf8_lossy(&out).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        &*self.0 == "null"
    }

    /// Whether Go leaves it out of a field with `omitempty` that is a map: `null` or `{}`.
    #[must_use]
    pub fn is_empty_map(&self) -> bool {
        matches!(&*self.0, "null" | "{}")
    }
}

/// Recursion is bounded: no deeper objects are ever parsed than `serde_json` parses.
fn append(out: &mut Vec<u8>, value: &serde_json::Value) {
    use serde_json::Value as V;
    match value {
        V::Null => out.extend_from_slice(b"null"),
        V::Bool(flag) => out.extend_from_slice(flag.to_string().as_bytes()),
        V::Number(n) if n.is_f64() => json::append_float(out, n.as_f64().unwrap_or_default()),
        V::Number(n) => out.extend_from_slice(n.to_string().as_bytes()),
        V::String(text) => json::append_string(out, text.as_bytes(), true),
        V::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                separate(out, i);
                append(out, item);
            }
            out.push(b']');
        }
        V::Object(fields) => {
            out.push(b'{');
            for (i, (key, field)) in fields.iter().enumerate() {
                separate(out, i);
                json::append_string(out, key.as_bytes(), true);
                out.push(b':');
                append(out, field);
            }
            out.push(b'}');
        }
    }
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}

impl std::fmt::Debug for Json {
    /// Only the size: values hold secrets, and debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}
