//! `dates`: layouts, zones and durations, read, written and reckoned with.
//!
//! Times come from data or from texts, never from the clock. The local zone is UTC for both sides.

use serde_json::{Value as Json, json};

use super::exec;
use super::family::{Family, Question};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family::new(
    "dates",
    "every element of layouts, zones, durations, and a time's methods",
    generate,
    exec::answer,
);

const ELEMENTS: &[&str] = &[
    "2006",
    "06",
    "01",
    "1",
    "Jan",
    "January",
    "02",
    "2",
    "_2",
    "002",
    "__2",
    "Mon",
    "Monday",
    "15",
    "03",
    "3",
    "04",
    "4",
    "05",
    "5",
    "PM",
    "pm",
    "MST",
    "Z07",
    "Z0700",
    "Z07:00",
    "Z070000",
    "Z07:00:00",
    "-07",
    "-0700",
    "-07:00",
    "-070000",
    "-07:00:00",
    ".000",
    ".999",
    ",000",
    ",999",
    ".000000000",
    ".9",
    ".0",
    "05.000",
    "05.999999999",
    "05,0",
];
const BETWEEN: &[&str] = &[
    "-", "/", " ", "T", ":", "", "", ", ", "é", "Z", ".", "_", "at ", "x", "\n", "0", "GMT", "%",
    "Mo", "J", "__", "st",
];
const LAYOUTS: &[&str] = &[
    "2006-01-02T15:04:05Z07:00",
    "2006-01-02T15:04:05.999999999Z07:00",
    "Mon, 02 Jan 2006 15:04:05 MST",
    "Mon Jan _2 15:04:05 2006",
    "02 Jan 06 15:04 -0700",
    "3:04PM",
    "2006-01-02",
    "15:04:05",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Jan _2 15:04:05.000",
    "01/02 03:04:05PM '06 -0700",
    "2006-01-02 15:04:05",
    "20060102150405",
    "2006.002",
    "Mon Jan 02 15:04:05 -0700 2006",
];
const TIMES: &[&str] = &[
    "2020-01-02T03:04:05Z",
    "2024-02-29T23:59:59.123456789Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "1969-12-31T23:59:59.5Z",
    "1600-02-29T12:00:00Z",
    "2023-03-26T01:30:00Z",
    "2023-10-29T00:30:00Z",
    "2023-12-31T12:34:56Z",
    "2000-06-15T00:00:00.000000001Z",
    "1900-01-01T13:07:09Z",
    "2038-01-19T03:14:08Z",
    "0099-05-06T07:08:09Z",
    "2022-11-06T05:59:59.9Z",
    "1883-11-18T17:00:00Z",
    "2500-07-01T06:05:04.03Z",
];
/// None whose rules the database of a host of last year has otherwise than ours.
const ZONES: &[&str] = &[
    "UTC",
    "Local",
    "",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Etc/GMT+5",
    "GMT",
    "Europe/London",
    "Europe/Dublin",
    "America/St_Johns",
    "Nowhere/Land",
    "../etc/passwd",
    "utc",
    "Asia/Kathmandu",
    "America/Caracas",
    "Antarctica/Troll",
    "Europe/berlin",
    "Z",
    "+01:00",
    "Africa/Monrovia",
];
const DURATIONS: &[&str] = &[
    "1h30m",
    "-2s",
    "100ms",
    "1.5h",
    "1d",
    "90",
    "1h-2m",
    "9223372037s",
    "2562047h47m16.854775807s",
    "-2562047h47m16.854775808s",
    "2562047h47m16.854775808s",
    "0",
    "-0",
    "+5m",
    "",
    "µs",
    "1µs",
    "1us",
    "1μs",
    "1ns",
    ".5s",
    "1.s",
    "1.e3s",
    "1h 2m",
    "h",
    "-",
    "+",
    "1hh",
    "3000000h",
    "0.000000001s",
    "0.0000000001s",
    "1.0000000000000000000001h",
    "1m1m",
    "24h",
    "720h",
    "-1.5ms",
    "1h2m3s4ms5us6ns",
    "1é",
    "1.5",
    "-.s",
    "١s",
    "1H",
    "99999999999999999999s",
    "0.9223372036854775807s",
];
const METHODS: &[&str] = &[
    "Year",
    "Month",
    "Day",
    "Hour",
    "Minute",
    "Second",
    "Nanosecond",
    "Weekday",
    "YearDay",
    "Unix",
    "UnixNano",
    "UnixMilli",
    "UnixMicro",
    "IsZero",
    "UTC",
    "Local",
    "Location",
    "String",
    "GoString",
    "IsDST",
    "ISOWeek",
    "Clock",
    "Date",
    "Zone",
    "Format \"LAYOUT\"",
    "AppendFormat nil \"2006\"",
    "AddDate 1 2 3",
    "AddDate -1 13 -40",
    "AddDate 0 1 0",
    "Add $d",
    "Sub $u",
    "Before $u",
    "After $u",
    "Equal $u",
    "Compare $u",
    "Truncate $d",
    "Round $d",
    "MarshalJSON",
    "MarshalText",
    "Format",
    "Format 1",
    "Add 5",
    "Sub 1",
    "AddDate 1",
    "Nope",
    "In $u",
    "Month.String",
    "Weekday.String",
    "UTC.Hour",
    "Location.String",
    "Month.Nope",
    "GobEncode",
    "wall",
    "Before nil",
    "Equal .none",
    "Truncate \"1h\"",
    "ZoneBounds",
];
const DURATION_METHODS: &[&str] = &[
    "Hours",
    "Minutes",
    "Seconds",
    "Milliseconds",
    "Microseconds",
    "Nanoseconds",
    "String",
    "Abs",
    "Round $e",
    "Truncate $e",
    "Round 1",
    "Nope",
    "Truncate",
    "Abs.String",
    "Hours.x",
];

