//! Plain scalars, which end where something else can begin.

use std::borrow::Cow;

use super::token::{ScalarStyle, Token, TokenKind};
use super::{Result, Scanner};

impl<'a> Scanner<'a> {
    pub(super) fn fetch_plain(&mut self) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        let mut end = start;
        let mut folded: Option<Vec<u8>> = None;
        let mut gap = Gap::default();
        loop {
            self.cursor.need(4)?;
            if self.cursor.at_document_indicator(b'-')
                || self.cursor.at_document_indicator(b'.')
                || self.cursor.peek(0) == b'#'
            {
                break;
            }
            let run = self.cursor.position();
            self.cursor.skip_plain(self.flow_level > 0)?;
            if self.cursor.position() > run {
                if gap.has_break {
                    let so_far = self
                        .cursor
                        .slice(start.offset as usize, end.offset as usize);
                    gap.fold_into(folded.get_or_insert_with(|| so_far.into_owned()));
                } else if let Some(text) = &mut folded {
                    text.extend_from_slice(&self.cursor.slice(end.offset as usize, run));
                }
                gap = Gap::default();
                end = self.cursor.mark();
                if let Some(text) = &mut folded {
                    text.extend_from_slice(self.cursor.since(run));
                }
            }
            if !self.cursor.is_blank(0) && !self.cursor.is_break(0) {
                break;
            }
            self.cursor.need(1)?;
            self.scan_gap(&mut gap)?;
            if self.flow_level == 0 && (self.cursor.column() as i32) < self.indent + 1 {
                break;
            }
        }
        if gap.has_break {
            self.key_allowed = true;
        }
        let value = match folded {
            Some(text) => Cow::Owned(text),
            None => self
                .cursor
                .slice(start.offset as usize, end.offset as usize),
        };
        self.queue.push_back(Token {
            kind: TokenKind::Scalar(value, ScalarStyle::Plain),
            start,
            end,
        });
        Ok(())
    }

    /// Moves over blanks and line breaks, noting the breaks.
    fn scan_gap(&mut self, gap: &mut Gap) -> Result<()> {
        loop {
            if self.cursor.is_blank(0) {
                let indented = self.cursor.column() as i32 > self.indent;
                if gap.has_break && !indented && self.cursor.peek(0) == b'\t' {
                    return Err(self.error("found a tab character that violates indentation"));
                }
                self.cursor.skip_ascii(1);
            } else if self.cursor.is_break(0) {
                self.cursor.need(2)?;
                gap.add_break(self.cursor.skip_break());
            } else {
                return Ok(());
            }
            self.cursor.need(1)?;
        }
    }
}

/// The line breaks between two pieces of a scalar that spans lines.
#[derive(Debug, Default)]
pub(super) struct Gap {
    pub(super) has_break: bool,
    /// Whether the first break is one that folding turns into a space.
    first_folds: bool,
    /// All breaks but a first one that folds.
    breaks: Vec<u8>,
}

impl Gap {
    pub(super) fn add_break(&mut self, line_break: &[u8]) {
        if !self.has_break && line_break == b"\n" {
            self.first_folds = true;
        } else {
            self.breaks.extend_from_slice(line_break);
        }
        self.has_break = true;
    }

    /// A gap that begins after an escaped line break, which stands for nothing.
    pub(super) fn after_escaped_break() -> Self {
        Self {
            has_break: true,
            first_folds: false,
            breaks: Vec::new(),
        }
    }

    /// Appends what the gap stands for.
    pub(super) fn fold_into(&self, text: &mut Vec<u8>) {
        if self.first_folds && self.breaks.is_empty() {
            text.push(b' ');
        } else {
            text.extend_from_slice(&self.breaks);
        }
    }
}
