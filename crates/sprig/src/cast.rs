//! Numbers from anything as the `cast` package makes them; zero where it cannot.

use windlass_value::{Value, fmt};

/// `cast.ToInt64` (and `cast.ToInt`, which is the same on 64 bits).
pub(crate) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(n, _) => *n,
        // Go's conversion keeps the bits.
        Value::Uint(n, kind) if kind.name() != "uintptr" => *n as i64,
        Value::Float(x, _) => float_to_int64(*x),
        Value::Str(s) => fmt::parse_int(without_zero_decimals(s), 0, 64).unwrap_or(0),
        Value::Bool(b) => i64::from(*b),
        Value::Object(_) => calendar_number(value).unwrap_or(0),
        _ => 0,
    }
}

/// `cast.ToFloat64`
pub(crate) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Int(n, _) => *n as f64,
        Value::Uint(n, kind) if kind.name() != "uintptr" => *n as f64,
        Value::Float(x, _) => *x,
        Value::Str(s) => fmt::parse_float(s, 64).unwrap_or(0.0),
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Object(_) => calendar_number(value).map_or(0.0, |n| n as f64),
        _ => 0.0,
    }
}

/// Months and weekdays are the only named numbers that `cast` knows.
fn calendar_number(value: &Value) -> Option<i64> {
    let Value::Object(object) = value else {
        return None;
    };
    match (object.type_name(), object.underlying()) {
        ("time.Month" | "time.Weekday", Some(Value::Int(n, _))) => Some(n),
        _ => None,
    }
}

/// Go's conversion on amd64, which gives the least integer for what does not fit.
fn float_to_int64(x: f64) -> i64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x);
    if fits { x as i64 } else { i64::MIN }
}

/// `1.00` without its `.00`; `1.` and what has other decimals as it is.
fn without_zero_decimals(s: &[u8]) -> &[u8] {
    let whole = s.iter().rposition(|b| *b != b'0').map_or(0, |i| i + 1);
    match s[..whole].split_last() {
        Some((b'.', number)) if whole < s.len() => number,
        _ => s,
    }
}
