//! kubectl's JSONPath templates: `text {.field} {range .list[*]}…{end}`.
//!
//! [`select`] is all that `show values --jsonpath` needs. The rules are those of Kubernetes'
//! client-go: `parser` makes [`Node`]s of the text, `evaluate` walks values with them and prints what
//! it finds, `compare` has the operators of filters. Where Go walks a map in random order, this goes
//! by sorted keys.

mod compare;
mod evaluate;
mod parser;

use windlass_value::{Heap, Value};

/// A template that cannot be read; `Display` is client-go's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SyntaxError(String);

/// Prints what a template selects. What cannot be found is no error, as in Helm: the output ends
/// there.
///
/// # Errors
/// [`SyntaxError`]
pub(crate) fn select(heap: &Heap, data: &Value, template: &str) -> Result<Vec<u8>, SyntaxError> {
    let nodes = parser::parse(template)?;
    Ok(evaluate::print(heap, data, &nodes))
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// What stands between one pair of braces: each part applies to what the one before found.
    List(Vec<Node>),
    Text(String),
    Field(String),
    /// `range`, `end`, or a word that means nothing.
    Identifier(String),
    Array(Slice),
    Filter {
        left: Vec<Node>,
        right: Vec<Node>,
        operator: String,
    },
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
}

/// `[start:end:step]`; what is not given is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Slice {
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
    /// The end is the start and one more, since only an index was given.
    single: bool,
}
