//! Block scalars: `|` literal and `>` folded.

use std::borrow::Cow;

use super::token::{ScalarStyle, Token, TokenKind};
use super::{Mark, Result, Scanner};

/// What becomes of the line breaks at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// The indicators after `|` or `>`.
struct Header {
    chomping: Chomping,
    /// Indentation relative to the parent; 0: as the first line has it.
    increment: u32,
}

impl<'a> Scanner<'a> {
    pub(super) fn fetch_block_scalar(&mut self, literal: bool) -> Result<()> {
        self.remove_key()?;
        self.key_allowed = true;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let header = self.scan_block_header()?;
        let mut end = self.cursor.mark();
        let mut indent = match header.increment {
            0 => None,
            n => Some(u32::try_from(self.indent).unwrap_or(0) + n),
        };

        let mut text = Vec::new();
        let mut leading_break: &[u8] = b"";
        let mut breaks = self.scan_block_breaks(&mut indent, &mut end)?;
        let indent = indent.unwrap_or(1);
        self.cursor.need(1)?;
        let mut blank_before = false;
        while self.cursor.column() == indent && !self.cursor.at_end() {
            let blank = self.cursor.is_blank(0);
            let folds = !literal && !blank_before && !blank && leading_break == b"\n";
            if !folds {
                text.extend_from_slice(leading_break);
            } else if breaks.is_empty() {
                text.push(b' ');
            }
            text.append(&mut breaks);
            blank_before = blank;

            let line = self.cursor.position();
            self.cursor.skip_line_rest()?;
            text.extend_from_slice(self.cursor.since(line));
            self.cursor.need(2)?;
            leading_break = self.cursor.skip_break();
            breaks = self.scan_block_breaks(&mut Some(indent), &mut end)?;
        }
        if header.chomping != Chomping::Strip {
            text.extend_from_slice(leading_break);
        }
        if header.chomping == Chomping::Keep {
            text.extend_from_slice(&breaks);
        }
        let style = if literal {
            ScalarStyle::Literal
        } else {
            ScalarStyle::Folded
        };
        self.queue.push_back(Token {
            kind: TokenKind::Scalar(Cow::Owned(text), style),
            start,
            end,
        });
        Ok(())
    }

    /// Scans the indicators, in either order, and the rest of their line.
    fn scan_block_header(&mut self) -> Result<Header> {
        self.cursor.need(1)?;
        let mut chomping = self.scan_chomping()?;
        let increment = self.scan_increment()?;
        if increment > 0 && chomping.is_none() {
            self.cursor.need(1)?;
            chomping = self.scan_chomping()?;
        }
        self.cursor.need(1)?;
        self.cursor.skip_blanks()?;
        if self.cursor.peek(0) == b'#' {
            self.cursor.skip_line_rest()?;
        }
        if !self.cursor.is_break_or_end(0) {
            return Err(self.error("did not find expected comment or line break"));
        }
        if self.cursor.is_break(0) {
            self.cursor.need(2)?;
            self.cursor.skip_break();
        }
        Ok(Header {
            chomping: chomping.unwrap_or(Chomping::Clip),
            increment,
        })
    }

    fn scan_chomping(&mut self) -> Result<Option<Chomping>> {
        let chomping = match self.cursor.peek(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return Ok(None),
        };
        self.cursor.skip_ascii(1);
        self.cursor.need(1)?;
        Ok(Some(chomping))
    }

    fn scan_increment(&mut self) -> Result<u32> {
        let digit = self.cursor.peek(0);
        match digit {
            b'0' => Err(self.error("found an indentation indicator equal to 0")),
            b'1'..=b'9' => {
                self.cursor.skip_ascii(1);
                Ok(u32::from(digit - b'0'))
            }
            _ => Ok(0),
        }
    }

    /// Moves over indentation and empty lines; gives the breaks of the latter. An indentation not
    /// known yet becomes that of the first line with text, or of the longest before it.
    fn scan_block_breaks(&mut self, indent: &mut Option<u32>, end: &mut Mark) -> Result<Vec<u8>> {
        *end = self.cursor.mark();
        let mut breaks = Vec::new();
        let mut longest = 0;
        loop {
            self.cursor.need(1)?;
            let limit = indent.unwrap_or(u32::MAX);
            while self.cursor.column() < limit && self.cursor.peek(0) == b' ' {
                self.cursor.skip_ascii(1);
                self.cursor.need(1)?;
            }
            longest = longest.max(self.cursor.column());
            if self.cursor.column() < limit && self.cursor.peek(0) == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(self.error(problem));
            }
            if !self.cursor.is_break(0) {
                break;
            }
            self.cursor.need(2)?;
            breaks.extend_from_slice(self.cursor.skip_break());
            *end = self.cursor.mark();
        }
        let least = u32::try_from(self.indent + 1).unwrap_or(0).max(1);
        indent.get_or_insert(longest.max(least));
        Ok(breaks)
    }
}
