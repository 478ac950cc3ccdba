//! [`Window`]: how far libyaml's reader would have read.
//!
//! Only texts with a fault or a stray byte order mark are scanned through a window, so this counts
//! characters at leisure.

use super::{BOM, Fault};
use crate::error::{Error, Result};

/// Bytes that libyaml reads at a time.
const RAW_BUFFER: usize = 512;

/// The state of libyaml's two buffers, as offsets into the text.
#[derive(Debug)]
pub(crate) struct Window {
    length: usize,
    fault: Option<Fault>,
    /// End of the bytes in the raw buffer.
    raw_end: usize,
    /// End of the characters decoded so far.
    decoded: usize,
    /// Whether reading has met the end of the text.
    at_end: bool,
    /// NUL characters appended at the end.
    nuls: usize,
    /// The first character in the buffer.
    base: usize,
}

impl Window {
    /// `skipped` is the length of the byte order mark in front, which counts for the raw buffer.
    pub(super) fn new(skipped: usize, length: usize, fault: Option<Fault>) -> Self {
        let total = skipped + length;
        Self {
            length,
            fault,
            raw_end: total.min(RAW_BUFFER).saturating_sub(skipped),
            decoded: 0,
            at_end: total < 3,
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
            if !first || self.decoded == self.raw_end {
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
        let left_over = self.raw_end - self.decoded;
        let more = (RAW_BUFFER - left_over).min(self.length - self.raw_end);
        if more == 0 {
            self.at_end = true;
        }
        self.raw_end += more;
    }

    /// Decodes all characters that are complete in the raw buffer.
    fn decode(&mut self, text: &[u8]) -> Result<()> {
        if let Some(fault) = self.fault
            && (fault.offset + fault.width <= self.raw_end
                || self.at_end && fault.offset < self.raw_end)
        {
            return Err(Error::yaml(fault.problem));
        }
        let limit = self
            .fault
            .map_or(self.raw_end, |f| f.offset.min(self.raw_end));
        self.decoded = whole_characters(text, self.decoded, limit);
        Ok(())
    }
}

/// The end of the last character that is wholly before `limit`.
fn whole_characters(text: &[u8], from: usize, limit: usize) -> usize {
    let mut end = limit;
    while end > from && text.get(end).is_some_and(|b| b & 0xC0 == 0x80) {
        end -= 1;
    }
    end
}
