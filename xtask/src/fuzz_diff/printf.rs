//! `printf`: formats of all verbs, flags, widths, precisions and argument indexes over Go's types,
//! and the functions that print without a format.
//!
//! A format cannot fail, so a part of the cases is wrapped in what fails on what was printed: the
//! text of the error then shows it.

use serde_json::{Value as Json, json};

use super::exec;
use super::family::{Family, Question};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family::new(
    "printf",
    "verbs, flags, widths, precisions and indexes of printf over every Go type; print, println",
    generate,
    exec::answer,
);

const VERBS: &[&str] = &[
    "v", "v", "d", "s", "q", "x", "X", "T", "t", "b", "o", "O", "c", "U", "e", "E", "f", "F", "g",
    "G", "p", "w", "z", "!", "é", "%", "\\n", "", " ", "y", "i", "\\xff",
];
const FLAGS: &[&str] = &["+", "-", "#", " ", "0", "++", "-0", "+#", "# ", "0-", "+ 0"];
const WIDTHS: &[&str] = &["1", "5", "10", "03", "20", "*", "[1]*", "[2]*", "-5", "100"];
const PRECISIONS: &[&str] = &[
    ".", ".0", ".1", ".3", ".10", ".*", ".[2]*", ".-1", ".20", ".[1]",
];
const INDEXES: &[&str] = &[
    "[1]", "[2]", "[3]", "[0]", "[9]", "[]", "[x]", "[1", "[-1]", "[1][2]",
];
const WORDS: &[&str] = &[
    "", "", "a", " ", "|", "é", "%%", "100%", "\\\"", "中", "<", "\\xfe",
];

/// Go's own types, and what is made of nested ones.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1.5",
    "1e21",
    "1e-7",
    "123456789",
    "0.1",
    "100000",
    "1e6",
    "\"\"",
    "\"abc\"",
    "\"é中😀\"",
    "\"a\\\"b\\n\\t\\\\`\"",
    "\"\\u0000\\u007f\\u2028\\ufeff\"",
    "\"%d\"",
    "\"\\u00ad\\u0301\"",
    "[]",
    "[1,\"a\",null]",
    "[[1],{\"a\":[null]}]",
    "{}",
    "{\"a\":1,\"b\":\"x\"}",
    "{\"a\":null,\"é\":{\"b\":[true]}}",
    "[\"a\",\"b\"]",
    r#"{"$go":"int","v":"42"}"#,
    r#"{"$go":"int","v":"-7"}"#,
    r#"{"$go":"int","v":"9223372036854775807"}"#,
    r#"{"$go":"int","v":"-9223372036854775808"}"#,
    r#"{"$go":"int","v":"0"}"#,
    r#"{"$go":"int","v":"128512"}"#,
    r#"{"$go":"int","v":"1114112"}"#,
    r#"{"$go":"int","v":"65"}"#,
    r#"{"$go":"int8","v":"-128"}"#,
    r#"{"$go":"int16","v":"300"}"#,
    r#"{"$go":"int32","v":"233"}"#,
    r#"{"$go":"int64","v":"-65"}"#,
    r#"{"$go":"uint","v":"18446744073709551615"}"#,
    r#"{"$go":"uint8","v":"255"}"#,
    r#"{"$go":"uint16","v":"0"}"#,
    r#"{"$go":"uint32","v":"4294967295"}"#,
    r#"{"$go":"uint64","v":"10"}"#,
    r#"{"$go":"float32","v":"0.1"}"#,
    r#"{"$go":"float32","v":"3.4e38"}"#,
    r#"{"$go":"float32","v":"NaN"}"#,
    r#"{"$go":"float64","v":"NaN"}"#,
    r#"{"$go":"float64","v":"+Inf"}"#,
    r#"{"$go":"float64","v":"-Inf"}"#,
    "5e-324",
    "1.7976931348623157e308",
    "-0.0",
    "2.5",
    "0.000012345",
    "123456.789",
    r#"{"$go":"string","v":{"base64":"YWL/"}}"#,
    r#"{"$go":"string","v":{"base64":"7aCA"}}"#,
    r#"{"$go":"bytes","v":"hi"}"#,
    r#"{"$go":"bytes","v":""}"#,
    r#"{"$go":"bytes","v":{"base64":"/wBh"}}"#,
    r#"{"$go":"duration","v":"1h30m"}"#,
    r#"{"$go":"duration","v":"-5ms"}"#,
    r#"{"$go":"time","v":"2020-01-02T03:04:05.6Z"}"#,
    r#"{"$go":"strings","v":["a","b c"]}"#,
    r#"{"$go":"strings","v":null}"#,
    r#"{"$go":"ints","v":[1,-2,300]}"#,
    r#"{"$go":"ints","v":[]}"#,
    r#"{"$go":"stringmap","v":{"k":"v","a":""}}"#,
    r#"{"$go":"stringmap","v":null}"#,
    r#"[{"$go":"bytes","v":"x"},{"$go":"int8","v":"1"},1.5]"#,
    r#"{"t":{"$go":"duration","v":"2s"},"u":{"$go":"uint8","v":"7"}}"#,
];
/// What a template can write down itself.
const WRITTEN: &[&str] = &[
    "nil",
    "true",
    "1",
    "-1",
    "0x10",
    "1.5",
    "1e3",
    "'a'",
    "'é'",
    "1i",
    "\"s\"",
    "`r`",
    "(list 1 \"a\" nil)",
    "(dict \"a\" 1)",
    "(until 3)",
    "(semver \"1.2.3\")",
    "(split \",\" \"a,b\")",
    "$",
    ".nope",
    "(int64 7)",
    "10",
    "2",
    "'\\x00'",
    "\"\\xff\"",
    "(chunk 1 (list 1 2))",
    "(toDate \"2006-01-02\" \"2020-02-30\")",
    "(list (list (dict \"x\" nil)))",
    "1000001",
    "-20",
    "(semver \"1.2.3-a+b\").Original",
    "(print 1 nil \"a\")",
];

