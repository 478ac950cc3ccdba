//! What Helm says of schemas and values; every expected text was given by Helm.
#![allow(clippy::unwrap_used, clippy::panic)]

use windlass_value::{Heap, MapId, MapType, Str, Value};

use super::json::{Json, parse_prefix};
use super::*;
use crate::metadata::Metadata;

fn into_value(heap: &mut Heap, json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::float(n.parse().unwrap()),
        Json::String(s) => Value::str(&**s),
        Json::Array(items) => Value::list(items.iter().map(|v| into_value(heap, v)).collect()),
        Json::Object(members) => {
            let entries = members
                .iter()
                .map(|(k, v)| (Str::from(&**k), into_value(heap, v)));
            let entries = entries.collect();
            Value::Map(heap.map_from(MapType::Any, entries))
        }
    }
}

fn values(heap: &mut Heap, text: &str) -> MapId {
    let (json, _) = parse_prefix(text.as_bytes()).unwrap();
    into_value(heap, &json).as_map().unwrap()
}

/// What is said of values under a schema; nothing if they fit.
fn says(schema: &str, text: &str) -> String {
    let mut heap = Heap::new();
    let values = values(&mut heap, text);
    validate(&heap, schema.as_bytes(), values)
        .err()
        .map_or_else(String::new, |e| e.to_string())
}

/// The same under draft 7, which checks formats.
fn says_7(schema: &str, text: &str) -> String {
    let head = r#"{"$schema": "http://json-schema.org/draft-07/schema#", "#;
    says(&(head.to_owned() + &schema[1..]), text)
}