fn generate(random: &mut Random, _case: u64) -> Question {
    let mut data = json!({
        "t": {"$go": "time", "v": random.pick(TIMES)}, "u": {"$go": "time", "v": random.pick(TIMES)},
        "d": {"$go": "duration", "v": nanoseconds(random)}, "e": {"$go": "duration", "v": nanoseconds(random)},
    });
    let subject = match random.below(16) {
        0 | 1 => written(random, &mut data),
        2..=8 => read(random, &mut data),
        9 => method(random, &mut data),
        10 => format!(".d.{}", random.pick(DURATION_METHODS)).replace("$e", ".e"),
        11 => {
            data["s"] = json!(random.pick(DURATIONS));
            let name = random.pick(&[
                "date_modify",
                "dateModify",
                "mustDateModify",
                "must_date_modify",
                "mustDateModify",
            ]);
            format!("({name} .s .t).Format \"2006-01-02T15:04:05.999999999Z07:00\"")
        }
        12..=14 => helper(random, &mut data),
        _ => number(random),
    };
    let form = match random.below(8) {
        0 => "{{ $r := CALL }}{{ typeOf $r }} {{ $r }}",
        1 => "{{ CALL | toJson }}",
        2 => "{{ CALL | toYaml }}",
        3 => "{{ printf \"%v %T\" (CALL) (CALL) }}",
        _ => "{{ CALL }}",
    };
    json!({"op": "exec", "template": form.replace("CALL", &subject), "data": data, "missingkey": "zero"}).into()
}

fn nanoseconds(random: &mut Random) -> Json {
    let unit = random.pick(&[
        1_i64,
        1000,
        1_000_000,
        1_000_000_000,
        60_000_000_000,
        3_600_000_000_000,
        86_400_000_000_000,
    ]);
    let count = random.pick(&[
        0_i64, 1, 2, 3, 7, 15, 59, 60, 90, 100, 999, 1001, 12345, -1, -30, -1500,
    ]);
    match random.below(12) {
        0 => json!(i64::MAX.to_string().parse::<i64>().unwrap_or(0)),
        1 => json!(i64::MIN),
        2 => json!(unit.wrapping_mul(count).wrapping_add(499_999_999)),
        _ => json!(unit.wrapping_mul(count)),
    }
}

