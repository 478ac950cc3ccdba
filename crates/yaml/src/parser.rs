//! [`Parser`]: tokens to events, by libyaml's grammar.
//!
//! A machine with a stack of states, so that nesting costs no native stack. [`block`] and [`flow`]
//! have the states of the two kinds of collections, [`node`] what stands in them, [`document`] what
//! stands around them.

mod block;
mod document;
mod flow;
mod node;

use crate::error::{Error, Result};
use crate::event::{Event, EventKind, Properties};
use crate::input::Input;
use crate::mark::Mark;
use crate::scanner::Scanner;
use crate::scanner::token::{Bytes, ScalarStyle, TokenKind};

/// What is expected next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowSequenceEntryMappingKey,
    FlowSequenceEntryMappingValue,
    FlowSequenceEntryMappingEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// What the parser must know of a token that it does not take yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    StreamEnd,
    Directive,
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
    Alias,
    Anchor,
    Tag,
    Scalar,
    Other,
}

/// Reads a text as events. After an error, and after the end of the stream, it is spent.
#[derive(Debug)]
pub(crate) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// What `%TAG` handles of the current document stand for.
    tag_prefixes: Vec<(Bytes<'a>, Bytes<'a>)>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(input: &'a Input<'_>) -> Self {
        Self {
            scanner: Scanner::new(&input.text, input.window.clone()),
            state: State::StreamStart,
            states: Vec::new(),
            tag_prefixes: Vec::new(),
        }
    }

    /// The next event; the last one is the end of the stream, again and again.
    pub(crate) fn next_event(&mut self) -> Result<Event<'a>> {
        match self.state {
            State::StreamStart => self.stream_start(),
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceFirstEntry => self.block_sequence_entry(true),
            State::BlockSequenceEntry => self.block_sequence_entry(false),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirstKey => self.block_mapping_key(true),
            State::BlockMappingKey => self.block_mapping_key(false),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowSequenceEntryMappingKey => self.flow_sequence_entry_mapping_key(),
            State::FlowSequenceEntryMappingValue => self.flow_sequence_entry_mapping_value(),
            State::FlowSequenceEntryMappingEnd => self.flow_sequence_entry_mapping_end(),
            State::FlowMappingFirstKey => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(false),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true),
            State::End => {
                let mark = self.scanner.mark();
                Ok(event(EventKind::StreamEnd, mark, mark))
            }
        }
    }

    fn peek(&mut self) -> Result<Next> {
        Ok(match self.scanner.peek()?.kind {
            TokenKind::StreamStart => Next::Other,
            TokenKind::StreamEnd => Next::StreamEnd,
            TokenKind::VersionDirective(..) | TokenKind::TagDirective(_) => Next::Directive,
            TokenKind::DocumentStart => Next::DocumentStart,
            TokenKind::DocumentEnd => Next::DocumentEnd,
            TokenKind::BlockSequenceStart => Next::BlockSequenceStart,
            TokenKind::BlockMappingStart => Next::BlockMappingStart,
            TokenKind::BlockEnd => Next::BlockEnd,
            TokenKind::FlowSequenceStart => Next::FlowSequenceStart,
            TokenKind::FlowSequenceEnd => Next::FlowSequenceEnd,
            TokenKind::FlowMappingStart => Next::FlowMappingStart,
            TokenKind::FlowMappingEnd => Next::FlowMappingEnd,
            TokenKind::BlockEntry => Next::BlockEntry,
            TokenKind::FlowEntry => Next::FlowEntry,
            TokenKind::Key => Next::Key,
            TokenKind::Value => Next::Value,
            TokenKind::Alias(_) => Next::Alias,
            TokenKind::Anchor(_) => Next::Anchor,
            TokenKind::Tag(_) => Next::Tag,
            TokenKind::Scalar(..) => Next::Scalar,
        })
    }

    /// Start and end of the next token.
    fn marks(&mut self) -> Result<(Mark, Mark)> {
        let token = self.scanner.peek()?;
        Ok((token.start, token.end))
    }

    /// Takes the next token and gives where it ends.
    fn take(&mut self) -> Result<Mark> {
        Ok(self.scanner.take()?.end)
    }

    /// Takes the next token, which is all there is to an event.
    fn take_as(&mut self, kind: EventKind<'a>) -> Result<Event<'a>> {
        let token = self.scanner.take()?;
        Ok(event(kind, token.start, token.end))
    }

    /// An event without a token of its own, in front of the next token.
    fn before_next(&mut self, kind: EventKind<'a>) -> Result<Event<'a>> {
        let (start, _) = self.marks()?;
        Ok(event(kind, start, start))
    }

    /// Goes back to what the collection or document stands in.
    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// A node that is not there.
    fn empty_scalar(&mut self, mark: Mark, next: State) -> Event<'a> {
        self.state = next;
        let kind = EventKind::Scalar {
            properties: Properties::default(),
            value: Bytes::Borrowed(b""),
            style: ScalarStyle::Plain,
            implicit: true,
        };
        event(kind, mark, mark)
    }

    /// Fails because the next token is not what it should be.
    fn unexpected<T>(&mut self, problem: &str) -> Result<T> {
        let (mark, _) = self.marks()?;
        Err(error(problem, mark))
    }
}

fn event<'a>(kind: EventKind<'a>, start: Mark, end: Mark) -> Event<'a> {
    Event { kind, start, end }
}

/// A complaint about a token. Unlike the scanner's, its line is counted from zero.
fn error(problem: &str, mark: Mark) -> Error {
    if mark.line == 0 {
        Error::yaml(problem).at(mark)
    } else {
        Error::yaml(format_args!("line {}: {problem}", mark.line)).at(mark)
    }
}
