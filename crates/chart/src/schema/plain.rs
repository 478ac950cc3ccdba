//! [`is_plain`]: whether a schema plainly fits the schema of its draft.
//!
//! Nearly all do, and seeing it here spares compiling the eight documents of the newest draft's
//! schema (4.6 of the 21 million instructions that bitnami-apache takes). Whatever is not plain is
//! checked in full, which also words what is wrong.

use super::draft::Draft;
use super::json::Json;

/// What is surely taken as a keyword's value: by all drafts, or by those since draft 6, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Anything,
    Text,
    Switch,
    Number,
    Count,
    /// A regular expression.
    Expression,
    /// A reference that is surely a URL.
    Reference,
    /// Names of types, one or more.
    Types,
    /// Texts, no two the same; one or more, but for the newer drafts.
    Texts,
    /// Single values, one or more, no two the same.
    Values,
    /// A number, for the newer drafts.
    Bound,
    /// An array, for the newer drafts.
    List,
    Schema,
    SchemaOrSwitch,
    /// One or more schemas.
    Schemas,
    /// Schemas by name.
    Members,
    /// Schemas by regular expression.
    Patterns,
    /// The drafts disagree, or it is too seldom to care.
    Unsure,
}

/// Each keyword that the schema of some draft has a rule for; all others take anything.
const RULES: &[(&str, Rule)] = &[
    ("$anchor", Rule::Unsure),
    ("$comment", Rule::Text),
    ("$defs", Rule::Members),
    ("$dynamicAnchor", Rule::Unsure),
    ("$dynamicRef", Rule::Unsure),
    ("$id", Rule::Unsure),
    ("$recursiveAnchor", Rule::Unsure),
    ("$recursiveRef", Rule::Unsure),
    ("$ref", Rule::Reference),
    ("$schema", Rule::Reference),
    ("$vocabulary", Rule::Unsure),
    ("additionalItems", Rule::SchemaOrSwitch),
    ("additionalProperties", Rule::SchemaOrSwitch),
    ("allOf", Rule::Schemas),
    ("anyOf", Rule::Schemas),
    ("const", Rule::Anything),
    ("contains", Rule::Schema),
    ("contentEncoding", Rule::Text),
    ("contentMediaType", Rule::Text),
    ("contentSchema", Rule::Schema),
    ("default", Rule::Anything),
    ("definitions", Rule::Members),
    ("dependencies", Rule::Unsure),
    ("dependentRequired", Rule::Unsure),
    ("dependentSchemas", Rule::Members),
    ("deprecated", Rule::Switch),
    ("description", Rule::Text),
    ("else", Rule::Schema),
    ("enum", Rule::Values),
    ("examples", Rule::List),
    ("exclusiveMaximum", Rule::Bound),
    ("exclusiveMinimum", Rule::Bound),
    ("format", Rule::Text),
    ("id", Rule::Unsure),
    ("if", Rule::Schema),
    ("items", Rule::Schema),
    ("maxContains", Rule::Count),
    ("maxItems", Rule::Count),
    ("maxLength", Rule::Count),
    ("maxProperties", Rule::Count),
    ("maximum", Rule::Number),
    ("minContains", Rule::Count),
    ("minItems", Rule::Count),
    ("minLength", Rule::Count),
    ("minProperties", Rule::Count),
    ("minimum", Rule::Number),
    ("multipleOf", Rule::Unsure),
    ("not", Rule::Schema),
    ("oneOf", Rule::Schemas),
    ("pattern", Rule::Expression),
    ("patternProperties", Rule::Patterns),
    ("prefixItems", Rule::Schemas),
    ("properties", Rule::Members),
    ("propertyNames", Rule::Schema),
    ("readOnly", Rule::Switch),
    ("required", Rule::Texts),
    ("then", Rule::Schema),
    ("title", Rule::Text),
    ("type", Rule::Types),
    ("unevaluatedItems", Rule::Schema),
    ("unevaluatedProperties", Rule::Schema),
    ("uniqueItems", Rule::Switch),
    ("writeOnly", Rule::Switch),
];

