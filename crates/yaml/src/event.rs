//! Events: what the parser makes of tokens, and the lowest level a caller can read YAML at.

use std::borrow::Cow;

use crate::mark::Mark;
pub use crate::scanner::token::ScalarStyle;

/// A piece of the text where the text serves as it stands, otherwise a text of its own.
pub type Bytes<'a> = Cow<'a, [u8]>;

/// The anchor and the tag in front of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties<'a> {
    /// The name after `&`.
    pub anchor: Option<Bytes<'a>>,
    /// The full tag: `tag:yaml.org,2002:str`.
    pub tag: Option<Bytes<'a>>,
}

/// What happens at a place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of YAML's specification")]
pub enum EventKind<'a> {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(Bytes<'a>),
    Scalar {
        properties: Properties<'a>,
        value: Bytes<'a>,
        style: ScalarStyle,
        /// Whether the text decides about the type: plain and untagged, or tagged `!`.
        implicit: bool,
    },
    SequenceStart(Properties<'a>),
    SequenceEnd,
    MappingStart(Properties<'a>),
    MappingEnd,
}

/// An event and the text that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// What happens.
    pub kind: EventKind<'a>,
    /// Where it begins.
    pub start: Mark,
    /// Where it ends.
    pub end: Mark,
}
