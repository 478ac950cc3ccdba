//! `schema`: values.schema.json over values: all keywords, drafts, references, formats, and schemas that
//! are none.

use serde_json::{Map, Value, json};
use windlass_value::Heap;

use super::answer::Answer;
use super::family::{Family, Question};
use super::words;
use crate::oracle::pipe::{Helm, text};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same,
    ..Family::new("schema", "messages of values.schema.json", generate, answer)
};

const DEPTH: usize = 3;

fn generate(random: &mut Random, _: u64) -> Question {
    let mut schema = schema(random, DEPTH);
    if let Some(fields) = schema.as_object_mut() {
        if random.percent(55) {
            fields.insert("$schema".into(), draft(random).into());
        }
        if random.percent(40) {
            let name = random.pick(&["$defs", "definitions"]);
            fields.insert(
                name.into(),
                json!({"a": self::schema(random, 2), "b": self::schema(random, 1)}),
            );
        }
        if !fields.contains_key("properties") && random.percent(80) {
            fields.insert("properties".into(), properties(random, DEPTH));
        }
    }
    let mut text = schema.to_string();
    if random.percent(6) {
        text = words::damaged(
            random,
            &text,
            &[
                "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "1", "null", "é",
            ],
        );
    }
    let values = object(random, DEPTH);
    json!({"op": "schema", "schema": text, "values": values.to_string()}).into()
}

fn draft(random: &mut Random) -> &'static str {
    random.pick(&[
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2020-12/schema#",
        "https://json-schema.org/draft-07/schema",
        "#",
        "",
        "nope",
    ])
}

const KEYS: &[&str] = &["a", "b", "c", "x-y", "a/b", "a~b", "é", "", "1", "a.b"];

const TYPES: &[&str] = &[
    "string", "number", "integer", "boolean", "null", "array", "object",
];

const FORMATS: &[&str] = &[
    "date",
    "time",
    "date-time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "uuid",
    "json-pointer",
    "relative-json-pointer",
    "regex",
    "period",
    "semver",
    "nope",
    "color",
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "abc",
    "é☃",
    "2024-01-02",
    "2024-02-30",
    "2023-02-29",
    "12:00:00Z",
    "12:00:60Z",
    "23:59:60Z",
    "24:00:00Z",
    "12:00:00+01:00",
    "12:00:00.5z",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05Z",
    "2024-01-02T03:04:05",
    "2024-1-2T03:04:05Z",
    "P1D",
    "PT1H",
    "P1Y2M3W",
    "P1W",
    "P",
    "PT",
    "P1DT",
    "P1S",
    "1D",
    "a@b.c",
    "a@",
    "@b",
    "a@b",
    "\"a b\"@c.d",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "a..b@c.d",
    "example.com",
    "-a.com",
    "a-.com",
    "a_b.com",
    "a..b",
    "xn--a",
    "127.0.0.1",
    "127.0.0.256",
    "127.0.0",
    "01.1.1.1",
    "::1",
    "1::2::3",
    "fe80::1%eth0",
    "::ffff:1.2.3.4",
    "http://a.b/c?d#e",
    "http://a b",
    "//a/b",
    "/a/b",
    "a:b",
    "http://[::1",
    "http://[::1]:80/",
    "http://a:b/",
    "%zz",
    "http://é/",
    "\\",
    "{a}",
    "http://a/{b}",
    "http://a/{b",
    "http://a/b}",
    "123e4567-e89b-12d3-a456-426614174000",
    "123e4567-e89b-12d3-a456-42661417400",
    "not-a-uuid",
    "/a/~0",
    "/a~2",
    "#/a",
    "0",
    "1/a",
    "0#",
    "01",
    "-1/a",
    "^a$",
    "[",
    "(?=a)",
    "a{2",
    "\\d+",
    "(?<n>a)",
    "1.2.3",
    "v1.2.3",
    "1.2",
    "1.2.3-rc.1+b",
    "1.2.3-01",
    "2024-01-01/2024-01-02",
    "P1D/P1D",
    "2024-01-01T00:00:00Z/P1D",
    "aGk=",
    "***",
    "{\"a\":1}",
    "\u{0}",
    "'",
    "\"",
    "a\nb",
    "\u{1F600}",
];