/// More texts or values than this are not compared with each other here.
const MAX_VALUES: usize = 64;

/// Whether a schema is one that its draft surely takes. The JSON's own bound on nesting bounds the
/// recursion.
pub(super) fn is_plain(schema: &Json, draft: Draft) -> bool {
    match schema {
        Json::Object(members) => members.iter().all(|(keyword, value)| {
            match RULES.binary_search_by(|(known, _)| (*known).cmp(keyword)) {
                Ok(i) => RULES[i].1.takes(value, draft),
                Err(_) => true,
            }
        }),
        Json::Bool(_) => is_newer(draft),
        _ => false,
    }
}

/// Since draft 6 exclusive bounds are numbers, `true` and `false` are schemas, and nothing need be required.
fn is_newer(draft: Draft) -> bool {
    draft >= Draft::D6
}

impl Rule {
    fn takes(self, value: &Json, draft: Draft) -> bool {
        let is_plain = |schema: &Json| is_plain(schema, draft);
        match (self, value) {
            (Self::Anything, _)
            | (Self::Text, Json::String(_))
            | (Self::Switch | Self::SchemaOrSwitch, Json::Bool(_))
            | (Self::Number, Json::Number(_)) => true,
            (Self::Bound, Json::Number(_)) | (Self::List, Json::Array(_)) => is_newer(draft),
            (Self::Count, Json::Number(n)) => n.bytes().all(|b| b.is_ascii_digit()),
            (Self::Expression, Json::String(text)) => is_expression(text),
            (Self::Reference, Json::String(text)) => is_simple_reference(text),
            (Self::Types, Json::String(name)) => is_type(name),
            (Self::Types, Json::Array(names)) => {
                are_unlike(names, is_text) && names.iter().all(|n| n.as_str().is_some_and(is_type))
            }
            (Self::Texts, Json::Array(texts)) => {
                are_unlike(texts, is_text) || texts.is_empty() && is_newer(draft)
            }
            (Self::Values, Json::Array(values)) => are_unlike(values, is_simple),
            (Self::Schema | Self::SchemaOrSwitch, schema) => is_plain(schema),
            (Self::Schemas, Json::Array(schemas)) => {
                !schemas.is_empty() && schemas.iter().all(is_plain)
            }
            (Self::Members, Json::Object(members)) => members.iter().all(|(_, s)| is_plain(s)),
            (Self::Patterns, Json::Object(members)) => members
                .iter()
                .all(|(name, s)| is_expression(name) && is_plain(s)),
            _ => false,
        }
    }
}

/// A fragment, or the address of a draft: nothing in it could be no URL.
fn is_simple_reference(text: &str) -> bool {
    let path = text
        .strip_prefix("http://json-schema.org/")
        .or_else(|| text.strip_prefix("https://json-schema.org/"))
        .or_else(|| text.strip_prefix("#/"));
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
    path.is_some_and(|path| path.strip_suffix('#').unwrap_or(path).bytes().all(plain))
}

fn is_expression(text: &str) -> bool {
    windlass_regexp::check(text.as_bytes()).is_ok()
}

fn is_type(name: &str) -> bool {
    matches!(
        name,
        "array" | "boolean" | "integer" | "null" | "number" | "object" | "string"
    )
}

fn is_text(value: &Json) -> bool {
    matches!(value, Json::String(_))
}

/// A value that equals another only where it is written the same: of numbers, whole ones without a sign.
fn is_simple(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(_) | Json::String(_) => true,
        Json::Number(n) => n.bytes().all(|b| b.is_ascii_digit()),
        Json::Array(_) | Json::Object(_) => false,
    }
}

