//! The operators of filters, by the rules of an older Go `text/template`.

use windlass_value::Value;

/// A comparison that makes no sense: values of different kinds, or none that have an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Incomparable;

/// Applies an operator.
pub(super) fn holds(operator: &str, left: &Value, right: &Value) -> Result<bool, Incomparable> {
    match operator {
        "==" => equal(left, right),
        "!=" => equal(left, right).map(|is| !is),
        "<" => less(left, right),
        ">=" => less(left, right).map(|is| !is),
        "<=" => less_or_equal(left, right),
        ">" => less_or_equal(left, right).map(|is| !is),
        _ => Err(Incomparable),
    }
}

fn less_or_equal(left: &Value, right: &Value) -> Result<bool, Incomparable> {
    Ok(less(left, right)? || equal(left, right)?)
}

fn equal(left: &Value, right: &Value) -> Result<bool, Incomparable> {
    Ok(match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Float(a, _), Value::Float(b, _)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        _ => match (integer(left), integer(right)) {
            (Some(a), Some(b)) => a == b,
            _ => return Err(Incomparable),
        },
    })
}

fn less(left: &Value, right: &Value) -> Result<bool, Incomparable> {
    Ok(match (left, right) {
        (Value::Float(a, _), Value::Float(b, _)) => a < b,
        (Value::Str(a), Value::Str(b)) => a.as_bytes() < b.as_bytes(),
        _ => match (integer(left), integer(right)) {
            (Some(a), Some(b)) => a < b,
            _ => return Err(Incomparable),
        },
    })
}

/// Integers compare whatever their sign and size.
fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Int(n, _) => Some(i128::from(*n)),
        Value::Uint(n, _) => Some(i128::from(*n)),
        _ => None,
    }
}