const PATTERNS: &[&str] = &[
    "^a", "b$", "[a-z]+", "^\\d+$", "", "é", "(", "[", "(?=x)", "\\p{L}", "^x-", ".", "a{1,2}",
    "\\", "(?i)A", "a**", "\\cA", "x{1001}",
];

fn number(random: &mut Random) -> Value {
    let text = random.pick(&[
        "0",
        "1",
        "2",
        "3",
        "-1",
        "10",
        "1.5",
        "-0.5",
        "1e3",
        "70000",
        "1234567.891",
        "9007199254740993",
        "12345678901234567890",
        "1e21",
        "1e-7",
        "0.1",
        "100",
        "0.01",
        "1e100",
        "-2",
        "4",
        "1.0",
    ]);
    serde_json::from_str(text).unwrap_or_default()
}

fn count(random: &mut Random) -> Value {
    match random.below(20) {
        0 => json!(-1),
        1 => json!(1.5),
        2 => json!("1"),
        3 => json!(2.0),
        _ => json!(random.below(4)),
    }
}

fn scalar(random: &mut Random) -> Value {
    match random.below(6) {
        0 => Value::Null,
        1 => json!(random.percent(50)),
        2 | 3 => number(random),
        _ => random.pick(TEXTS).into(),
    }
}

/// Any value, so deep at most.
fn any(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0..6 => scalar(random),
        6 | 7 => (0..random.below(4))
            .map(|_| any(random, depth - 1))
            .collect(),
        _ => object(random, depth - 1),
    }
}

fn object(random: &mut Random, depth: usize) -> Value {
    let mut fields = Map::new();
    for _ in 0..random.below(5) {
        fields.insert(random.pick(KEYS).to_owned(), any(random, depth));
    }
    fields.into()
}

fn properties(random: &mut Random, depth: usize) -> Value {
    let mut fields = Map::new();
    for _ in 0..1 + random.below(3) {
        fields.insert(random.pick(KEYS).to_owned(), schema(random, depth - 1));
    }
    fields.into()
}

fn schemas(random: &mut Random, depth: usize) -> Value {
    (0..random.pick(&[1, 1, 2, 2, 3, 0]))
        .map(|_| schema(random, depth - 1))
        .collect()
}

/// A schema; a boolean now and then, and where it may be no deeper.
fn schema(random: &mut Random, depth: usize) -> Value {
    if depth == 0 || random.percent(6) {
        return match random.below(6) {
            0 => json!(true),
            1 => json!(false),
            2 => json!({}),
            _ => json!({"type": random.pick(TYPES)}),
        };
    }
    let mut fields = Map::new();
    for _ in 0..1 + random.below(3) {
        let (name, value) = keyword(random, depth);
        fields.insert(name.to_owned(), value);
    }
    fields.into()
}

fn keyword(random: &mut Random, depth: usize) -> (&'static str, Value) {
    // Not what the keyword takes.
    if random.percent(2) {
        let (name, _) = keyword(random, 1);
        return (name, any(random, 1));
    }
    match random.below(15) {
        0 | 1 => ("type", kinds(random)),
        2 => any_value(random),
        3 => of_numbers(random),
        4 | 5 => of_texts(random),
        6 | 7 => of_lists(random, depth),
        8..11 => of_objects(random, depth),
        11 | 12 => combined(random, depth),
        13 => referring(random),
        _ => conditional(random, depth),
    }
}

fn kinds(random: &mut Random) -> Value {
    match random.below(12) {
        0 => (0..random.below(4)).map(|_| random.pick(TYPES)).collect(),
        1 => json!(["string", "null"]),
        2 => random.pick(&["any", "", "String"]).into(),
        _ => random.pick(TYPES).into(),
    }
}

