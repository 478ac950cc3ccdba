//! The drafts of JSON Schema: where each has schemas within schemas, and the schema of schemas.

use super::json::{Json, parse_prefix};

/// A version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Draft {
    D4,
    D6,
    D7,
    D2019,
    D2020,
}

/// Where below a keyword schemas stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// The keyword's value is a schema.
    Value,
    /// Each member of the value is.
    Members,
    /// Each item of the value is.
    Items,
}

/// The draft of a schema that names none.
pub(super) const LATEST: Draft = Draft::D2020;

impl Draft {
    /// The draft that a `$schema` means, if it is the address of one.
    pub(super) fn from_url(url: &str) -> Option<Self> {
        let url = url.strip_suffix('#').unwrap_or(url);
        let path = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"));
        // The library takes an address without a scheme as well.
        Some(
            match path.unwrap_or(url).strip_prefix("json-schema.org/")? {
                "schema" | "draft/2020-12/schema" => Self::D2020,
                "draft/2019-09/schema" => Self::D2019,
                "draft-07/schema" => Self::D7,
                "draft-06/schema" => Self::D6,
                "draft-04/schema" => Self::D4,
                _ => return None,
            },
        )
    }

    /// The address of the draft's schema of schemas.
    pub(super) fn url(self) -> &'static str {
        match self {
            Self::D4 => "http://json-schema.org/draft-04/schema",
            Self::D6 => "http://json-schema.org/draft-06/schema",
            Self::D7 => "http://json-schema.org/draft-07/schema",
            Self::D2019 => "https://json-schema.org/draft/2019-09/schema",
            Self::D2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// The keyword that gives a schema its name.
    pub(super) fn id_keyword(self) -> &'static str {
        if self == Self::D4 { "id" } else { "$id" }
    }

    /// The name that a schema object gives itself, without fragment; empty for none.
    pub(super) fn id(self, schema: &Json) -> &str {
        // In older drafts nothing beside a `$ref` counts.
        if self < Self::D2019 && schema.get("$ref").is_some() {
            return "";
        }
        let id = schema
            .get(self.id_keyword())
            .and_then(Json::as_str)
            .unwrap_or_default();
        id.split('#').next().unwrap_or_default()
    }

    /// The keywords that hold schemas, each with the first draft that has it.
    pub(super) fn subschemas(self) -> impl Iterator<Item = (&'static str, Place)> {
        SUBSCHEMAS
            .iter()
            .filter(move |(since, ..)| *since <= self)
            .map(|&(_, keyword, place)| (keyword, place))
    }

    /// What the addresses of the draft's vocabularies begin with.
    pub(super) fn vocabulary_prefix(self) -> &'static str {
        match self {
            Self::D2019 => "https://json-schema.org/draft/2019-09/vocab/",
            Self::D2020 => "https://json-schema.org/draft/2020-12/vocab/",
            _ => "",
        }
    }

    /// The address of the schema of a vocabulary.
    pub(super) fn vocabulary_url(self, name: &str) -> String {
        let base = self.url().strip_suffix("schema").unwrap_or_default();
        format!("{base}meta/{name}")
    }

    /// The names of the draft's vocabularies.
    pub(super) fn vocabularies(self) -> &'static [&'static str] {
        match self {
            Self::D2019 => &[
                "core",
                "applicator",
                "validation",
                "meta-data",
                "format",
                "content",
            ],
            Self::D2020 => &[
                "core",
                "applicator",
                "unevaluated",
                "validation",
                "meta-data",
                "format-annotation",
                "format-assertion",
                "content",
            ],
            _ => &[],
        }
    }

    /// The vocabularies in force where a schema of schemas does not say.
    pub(super) fn default_vocabularies(self) -> &'static [&'static str] {
        match self {
            Self::D2019 => &["core", "applicator", "validation"],
            Self::D2020 => &["core", "applicator", "unevaluated", "validation"],
            _ => &[],
        }
    }
}

