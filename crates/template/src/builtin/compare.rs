//! `eq`, `ne`, `lt`, `le`, `gt`, `ge`.
//!
//! Scalars compare within their basic kind, integers also across signs. `eq` can further tell
//! whether things are nil and whether comparable things are the same.

use std::sync::Arc;

use windlass_value::{Heap, Kind, Value, fmt};

use crate::error::Error;
use crate::function::Context;

const BAD_TYPE: &str = "invalid type for comparison";

/// A scalar under its basic kind.
enum Basic<'v> {
    Bool(bool),
    Complex(f64, f64),
    Int(i64),
    Float(f64),
    Str(&'v [u8]),
    Uint(u64),
}

/// The scalar below a named type, or the value itself.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(o) => o.underlying().unwrap_or_else(|| value.clone()),
        other => other.clone(),
    }
}

fn basic(value: &Value) -> Option<Basic<'_>> {
    Some(match value {
        Value::Bool(b) => Basic::Bool(*b),
        Value::Int(n, _) => Basic::Int(*n),
        Value::Uint(n, _) => Basic::Uint(*n),
        Value::Float(x, _) => Basic::Float(*x),
        Value::Complex(c) => Basic::Complex(c.0, c.1),
        Value::Str(s) => Basic::Str(s),
        _ => return None,
    })
}

fn incompatible(heap: &Heap, a: &Value, b: &Value) -> Error {
    let (a, b) = (a.type_name(heap), b.type_name(heap));
    Error::message(format!("incompatible types for comparison: {a} and {b}"))
}

/// Whether the first argument equals any of the others.
pub(super) fn eq(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let [first, rest @ ..] = args else {
        return Err("missing argument for comparison".into());
    };
    if rest.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in rest {
        if equal(context.heap(), first, other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn ne(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let (a, b) = pair(args)?;
    Ok(Value::Bool(!equal(context.heap(), a, b)?))
}

pub(super) fn lt(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let (a, b) = pair(args)?;
    Ok(Value::Bool(less(context.heap(), a, b)?))
}

pub(super) fn le(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let (a, b) = pair(args)?;
    Ok(Value::Bool(less_or_equal(context.heap(), a, b)?))
}

pub(super) fn gt(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let (a, b) = pair(args)?;
    Ok(Value::Bool(!less_or_equal(context.heap(), a, b)?))
}

pub(super) fn ge(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let (a, b) = pair(args)?;
    Ok(Value::Bool(!less(context.heap(), a, b)?))
}

fn pair(args: &[Value]) -> Result<(&Value, &Value), Error> {
    match args {
        [a, b] => Ok((a, b)),
        _ => Err("missing argument for comparison".into()),
    }
}

fn equal(heap: &Heap, a: &Value, b: &Value) -> Result<bool, Error> {
    let (plain_a, plain_b) = (plain(a), plain(b));
    Ok(match (basic(&plain_a), basic(&plain_b)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => a == b,
        (Some(Basic::Complex(a, b)), Some(Basic::Complex(c, d))) => a == c && b == d,
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => a == b,
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => a == b,
        (Some(Basic::Str(a)), Some(Basic::Str(b))) => a == b,
        (Some(Basic::Uint(a)), Some(Basic::Uint(b))) => a == b,
        (Some(Basic::Int(a)), Some(Basic::Uint(b))) => u64::try_from(a) == Ok(b),
        (Some(Basic::Uint(a)), Some(Basic::Int(b))) => u64::try_from(b) == Ok(a),
        (None, None) => same(heap, a, b)?,
        _ if a.is_nil() || b.is_nil() => false,
        _ => return Err(incompatible(heap, a, b)),
    })
}

/// Equality of things that are no scalars.
fn same(heap: &Heap, a: &Value, b: &Value) -> Result<bool, Error> {
    let text = |verb: &str, value: &Value| {
        fmt::sprintf(heap, verb.as_bytes(), std::slice::from_ref(value))
            .to_text()
            .into_owned()
    };
    let (kind_a, kind_b) = (a.kind(), b.kind());
    if kind_a != kind_b && !a.is_nil() && !b.is_nil() {
        return Err(Error::message(format!(
            "non-comparable types {}: {}, {}: {}",
            text("%s", a),
            a.type_name(heap),
            b.type_name(heap),
            text("%v", b)
        )));
    }
    let (nil_a, nil_b) = (is_nil(heap, a), is_nil(heap, b));
    if nil_a || nil_b {
        return Ok(nil_a == nil_b);
    }
    let comparable = match (a, b) {
        (Value::Object(a), Value::Object(b)) if kind_b == Kind::Ptr => Some(Arc::ptr_eq(a, b)),
        (Value::Object(a), Value::Object(b)) if a.type_name() == b.type_name() => {
            a.equals(&**b, heap)
        }
        (_, Value::Object(b)) => b.equals(&**b, heap).map(|_| false),
        _ => None,
    };
    comparable.ok_or_else(|| {
        let (value, name) = (text("%s", b), b.type_name(heap));
        Error::message(format!("non-comparable type {value}: {name}"))
    })
}

fn is_nil(heap: &Heap, value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.nil,
        Value::Map(id) => heap.map(*id).is_nil(),
        Value::Object(o) => o.is_nil(),
        _ => false,
    }
}

fn less(heap: &Heap, a: &Value, b: &Value) -> Result<bool, Error> {
    let (plain_a, plain_b) = (plain(a), plain(b));
    let (Some(basic_a), Some(basic_b)) = (basic(&plain_a), basic(&plain_b)) else {
        return Err(BAD_TYPE.into());
    };
    Ok(match (basic_a, basic_b) {
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(..), Basic::Complex(..)) => {
            return Err(BAD_TYPE.into());
        }
        (Basic::Float(a), Basic::Float(b)) => a < b,
        (Basic::Int(a), Basic::Int(b)) => a < b,
        (Basic::Str(a), Basic::Str(b)) => a < b,
        (Basic::Uint(a), Basic::Uint(b)) => a < b,
        (Basic::Int(a), Basic::Uint(b)) => u64::try_from(a).map_or(true, |a| a < b),
        (Basic::Uint(a), Basic::Int(b)) => u64::try_from(b).is_ok_and(|b| a < b),
        _ => return Err(incompatible(heap, a, b)),
    })
}

/// Less or equal, asked in this order as Go does (which is not the same for NaN).
fn less_or_equal(heap: &Heap, a: &Value, b: &Value) -> Result<bool, Error> {
    Ok(less(heap, a, b)? || equal(heap, a, b)?)
}