fn any_value(random: &mut Random) -> (&'static str, Value) {
    if random.percent(50) {
        return ("const", any(random, 2));
    }
    (
        "enum",
        (0..random.pick(&[1, 2, 3, 3, 0]))
            .map(|_| any(random, 1))
            .collect(),
    )
}

fn of_numbers(random: &mut Random) -> (&'static str, Value) {
    let name = random.pick(&[
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ]);
    let value = if name.starts_with("excl") && random.percent(25) {
        json!(true)
    } else {
        number(random)
    };
    (name, value)
}

fn of_texts(random: &mut Random) -> (&'static str, Value) {
    match random.below(7) {
        0 => ("minLength", count(random)),
        1 => ("maxLength", count(random)),
        2 => ("pattern", random.pick(PATTERNS).into()),
        3 => ("contentEncoding", random.pick(&["base64", "nope"]).into()),
        4 => (
            "contentMediaType",
            random.pick(&["application/json", "text/plain"]).into(),
        ),
        _ => ("format", random.pick(FORMATS).into()),
    }
}

fn of_lists(random: &mut Random, depth: usize) -> (&'static str, Value) {
    match random.below(11) {
        0 => ("minItems", count(random)),
        1 => ("maxItems", count(random)),
        2 => ("uniqueItems", json!(random.percent(80))),
        3 | 4 => ("items", schema(random, depth - 1)),
        5 => ("items", schemas(random, depth)),
        6 => ("prefixItems", schemas(random, depth)),
        7 => ("additionalItems", schema(random, depth - 1)),
        8 => ("contains", schema(random, depth - 1)),
        9 => (random.pick(&["minContains", "maxContains"]), count(random)),
        _ => ("unevaluatedItems", schema(random, depth - 1)),
    }
}

fn of_objects(random: &mut Random, depth: usize) -> (&'static str, Value) {
    match random.below(14) {
        0 => ("minProperties", count(random)),
        1 => ("maxProperties", count(random)),
        2 | 3 => (
            "required",
            (0..random.below(4)).map(|_| random.pick(KEYS)).collect(),
        ),
        4..7 => ("properties", properties(random, depth)),
        7 => (
            "patternProperties",
            json!({random.pick(PATTERNS): schema(random, depth - 1)}),
        ),
        8 => ("additionalProperties", schema(random, depth - 1)),
        9 => ("additionalProperties", json!(false)),
        10 => ("propertyNames", schema(random, depth - 1)),
        11 => (
            "dependentRequired",
            json!({random.pick(KEYS): [random.pick(KEYS)]}),
        ),
        12 => (
            random.pick(&["dependentSchemas", "dependencies"]),
            json!({random.pick(KEYS): schema(random, depth - 1)}),
        ),
        _ => ("unevaluatedProperties", schema(random, depth - 1)),
    }
}

fn combined(random: &mut Random, depth: usize) -> (&'static str, Value) {
    match random.below(5) {
        0 => ("not", schema(random, depth - 1)),
        1 => ("allOf", schemas(random, depth)),
        2 | 3 => ("anyOf", schemas(random, depth)),
        _ => ("oneOf", schemas(random, depth)),
    }
}

fn referring(random: &mut Random) -> (&'static str, Value) {
    match random.below(10) {
        0 => ("$anchor", random.pick(&["x", "y", "", "1x", "x y"]).into()),
        1 => (
            random.pick(&["$id", "id"]),
            random
                .pick(&[
                    "http://x/y",
                    "z",
                    "#x",
                    "",
                    "urn:a:b",
                    "http://[",
                    "a#b",
                    "file:///values.schema.json",
                ])
                .into(),
        ),
        2 => (
            "$dynamicRef",
            random.pick(&["#x", "#", "#/$defs/a", "#nope"]).into(),
        ),
        3 => ("$dynamicAnchor", random.pick(&["x", "y"]).into()),
        4 => random
            .pick(&[("$recursiveRef", "#"), ("$recursiveRef", "#/a")])
            .into_json(),
        5 => ("$recursiveAnchor", json!(true)),
        _ => (
            "$ref",
            random
                .pick(&[
                    "#",
                    "#/$defs/a",
                    "#/$defs/b",
                    "#/definitions/a",
                    "#/definitions/b",
                    "#/nope",
                    "#x",
                    "#y",
                    "#/properties/a",
                    "#/properties/a~1b",
                    "#/$defs/a/properties/a",
                    "#/%24defs/a",
                    "z",
                    "urn:a:b",
                    "http://json-schema.org/draft-07/schema#",
                    "#/allOf/0",
                    "#/allOf/7",
                    "#/items",
                    "http://[",
                    "%zz",
                    "#/~2",
                    "https://json-schema.org/draft/2020-12/schema",
                    "",
                ])
                .into(),
        ),
    }
}

