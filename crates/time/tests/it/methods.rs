//! What templates can do with times: methods, comparison, JSON.

use windlass_time::{Duration, RFC3339, Time, Zone, parse};
use windlass_value::{Heap, Value, fmt};

fn time(text: &str) -> Time {
    parse(RFC3339, text.as_bytes()).unwrap()
}

/// Calls a method and prints the result.
fn call(value: &Value, name: &str, args: &[Value]) -> String {
    let mut heap = Heap::new();
    let methods = value.methods(&heap).iter();
    let method = methods.clone().find(|m| m.name == name).unwrap();
    if let Some(refusal) = method.refusal {
        return format!("error: {refusal}");
    }
    match (method.body)(&mut heap, value, args) {
        Ok(result) => fmt::sprint(&heap, &[result]).to_text().into_owned(),
        Err(e) => format!("error: {e}"),
    }
}

#[test]
fn methods_of_a_time() {
    let moment = Value::object(time("2024-02-29T13:04:05.678901234+02:00"));
    for (name, wanted) in [
        ("Year", "2024"),
        ("Month", "February"),
        ("Day", "29"),
        ("Weekday", "Thursday"),
        ("YearDay", "60"),
        ("Hour", "13"),
        ("Minute", "4"),
        ("Second", "5"),
        ("Nanosecond", "678901234"),
        ("Unix", "1709204645"),
        ("UnixMilli", "1709204645678"),
        ("UnixMicro", "1709204645678901"),
        ("UnixNano", "1709204645678901234"),
        ("IsZero", "false"),
        ("IsDST", "false"),
        ("UTC", "2024-02-29 11:04:05.678901234 +0000 UTC"),
        ("Location", ""),
        ("String", "2024-02-29 13:04:05.678901234 +0200 +0200"),
        (
            "GoString",
            "time.Date(2024, time.February, 29, 13, 4, 5, 678901234, time.Location(\"\"))",
        ),
        (
            "Date",
            "error: function Date has 3 return values; should be 1 or 2",
        ),
        (
            "Zone",
            "error: invalid function signature for Zone: second return value should be error; \
             is int",
        ),
    ] {
        assert_eq!(call(&moment, name, &[]), wanted, "{name}");
    }
}

#[test]
fn methods_with_arguments() {
    let moment = Value::object(time("2024-02-29T13:04:05Z"));
    let later = Value::object(time("2024-03-01T13:04:05.5Z"));
    let hour = Value::object(Duration::HOUR);
    let one = Value::int(1);
    for (name, args, wanted) in [
        ("Format", vec!["Jan _2 15h".into()], "Feb 29 13h"),
        ("Add", vec![hour.clone()], "2024-02-29 14:04:05 +0000 UTC"),
        (
            "AddDate",
            vec![one.clone(), one.clone(), one],
            "2025-03-30 13:04:05 +0000 UTC",
        ),
        ("Truncate", vec![hour], "2024-02-29 13:00:00 +0000 UTC"),
        ("Sub", vec![later.clone()], "-24h0m0.5s"),
        ("Before", vec![later.clone()], "true"),
        ("After", vec![later.clone()], "false"),
        ("Equal", vec![later.clone()], "false"),
        ("Compare", vec![later], "-1"),
    ] {
        assert_eq!(call(&moment, name, &args), wanted, "{name}");
    }
}

#[test]
fn methods_of_a_duration() {
    let duration = Value::object(Duration(5_400_000_000_000));
    for (name, wanted) in [
        ("String", "1h30m0s"),
        ("Hours", "1.5"),
        ("Minutes", "90"),
        ("Seconds", "5400"),
        ("Milliseconds", "5400000"),
        ("Abs", "1h30m0s"),
    ] {
        assert_eq!(call(&duration, name, &[]), wanted, "{name}");
    }
}

/// Go compares zones by pointer: a name loaded twice is not the same zone.
#[test]
fn equality_is_that_of_the_struct() {
    let equal = |a: Time, b: Time| match (Value::object(a), Value::object(b)) {
        (Value::Object(a), Value::Object(b)) => a.equals(&*b, &Heap::new()),
        _ => None,
    };
    let moment = time("2024-02-29T13:04:05Z");
    assert_eq!(equal(moment.clone(), moment.clone()), Some(true));
    assert_eq!(
        equal(moment.clone(), moment.clone().within(Zone::Local)),
        Some(false)
    );
    let berlin = || moment.clone().within(Zone::load("Europe/Berlin").unwrap());
    assert_eq!(equal(berlin(), berlin()), Some(false));
    let east = || time("2024-02-29T13:04:05+02:00");
    assert_eq!(equal(east(), east()), Some(true));
}

#[test]
fn json_has_its_limits() {
    let json = |time: Time| match Value::object(time) {
        Value::Object(o) => o.to_json().unwrap(),
        _ => panic!(),
    };
    let nano = time("2024-02-29T13:04:05.120Z");
    assert_eq!(json(nano), Ok("\"2024-02-29T13:04:05.12Z\"".to_owned()));
    let late = Time::from_unix(300_000_000_000, 0);
    let wanted = "Time.MarshalJSON: year outside of range [0,9999]";
    assert_eq!(json(late), Err(wanted.to_owned()));
}

/// The reading shows in `{{ now }}` and is gone once a zone is asked for.
#[test]
fn a_clock_reading_shows_until_the_zone_changes() {
    let now = Time::now(1_709_204_645_000_000_001, 45_000_000);
    let wall = "2024-02-29 11:04:05.000000001 +0000 UTC";
    assert_eq!(now.to_string(), format!("{wall} m=+0.045000000"));
    assert_eq!(now.within(Zone::Utc).to_string(), wall);
}

#[test]
fn names_of_zones_are_case_sensitive() {
    assert!(Zone::load("europe/berlin").is_err());
    assert!(Zone::load("../etc/passwd").is_err());
    assert_eq!(Zone::load("").unwrap().name(), "UTC");
}

#[test]
fn verbs_without_a_text_print_a_times_fields() {
    use windlass_value::{Heap, Value, fmt};
    let heap = Heap::new();
    let printed = |format: &str, time: &windlass_time::Time| {
        let text = fmt::sprintf(&heap, format.as_bytes(), &[Value::object(time.clone())]);
        text.to_text().into_owned()
    };
    let time =
        windlass_time::parse(windlass_time::RFC3339_NANO, b"2020-01-02T03:04:05.6Z").unwrap();
    assert_eq!(printed("%d", &time), "{600000000 63713531045 0}");
    assert_eq!(
        printed("%z", &time),
        "{%!z(uint64=600000000) %!z(int64=63713531045) %!z(*time.Location=<nil>)}"
    );
    assert_eq!(
        printed("%w", &time),
        "%!w(time.Time={600000000 63713531045 <nil>})"
    );
    let now = windlass_time::Time::now(1_700_000_000_000_000_005, 7);
    assert!(printed("%d", &now).starts_with("{13928817947268087813 7 "));
    assert_eq!(
        printed("%#v", &time),
        "time.Date(2020, time.January, 2, 3, 4, 5, 600000000, time.UTC)"
    );
    assert_eq!(printed("%v", &time), "2020-01-02 03:04:05.6 +0000 UTC");
}
