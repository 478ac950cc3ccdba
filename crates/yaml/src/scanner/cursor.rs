//! [`Cursor`]: the current place in a text, and the classes of characters at it.

use std::borrow::Cow;

use crate::error::Result;
use crate::input::Window;
use crate::mark::Mark;

/// A place in a text that moves forward only.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a [u8],
    window: Option<Box<Window>>,
    position: usize,
    line: u32,
    column: u32,
}

/// A set of bytes.
type ByteSet = [bool; 256];

const fn byte_set(bytes: &[u8]) -> ByteSet {
    let mut set = [false; 256];
    let mut i = 0;
    while i < bytes.len() {
        set[bytes[i] as usize] = true;
        i += 1;
    }
    set
}

/// First bytes of line breaks: CR, LF, U+0085, and U+2028 and U+2029.
const BREAKS: ByteSet = byte_set(b"\r\n\xC2\xE2");
/// What may end a run of characters in quotes.
const QUOTED_STOPS: ByteSet = byte_set(b" \t\r\n\xC2\xE2\"'\\");
/// What may end a run of characters in a plain scalar.
const PLAIN_STOPS: ByteSet = byte_set(b" \t\r\n\xC2\xE2:");
/// The same in flow context.
const FLOW_STOPS: ByteSet = byte_set(b" \t\r\n\xC2\xE2:,?[]{}");

/// The length of the line break at an offset, CR LF being one; 0 if there is none.
pub(crate) fn break_length(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\n') => 1,
        Some(b'\r') => 1 + usize::from(text.get(at + 1) == Some(&b'\n')),
        Some(0xC2) => 2 * usize::from(text.get(at + 1) == Some(&0x85)),
        Some(0xE2) => {
            let separator = matches!(text.get(at + 1..at + 3), Some([0x80, 0xA8 | 0xA9]));
            3 * usize::from(separator)
        }
        _ => 0,
    }
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a [u8], window: Option<Box<Window>>) -> Self {
        Self {
            text,
            window,
            position: 0,
            line: 0,
            column: 0,
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            // A text is shorter than 4 GiB; the input sees to it.
            offset: self.position as u32,
            line: self.line,
            column: self.column,
        }
    }

    pub(crate) fn column(&self) -> u32 {
        self.column
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The text from an offset to here.
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        &self.text[start..self.position]
    }

    /// Demands that libyaml's buffer holds this many characters; only a text with a fault can fail.
    #[inline]
    pub(crate) fn need(&mut self, count: usize) -> Result<()> {
        match &mut self.window {
            None => Ok(()),
            Some(window) => window.ensure(self.text, self.position, count),
        }
    }

    /// Whether libyaml would see a byte order mark here.
    pub(crate) fn at_bom(&self) -> bool {
        self.window
            .as_ref()
            .is_some_and(|w| w.begins_with_bom(self.text))
    }

    /// The byte some bytes ahead; 0 beyond the end (no text contains it otherwise).
    #[inline]
    pub(crate) fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.position + ahead).copied().unwrap_or(0)
    }

    pub(crate) fn at_end(&self) -> bool {
        self.position >= self.text.len()
    }

    pub(crate) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t')
    }

    pub(crate) fn is_break(&self, ahead: usize) -> bool {
        BREAKS[self.peek(ahead) as usize] && break_length(self.text, self.position + ahead) > 0
    }

    pub(crate) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.peek(ahead) == 0 || self.is_break(ahead)
    }

    pub(crate) fn is_blank_or_end(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Whether a line begins here with three of these and then a blank or the end.
    pub(crate) fn at_document_indicator(&self, indicator: u8) -> bool {
        self.column == 0
            && self.peek(0) == indicator
            && self.peek(1) == indicator
            && self.peek(2) == indicator
            && self.is_blank_or_end(3)
    }

    /// Moves over one character that is not a line break.
    pub(crate) fn skip(&mut self) {
        self.column += 1;
        self.position += match self.peek(0) {
            0x00..=0x7F => 1,
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => 4,
        };
    }

    /// Moves over this many ASCII characters.
    pub(crate) fn skip_ascii(&mut self, count: usize) {
        self.position += count;
        self.column += count as u32;
    }

    /// At the end of the text, counts an unterminated line as one.
    pub(crate) fn end_line(&mut self) {
        if self.column != 0 {
            self.column = 0;
            self.line += 1;
        }
    }

    /// Moves over a line break, if there is one, and gives what it stands for in a scalar.
    pub(crate) fn skip_break(&mut self) -> &'a [u8] {
        let length = break_length(self.text, self.position);
        if length == 0 {
            return b"";
        }
        let raw = &self.text[self.position..self.position + length];
        self.position += length;
        self.line += 1;
        self.column = 0;
        if length == 3 { raw } else { b"\n" }
    }

    /// Moves over spaces and tabs.
    pub(crate) fn skip_blanks(&mut self) -> Result<()> {
        while self.is_blank(0) {
            self.skip();
            self.need(1)?;
        }
        Ok(())
    }

    /// Moves to the end of the line.
    pub(crate) fn skip_line_rest(&mut self) -> Result<()> {
        if self.window.is_none() {
            let rest = &self.text[self.position..];
            let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
            // In a fold without branches, since the compiler has SIMD for that.
            if line
                .iter()
                .fold(true, |plain, b| plain & b.is_ascii() & (*b != b'\r'))
            {
                self.skip_ascii(line.len());
                return Ok(());
            }
        }
        self.skip_run(&BREAKS, 1, |me| me.is_break_or_end(0))
    }

    /// Moves over characters that a plain scalar cannot end before.
    pub(crate) fn skip_plain(&mut self, flow: bool) -> Result<()> {
        let stops = if flow { &FLOW_STOPS } else { &PLAIN_STOPS };
        self.skip_run(stops, 2, |me| match me.peek(0) {
            b':' => me.is_blank_or_end(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => flow,
            _ => me.is_blank_or_end(0),
        })
    }

    /// Moves over characters that mean themselves in quotes of this kind.
    pub(crate) fn skip_quoted(&mut self, quote: u8) -> Result<()> {
        self.skip_run(&QUOTED_STOPS, 2, |me| match me.peek(0) {
            b'\\' => quote == b'"',
            c => c == quote || me.is_blank_or_end(0),
        })
    }

    /// Moves on until `ends` holds, which it can only at one of `stops`.
    #[inline]
    fn skip_run(
        &mut self,
        stops: &ByteSet,
        need: usize,
        ends: impl Fn(&Self) -> bool,
    ) -> Result<()> {
        if self.window.is_some() {
            while !ends(self) {
                self.skip();
                self.need(need)?;
            }
            return Ok(());
        }
        loop {
            let rest = &self.text[self.position..];
            let length = rest
                .iter()
                .position(|&b| stops[b as usize])
                .unwrap_or(rest.len());
            let continued = rest[..length].iter().filter(|&&b| b & 0xC0 == 0x80).count();
            self.position += length;
            self.column += (length - continued) as u32;
            if ends(self) {
                return Ok(());
            }
            self.skip();
        }
    }

    /// The text as a value.
    pub(crate) fn slice(&self, start: usize, end: usize) -> Cow<'a, [u8]> {
        Cow::Borrowed(&self.text[start..end])
    }
}