fn layout(random: &mut Random) -> String {
    if random.percent(30) {
        return random.pick(LAYOUTS).to_owned();
    }
    let mut text = String::new();
    for _ in 0..random.pick(&[1, 2, 3, 4, 6]) {
        text += random.pick(ELEMENTS);
        text += random.pick(BETWEEN);
    }
    text
}

/// A time written.
fn written(random: &mut Random, data: &mut Json) -> String {
    data["l"] = json!(layout(random));
    data["z"] = json!(random.pick(ZONES));
    match random.below(8) {
        0 => "date .l .t".into(),
        1 => "htmlDate .t".into(),
        2 => "htmlDateInZone .t .z".into(),
        3 => "unixEpoch .t".into(),
        4 => format!(
            "{} .l {} .z",
            random.pick(&["dateInZone", "date_in_zone"]),
            random.pick(&[
                "(int64 1700000000)",
                "(int -62135596801)",
                "(int64 253402300800)",
                "(int 0)",
                "1",
                "(int64 -9223372036854775808)"
            ])
        ),
        _ => format!("{} .l .t .z", random.pick(&["dateInZone", "date_in_zone"])),
    }
}

/// A text read as a time: written by a layout, then often damaged.
fn read(random: &mut Random, data: &mut Json) -> String {
    let layout = layout(random);
    let text = example(random, &layout);
    data["l"] = json!(layout);
    data["s"] = json!(text);
    let name = random.pick(&[
        "mustToDate",
        "mustToDate",
        "mustToDate",
        "mustToDate",
        "mustToDate",
        "toDate",
    ]);
    match random.below(4) {
        0 => format!("{name} .l .s"),
        1 => format!("({name} .l .s).Format \"2006-01-02T15:04:05.999999999Z07:00 MST Mon 002\""),
        2 => format!("{name} .l .s | unixEpoch"),
        _ => format!("({name} .l .s).Sub .t"),
    }
}

