//! Nodes: an alias, a scalar or the start of a collection, with their properties.

use super::{Next, Parser, State, error, event};
use crate::error::Result;
use crate::event::{Event, EventKind, Properties};
use crate::mark::Mark;
use crate::scanner::token::{Bytes, ScalarStyle, TagParts, TokenKind};

/// The properties of a node as scanned, and the text that they take.
#[derive(Default)]
struct Front<'a> {
    anchor: Option<Bytes<'a>>,
    tag: Option<(Box<TagParts<'a>>, Mark)>,
    marks: Option<(Mark, Mark)>,
}

impl<'a> Parser<'a> {
    /// Parses a node in block or flow context. As a mapping's key or value in block context, it may
    /// also be a sequence that is not indented.
    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Result<Event<'a>> {
        let mut next = self.peek()?;
        if next == Next::Alias {
            return self.alias();
        }
        let mut front = Front::default();
        if matches!(next, Next::Anchor | Next::Tag) {
            front = self.front()?;
            next = self.peek()?;
        }
        let (token_start, token_end) = self.marks()?;
        let (start, front_end) = front.marks.unwrap_or((token_start, token_start));
        let properties = Properties {
            tag: self.resolve_tag(front.tag)?,
            anchor: front.anchor,
        };
        let (kind, state) = match next {
            Next::BlockEntry if indentless => (
                EventKind::SequenceStart(properties),
                State::IndentlessSequenceEntry,
            ),
            Next::Scalar => return self.scalar(properties, start),
            Next::FlowSequenceStart => (
                EventKind::SequenceStart(properties),
                State::FlowSequenceFirstEntry,
            ),
            Next::FlowMappingStart => (
                EventKind::MappingStart(properties),
                State::FlowMappingFirstKey,
            ),
            Next::BlockSequenceStart if block => (
                EventKind::SequenceStart(properties),
                State::BlockSequenceFirstEntry,
            ),
            Next::BlockMappingStart if block => (
                EventKind::MappingStart(properties),
                State::BlockMappingFirstKey,
            ),
            _ if properties.anchor.is_some() || properties.has_tag() => {
                self.pop_state();
                return Ok(event(absent_scalar(properties), start, front_end));
            }
            _ => return self.unexpected("did not find expected node content"),
        };
        self.state = state;
        Ok(event(kind, start, token_end))
    }

    fn alias(&mut self) -> Result<Event<'a>> {
        let token = self.scanner.take()?;
        let TokenKind::Alias(name) = token.kind else {
            return self.unexpected("did not find expected node content");
        };
        self.pop_state();
        Ok(event(EventKind::Alias(name), token.start, token.end))
    }

    fn scalar(&mut self, properties: Properties<'a>, start: Mark) -> Result<Event<'a>> {
        let token = self.scanner.take()?;
        let TokenKind::Scalar(value, style) = token.kind else {
            return self.unexpected("did not find expected node content");
        };
        self.pop_state();
        let implicit = match properties.tag.as_deref() {
            None | Some(b"") => style == ScalarStyle::Plain,
            Some(tag) => tag == b"!",
        };
        let kind = EventKind::Scalar {
            properties,
            value,
            style,
            implicit,
        };
        Ok(event(kind, start, token.end))
    }

    /// Takes an anchor and a tag, in either order, one of each at most.
    fn front(&mut self) -> Result<Front<'a>> {
        let mut front = Front::default();
        loop {
            match self.peek()? {
                Next::Anchor if front.anchor.is_none() => {}
                Next::Tag if front.tag.is_none() => {}
                _ => return Ok(front),
            }
            let token = self.scanner.take()?;
            let start = front.marks.map_or(token.start, |(start, _)| start);
            front.marks = Some((start, token.end));
            match token.kind {
                TokenKind::Anchor(name) => front.anchor = Some(name),
                TokenKind::Tag(parts) => front.tag = Some((parts, token.start)),
                _ => return Ok(front),
            }
        }
    }

    fn resolve_tag(&self, tag: Option<(Box<TagParts<'a>>, Mark)>) -> Result<Option<Bytes<'a>>> {
        let Some((parts, mark)) = tag else {
            return Ok(None);
        };
        let TagParts { handle, rest } = *parts;
        if handle.is_empty() {
            return Ok(Some(rest));
        }
        match self.tag_prefix(&handle) {
            Some(prefix) if !prefix.is_empty() || !rest.is_empty() => {
                let mut tag = prefix.to_vec();
                tag.extend_from_slice(&rest);
                Ok(Some(Bytes::Owned(tag)))
            }
            _ => Err(error("found undefined tag handle", mark)),
        }
    }
}

impl Properties<'_> {
    fn has_tag(&self) -> bool {
        self.tag.as_ref().is_some_and(|t| !t.is_empty())
    }
}

/// A scalar of which there is only an anchor or a tag.
fn absent_scalar<'a>(properties: Properties<'a>) -> EventKind<'a> {
    EventKind::Scalar {
        implicit: !properties.has_tag(),
        properties,
        value: Bytes::Borrowed(b""),
        style: ScalarStyle::Plain,
    }
}
