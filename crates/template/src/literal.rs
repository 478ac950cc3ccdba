//! Literals as arguments: what Go makes of `true`, `1` or `"x"` for a parameter of some type.

use windlass_value::func::Param;
use windlass_value::{IntKind, UintKind, Value};

use crate::syntax::node::{Node, NodeId, Source};
use crate::syntax::number::{Number, looks_like_float};

/// The value of a literal for a parameter.
///
/// # Errors
/// Go's message when the literal does not suit the type.
pub(crate) fn argument(source: &Source, id: NodeId, param: Param) -> Result<Value, String> {
    let node = source.node(id);
    let found = |wanted: &str| format!("expected {wanted}; found {}", source.node_text(id));
    match param {
        Param::Any | Param::Reflect => ideal(source, id),
        Param::Bool => match node {
            Node::Bool(b) => Ok(Value::Bool(*b)),
            _ => Err(found("bool")),
        },
        Param::String => match node {
            Node::String(span) => Ok(Value::Str(source.string(*span))),
            _ => Err(found("string")),
        },
        Param::Int | Param::Int64 | Param::Int32 | Param::NamedInt64(_) => {
            match number(source, node).and_then(|n| n.int) {
                Some(n) => Ok(int_of(param, n)),
                None => Err(found("integer")),
            }
        }
        Param::Uint8 | Param::Uint32 => match number(source, node).and_then(|n| n.uint) {
            Some(n) if param == Param::Uint8 => Ok(Value::Uint(n & 0xFF, UintKind::Uint8)),
            Some(n) => Ok(Value::Uint(n & 0xFFFF_FFFF, UintKind::Uint32)),
            None => Err(found("unsigned integer")),
        },
        Param::Float64 => match number(source, node).and_then(|n| n.float) {
            Some(x) => Ok(Value::float(x)),
            None => Err(found("float")),
        },
        _ => Err(format!(
            "can't handle {} for arg of type {}",
            source.node_text(id),
            param.name()
        )),
    }
}

fn number<'s>(source: &'s Source, node: &Node) -> Option<&'s Number> {
    match node {
        Node::Number(_, index) => source.numbers.get(*index as usize),
        _ => None,
    }
}

/// Integers wrap into narrower types as `reflect` lets them.
fn int_of(param: Param, n: i64) -> Value {
    match param {
        Param::Int64 | Param::NamedInt64(_) => Value::int64(n),
        Param::Int32 => Value::Int(i64::from(n as i32), IntKind::Int32),
        _ => Value::int(n),
    }
}

/// The value of a literal where nothing says of which type it should be.
///
/// # Errors
/// Go's message when an integer does not fit `int`.
pub(crate) fn ideal(source: &Source, id: NodeId) -> Result<Value, String> {
    match source.node(id) {
        Node::Bool(b) => Ok(Value::Bool(*b)),
        Node::String(span) => Ok(Value::Str(source.string(*span))),
        Node::Number(span, index) => {
            let (text, number) = (source.bytes(*span), source.numbers[*index as usize]);
            if let Some(complex) = number.complex {
                return Ok(Value::Complex(complex.into()));
            }
            match (number.float, number.int) {
                (Some(x), _) if looks_like_float(text) => Ok(Value::float(x)),
                (_, Some(n)) => Ok(Value::int(n)),
                _ => Err(format!("{} overflows int", String::from_utf8_lossy(text))),
            }
        }
        _ => Err(format!(
            "can't handle assignment of {} to empty interface argument",
            source.node_text(id)
        )),
    }
}