fn are_unlike(items: &[Json], fits: fn(&Json) -> bool) -> bool {
    let unlike = |(i, item): (usize, &Json)| fits(item) && !items[..i].contains(item);
    (1..=MAX_VALUES).contains(&items.len()) && items.iter().enumerate().all(unlike)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::super::draft::specification;
    use super::super::json::parse_prefix;
    use super::*;

    #[test]
    fn every_keyword_with_a_rule_is_known() {
        assert!(RULES.is_sorted_by(|a, b| a.0 < b.0));
        let drafts = [Draft::D4, Draft::D6, Draft::D7, Draft::D2019, Draft::D2020];
        let mut urls: Vec<String> = drafts.iter().map(|d| d.url().to_owned()).collect();
        for draft in [Draft::D2019, Draft::D2020] {
            urls.extend(draft.vocabularies().iter().map(|v| draft.vocabulary_url(v)));
        }
        for url in urls {
            let schema = specification(&url).unwrap();
            let Some(Json::Object(keywords)) = schema.get("properties") else {
                panic!("{url} has no properties");
            };
            for (keyword, _) in keywords {
                let known = RULES.iter().any(|(name, _)| *name == &**keyword);
                assert!(known, "{keyword} of {url}");
            }
        }
    }

    #[test]
    fn what_some_draft_refuses_is_not_plain() {
        let fits = |text: &str, draft| is_plain(&parse_prefix(text.as_bytes()).unwrap().0, draft);
        let plain = |text: &str| fits(text, Draft::D4) && fits(text, Draft::D2020);
        assert!(plain(
            r#"{"type": "object", "form": true, "properties": {"a": {"enum": ["x"]}}}"#
        ));
        assert!(plain(
            r##"{"$ref": "#/definitions/a", "required": ["b"], "pattern": "^a+$"}"##
        ));
        for fine in [
            r#"{"description": "x", "default": [1], "format": "x"}"#,
            r#"{"uniqueItems": true, "additionalProperties": false, "additionalItems": false}"#,
            r#"{"minimum": 1.5, "maximum": -1, "minLength": 1, "maxProperties": 0}"#,
            r#"{"type": ["string", "null"]}"#,
            r#"{"additionalProperties": {"type": "null"}, "not": {"type": "null"}, "items": {}}"#,
            r#"{"allOf": [{}, {"type": "object"}], "anyOf": [{}], "oneOf": [{}]}"#,
            r#"{"patternProperties": {"^a": {"type": "string"}}}"#,
            r##"{"definitions": {"a": {}}, "$ref": "#/definitions/a-b_c.d"}"##,
            r##"{"$schema": "http://json-schema.org/draft-07/schema#"}"##,
            r#"{"unknown": [1, 1]}"#,
            r#"{"enum": [true, false, null, "true", 1, 10]}"#,
        ] {
            assert!(plain(fine), "{fine}");
        }
        for refused in [
            "true",
            r#"{"patternProperties": {"a": {"type": 1}}}"#,
            r#"{"patternProperties": []}"#,
            r#"{"$ref": "http://x/y"}"#,
            r#"{"type": "text"}"#,
            r#"{"type": ["string", "string"]}"#,
            r#"{"required": true}"#,
            r#"{"required": []}"#,
            r#"{"enum": []}"#,
            r#"{"enum": ["a", "a"]}"#,
            r#"{"enum": [1, 1.0]}"#,
            r#"{"enum": [{}]}"#,
            r#"{"enum": [null, null]}"#,
            r#"{"minLength": -1}"#,
            r#"{"maxItems": 1.5}"#,
            r#"{"properties": {"a": true}}"#,
            r#"{"items": [{}]}"#,
            r#"{"allOf": []}"#,
            r#"{"pattern": "("}"#,
            r#"{"patternProperties": {"[": {}}}"#,
            r#"{"title": 1}"#,
            r#"{"exclusiveMinimum": true}"#,
            r#"{"$ref": "%zz"}"#,
            r#"{"$id": "x"}"#,
        ] {
            assert!(!plain(refused), "{refused}");
        }
        for newer in [
            "true",
            r#"{"properties": {"a": true}, "items": false}"#,
            r#"{"required": []}"#,
            r#"{"exclusiveMinimum": 1, "exclusiveMaximum": 2.5}"#,
            r#"{"examples": [1, 1]}"#,
        ] {
            assert!(!fits(newer, Draft::D4), "{newer}");
            assert!(fits(newer, Draft::D6), "{newer}");
        }
    }
}
