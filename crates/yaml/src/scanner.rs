//! [`Scanner`]: text to tokens, by libyaml's rules.
//!
//! Whether a scalar is the key of a mapping shows only when its `:` comes, so tokens wait in a queue
//! into which a key mark can still be put; [`keys`] decides how long. Block structure is made
//! explicit by indentation ([`indent`]). The scanner does not check how tokens follow each other:
//! that is the parser's affair.

mod block;
mod cursor;
mod directive;
mod indent;
mod keys;
mod plain;
mod quoted;
mod tag;
pub(crate) mod token;

use std::collections::VecDeque;

pub(crate) use cursor::break_length;

use crate::error::{Error, Result};
use crate::input::Window;
use crate::mark::Mark;
use cursor::Cursor;
use keys::Keys;
use token::{Token, TokenKind};

/// How deep flow collections may nest, and how many levels of indentation there may be.
const MAX_DEPTH: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    cursor: Cursor<'a>,
    queue: VecDeque<Token<'a>>,
    /// How many tokens have left the queue.
    taken: usize,
    /// Whether the head of the queue is final.
    available: bool,
    started: bool,
    ended: bool,
    keys: Keys,
    /// Whether a key without `?` may begin here.
    key_allowed: bool,
    flow_level: usize,
    /// The current indentation, -1 outside of block collections.
    indent: i32,
    indents: Vec<i32>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a [u8], window: Option<Box<Window>>) -> Self {
        Self {
            cursor: Cursor::new(text, window),
            queue: VecDeque::new(),
            taken: 0,
            available: false,
            started: false,
            ended: false,
            keys: Keys::new(),
            key_allowed: true,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
        }
    }

    /// How far the text has been read.
    pub(crate) fn mark(&self) -> Mark {
        self.cursor.mark()
    }

    /// The next token, which stays in the queue.
    pub(crate) fn peek(&mut self) -> Result<&mut Token<'a>> {
        if !self.available {
            self.fetch_until_final()?;
            self.available = true;
        }
        Ok(self
            .queue
            .front_mut()
            .expect("fetching ends with a token in the queue"))
    }

    /// Takes the token that [`Self::peek`] gave.
    pub(crate) fn take(&mut self) -> Result<Token<'a>> {
        self.peek()?;
        self.available = false;
        self.taken += 1;
        Ok(self.queue.pop_front().expect("a token was peeked at"))
    }

    /// Fetches tokens until the head of the queue cannot get a key mark in front of it.
    fn fetch_until_final(&mut self) -> Result<()> {
        loop {
            if !self.queue.is_empty() {
                let Some(level) = self.keys.level_of(self.taken) else {
                    return Ok(());
                };
                if !self.key_is_valid(level)? {
                    return Ok(());
                }
            }
            self.fetch_next()?;
        }
    }

    fn fetch_next(&mut self) -> Result<()> {
        self.cursor.need(1)?;
        if !self.started {
            self.started = true;
            self.push(TokenKind::StreamStart, self.cursor.mark());
            return Ok(());
        }
        if self.ended {
            // Only a caller that asks for more after the end comes here; give it the end again.
            self.push(TokenKind::StreamEnd, self.cursor.mark());
            return Ok(());
        }
        self.skip_to_token()?;
        self.close_blocks(self.cursor.column() as i32);
        self.cursor.need(4)?;
        if self.cursor.at_end() {
            return self.fetch_stream_end();
        }
        if self.cursor.column() == 0 && self.cursor.peek(0) == b'%' {
            return self.fetch_directive();
        }
        if self.cursor.at_document_indicator(b'-') {
            return self.fetch_document_indicator(TokenKind::DocumentStart);
        }
        if self.cursor.at_document_indicator(b'.') {
            return self.fetch_document_indicator(TokenKind::DocumentEnd);
        }
        self.fetch_by_character()
    }

    fn fetch_by_character(&mut self) -> Result<()> {
        let flow = self.flow_level > 0;
        let blank_follows = self.cursor.is_blank_or_end(1);
        match self.cursor.peek(0) {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if blank_follows => self.fetch_block_entry(),
            b'?' if flow || blank_follows => self.fetch_key(),
            b':' if flow || blank_follows => self.fetch_value(),
            b'*' => self.fetch_anchor(true),
            b'&' => self.fetch_anchor(false),
            b'!' => self.fetch_tag(),
            b'|' if !flow => self.fetch_block_scalar(true),
            b'>' if !flow => self.fetch_block_scalar(false),
            b'\'' => self.fetch_quoted(b'\''),
            b'"' => self.fetch_quoted(b'"'),
            b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                Err(self.error("found character that cannot start any token"))
            }
            _ => self.fetch_plain(),
        }
    }

    /// Moves over blanks, comments and line breaks.
    fn skip_to_token(&mut self) -> Result<()> {
        loop {
            self.cursor.need(1)?;
            if self.cursor.column() == 0 && self.cursor.at_bom() {
                self.cursor.skip();
            }
            self.cursor.need(1)?;
            // A tab may not stand where the indentation of a key would be.
            while self.cursor.peek(0) == b' '
                || self.cursor.peek(0) == b'\t' && (self.flow_level > 0 || !self.key_allowed)
            {
                self.cursor.skip_ascii(1);
                self.cursor.need(1)?;
            }
            if self.cursor.peek(0) == b'#' {
                self.cursor.skip_line_rest()?;
            }
            if !self.cursor.is_break(0) {
                return Ok(());
            }
            self.cursor.need(2)?;
            self.cursor.skip_break();
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn fetch_stream_end(&mut self) -> Result<()> {
        self.cursor.end_line();
        self.close_blocks(-1);
        self.remove_key()?;
        self.key_allowed = false;
        self.ended = true;
        self.push(TokenKind::StreamEnd, self.cursor.mark());
        Ok(())
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind<'a>) -> Result<()> {
        self.close_blocks(-1);
        self.remove_key()?;
        self.key_allowed = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Result<()> {
        self.save_key()?;
        self.keys.open_level(self.next_number());
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Result<()> {
        self.remove_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.keys.close_level();
        }
        self.key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<()> {
        self.remove_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        // In flow context the parser complains, as it knows what the entry stands in.
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.error("block sequence entries are not allowed in this context"));
            }
            self.open_block(TokenKind::BlockSequenceStart, self.cursor.mark(), None)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    /// Number of the token that will be pushed next, counted from the start of the text.
    fn next_number(&self) -> usize {
        self.taken + self.queue.len()
    }

    /// Pushes a token of ASCII characters that begins here.
    fn push_indicator(&mut self, kind: TokenKind<'a>, length: usize) {
        let start = self.cursor.mark();
        self.cursor.skip_ascii(length);
        self.push(kind, start);
    }

    /// Pushes a token that ends here.
    fn push(&mut self, kind: TokenKind<'a>, start: Mark) {
        let end = self.cursor.mark();
        self.queue.push_back(Token { kind, start, end });
    }

    /// Puts an empty token before the token of a number. If that one is gone already, which libyaml
    /// lets happen after an empty flow collection, the token goes to the end.
    fn insert(&mut self, kind: TokenKind<'a>, mark: Mark, number: usize) {
        let token = Token {
            kind,
            start: mark,
            end: mark,
        };
        match number.checked_sub(self.taken) {
            Some(index) if index <= self.queue.len() => self.queue.insert(index, token),
            _ => self.queue.push_back(token),
        }
    }

    fn error(&self, problem: &str) -> Error {
        let mark = self.cursor.mark();
        if mark.line == 0 {
            Error::yaml(problem).at(mark)
        } else {
            Error::yaml(format_args!("line {}: {problem}", mark.line + 1)).at(mark)
        }
    }

    fn too_deep(&self) -> Error {
        self.error(&format!("exceeded max depth of {MAX_DEPTH}"))
    }
}
