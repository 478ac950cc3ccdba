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

    /// Text that is known to be compact JSON in Go's form.
    pub(crate) fn trusted(text: impl Into<Box<str>>) -> Self {
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

impl std::fmt::Debug for Json {
    /// Only the size: values hold secrets, and debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}
