//! Streams, documents and their directives.

use super::{Next, Parser, State, error, event};
use crate::error::Result;
use crate::event::{Event, EventKind};
use crate::mark::Mark;
use crate::scanner::token::{Bytes, TagParts, TokenKind};

impl<'a> Parser<'a> {
    pub(super) fn stream_start(&mut self) -> Result<Event<'a>> {
        self.state = State::ImplicitDocumentStart;
        self.take_as(EventKind::StreamStart)
    }

    /// Only the first document of a stream can begin without `---`.
    pub(super) fn document_start(&mut self, implicit: bool) -> Result<Event<'a>> {
        let mut next = self.peek()?;
        while !implicit && next == Next::DocumentEnd {
            self.take()?;
            next = self.peek()?;
        }
        let (start, end) = self.marks()?;
        match next {
            Next::StreamEnd => {
                self.state = State::End;
                self.take_as(EventKind::StreamEnd)
            }
            Next::Directive | Next::DocumentStart => self.explicit_document(start),
            _ if implicit => {
                self.tag_prefixes_by_default();
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                Ok(event(EventKind::DocumentStart, start, end))
            }
            _ => self.explicit_document(start),
        }
    }

    fn explicit_document(&mut self, start: Mark) -> Result<Event<'a>> {
        self.directives()?;
        if self.peek()? != Next::DocumentStart {
            return self.unexpected("did not find expected <document start>");
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        let end = self.take()?;
        Ok(event(EventKind::DocumentStart, start, end))
    }

    pub(super) fn document_content(&mut self) -> Result<Event<'a>> {
        match self.peek()? {
            Next::Directive | Next::DocumentStart | Next::DocumentEnd | Next::StreamEnd => {
                let (mark, _) = self.marks()?;
                self.pop_state();
                let next = self.state;
                Ok(self.empty_scalar(mark, next))
            }
            _ => self.node(true, false),
        }
    }

    pub(super) fn document_end(&mut self) -> Result<Event<'a>> {
        let explicit = self.peek()? == Next::DocumentEnd;
        let (start, mut end) = self.marks()?;
        if explicit {
            self.take()?;
        } else {
            end = start;
        }
        self.tag_prefixes.clear();
        self.state = State::DocumentStart;
        Ok(event(EventKind::DocumentEnd, start, end))
    }

    fn directives(&mut self) -> Result<()> {
        let mut versioned = false;
        while self.peek()? == Next::Directive {
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::VersionDirective(major, minor) => {
                    if versioned {
                        return Err(error("found duplicate %YAML directive", token.start));
                    }
                    if (major, minor) != (1, 1) {
                        return Err(error("found incompatible YAML document", token.start));
                    }
                    versioned = true;
                }
                TokenKind::TagDirective(parts) => {
                    let TagParts { handle, rest } = *parts;
                    if self.tag_prefix(&handle).is_some() {
                        return Err(error("found duplicate %TAG directive", token.start));
                    }
                    self.tag_prefixes.push((handle, rest));
                }
                _ => {}
            }
        }
        self.tag_prefixes_by_default();
        Ok(())
    }

    fn tag_prefixes_by_default(&mut self) {
        let defaults: [(&[u8], &[u8]); 2] = [(b"!", b"!"), (b"!!", b"tag:yaml.org,2002:")];
        for (handle, prefix) in defaults {
            if self.tag_prefix(handle).is_none() {
                self.tag_prefixes
                    .push((Bytes::Borrowed(handle), Bytes::Borrowed(prefix)));
            }
        }
    }

    pub(super) fn tag_prefix(&self, handle: &[u8]) -> Option<&[u8]> {
        self.tag_prefixes
            .iter()
            .find(|(h, _)| **h == *handle)
            .map(|(_, prefix)| &**prefix)
    }
}
