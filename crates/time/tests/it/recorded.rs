//! Calls recorded with Go 1.26: a call a line in each file, its fields between tabs, bytes that are
//! not plain ASCII as `\xNN`. An expectation that starts with `ERR` is the error's text.

use std::fmt::Write as _;

use windlass_time::{Duration, Time, Zone, parse_in};
use windlass_value::{Value, fmt};

/// Runs every line of a file and tells all that differ.
fn check(recorded: &str, run: impl Fn(&[String]) -> Vec<u8>) {
    let mut failures = String::new();
    for line in recorded.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (wanted, arguments) = fields.split_last().unwrap();
        let arguments: Vec<String> = arguments.iter().map(|f| (*f).to_owned()).collect();
        let found = run(&arguments);
        if found != bytes(wanted) {
            let found = String::from_utf8_lossy(&found);
            writeln!(failures, "{line}\n  found {found}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(recorded.lines().count() > 50);
}

/// The bytes of a text with `\xNN` in it.
fn bytes(escaped: &str) -> Vec<u8> {
    let mut parts = escaped.split("\\x");
    let mut out = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}

fn number(field: &str) -> i64 {
    field.parse().unwrap()
}

/// As Sprig does, an unknown zone is UTC.
fn zone(name: &str) -> Zone {
    Zone::load(name).unwrap_or_default()
}

#[test]
fn layouts_format_as_in_go() {
    check(include_str!("format.tsv"), |f| {
        let time = Time::from_unix(number(&f[1]), number(&f[2])).within(zone(&f[3]));
        time.format(&bytes(&f[0]))
    });
}

#[test]
fn texts_parse_as_in_go() {
    check(include_str!("parse.tsv"), |f| {
        match parse_in(&bytes(&f[0]), &bytes(&f[1]), &zone(&f[2])) {
            Ok(time) => format!("{time}|{}", time.zone().name()),
            Err(e) => format!("ERR {e}"),
        }
        .into_bytes()
    });
}

/// Years, months, days and a duration added, rounding to the duration, the difference of two times.
#[test]
fn arithmetic_is_that_of_go() {
    check(include_str!("arithmetic.tsv"), |f| {
        let steps: Vec<i64> = f[0].split(' ').map(number).collect();
        let (seconds, nanos) = (number(&f[1]), number(&f[2]));
        let time = Time::from_unix(seconds, nanos).within(zone(&f[3]));
        let other = Time::from_unix(nanos, seconds % 1_000_000_000).within(zone(&f[3]));
        let unit = Duration(steps[3]);
        format!(
            "{}|{}|{}|{}|{}",
            time.plus_date(steps[0], steps[1], steps[2]),
            time.clone().plus(unit),
            time.round(unit),
            time.truncate(unit),
            time.since(&other)
        )
        .into_bytes()
    });
}

#[test]
fn durations_parse_as_in_go() {
    check(include_str!("durations.tsv"), |f| {
        match Duration::parse(&bytes(&f[0])) {
            Ok(duration) => duration.0.to_string(),
            Err(e) => format!("ERR {e}"),
        }
        .into_bytes()
    });
}

/// A duration's text, rounded, truncated, absolute, and in units.
#[test]
fn durations_print_and_round_as_in_go() {
    check(include_str!("rounding.tsv"), |f| {
        let (duration, unit) = (Duration(number(&f[0])), Duration(number(&f[1])));
        let float = |x: f64| {
            let text = fmt::sprint(&windlass_value::Heap::new(), &[Value::float(x)]);
            text.to_text().into_owned()
        };
        format!(
            "{duration} {} {} {} {} {} {} {} {}",
            duration.round(unit),
            duration.truncate(unit),
            duration.abs(),
            float(duration.hours()),
            float(duration.minutes()),
            float(duration.seconds()),
            duration.microseconds(),
            duration.milliseconds()
        )
        .into_bytes()
    });
}