/// A text that a layout describes, more or less.
fn example(random: &mut Random, layout: &str) -> String {
    const VALUES: &[(&str, &[&str])] = &[
        ("2006", &["2021", "1999", "0001", "123", "20211", "abcd"]),
        ("January", &["March", "may", "DECEMBER", "Foo", "Jan"]),
        ("Jan", &["Mar", "may", "DEC", "Fo", "Sept"]),
        ("Monday", &["Friday", "monday", "Fri", "Someday"]),
        ("Mon", &["Fri", "SUN", "Xyz"]),
        (
            "MST",
            &[
                "CET", "UTC", "GMT+3", "GMT-14", "GMT+24", "PST", "WXYZT", "+03", "ChST", "x",
                "MeST", "AMST", "-0330", "+25",
            ],
        ),
        (
            "Z07:00:00",
            &["Z", "+01:02:03", "-23:59:59", "+24:00:00", "01:02:03"],
        ),
        ("-07:00:00", &["+01:02:03", "-00:00:01", "Z", "+1:2:3"]),
        ("Z070000", &["Z", "+010203", "+0102"]),
        ("-070000", &["+010203", "-235959"]),
        (
            "Z07:00",
            &["Z", "+01:00", "-23:59", "+24:00", "+14:00", "z"],
        ),
        ("-07:00", &["+05:30", "-01:00", "Z", "+05:60", "+0530"]),
        ("Z0700", &["Z", "+0530", "+05"]),
        ("-0700", &["+0530", "-1200", "+2400", "+0060", "0530"]),
        ("Z07", &["Z", "+05", "+24"]),
        ("-07", &["+05", "-23", "+24", "05", "Z"]),
        (".000000000", &[".123456789", ".12", ""]),
        (".999999999", &[".123456789", ".5", "", ".1234567890"]),
        (".000", &[".123", ".1", ",123", ""]),
        (".999", &[".123", ".1", ""]),
        ("002", &["001", "366", "365", "367", "000", "59", "060"]),
        ("__2", &["  1", "365", "366", " 60", "400"]),
        ("15", &["00", "23", "24", "7", "xx", "12"]),
        ("02", &["01", "29", "30", "31", "32", "00", "7"]),
        ("_2", &[" 1", "29", "31", "32", "7", "  "]),
        ("06", &["21", "69", "68", "99", "x1", "5"]),
        ("01", &["01", "12", "13", "00", "2", "02"]),
        ("03", &["01", "12", "13", "00", "3"]),
        ("04", &["00", "59", "60", "5"]),
        ("05", &["00", "59", "60", "5", "07.5", "07,25"]),
        ("PM", &["AM", "PM", "pm", "XM", ""]),
        ("pm", &["am", "pm", "PM", "p"]),
        ("2", &["1", "29", "31", "32", "0"]),
        ("1", &["1", "12", "13", "0", "2"]),
        ("3", &["1", "12", "13"]),
        ("4", &["0", "59", "61"]),
        ("5", &["0", "59", "61"]),
    ];
    let tame = random.percent(14);
    let mut text = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        match VALUES.iter().find(|(element, _)| rest.starts_with(element)) {
            Some((element, values)) => {
                text += if tame {
                    values[random.below(2).min(values.len() - 1)]
                } else {
                    random.pick(values)
                };
                rest = &rest[element.len()..];
            }
            None => {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    if random.percent(12) {
        text += random.pick(&["x", " ", "Z", ".5", "0", "\n"]);
    } else if random.percent(8) {
        let end = text
            .char_indices()
            .map(|(at, _)| at)
            .nth(random.below(text.len().max(1)))
            .unwrap_or(0);
        text.truncate(end);
    }
    text
}

fn method(random: &mut Random, data: &mut Json) -> String {
    data["l"] = json!(layout(random));
    let method = random
        .pick(METHODS)
        .replace("\"LAYOUT\"", ".l")
        .replace("$d", ".d")
        .replace("$u", ".u");
    let receiver = random.pick(&[
        ".t",
        ".t",
        ".t.UTC",
        "(toDate \"2006-01-02 -0700\" \"2021-03-04 +0530\")",
        ".u",
        "(toDate \"2006\" \"2021\")",
    ]);
    if receiver.starts_with('(')
        && (method.starts_with("ZoneBounds") || method.starts_with("Location"))
    {
        return format!(".t.{method}");
    }
    format!("{receiver}.{method}")
}

/// Helm 4's functions of durations, and Sprig's.
fn helper(random: &mut Random, data: &mut Json) -> String {
    const ONE: &[&str] = &[
        "durationSeconds",
        "durationMilliseconds",
        "durationMicroseconds",
        "durationNanoseconds",
        "durationMinutes",
        "durationHours",
        "durationDays",
        "durationWeeks",
        "mustToDuration",
        "duration",
        "durationRound",
    ];
    const TWO: &[&str] = &["durationRoundTo", "durationTruncateTo"];
    data["s"] = json!(random.pick(DURATIONS));
    data["w"] = json!(random.pick(DURATIONS));
    let argument = |random: &mut Random| {
        random.pick(&[
            ".s",
            ".s",
            ".s",
            ".d",
            ".d",
            "90",
            "1.5",
            "-3",
            "(int64 5)",
            "nil",
            ".none",
            "(list 1)",
            "true",
            "(dict)",
            ".e",
            "\"\"",
            "1e300",
            "(int64 9223372036854775807)",
            ".w",
            "0",
            "\"95\"",
            "\"95.5\"",
            "1e9",
            "-0.5",
        ])
    };
    let (first, second) = (argument(random), argument(random));
    if random.percent(30) {
        return format!("{} {first} {second}", random.pick(TWO));
    }
    format!("{} {first}", random.pick(ONE))
}

/// A number as a time.
fn number(random: &mut Random) -> String {
    let n = random.pick(&[
        "0",
        "1",
        "-1",
        "1700000000",
        "253402300799",
        "253402300800",
        "-62135596800",
        "-62167219201",
        "9223372036854775807",
        "1e9",
    ]);
    let kind = random.pick(&["int64", "int", "int"]);
    format!(
        "dateInZone \"2006-01-02T15:04:05Z07:00 MST\" ({kind} {n}) \"{}\"",
        random.pick(ZONES)
    )
}
