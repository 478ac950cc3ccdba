//! Moments and spans of time.

use windlass_time::{Duration, RFC3339, parse};

use crate::Error;
use crate::value::Value;

const SECOND: i64 = 1_000_000_000;

pub(super) fn converted(name: &str, value: &Value) -> Result<Value, Error> {
    match (name, value) {
        ("duration", Value::Duration(_)) | ("timestamp", Value::Timestamp(_)) => Ok(value.clone()),
        ("duration", Value::String(text)) => Duration::parse(text.as_bytes())
            .map(|duration| Value::Duration(duration.0))
            .map_err(|error| Error::Malformed(error.to_string())),
        ("timestamp", Value::String(text)) => {
            let time = parse(RFC3339, text.as_bytes());
            let time = time.map_err(|error| Error::Malformed(error.to_string()))?;
            let nanos = i128::from(time.unix()) * i128::from(SECOND);
            Ok(Value::Timestamp(nanos + i128::from(time.nanosecond())))
        }
        ("timestamp", Value::Int(seconds)) => {
            Ok(Value::Timestamp(i128::from(*seconds) * i128::from(SECOND)))
        }
        _ => Err(Error::Overload),
    }
}

pub(super) fn computed(sign: &str, one: &Value, two: &Value) -> Result<Value, Error> {
    let span = |nanos: i128| {
        let nanos = i64::try_from(nanos).map_err(|_| Error::Overflow)?;
        Ok(Value::Duration(nanos))
    };
    match (one, sign, two) {
        (Value::Timestamp(one), "-", Value::Timestamp(two)) => span(one - two),
        (Value::Duration(one), "+", Value::Duration(two)) => {
            span(i128::from(*one) + i128::from(*two))
        }
        (Value::Duration(one), "-", Value::Duration(two)) => {
            span(i128::from(*one) - i128::from(*two))
        }
        (Value::Timestamp(at), "+", Value::Duration(by))
        | (Value::Duration(by), "+", Value::Timestamp(at)) => {
            Ok(Value::Timestamp(at + i128::from(*by)))
        }
        (Value::Timestamp(at), "-", Value::Duration(by)) => {
            Ok(Value::Timestamp(at - i128::from(*by)))
        }
        _ => Err(Error::Overload),
    }
}

/// Parts of a span.
pub(super) fn method(name: &str, of: &Value, rest: &[Value]) -> Result<Value, Error> {
    let unit = match (name, of, rest) {
        ("getHours", Value::Duration(_), []) => 3600 * SECOND,
        ("getMinutes", Value::Duration(_), []) => 60 * SECOND,
        ("getSeconds", Value::Duration(_), []) => SECOND,
        ("getMilliseconds", Value::Duration(_), []) => SECOND / 1000,
        _ => return Err(Error::Unknown(name.to_owned())),
    };
    match of {
        Value::Duration(nanos) => Ok(Value::Int(nanos / unit)),
        _ => Err(Error::Overload),
    }
}
