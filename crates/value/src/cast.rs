//! Conversions to numbers as the `cast` package (v1.7), which Sprig's arithmetic uses, does them.
//!
//! What cannot be converted is zero: Sprig drops the error. Only plain scalars convert; a named
//! type such as `time.Duration` does not, whatever lies below it, with three exceptions.

use crate::fmt;
use crate::json::Number;
use crate::object::Object;
use crate::value::Value;

/// `cast.ToInt64`, and on 64-bit machines `cast.ToInt`.
///
/// Floats lose their fraction, strings are integer literals of any base (`0x1f`, `017`, `1_000`)
/// that may end in `.0`.
#[must_use]
pub fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(n, _) => *n,
        Value::Uint(n, kind) if kind.name() != "uintptr" => *n as i64,
        Value::Float(x, _) => truncate(*x),
        Value::Str(s) => parse_int(s),
        Value::Bool(b) => i64::from(*b),
        Value::Object(o) => match o.as_any().downcast_ref::<Number>() {
            Some(number) => parse_int(number.text()),
            None => calendar_int(o.as_ref()).unwrap_or(0),
        },
        _ => 0,
    }
}

/// `cast.ToFloat64`.
#[must_use]
pub fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Int(n, _) => *n as f64,
        Value::Uint(n, kind) if kind.name() != "uintptr" => *n as f64,
        Value::Float(x, _) => *x,
        Value::Str(s) => fmt::parse_float(s, 64).unwrap_or(0.0),
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Object(o) => match o.as_any().downcast_ref::<Number>() {
            Some(number) => fmt::parse_float(number.text(), 64).unwrap_or(0.0),
            None => calendar_int(o.as_ref()).unwrap_or(0) as f64,
        },
        _ => 0.0,
    }
}

/// The named integers that `cast` knows.
fn calendar_int(o: &dyn Object) -> Option<i64> {
    match (o.type_name(), o.underlying()?) {
        ("time.Month" | "time.Weekday", Value::Int(n, _)) => Some(n),
        _ => None,
    }
}

fn parse_int(text: &[u8]) -> i64 {
    fmt::parse_int(trim_zero_decimal(text), 0, 64).unwrap_or(0)
}

/// Cuts off a fraction of nothing but zeros.
fn trim_zero_decimal(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|&&c| c == b'0').count();
    match text[..text.len() - zeros].strip_suffix(b".") {
        Some(whole) if zeros > 0 => whole,
        _ => text,
    }
}

/// Go's conversion of a float to `int64` on amd64, where all that does not fit is the least number.
fn truncate(x: f64) -> i64 {
    const BOUND: f64 = (1u64 << 63) as f64;
    if (-BOUND..BOUND).contains(&x) {
        x as i64
    } else {
        i64::MIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_integer_literals() {
        let cases = [
            ("12", 12),
            ("-7", -7),
            ("+7", 7),
            ("0x1F", 31),
            ("017", 15),
            ("0o17", 15),
            ("0b11", 3),
            ("1_000", 1000),
            ("1.0", 1),
            ("1.000", 1),
            ("1.0.0", 0),
            ("0.0", 0),
            (".0", 0),
            ("1.5", 0),
            ("1.", 0),
            ("100", 100),
            ("08", 0),
            ("1e3", 0),
            (" 1", 0),
            ("", 0),
            ("9223372036854775807", i64::MAX),
            ("9223372036854775808", 0),
        ];
        for (text, want) in cases {
            assert_eq!(to_int64(&text.into()), want, "{text}");
        }
    }

    #[test]
    fn floats_lose_their_fraction_or_overflow_to_the_least() {
        let cases = [
            (1.9, 1),
            (-1.9, -1),
            (1e18, 1_000_000_000_000_000_000),
            (9.3e18, i64::MIN),
            (-9.3e18, i64::MIN),
            (f64::NAN, i64::MIN),
            (f64::INFINITY, i64::MIN),
        ];
        for (x, want) in cases {
            assert_eq!(to_int64(&Value::float(x)), want, "{x}");
        }
    }

    #[test]
    fn other_kinds() {
        use crate::kind::UintKind;
        assert_eq!(to_int64(&Value::Bool(true)), 1);
        assert_eq!(to_int64(&Value::Nil), 0);
        assert_eq!(to_int64(&Value::Uint(u64::MAX, UintKind::Uint64)), -1);
        assert_eq!(to_int64(&Value::Uint(7, UintKind::Uintptr)), 0);
        assert_eq!(to_int64(&Value::list(vec![Value::int(1)])), 0);
        assert_eq!(to_float64(&Value::int(3)), 3.0);
        assert_eq!(to_float64(&"1.5".into()), 1.5);
        assert_eq!(to_float64(&"0x1p4".into()), 16.0);
        assert_eq!(to_float64(&"1.5x".into()), 0.0);
        assert_eq!(to_float64(&"1e999".into()), 0.0);
        assert_eq!(to_float64(&Value::Bool(true)), 1.0);
    }
}
