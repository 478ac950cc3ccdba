//! [`Writer`]: the output, and where on its line it is.

use std::fmt;

use super::MAX_OUTPUT;
use super::analysis::char_width;
use crate::error::{Error, Result};

/// Which of goyaml's versions is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    V2,
    V3,
}

/// An output that knows where a line may be broken.
pub(super) struct Writer {
    out: Vec<u8>,
    pub(super) dialect: Dialect,
    /// Characters on the current line.
    pub(super) column: usize,
    /// The current indentation; none outside of collections.
    pub(super) indent: Option<usize>,
    /// Whether the last character separates what comes next.
    whitespace: bool,
    /// Whether the line has nothing but indentation and indicators yet.
    pub(super) indention: bool,
}

impl Writer {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            out: Vec::with_capacity(1024),
            dialect,
            column: 0,
            indent: None,
            whitespace: true,
            indention: true,
        }
    }

    /// Columns after which lines of flow text are broken at a space.
    pub(super) fn width(&self) -> usize {
        match self.dialect {
            Dialect::V2 => 80,
            Dialect::V3 => usize::MAX,
        }
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> Result<String> {
        self.indent = None;
        self.start_line();
        self.check_size()?;
        Ok(String::from_utf8(self.out)
            .expect("only valid UTF-8 is written: texts that are not were replaced or encoded"))
    }

    pub(super) fn check_size(&self) -> Result<()> {
        if self.out.len() > MAX_OUTPUT {
            return Err(Error::too_large());
        }
        Ok(())
    }

    /// Goes to the current indentation, on a line of its own unless the line is still empty.
    pub(super) fn start_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        let fits = self.column < indent || self.column == indent && self.whitespace;
        if !self.indention || !fits {
            self.line_break();
        }
        if self.column < indent {
            self.out.resize(self.out.len() + indent - self.column, b' ');
            self.column = indent;
        }
        self.whitespace = true;
        self.indention = true;
    }

    pub(super) fn line_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
        if self.dialect == Dialect::V3 {
            self.indention = true;
        }
    }

    /// Writes a line break that is part of a text.
    pub(super) fn text_break(&mut self, line_break: &[u8]) {
        self.out.extend_from_slice(line_break);
        self.column = 0;
        self.indention = true;
    }

    /// Writes `-`, `?` or `:` in front of a node; after them the line counts as empty still.
    pub(super) fn block_indicator(&mut self, indicator: u8) {
        self.space();
        self.ascii(&[indicator]);
        self.whitespace = false;
    }

    /// Writes what opens a scalar or is one: quotes, `|`, `{}`.
    pub(super) fn opening(&mut self, indicator: &[u8]) {
        self.space();
        self.closing(indicator);
    }

    /// Writes an indicator that needs no space before it.
    pub(super) fn closing(&mut self, indicator: &[u8]) {
        self.ascii(indicator);
        self.end_word();
    }

    /// Separates what comes from what was.
    pub(super) fn space(&mut self) {
        if !self.whitespace {
            self.ascii(b" ");
        }
    }

    /// Notes that text was written.
    pub(super) fn end_word(&mut self) {
        self.whitespace = false;
        self.indention = false;
    }

    /// Notes that a block scalar begins on the next line.
    pub(super) fn begin_block_text(&mut self) {
        self.line_break();
        self.indention = true;
        self.whitespace = true;
    }

    pub(super) fn ascii(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        self.column += text.len();
    }

    /// Writes text without breaks.
    pub(super) fn text(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        self.column += text.iter().filter(|&&b| b & 0xC0 != 0x80).count();
    }

    /// Writes the first character of a text and gives its length.
    pub(super) fn char(&mut self, text: &[u8]) -> usize {
        let width = char_width(text[0]).min(text.len());
        self.out.extend_from_slice(&text[..width]);
        self.column += 1;
        width
    }

    /// Writes formatted ASCII.
    pub(super) fn ascii_fmt(&mut self, args: fmt::Arguments<'_>) {
        self.ascii(args.to_string().as_bytes());
    }
}