/// A keyword with a text.
trait IntoJson {
    fn into_json(self) -> (&'static str, Value);
}

impl IntoJson for (&'static str, &'static str) {
    fn into_json(self) -> (&'static str, Value) {
        (self.0, self.1.into())
    }
}

fn conditional(random: &mut Random, depth: usize) -> (&'static str, Value) {
    match random.below(6) {
        0 | 1 => ("if", schema(random, depth - 1)),
        2 => ("then", schema(random, depth - 1)),
        3 => ("else", schema(random, depth - 1)),
        4 => (
            "$vocabulary",
            json!({"https://json-schema.org/draft/2020-12/vocab/core": true}),
        ),
        _ => (
            random.pick(&[
                "title",
                "description",
                "default",
                "examples",
                "readOnly",
                "$comment",
            ]),
            any(random, 1),
        ),
    }
}

fn answer(question: &Value, _: Helm) -> Answer {
    let mut heap = Heap::new();
    let values = text(&question["values"]).unwrap_or_default();
    let values = match windlass_yaml::parse_map(&mut heap, &values) {
        Ok(values) => values,
        Err(error) => return Answer::Bad(error.to_string()),
    };
    let schema = text(&question["schema"]).unwrap_or_default();
    match windlass_chart::schema::validate(&heap, &schema, values) {
        Ok(()) => Answer::Given(Map::new()),
        Err(error) => Answer::error(error.to_string()),
    }
}

/// Helm walks maps in random order: what stands side by side may come in any.
fn same(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Refused(t, _), Answer::Refused(o, _)) => {
            t == o || (outside(t).is_some() && outside(t) == outside(o)) || {
                let ordered = |text: &[u8]| {
                    let text = String::from_utf8_lossy(text).into_owned();
                    let lines: Vec<&str> = text.split('\n').collect();
                    in_order(&lines)
                };
                ordered(t) == ordered(o)
            }
        }
        (Answer::Given(_), Answer::Given(_)) => true,
        _ => false,
    }
}

/// The document a schema refers to that lies neither in it nor in Helm. Nothing is loaded here; why it
/// cannot be had there is no matter.
fn outside(error: &[u8]) -> Option<String> {
    let error = String::from_utf8_lossy(error);
    let (url, _) = error
        .strip_prefix("failing loading \"")?
        .split_once("\": ")?;
    Some(url.to_owned())
}

/// Lines with what is indented below each, siblings sorted.
fn in_order(lines: &[&str]) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut blocks: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let end = (at + 1..lines.len())
            .find(|n| indent(lines[*n]) <= indent(lines[at]))
            .unwrap_or(lines.len());
        blocks.push(format!(
            "{}\n{}",
            lines[at],
            in_order(&lines[at + 1..end]).concat()
        ));
        at = end;
    }
    blocks.sort();
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siblings_may_come_in_any_order_but_not_move() {
        let same = |a: &str, b: &str| same(&Answer::error(a), &Answer::error(b));
        assert!(same("- a\n  - b\n  - c\n- d\n", "- d\n- a\n  - c\n  - b\n"));
        assert!(!same("- a\n  - b\n- c\n", "- a\n- c\n  - b\n"));
    }
}