const SUBSCHEMAS: &[(Draft, &str, Place)] = &[
    (Draft::D4, "definitions", Place::Members),
    (Draft::D4, "not", Place::Value),
    (Draft::D4, "allOf", Place::Items),
    (Draft::D4, "anyOf", Place::Items),
    (Draft::D4, "oneOf", Place::Items),
    (Draft::D4, "properties", Place::Members),
    (Draft::D4, "additionalProperties", Place::Value),
    (Draft::D4, "patternProperties", Place::Members),
    (Draft::D4, "items", Place::Value),
    (Draft::D4, "items", Place::Items),
    (Draft::D4, "additionalItems", Place::Value),
    (Draft::D4, "dependencies", Place::Members),
    (Draft::D6, "propertyNames", Place::Value),
    (Draft::D6, "contains", Place::Value),
    (Draft::D7, "if", Place::Value),
    (Draft::D7, "then", Place::Value),
    (Draft::D7, "else", Place::Value),
    (Draft::D2019, "$defs", Place::Members),
    (Draft::D2019, "dependentSchemas", Place::Members),
    (Draft::D2019, "unevaluatedProperties", Place::Value),
    (Draft::D2019, "unevaluatedItems", Place::Value),
    (Draft::D2019, "contentSchema", Place::Value),
    (Draft::D2020, "prefixItems", Place::Items),
];

/// Whether an address belongs to the specification's own site, whose documents are not checked.
pub(super) fn is_specification(url: &str) -> bool {
    ["http://json-schema.org/", "https://json-schema.org/"]
        .iter()
        .any(|p| url.starts_with(p))
}

/// The document that the specification has at an address.
pub(super) fn specification(url: &str) -> Option<Json> {
    let path = url
        .strip_prefix("http://json-schema.org/")
        .or_else(|| url.strip_prefix("https://json-schema.org/"))?;
    let text = match path {
        "draft-04/schema" => include_str!("metaschema/draft-04.json"),
        "draft-06/schema" => include_str!("metaschema/draft-06.json"),
        "draft-07/schema" => include_str!("metaschema/draft-07.json"),
        "draft/2019-09/schema" => include_str!("metaschema/2019-09.json"),
        "draft/2019-09/meta/applicator" => include_str!("metaschema/2019-09-applicator.json"),
        "draft/2019-09/meta/content" => include_str!("metaschema/2019-09-content.json"),
        "draft/2019-09/meta/core" => include_str!("metaschema/2019-09-core.json"),
        "draft/2019-09/meta/format" => include_str!("metaschema/2019-09-format.json"),
        "draft/2019-09/meta/meta-data" => include_str!("metaschema/2019-09-meta-data.json"),
        "draft/2019-09/meta/validation" => include_str!("metaschema/2019-09-validation.json"),
        "schema" | "draft/2020-12/schema" => include_str!("metaschema/2020-12.json"),
        "draft/2020-12/meta/applicator" => include_str!("metaschema/2020-12-applicator.json"),
        "draft/2020-12/meta/content" => include_str!("metaschema/2020-12-content.json"),
        "draft/2020-12/meta/core" => include_str!("metaschema/2020-12-core.json"),
        "draft/2020-12/meta/format-annotation" => {
            include_str!("metaschema/2020-12-format-annotation.json")
        }
        "draft/2020-12/meta/format-assertion" => {
            include_str!("metaschema/2020-12-format-assertion.json")
        }
        "draft/2020-12/meta/meta-data" => include_str!("metaschema/2020-12-meta-data.json"),
        "draft/2020-12/meta/unevaluated" => include_str!("metaschema/2020-12-unevaluated.json"),
        "draft/2020-12/meta/validation" => include_str!("metaschema/2020-12-validation.json"),
        _ => return None,
    };
    parse_prefix(text.as_bytes()).ok().map(|(json, _)| json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draft_has_its_documents() {
        for draft in [Draft::D4, Draft::D6, Draft::D7, Draft::D2019, Draft::D2020] {
            assert!(specification(draft.url()).is_some());
            for name in draft.vocabularies() {
                assert!(
                    specification(&draft.vocabulary_url(name)).is_some(),
                    "{name}"
                );
            }
        }
    }
}
