//! Helm 4's helpers that measure and round durations. Helm 3 does not have them.

use windlass_template::{Context, Error, Function};
use windlass_time::Duration;
use windlass_value::func::Param;
use windlass_value::{Heap, Str, Value, fmt};

use crate::call::fixed;

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    unary("mustToDuration", must_to_duration),
    unary("durationSeconds", |ctx, args| {
        float(ctx, args, Duration::seconds)
    }),
    unary("durationMilliseconds", |ctx, args| {
        int(ctx, args, Duration::milliseconds)
    }),
    unary("durationMicroseconds", |ctx, args| {
        int(ctx, args, Duration::microseconds)
    }),
    unary("durationNanoseconds", |ctx, args| {
        int(ctx, args, Duration::nanoseconds)
    }),
    unary("durationMinutes", |ctx, args| {
        float(ctx, args, Duration::minutes)
    }),
    unary("durationHours", |ctx, args| {
        float(ctx, args, Duration::hours)
    }),
    unary("durationDays", |ctx, args| {
        float(ctx, args, |d| d.hours() / 24.0)
    }),
    unary("durationWeeks", |ctx, args| {
        float(ctx, args, |d| d.hours() / 24.0 / 7.0)
    }),
    binary("durationRoundTo", |ctx, args| {
        to_multiple(ctx, args, Duration::round)
    }),
    binary("durationTruncateTo", |ctx, args| {
        to_multiple(ctx, args, Duration::truncate)
    }),
];

/// 2^63 as a float, which is also what the greatest `int64` becomes.
const INT64_END: f64 = 9_223_372_036_854_775_808.0;
const SECOND: f64 = 1e9;

const fn unary(name: &'static str, body: windlass_template::Body) -> Function {
    fixed(name, &[Param::Any], body)
}

const fn binary(name: &'static str, body: windlass_template::Body) -> Function {
    fixed(name, &[Param::Any, Param::Any], body)
}

fn must_to_duration(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    Ok(Value::object(read(ctx.heap(), &args[0])?))
}

fn float(
    ctx: &mut dyn Context,
    args: &[Value],
    measure: fn(Duration) -> f64,
) -> Result<Value, Error> {
    Ok(Value::float(
        read(ctx.heap(), &args[0]).map_or(0.0, measure),
    ))
}

fn int(
    ctx: &mut dyn Context,
    args: &[Value],
    measure: fn(Duration) -> i64,
) -> Result<Value, Error> {
    Ok(Value::int64(read(ctx.heap(), &args[0]).map_or(0, measure)))
}

/// What cannot be read is no duration at all; a multiple that cannot be read changes nothing.
fn to_multiple(
    ctx: &mut dyn Context,
    args: &[Value],
    round: fn(Duration, Duration) -> Duration,
) -> Result<Value, Error> {
    let duration = read(ctx.heap(), &args[0]).unwrap_or_default();
    let multiple = read(ctx.heap(), &args[1]).unwrap_or_default();
    Ok(Value::object(round(duration, multiple)))
}

/// Reads a duration, a text that is one, or a number of seconds.
fn read(heap: &Heap, value: &Value) -> Result<Duration, String> {
    if let Some(duration) = value.downcast::<Duration>() {
        return Ok(*duration);
    }
    let number = match value {
        Value::Nil => return Err("invalid duration".to_owned()),
        Value::Str(text) => return read_text(text),
        Value::Object(object) => object.underlying(),
        _ => None,
    };
    match number.as_ref().unwrap_or(value) {
        Value::Int(n, _) => n
            .checked_mul(Duration::SECOND.0)
            .map(Duration)
            .ok_or_else(|| overflow(n)),
        Value::Uint(n, _) => i64::try_from(*n)
            .ok()
            .and_then(|n| n.checked_mul(Duration::SECOND.0))
            .map(Duration)
            .ok_or_else(|| overflow(n)),
        Value::Float(x, _) => from_seconds(*x),
        _ => Err(format!(
            "unsupported duration type {}",
            value.type_name(heap)
        )),
    }
}

fn read_text(text: &Str) -> Result<Duration, String> {
    let unreadable = || format!("could not parse duration {}", fmt::quote(text));
    let trimmed = text.as_str().ok_or_else(unreadable)?.trim();
    if trimmed.is_empty() {
        return Err("empty duration".to_owned());
    }
    if let Ok(duration) = Duration::parse(trimmed.as_bytes()) {
        return Ok(duration);
    }
    let seconds = fmt::parse_float(trimmed.as_bytes(), 64).map_err(|_| unreadable())?;
    from_seconds(seconds)
}

fn from_seconds(seconds: f64) -> Result<Duration, String> {
    let printed = |x: f64| {
        fmt::sprint(&Heap::new(), &[Value::float(x)])
            .to_text()
            .into_owned()
    };
    if !seconds.is_finite() {
        return Err(format!("invalid duration seconds: {}", printed(seconds)));
    }
    if seconds.abs() > INT64_END / SECOND {
        return Err(overflow(printed(seconds)));
    }
    let nanos = seconds * SECOND;
    if nanos.abs() > INT64_END {
        return Err(format!("duration nanoseconds overflow: {}", printed(nanos)));
    }
    // The one float at the bound wraps to the least duration on the machines Helm is built for.
    if nanos == INT64_END {
        return Ok(Duration::MIN);
    }
    Ok(Duration(nanos as i64))
}

fn overflow(seconds: impl std::fmt::Display) -> String {
    format!("duration seconds overflow: {seconds}")
}