fn generate(random: &mut Random, _case: u64) -> Question {
    let mut data = serde_json::Map::new();
    let count = random.pick(&[0, 1, 1, 1, 1, 2, 2, 3, 4]);
    let mut arguments = String::new();
    for at in 0..count {
        arguments.push(' ');
        if random.percent(70) {
            let name = format!("v{at}");
            arguments += &format!(".{name}");
            let value = serde_json::from_str(random.pick(VALUES)).unwrap_or(Json::Null);
            data.insert(name, value);
        } else {
            arguments += random.pick(WRITTEN);
        }
    }
    let call = if random.percent(88) {
        format!("printf \"{}\"{arguments}", format(random))
    } else {
        format!("{}{arguments}", random.pick(&["print", "println"]))
    };
    let text = match random.below(20) {
        0..=10 => format!("{{{{ {call} }}}}"),
        11..=16 => format!("{{{{ fail ({call}) }}}}"),
        17 => format!("{{{{ {call} | atoi | add \"x\" | index . }}}}"),
        18 => format!("{{{{ index . ({call}) \"x\" }}}}"),
        _ => format!("{{{{ template ({call}) }}}}"),
    };
    let missing = random.pick(&["zero", "default", "error"]);
    json!({"op": "exec", "template": text, "data": data, "missingkey": missing}).into()
}

fn format(random: &mut Random) -> String {
    let mut format = String::new();
    for _ in 0..random.pick(&[1, 1, 1, 2, 2, 3]) {
        format += random.pick(WORDS);
        format.push('%');
        let mut piece = |chance, from: &[&'static str]| {
            if random.percent(chance) {
                format += random.pick(from);
            }
        };
        piece(30, FLAGS);
        piece(8, INDEXES);
        piece(25, WIDTHS);
        piece(20, PRECISIONS);
        piece(8, INDEXES);
        // An address is as wide as it happens to be.
        let verb = random.pick(VERBS);
        format += if verb == "p" && !format.ends_with('%') {
            "v"
        } else {
            verb
        };
    }
    format + random.pick(WORDS)
}
