//! Tokens: what the scanner makes of the text and the parser of the tokens.

use std::borrow::Cow;

use crate::mark::Mark;

/// A piece of the text where the text serves as it stands, otherwise a text of its own.
pub(crate) type Bytes<'a> = Cow<'a, [u8]>;

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of YAML's specification")]
pub enum ScalarStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// A tag, or a `%TAG` directive, in its two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagParts<'a> {
    pub(crate) handle: Bytes<'a>,
    /// The suffix of a tag; the prefix that a directive gives.
    pub(crate) rest: Bytes<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenKind<'a> {
    StreamStart,
    StreamEnd,
    VersionDirective(u8, u8),
    TagDirective(Box<TagParts<'a>>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(Bytes<'a>),
    Anchor(Bytes<'a>),
    Tag(Box<TagParts<'a>>),
    Scalar(Bytes<'a>, ScalarStyle),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind<'a>,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}
