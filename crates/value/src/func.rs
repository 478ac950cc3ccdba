//! Signatures: what a template function or method takes, as Go's `reflect.Type` would tell.
//!
//! The template machine checks and converts arguments against a [`Signature`] before it calls, with
//! Go's messages; the body can then rely on what it was promised.

use crate::heap::Heap;
use crate::value::Value;

/// The declared type of a parameter or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param {
    /// `interface {}`: anything, nil included.
    Any,
    /// `reflect.Value`: anything; the machine's own builtins take it.
    Reflect,
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `float64`
    Float64,
    /// `uint8`/`byte`
    Uint8,
    /// `uint32`
    Uint32,
    /// `rune`/`int32`
    Int32,
    /// `[]byte`
    Bytes,
    /// `[]interface {}`
    List,
    /// `[]string`
    Strings,
    /// `map[string]interface {}`
    Map,
    /// `map[string]string`
    StringMap,
    /// A type over `int64` of this Go name: `time.Duration`. Beside its objects it takes a
    /// constant, which arrives as an `int64`.
    NamedInt64(&'static str),
    /// An object (or other named type) of this Go type name: `time.Time`.
    Named(&'static str),
}

impl Param {
    /// The type's Go name, as messages print it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Reflect => "reflect.Value",
            Self::String => "string",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float64 => "float64",
            Self::Uint8 => "uint8",
            Self::Uint32 => "uint32",
            Self::Int32 => "int32",
            Self::Bytes => "[]uint8",
            Self::List => "[]interface {}",
            Self::Strings => "[]string",
            Self::Map => "map[string]interface {}",
            Self::StringMap => "map[string]string",
            Self::NamedInt64(n) | Self::Named(n) => n,
        }
    }
}

/// Parameters of a callable thing; with `variadic`, any number more of that type may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The fixed parameters.
    pub params: &'static [Param],
    /// The type of each further argument, if there may be more.
    pub variadic: Option<Param>,
}

impl Signature {
    /// A fixed number of parameters.
    #[must_use]
    pub const fn fixed(params: &'static [Param]) -> Self {
        Self {
            params,
            variadic: None,
        }
    }

    /// Fixed parameters and any number more.
    #[must_use]
    pub const fn variadic(params: &'static [Param], rest: Param) -> Self {
        Self {
            params,
            variadic: Some(rest),
        }
    }

    /// The declared type of the argument at an index.
    #[must_use]
    pub fn param(&self, index: usize) -> Option<Param> {
        self.params.get(index).copied().or(self.variadic)
    }
}

/// The error a called function returned (or, in Go, panicked with); the machine adds the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CallError(pub String);

impl CallError {
    /// Makes an error from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl From<String> for CallError {
    fn from(s: String) -> Self {
        Self(s)
    }
}

impl From<&str> for CallError {
    fn from(s: &str) -> Self {
        Self(s.to_owned())
    }
}

/// The body of a method: heap, receiver, arguments already checked against the signature.
pub type MethodBody = fn(&mut Heap, &Value, &[Value]) -> Result<Value, CallError>;

/// A method of a named type that a template may call.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// The Go name.
    pub name: &'static str,
    /// What it takes, the receiver left out.
    pub signature: Signature,
    /// What it does.
    pub body: MethodBody,
    /// Go's complaint where templates cannot call it for the results it has.
    pub refusal: Option<&'static str>,
}

impl Method {
    /// A method with these parameters, all of which must be given.
    #[must_use]
    pub const fn new(name: &'static str, params: &'static [Param], body: MethodBody) -> Self {
        Self {
            name,
            signature: Signature::fixed(params),
            body,
            refusal: None,
        }
    }

    /// A method without parameters whose results no template can take; Go says so instead of calling.
    #[must_use]
    pub const fn uncallable(name: &'static str, refusal: &'static str) -> Self {
        Self {
            name,
            signature: Signature::fixed(&[]),
            body: |_, _, _| Err(CallError(String::from("its results are of no use"))),
            refusal: Some(refusal),
        }
    }
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.signature == other.signature
    }
}
