//! [`Key`]: the key of a mapping as goyaml v2 has it, before JSON makes it a string.

use windlass_value::Str;
use windlass_value::fmt::{format_float, quote};

use super::{Decoded, valid_utf8};
use crate::resolve::{Number, Scalar};

/// A decoded key. Keys of different types are ordered as `fmt` prints them, which in Go hangs on
/// where the linker put the types; both Helms have them in this order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    Nil,
    Text(Str),
    Uint(u64),
    Int(i64),
    Float(FloatKey),
    Bool(bool),
}

/// A float by its bits, ordered as numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FloatKey(u64);

impl FloatKey {
    pub(crate) fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl PartialOrd for FloatKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FloatKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.get().total_cmp(&other.get())
    }
}

impl Key {
    /// Makes a key of a decoded scalar and its text.
    pub(crate) fn new(scalar: Decoded, text: &[u8]) -> Self {
        match scalar {
            Decoded::Bytes(bytes) => Self::Text(Str::from(bytes)),
            Decoded::Scalar(scalar) => match scalar {
                Scalar::Null => Self::Nil,
                Scalar::Bool(b) => Self::Bool(b),
                Scalar::Number(Number::Int(n)) => Self::Int(n),
                Scalar::Number(Number::Uint(n)) => Self::Uint(n),
                Scalar::Number(Number::Float(x)) => Self::Float(FloatKey(x.to_bits())),
                Scalar::Timestamp | Scalar::Text => Self::Text(Str::from(text)),
            },
        }
    }

    /// The key in JSON; none for those that `sigs.k8s.io/yaml` refuses.
    pub(crate) fn to_json(&self) -> Option<Str> {
        match self {
            Self::Text(text) if text.is_ascii() => Some(text.clone()),
            Self::Text(text) => Some(valid_utf8(text)),
            Self::Int(n) => Some(Str::from(n.to_string())),
            Self::Bool(b) => Some(Str::from(if *b { "true" } else { "false" })),
            Self::Float(x) => Some(Str::from(float_text(x.get(), 32))),
            Self::Nil | Self::Uint(_) => None,
        }
    }

    /// Whether the key is unlike any, itself included.
    pub(crate) fn is_nan(&self) -> bool {
        matches!(self, Self::Float(x) if x.get().is_nan())
    }

    /// The key as `%#v` prints it.
    pub(crate) fn go_syntax(&self) -> String {
        match self {
            Self::Nil => "<nil>".to_owned(),
            Self::Bool(b) => b.to_string(),
            Self::Int(n) => n.to_string(),
            Self::Uint(n) => format!("{n:#x}"),
            Self::Float(x) => format_float(x.get(), b'g', -1, 64),
            Self::Text(text) => quote(text),
        }
    }
}

/// A float as YAML writes it.
pub(crate) fn float_text(x: f64, bits: u32) -> String {
    let text = format_float(x, b'g', -1, bits);
    match text.as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        _ => text,
    }
}
