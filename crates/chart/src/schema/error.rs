//! What can be wrong with a schema, in the words of the library that Helm uses.

use std::fmt;

use super::quote::quote;

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A text is no URL.
    Url {
        url: String,
        cause: String,
    },
    InvalidPointer(String),
    PointerNotFound(String),
    AnchorNotFound {
        reference: String,
        document: String,
    },
    /// An id is no URL.
    Id(String),
    /// The anchor in an id is malformed.
    Anchor(String),
    DuplicateId {
        id: String,
        document: String,
        first: String,
        second: String,
    },
    DuplicateAnchor {
        anchor: String,
        document: String,
        first: String,
        second: String,
    },
    Regex {
        pattern: String,
        at: String,
        cause: windlass_regexp::Error,
    },
    /// A document could not be had.
    Load {
        url: String,
        cause: String,
    },
    /// `$schema` is no URL.
    MetaschemaUrl {
        at: String,
        cause: String,
    },
    MetaschemaCycle(String),
    UnsupportedDraft(String),
    UnsupportedVocabulary {
        vocabulary: String,
        url: String,
    },
    /// A schema is not what its draft allows.
    NotASchema {
        at: String,
        report: String,
    },
    /// Go's library panics here, and Helm tells so.
    Panic(&'static str),
    /// A bound that Go's library does not have was met.
    Limit(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { url, cause } => write!(f, "error in parsing {}: {cause}", quote(url)),
            Self::InvalidPointer(at) => write!(f, "invalid json-pointer {}", quote(at)),
            Self::PointerNotFound(at) => write!(f, "json-pointer in {} not found", quote(at)),
            Self::AnchorNotFound {
                reference,
                document,
            } => {
                write!(
                    f,
                    "anchor in {} not found in schema {}",
                    quote(reference),
                    quote(document)
                )
            }
            Self::Id(at) => write!(f, "error in parsing id at {}", quote(at)),
            Self::Anchor(at) => write!(f, "error in parsing anchor at {}", quote(at)),
            Self::DuplicateId {
                id,
                document,
                first,
                second,
            } => duplicate(f, "id", [id, document, first, second]),
            Self::DuplicateAnchor {
                anchor,
                document,
                first,
                second,
            } => duplicate(f, "anchor", [anchor, document, first, second]),
            Self::Regex { pattern, at, cause } => {
                write!(
                    f,
                    "invalid regex {} at {}: {cause}",
                    quote(pattern),
                    quote(at)
                )
            }
            Self::Load { url, cause } => write!(f, "failing loading {}: {cause}", quote(url)),
            Self::MetaschemaUrl { at, cause } => {
                write!(f, "invalid $schema in {}: {cause}", quote(at))
            }
            Self::MetaschemaCycle(url) => {
                write!(f, "cycle in resolving $schema in {}", quote(url))
            }
            Self::UnsupportedDraft(url) => write!(f, "draft {} is not supported", quote(url)),
            Self::UnsupportedVocabulary { vocabulary, url } => {
                write!(
                    f,
                    "unsupported vocabulary {} in {}",
                    quote(vocabulary),
                    quote(url)
                )
            }
            Self::NotASchema { at, report } => {
                write!(f, "{} is not valid against metaschema: {report}", quote(at))
            }
            Self::Panic(message) => write!(f, "unable to validate schema: {message}"),
            Self::Limit(message) => f.write_str(message),
        }
    }
}

fn duplicate(f: &mut fmt::Formatter<'_>, what: &str, texts: [&String; 4]) -> fmt::Result {
    let [name, document, first, second] = texts.map(|text| quote(text));
    write!(
        f,
        "duplicate {what} {name} in {document} at {first} and {second}"
    )
}
