//! [`Window`]: how far libyaml's reader would have read.
//!
//! Only texts with a fault or a stray byte order mark are scanned through a window, so this counts
//! characters at leisure.

use super::{BOM, Fault};
use crate::error::{Error, Result};

/// Bytes that libyaml reads at a time.
const RAW_BUFFER: usize = 512;

/// The state of libyaml's two buffers: of the source as it is, and of characters in UTF-8.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// Whether the source is in UTF-16.
    wide: bool,
    /// Length of the source.
    length: usize,
    fault: Option<Fault>,
    /// How much of the source was read.
    raw_end: usize,
    /// How much of the source was decoded.
    raw_decoded: usize,
    /// The same as an offset into the text.
    decoded: usize,
    /// Whether reading has met the end of the source.
    at_end: bool,
    /// NUL characters appended at the end.
    nuls: usize,
    /// The first character in the buffer of characters.
    base: usize,
}

impl Window {
    /// For a text in UTF-8 after a byte order mark of the given length.
    pub(super) fn utf8(length: usize, mark: usize, fault: Option<Fault>) -> Self {
        Self::new(false, length + mark, mark, fault)
    }

    /// For a text of this many bytes in UTF-16 after its byte order mark.
    pub(super) fn utf16(length: usize, fault: Option<Fault>) -> Self {
        Self::new(true, length + 2, 2, fault)
    }

    fn new(wide: bool, length: usize, mark: usize, fault: Option<Fault>) -> Self {
        Self {
            wide,
            length,
            fault,
            raw_end: length.min(RAW_BUFFER),
            raw_decoded: mark,
            decoded: 0,
            // Finding out the encoding takes three bytes, or the end.
            at_end: length < 3,
            nuls: 0,
            base: 0,
        }
    }

    /// Makes sure that `count` characters from `position` on are decoded.
    pub(crate) fn ensure(&mut self, text: &[u8], position: usize, count: usize) -> Result<()> {
        if self.unread(text, position, count) >= count {
            return Ok(());
        }
        self.base = position;
        let mut first = true;
        while self.unread(text, position, count) < count {
            if !first || self.raw_decoded == self.raw_end {
                self.read_more();
            }
            first = false;
            self.decode(text)?;
            if self.at_end {
                self.nuls += 1;
                break;
            }
        }
        Ok(())
    }

    /// Whether the buffer, wherever the scanner is in it, begins with a byte order mark: libyaml
    /// looks there instead of at the current character.
    pub(crate) fn begins_with_bom(&self, text: &[u8]) -> bool {
        text.get(self.base..self.decoded)
            .is_some_and(|b| b.starts_with(BOM))
    }

    fn unread(&self, text: &[u8], position: usize, enough: usize) -> usize {
        let chars = text
            .get(position..self.decoded)
            .unwrap_or_default()
            .iter()
            .filter(|&&b| b & 0xC0 != 0x80)
            .take(enough)
            .count();
        chars + self.nuls
    }

    fn read_more(&mut self) {
        if self.at_end {
            return;
        }
        let left_over = self.raw_end - self.raw_decoded;
        let more = (RAW_BUFFER - left_over).min(self.length - self.raw_end);
        self.at_end = more == 0;
        self.raw_end += more;
    }

    /// Decodes all characters that are complete in the raw buffer.
    fn decode(&mut self, text: &[u8]) -> Result<()> {
        while self.raw_decoded < self.raw_end {
            if let Some(fault) = self.fault.filter(|f| f.offset == self.decoded) {
                if self.raw_decoded + fault.width <= self.raw_end || self.at_end {
                    return Err(Error::yaml(fault.problem));
                }
                return Ok(());
            }
            let width = match text.get(self.decoded) {
                None => return Ok(()),
                Some(0x00..=0x7F) => 1,
                Some(0x80..=0xDF) => 2,
                Some(0xE0..=0xEF) => 3,
                Some(_) => 4,
            };
            let raw_width = match (self.wide, width) {
                (false, _) | (true, 4) => width,
                (true, _) => 2,
            };
            if self.raw_decoded + raw_width > self.raw_end {
                return Ok(());
            }
            self.raw_decoded += raw_width;
            self.decoded += width;
        }
        Ok(())
    }
}