#[test]
fn breaches_are_listed_in_the_librarys_order() {
    let schema = r#"{"type": "object", "required": ["c", "d"], "additionalProperties": false,
        "properties": {"a": {"type": "integer", "minimum": 70000}, "b": {"enum": [1, "x", null]}}}"#;
    assert_eq!(
        says(schema, r#"{"a": 3, "b": true, "z": 1}"#),
        "- at '': missing properties 'c', 'd'\n\
         - at '/a': minimum: got 3, want 70,000\n\
         - at '/b': value must be one of 1, 'x', <nil>\n\
         - at '': additional properties 'z' not allowed\n"
    );
    assert_eq!(
        says(schema, r#"{"a": 70000, "b": "x", "c": 1, "d": 1}"#)
            .lines()
            .count(),
        1
    );
}

#[test]
fn of_alternatives_exactly_one_may_fit_and_of_the_forbidden_none() {
    let schema = r#"{"properties": {"a": {"not": {"type": "string"}},
        "b": {"oneOf": [{"type": "integer"}, {"minimum": 2}]},
        "c": {"oneOf": [{"type": "string"}, {"type": "boolean"}]}}}"#;
    assert_eq!(
        says_7(schema, r#"{"a": "x", "b": 3, "c": 1}"#),
        "- at '/a': 'not' failed\n\
         - at '/b': 'oneOf' failed, subschemas 0, 1 matched\n\
         - at '/c': 'oneOf' failed, none matched\n  \
         - at '/c': got number, want string\n  \
         - at '/c': got number, want boolean\n"
    );
    assert_eq!(says_7(schema, r#"{"a": 1, "b": 1, "c": true}"#), "");
}

#[test]
fn texts_may_be_written_in_numbers() {
    let schema = r#"{"properties": {"a": {"const": "\u00e9\u20ac\ud83d\ude00"}}}"#;
    assert_eq!(says_7(schema, "{\"a\": \"é€😀\"}"), "");
}

#[test]
fn causes_are_indented_and_lone_references_left_out() {
    let schema = r##"{"properties": {"a": {"$ref": "#/definitions/x"}}, "definitions": {"x":
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "number"}}]}}}"##;
    assert_eq!(
        says_7(schema, r#"{"a": [1, "x"]}"#),
        "- at '/a': 'anyOf' failed\n  - at '/a': got array, want string\n  - at '/a/1': got string, want number\n"
    );
    assert_eq!(says_7(schema, r#"{"a": [1]}"#), "");
    let both = r##"{"properties": {"a": {"$ref": "#/definitions/x"}}, "definitions": {"x":
        {"minimum": 3, "multipleOf": 2}}}"##;
    assert_eq!(
        says_7(both, r#"{"a": 1}"#),
        "- at '/a': validation failed\n  - at '/a': minimum: got 1, want 3\n  - at '/a': multipleOf: got 1, want 2\n"
    );
}

#[test]
fn numbers_are_compared_exactly_and_shown_in_english() {
    let schema = |rule: &str| format!(r#"{{"properties": {{"a": {{{rule}}}}}}}"#);
    assert_eq!(says(&schema(r#""multipleOf": 0.01"#), r#"{"a": 0.07}"#), "");
    assert_eq!(says(&schema(r#""type": "integer""#), r#"{"a": 1.0}"#), "");
    assert_eq!(
        says(&schema(r#""type": "integer""#), r#"{"a": 1.5}"#),
        "- at '/a': got number, want integer\n"
    );
    assert_eq!(
        says(&schema(r#""maximum": 1e6"#), r#"{"a": 1234567}"#),
        "- at '/a': maximum: got 1.234567×10⁰⁶, want 1×10⁰⁶\n"
    );
    assert_eq!(says(&schema(r#""const": 1.0"#), r#"{"a": 1}"#), "");
    assert_eq!(
        says(&schema(r#""const": 1.0"#), r#"{"a": 2}"#),
        "- at '/a': value must be 1.0\n"
    );
}

#[test]
fn a_schema_must_be_one() {
    assert_eq!(says("{", "{}"), "unexpected EOF");
    assert_eq!(says("", "{}"), "EOF");
    assert_eq!(
        says("{} x", "{}"),
        "invalid character after top-level value"
    );
    assert_eq!(
        says("[1]", "{}"),
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation \
         failed with 'https://json-schema.org/draft/2020-12/schema#'\n\
         - at '': got array, want boolean or object"
    );
    assert_eq!(
        says_7(r#"{"properties": {"a": {"pattern": "a("}}}"#, "{}"),
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation \
         failed with 'http://json-schema.org/draft-07/schema#'\n\
         - at '/properties/a/pattern': 'a(' is not valid regex: error parsing regexp: missing closing ): `a(`"
    );
    assert_eq!(
        says(r##"{"$ref": "#/foo"}"##, "{}"),
        "json-pointer in \"file:///values.schema.json#/foo\" not found"
    );
    assert_eq!(
        says(r#"{"properties": {"a": {"minLength": 1e2000000}}}"#, "{}"),
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation \
         failed with 'https://json-schema.org/draft/2020-12/schema#'\n\
         - at '': 'allOf' failed\n  - at '/properties/a': 'allOf' failed\n    \
         - at '/properties/a/minLength': got number, want integer"
    );
    assert_eq!(
        says(r#"{"multipleOf": 1e2000000}"#, "{}"),
        "unable to validate schema: runtime error: invalid memory address or nil pointer dereference"
    );
}

#[test]
fn formats_count_up_to_draft_7() {
    let schema = r#"{"properties": {"a": {"format": "ipv4"}}}"#;
    assert_eq!(says(schema, r#"{"a": "x"}"#), "");
    assert_eq!(
        says_7(schema, r#"{"a": "x"}"#),
        "- at '/a': 'x' is not valid ipv4: expected four decimals\n"
    );
    assert_eq!(
        says_7(
            r#"{"properties": {"a": {"format": "date"}}}"#,
            r#"{"a": "2021-02-29"}"#
        ),
        "- at '/a': '2021-02-29' is not valid date: parsing time \"2021-02-29\": day out of range\n"
    );
    assert_eq!(
        says_7(
            r#"{"properties": {"a": {"format": "uri"}}}"#,
            r#"{"a": "1a:b"}"#
        ),
        "- at '/a': '1a:b' is not valid uri: parse \"1a:b\": first path segment in URL cannot contain colon\n"
    );
}

#[test]
fn unevaluated_properties_are_those_no_schema_saw() {
    let schema = r#"{"allOf": [{"properties": {"a": true}}], "properties": {"b": true},
        "unevaluatedProperties": false}"#;
    assert_eq!(says(schema, r#"{"a": 1, "b": 1}"#), "");
    assert_eq!(
        says(schema, r#"{"a": 1, "c": 1}"#),
        "- at '/c': false schema\n"
    );
}

#[test]
fn quotes_are_the_librarys() {
    let schema = r#"{"additionalProperties": false}"#;
    assert_eq!(
        says(schema, r#"{"it's": 1, "a\\": 1, "\"": 1}"#),
        "- at '': additional properties '\"', 'a\\', 'it\\'s' not allowed\n"
    );
    let schema = r#"{"properties": {"a/b~": {"type": "null"}}}"#;
    assert_eq!(
        says(schema, r#"{"a/b~": 1}"#),
        "- at '/a~1b~0': got number, want null\n"
    );
}

#[test]
fn a_bad_property_name_is_told_at_the_step_taken_last() {
    let schema = r#"{"properties": {"a": {"items": {"propertyNames": {"maxLength": 1}}}}}"#;
    assert_eq!(
        says(schema, r#"{"a": [{"xy": 1}, {"x": 1}]}"#),
        "- at '/a/1': invalid propertyName 'xy'\n  - at '': maxLength: got 2, want 1\n"
    );
}

#[test]
fn a_urn_allows_everything_with_a_warning() {
    let mut heap = Heap::new();
    let values = values(&mut heap, r#"{"a": 1}"#);
    let schema = r#"{"properties": {"a": {"$ref": "urn:x:y"}, "b": {"$ref": "urn:x:y"}}}"#;
    let chart = chart("c", Some(schema), values, Vec::new());
    let warnings = validate_chart(&heap, &chart, values, &mut Refusing).unwrap();
    assert_eq!(
        warnings,
        [Warning::UnresolvedUrn {
            urn: "urn:x:y".to_owned()
        }]
    );
}

#[test]
fn other_documents_come_from_the_loader_only() {
    let schema = r#"{"$ref": "http://x/s.json"}"#;
    assert_eq!(
        says(schema, "{}"),
        "failing loading \"http://x/s.json\": documents outside the chart are not loaded here"
    );
    struct One;
    impl Loader for One {
        fn load(&mut self, url: &str) -> Result<Vec<u8>, String> {
            assert_eq!(url, "http://x/s.json");
            Ok(br#"{"required": ["a"]}"#.to_vec())
        }
    }
    let mut heap = Heap::new();
    let values = values(&mut heap, "{}");
    let chart = chart("c", Some(schema), values, Vec::new());
    let error = validate_chart(&heap, &chart, values, &mut One).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("c:\n- at '': missing property 'a'\n")
    );
    assert_eq!(
        says(r#"{"$ref": "ftp://x/s.json"}"#, "{}"),
        "failing loading \"ftp://x/s.json\": no URLLoader registered for \"ftp://x/s.json\""
    );
}

fn chart(name: &str, schema: Option<&str>, values: MapId, dependencies: Vec<Chart>) -> Chart {
    Chart {
        raw: Vec::new(),
        metadata: Metadata {
            name: name.to_owned(),
            ..Metadata::default()
        },
        lock: None,
        templates: Vec::new(),
        values,
        schema: schema.map(Str::from),
        files: Vec::new(),
        dependencies,
        path: String::new(),
        modified: None,
        schema_modified: None,
    }
}

#[test]
fn a_tree_is_validated_chart_by_chart() {
    let mut heap = Heap::new();
    let all = values(
        &mut heap,
        r#"{"a": 1, "one": {"b": 1}, "two": "x", "four": null}"#,
    );
    let schema = Some(r#"{"additionalProperties": {"type": "string"}}"#);
    let below = ["one", "two", "three", "four"].map(|name| chart(name, schema, all, Vec::new()));
    let parent = chart("top", Some(r#"{"required": ["z"]}"#), all, below.into());
    let error = validate_chart(&heap, &parent, all, &mut Refusing).unwrap_err();
    assert_eq!(
        error.to_string(),
        "values don't meet the specifications of the schema(s) in the following chart(s):\n\
         top:\n- at '': missing property 'z'\n\
         one:\n- at '/b': got number, want string\n\
         two:\ninvalid type for values: expected object (map), got string\n"
    );
}

#[test]
fn hostile_schemas_are_refused() {
    // A long chain of references.
    let links: Vec<_> = (0..5000)
        .map(|i| format!(r##""d{i}": {{"$ref": "#/$defs/d{}"}}"##, i + 1))
        .collect();
    let chain = format!(
        r##"{{"$ref": "#/$defs/d0", "$defs": {{{}, "d5000": true}}}}"##,
        links.join(",")
    );
    assert_eq!(
        says(&chain, "{}"),
        "schema applies itself too deeply or too often"
    );
    // References that double at every step.
    let links: Vec<_> = (0..60)
        .map(|i| {
            let next = format!(r##"{{"$ref": "#/$defs/d{}"}}"##, i + 1);
            format!(r#""d{i}": {{"allOf": [{next}, {next}]}}"#)
        })
        .collect();
    let tree = format!(
        r##"{{"$ref": "#/$defs/d0", "$defs": {{{}, "d60": true}}}}"##,
        links.join(",")
    );
    assert_eq!(
        says(&tree, "{}"),
        "schema applies itself too deeply or too often"
    );
    let nested = format!("{}1{}", r#"{"not":"#.repeat(100_000), "}".repeat(100_000));
    assert_eq!(says(&nested, "{}"), "exceeded max depth");
    assert_eq!(
        says(r##"{"$ref": "#"}"##, "{}"),
        "- at '': both /$ref and  resolve to \"file:///values.schema.json#\" causing reference cycle\n"
    );
}

/// A list of so many numbers as JSON.
fn numbers(count: usize) -> String {
    let all: Vec<_> = (0..count).map(|n| n.to_string()).collect();
    format!("[{}]", all.join(","))
}

#[test]
fn work_without_end_is_refused() {
    const TOO_MUCH: &str = "schema takes too much work to apply";
    // Every item is compared with every value.
    let schema = format!(r#"{{"items": {{"enum": {}}}}}"#, numbers(2_000));
    let negative = format!("[{}-1]", "-1,".repeat(2_000));
    let schema = format!(r#"{{"properties": {{"a": {schema}}}}}"#);
    assert_eq!(says(&schema, &format!(r#"{{"a": {negative}}}"#)), TOO_MUCH);
    // Every name is searched with every expression.
    let patterns: Vec<_> = (0..200).map(|i| format!(r#""a.*b{i}": {{}}"#)).collect();
    let schema = format!(r#"{{"patternProperties": {{{}}}}}"#, patterns.join(","));
    let members: Vec<_> = (0..200)
        .map(|i| format!(r#""a{}{i}": 1"#, "x".repeat(100)))
        .collect();
    assert_eq!(
        says(&schema, &format!("{{{}}}", members.join(","))),
        TOO_MUCH
    );
    // Every object misses every name.
    let names: Vec<_> = (0..1_000).map(|i| format!(r#""n{i}""#)).collect();
    let schema = format!(
        r#"{{"additionalProperties": {{"required": [{}]}}}}"#,
        names.join(",")
    );
    let members: Vec<_> = (0..1_000).map(|i| format!(r#""m{i}": {{}}"#)).collect();
    assert_eq!(
        says(&schema, &format!("{{{}}}", members.join(","))),
        TOO_MUCH
    );
}

#[test]
fn patterns_without_end_are_refused() {
    let patterns: Vec<_> = (0..200)
        .map(|i| format!(r#""[\\p{{L}}]{{900}}{i}": {{}}"#))
        .collect();
    let schema = format!(r#"{{"patternProperties": {{{}}}}}"#, patterns.join(","));
    assert_eq!(
        says(&schema, r#"{"a": 1}"#),
        "schema has too many or too large patterns"
    );
}

#[test]
fn a_report_without_end_is_cut() {
    let names: Vec<_> = (0..400)
        .map(|i| format!(r#""{i} {}""#, "x".repeat(100)))
        .collect();
    let schema = format!(
        r#"{{"additionalProperties": {{"enum": [{}]}}}}"#,
        names.join(",")
    );
    let members: Vec<_> = (0..400).map(|i| format!(r#""m{i}": "x""#)).collect();
    let report = says(&schema, &format!("{{{}}}", members.join(",")));
    assert!(report.ends_with("\nlimit exceeded: a report of more than 8388608 bytes\n"));
    assert!(report.len() < 9 << 20);
}

/// Schemas and values that the differential fuzzer and tables of keywords, formats and drafts made: `asked.jsonl` has
/// what both Helms say of each pair. Messages that stand side by side come in any order there.
#[test]
fn both_helms_say_so() {
    let mut wrong = String::new();
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.split('\n').map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let recording = include_str!("asked.jsonl");
    for line in recording.lines() {
        let (asked, _) = parse_prefix(line.as_bytes()).unwrap();
        let [schema, values, wanted] =
            ["schema", "values", "says"].map(|name| asked.get(name).unwrap().as_str().unwrap());
        let found = says(schema, values);
        if sorted(&found) != sorted(wanted) {
            wrong += &format!("{schema}\n{values}\n  wanted {wanted}\n  found {found}\n");
        }
    }
    assert!(
        recording.lines().count() > 1000,
        "the recording is not empty"
    );
    assert!(wrong.is_empty(), "{wrong}");
}

/// A schema of schemas that chooses vocabularies: what lies outside them neither is checked nor applies. Both Helms
/// were asked with such documents on a server (`vocabularies.jsonl`).
#[test]
fn vocabularies_choose_keywords() {
    struct Meta(String);
    impl Loader for Meta {
        fn load(&mut self, _: &str) -> Result<Vec<u8>, String> {
            let Self(chosen) = self;
            let schema = "https://json-schema.org/draft/2020-12/schema";
            let text = format!(
                r#"{{"$schema": "{schema}", "$id": "http://x/m", "$vocabulary": {chosen}}}"#
            );
            Ok(text.into_bytes())
        }
    }
    let mut count = 0;
    for line in include_str!("vocabularies.jsonl").lines() {
        let (asked, _) = parse_prefix(line.as_bytes()).unwrap();
        let [vocabulary, schema, wanted] =
            ["vocabulary", "schema", "says"].map(|name| asked.get(name).unwrap().as_str().unwrap());
        let mut heap = Heap::new();
        let values = values(&mut heap, r#"{"a": 1}"#);
        let chart = chart("c", Some(schema), values, Vec::new());
        let found = validate_chart(&heap, &chart, values, &mut Meta(vocabulary.to_owned()));
        let found = found.err().map(|e| e.to_string()).unwrap_or_default();
        let found = found.split_once("c:\n").map_or("", |(_, found)| found);
        assert_eq!(found.trim_end(), wanted.trim_end(), "{vocabulary} {schema}");
        count += 1;
    }
    assert!(count > 20, "the recording is not empty");
}
