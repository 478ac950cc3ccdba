//! Go's `encoding/json` over values: `Marshal` with its escapes and number formats, `Unmarshal` with
//! its messages.
//!
//! [`marshal`], [`marshal_raw`] and [`marshal_indent`] write; [`unmarshal`] reads into
//! `interface {}`, [`decode`] into a declared type and tells what Go leaves behind on an error.
//!
//! Neither direction recurses, so the depth of a document is bounded by Go's rules and not by the
//! stack. Not here: JSON for Rust types, streams, struct targets.

mod decode;
mod encode;
mod indent;
mod text;

use crate::heap::Heap;
use crate::value::Value;

pub use decode::{Number, Numbers, Outcome, Target, decode};

/// Documents larger than this are refused; no render is allowed as much.
const MAX_OUTPUT: usize = 1 << 26;

/// What can go wrong, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not JSON (`SyntaxError`).
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// How many bytes had been read, the offending one included.
        offset: usize,
    },
    /// The JSON does not fit the type it is read into (`UnmarshalTypeError`).
    #[error("json: cannot unmarshal {found} into Go value of type {wanted}")]
    Type {
        /// What the text holds: `array`, `number 1e999`.
        found: String,
        /// The Go type.
        wanted: &'static str,
    },
    /// A value of a kind that JSON does not know (`UnsupportedTypeError`).
    #[error("json: unsupported type: {0}")]
    UnsupportedType(&'static str),
    /// A value that JSON cannot express (`UnsupportedValueError`).
    #[error("json: unsupported value: {0}")]
    UnsupportedValue(String),
    /// A type's own `MarshalJSON` failed (`MarshalerError`).
    #[error("json: error calling MarshalJSON for type {type_name}: {message}")]
    Marshaler {
        /// The Go type.
        type_name: &'static str,
        /// What its method said.
        message: String,
    },
    /// The document would be too large; Go would try.
    #[error("json: the document would exceed {MAX_OUTPUT} bytes")]
    TooLarge,
}

/// Go's `json.Marshal`: compact, with `<`, `>` and `&` escaped.
///
/// # Errors
/// For values that JSON cannot express, and for maps that hold themselves.
pub fn marshal(heap: &Heap, value: &Value) -> Result<Vec<u8>, Error> {
    encode::encode(heap, value, true)
}

/// What an `Encoder` writes after `SetEscapeHTML(false)`, without its final newline.
///
/// # Errors
/// As [`marshal`].
pub fn marshal_raw(heap: &Heap, value: &Value) -> Result<Vec<u8>, Error> {
    encode::encode(heap, value, false)
}

/// Go's `json.MarshalIndent`.
///
/// # Errors
/// As [`marshal`].
pub fn marshal_indent(
    heap: &Heap,
    value: &Value,
    prefix: &[u8],
    indent: &[u8],
) -> Result<Vec<u8>, Error> {
    indent::indent(&marshal(heap, value)?, prefix, indent)
}

/// Appends a JSON string literal, with `<`, `>` and `&` escaped if so wished.
pub fn append_string(out: &mut Vec<u8>, text: &[u8], escape_html: bool) {
    text::append_string(out, text, escape_html);
}

/// Appends a number as `Marshal` writes a finite `float64`.
pub fn append_float(out: &mut Vec<u8>, x: f64) {
    encode::append_float(out, x, 64);
}

/// Go's `json.Unmarshal` into an `interface {}`: numbers become `float64`.
///
/// # Errors
/// When the text is not JSON, or a number is out of range.
pub fn unmarshal(heap: &mut Heap, text: &[u8]) -> Result<Value, Error> {
    decode(heap, text, Target::Any, Numbers::Float).into_result()
}

#[cfg(test)]
mod tests;
