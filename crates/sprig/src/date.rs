//! Dates: `now`, `date`, `toDate`, `ago`, `duration` and their kin.
//!
//! The arithmetic and the layouts are [`windlass_time`]'s; here is only what Sprig makes of its
//! arguments. A number counts as Unix seconds where Sprig's type switches name its type, anything
//! else as the present.

use windlass_template::{Context, Error, Function};
use windlass_time::{Duration, Time, Zone};
use windlass_value::func::Param;
use windlass_value::{IntKind, Value, fmt};

use crate::call::fixed;

/// The type of parameters that are times.
const TIME: Param = Param::Named("time.Time");

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("ago", &[Param::Any], ago),
    fixed("date", &[Param::String, Param::Any], date),
    fixed(
        "date_in_zone",
        &[Param::String, Param::Any, Param::String],
        date_in_zone,
    ),
    fixed("date_modify", &[Param::String, TIME], date_modify),
    fixed(
        "dateInZone",
        &[Param::String, Param::Any, Param::String],
        date_in_zone,
    ),
    fixed("dateModify", &[Param::String, TIME], date_modify),
    fixed("duration", &[Param::Any], duration),
    fixed("durationRound", &[Param::Any], duration_round),
    fixed("htmlDate", &[Param::Any], html_date),
    fixed(
        "htmlDateInZone",
        &[Param::Any, Param::String],
        html_date_in_zone,
    ),
    fixed("must_date_modify", &[Param::String, TIME], must_date_modify),
    fixed("mustDateModify", &[Param::String, TIME], must_date_modify),
    fixed("mustToDate", &[Param::String, Param::String], must_to_date),
    fixed("now", &[], |ctx, _| Ok(Value::object(now(ctx)))),
    fixed("toDate", &[Param::String, Param::String], to_date),
    fixed("unixEpoch", &[TIME], unix_epoch),
];

/// The layout of a date in HTML.
const HTML: &[u8] = b"2006-01-02";

/// The present as the host tells it. The monotonic reading only shows that there is one.
fn now(ctx: &mut dyn Context) -> Time {
    Time::now(ctx.host().now(), 0)
}

fn date(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let time = time_or_now(ctx, &args[1]);
    Ok(format_in(time, text(&args[0]), b"Local"))
}

fn date_in_zone(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let time = time_or_now(ctx, &args[1]);
    Ok(format_in(time, text(&args[0]), text(&args[2])))
}

fn html_date(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let time = time_or_now(ctx, &args[0]);
    Ok(format_in(time, HTML, b"Local"))
}

fn html_date_in_zone(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let time = time_or_now(ctx, &args[0]);
    Ok(format_in(time, HTML, text(&args[1])))
}

/// The time an argument means: itself, Unix seconds in three integer types, else the present.
fn time_or_now(ctx: &mut dyn Context, value: &Value) -> Time {
    match value {
        Value::Int(n, IntKind::Int | IntKind::Int32 | IntKind::Int64) => Time::from_unix(*n, 0),
        _ => value
            .downcast::<Time>()
            .cloned()
            .unwrap_or_else(|| now(ctx)),
    }
}

/// An unknown zone counts as UTC.
fn format_in(time: Time, layout: &[u8], zone: &[u8]) -> Value {
    let zone = std::str::from_utf8(zone)
        .ok()
        .and_then(|name| Zone::load(name).ok());
    Value::str(time.within(zone.unwrap_or_default()).format(layout))
}

fn must_date_modify(_: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let duration = Duration::parse(text(&args[0])).map_err(|e| e.to_string())?;
    Ok(Value::object(time(&args[1]).plus(duration)))
}

fn date_modify(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    Ok(must_date_modify(ctx, args).unwrap_or_else(|_| args[1].clone()))
}

fn must_to_date(_: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let time = windlass_time::parse_in(text(&args[0]), text(&args[1]), &Zone::Local);
    Ok(Value::object(time.map_err(|e| e.to_string())?))
}

fn to_date(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    Ok(must_to_date(ctx, args).unwrap_or_else(|_| Value::object(Time::default())))
}

fn unix_epoch(_: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    Ok(time(&args[0]).unix().to_string().into())
}

/// How long ago a time was, in whole seconds.
fn ago(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let now = now(ctx);
    let then = match &args[0] {
        Value::Int(n, IntKind::Int | IntKind::Int64) => Time::from_unix(*n, 0),
        other => other
            .downcast::<Time>()
            .cloned()
            .unwrap_or_else(|| now.clone()),
    };
    Ok(now.since(&then).round(Duration::SECOND).to_string().into())
}

/// Seconds, as text or `int64`, as a duration; anything else is none at all.
fn duration(_: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let seconds = match &args[0] {
        // A number out of range counts as the bound it passed.
        Value::Str(text) => fmt::parse_int(text, 10, 64).unwrap_or_else(|e| e.value),
        Value::Int(n, IntKind::Int64) => *n,
        _ => 0,
    };
    Ok(Duration(seconds.wrapping_mul(Duration::SECOND.0))
        .to_string()
        .into())
}

/// A duration in its largest unit: `3mo`, `2h`.
fn duration_round(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    const UNITS: [(u64, &str); 6] = [
        (365 * 86_400, "y"),
        (30 * 86_400, "mo"),
        (86_400, "d"),
        (3600, "h"),
        (60, "m"),
        (1, "s"),
    ];
    let duration = match &args[0] {
        Value::Str(text) => Duration::parse(text).unwrap_or_default(),
        Value::Int(n, IntKind::Int64) => Duration(*n),
        other => match other.downcast::<Time>() {
            Some(then) => now(ctx).since(then),
            None => Duration::default(),
        },
    };
    let nanos = duration.0.unsigned_abs();
    let second = Duration::SECOND.0.unsigned_abs();
    // Exactly one unit still counts in the next smaller one.
    let unit = UNITS
        .into_iter()
        .find(|(seconds, _)| nanos > seconds * second);
    Ok(match unit {
        Some((seconds, name)) => format!("{}{name}", nanos / (seconds * second)).into(),
        None => "0s".into(),
    })
}

/// A string argument; the machine has checked its type.
fn text(value: &Value) -> &[u8] {
    value.as_str().map_or(b"", |s| s.as_bytes())
}

/// A time argument; the machine has checked its type.
fn time(value: &Value) -> Time {
    value.downcast::<Time>().cloned().unwrap_or_default()
}
