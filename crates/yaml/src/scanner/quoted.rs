//! Quoted scalars.

use std::borrow::Cow;

use super::plain::Gap;
use super::token::{ScalarStyle, Token, TokenKind};
use super::{Result, Scanner};

impl<'a> Scanner<'a> {
    pub(super) fn fetch_quoted(&mut self, quote: u8) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let value = self.scan_quoted(quote)?;
        self.cursor.skip_ascii(1);
        let style = match quote {
            b'"' => ScalarStyle::DoubleQuoted,
            _ => ScalarStyle::SingleQuoted,
        };
        self.queue.push_back(Token {
            kind: TokenKind::Scalar(value, style),
            start,
            end: self.cursor.mark(),
        });
        Ok(())
    }

    /// Scans up to the closing quote.
    fn scan_quoted(&mut self, quote: u8) -> Result<Cow<'a, [u8]>> {
        let first = self.cursor.position();
        // Text that differs from the source; until it is there, the source from `first` on serves.
        let mut text: Option<Vec<u8>> = None;
        loop {
            self.check_quoted_line()?;
            let mut gap = self.scan_quoted_word(quote, first, &mut text)?;
            self.cursor.need(1)?;
            if self.cursor.peek(0) == quote {
                break;
            }
            let blanks = self.cursor.position();
            let escaped = gap.has_break;
            self.scan_quoted_gap(&mut gap)?;
            if gap.has_break {
                let so_far = &self.cursor.slice(first, blanks);
                gap.fold_into(text.get_or_insert_with(|| so_far.to_vec()));
            } else if let Some(text) = &mut text {
                text.extend_from_slice(self.cursor.since(blanks));
            }
            debug_assert!(!escaped || text.is_some());
        }
        Ok(match text {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(self.cursor.since(first)),
        })
    }

    /// A document cannot begin or end within quotes, and neither can the text.
    fn check_quoted_line(&mut self) -> Result<()> {
        self.cursor.need(4)?;
        if self.cursor.at_document_indicator(b'-') || self.cursor.at_document_indicator(b'.') {
            return Err(self.error("found unexpected document indicator"));
        }
        if self.cursor.at_end() {
            return Err(self.error("found unexpected end of stream"));
        }
        Ok(())
    }

    /// Scans up to a blank, a line break, the end or the closing quote. An escaped line break ends
    /// the word too, and begins the gap after it.
    fn scan_quoted_word(
        &mut self,
        quote: u8,
        first: usize,
        text: &mut Option<Vec<u8>>,
    ) -> Result<Gap> {
        loop {
            let run = self.cursor.position();
            self.cursor.skip_quoted(quote)?;
            if let Some(text) = text {
                text.extend_from_slice(self.cursor.since(run));
            }
            let c = self.cursor.peek(0);
            let doubled = quote == b'\'' && c == b'\'' && self.cursor.peek(1) == b'\'';
            let escape = quote == b'"' && c == b'\\';
            if !doubled && !escape {
                return Ok(Gap::default());
            }
            let so_far = self.cursor.since(first);
            let text = text.get_or_insert_with(|| so_far.to_vec());
            if doubled {
                text.push(b'\'');
                self.cursor.skip_ascii(2);
            } else if self.cursor.is_break(1) {
                self.cursor.need(3)?;
                self.cursor.skip_ascii(1);
                self.cursor.skip_break();
                return Ok(Gap::after_escaped_break());
            } else {
                self.scan_escape(text)?;
            }
            self.cursor.need(2)?;
        }
    }

    /// Moves over blanks and line breaks, noting the breaks.
    fn scan_quoted_gap(&mut self, gap: &mut Gap) -> Result<()> {
        loop {
            if self.cursor.is_blank(0) {
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

    /// Scans a backslash and what it escapes.
    fn scan_escape(&mut self, text: &mut Vec<u8>) -> Result<()> {
        let plain: &[u8] = match self.cursor.peek(1) {
            b'0' => b"\0",
            b'a' => b"\x07",
            b'b' => b"\x08",
            b't' | b'\t' => b"\t",
            b'n' => b"\n",
            b'v' => b"\x0B",
            b'f' => b"\x0C",
            b'r' => b"\r",
            b'e' => b"\x1B",
            b' ' => b" ",
            b'"' => b"\"",
            b'\'' => b"'",
            b'\\' => b"\\",
            b'N' => "\u{85}".as_bytes(),
            b'_' => "\u{A0}".as_bytes(),
            b'L' => "\u{2028}".as_bytes(),
            b'P' => "\u{2029}".as_bytes(),
            b'x' => return self.scan_code(2, text),
            b'u' => return self.scan_code(4, text),
            b'U' => return self.scan_code(8, text),
            _ => return Err(self.error("found unknown escape character")),
        };
        text.extend_from_slice(plain);
        self.cursor.skip_ascii(2);
        Ok(())
    }

    /// Scans the escape of a character by its number, of so many hexadecimal digits.
    fn scan_code(&mut self, digits: usize, text: &mut Vec<u8>) -> Result<()> {
        self.cursor.skip_ascii(2);
        self.cursor.need(digits)?;
        let mut code = 0;
        for i in 0..digits {
            let Some(digit) = char::from(self.cursor.peek(i)).to_digit(16) else {
                return Err(self.error("did not find expected hexdecimal number"));
            };
            code = code << 4 | digit;
        }
        let Some(c) = char::from_u32(code) else {
            return Err(self.error("found invalid Unicode character escape code"));
        };
        text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.cursor.skip_ascii(digits);
        Ok(())
    }
}
