//! Tags, anchors and aliases.

use std::borrow::Cow;

use super::token::{Bytes, TagParts, TokenKind};
use super::{Result, Scanner};

/// Letters, digits, `_` and `-`, of which names are made.
pub(super) fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

fn is_uri_byte(b: u8) -> bool {
    is_name_byte(b) || b";/?:@&=+$,.!~*'()[]%".contains(&b)
}

impl<'a> Scanner<'a> {
    /// An anchor (`&name`) or an alias (`*name`).
    pub(super) fn fetch_anchor(&mut self, alias: bool) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let name = self.scan_name()?;
        let ends = self.cursor.is_blank_or_end(0) || b"?:,]}%@`".contains(&self.cursor.peek(0));
        if name.is_empty() || !ends {
            let problem = "did not find expected alphabetic or numeric character";
            return Err(self.error(problem));
        }
        let name = Cow::Borrowed(name);
        let kind = if alias {
            TokenKind::Alias(name)
        } else {
            TokenKind::Anchor(name)
        };
        self.push(kind, start);
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.need(2)?;
        let parts = if self.cursor.peek(1) == b'<' {
            self.scan_verbatim_tag()?
        } else {
            self.scan_short_tag()?
        };
        self.cursor.need(1)?;
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.error("did not find expected whitespace or line break"));
        }
        self.push(TokenKind::Tag(Box::new(parts)), start);
        Ok(())
    }

    /// `!<tag:example.org,2000:x>`
    fn scan_verbatim_tag(&mut self) -> Result<TagParts<'a>> {
        self.cursor.skip_ascii(2);
        let rest = self.scan_tag_uri(b"")?;
        if self.cursor.peek(0) != b'>' {
            return Err(self.error("did not find the expected '>'"));
        }
        self.cursor.skip_ascii(1);
        Ok(TagParts {
            handle: Cow::Borrowed(b""),
            rest,
        })
    }

    /// `!x`, `!!x`, `!e!x` or `!` alone.
    fn scan_short_tag(&mut self) -> Result<TagParts<'a>> {
        let handle = self.scan_tag_handle(false)?;
        if handle.len() > 1 && handle.ends_with(b"!") {
            let rest = self.scan_tag_uri(b"")?;
            return Ok(TagParts {
                handle: Cow::Borrowed(handle),
                rest,
            });
        }
        let rest = self.scan_tag_uri(handle)?;
        Ok(if rest.is_empty() {
            TagParts {
                handle: Cow::Borrowed(b""),
                rest: Cow::Borrowed(b"!"),
            }
        } else {
            TagParts {
                handle: Cow::Borrowed(b"!"),
                rest,
            }
        })
    }

    /// `!`, `!!` or `!name!`; in a tag also the beginning of a suffix, `!name`.
    pub(super) fn scan_tag_handle(&mut self, directive: bool) -> Result<&'a [u8]> {
        self.cursor.need(1)?;
        if self.cursor.peek(0) != b'!' {
            return Err(self.error("did not find expected '!'"));
        }
        let start = self.cursor.position();
        self.cursor.skip_ascii(1);
        self.scan_name()?;
        if self.cursor.peek(0) == b'!' {
            self.cursor.skip_ascii(1);
        } else if directive && self.cursor.since(start) != b"!" {
            return Err(self.error("did not find expected '!'"));
        }
        Ok(self.cursor.since(start))
    }

    /// Scans the rest of a tag that began with `head`, whose `!` does not count.
    pub(super) fn scan_tag_uri(&mut self, head: &'a [u8]) -> Result<Bytes<'a>> {
        let mut uri = head.get(1..).unwrap_or_default().to_vec();
        let mut found = !head.is_empty();
        self.cursor.need(1)?;
        while is_uri_byte(self.cursor.peek(0)) {
            if self.cursor.peek(0) == b'%' {
                self.scan_uri_escape(&mut uri)?;
            } else {
                uri.push(self.cursor.peek(0));
                self.cursor.skip_ascii(1);
            }
            self.cursor.need(1)?;
            found = true;
        }
        if !found {
            return Err(self.error("did not find expected tag URI"));
        }
        Ok(Cow::Owned(uri))
    }

    /// Scans the escapes of one character in UTF-8: `%C3%A9`.
    fn scan_uri_escape(&mut self, uri: &mut Vec<u8>) -> Result<()> {
        let mut left = None;
        while left != Some(0) {
            self.cursor.need(3)?;
            let hex = |b| char::from(b).to_digit(16);
            let digits = (hex(self.cursor.peek(1)), hex(self.cursor.peek(2)));
            let (b'%', (Some(high), Some(low))) = (self.cursor.peek(0), digits) else {
                return Err(self.error("did not find URI escaped octet"));
            };
            let octet = (high << 4 | low) as u8;
            left = Some(match (left, octet) {
                (None, 0x00..=0x7F) => 0,
                (None, 0xC0..=0xDF) => 1,
                (None, 0xE0..=0xEF) => 2,
                (None, 0xF0..=0xF7) => 3,
                (None, _) => return Err(self.error("found an incorrect leading UTF-8 octet")),
                (Some(n), 0x80..=0xBF) => n - 1,
                (Some(_), _) => {
                    return Err(self.error("found an incorrect trailing UTF-8 octet"));
                }
            });
            uri.push(octet);
            self.cursor.skip_ascii(3);
        }
        Ok(())
    }

    pub(super) fn scan_name(&mut self) -> Result<&'a [u8]> {
        let start = self.cursor.position();
        self.cursor.need(1)?;
        while is_name_byte(self.cursor.peek(0)) {
            self.cursor.skip_ascii(1);
            self.cursor.need(1)?;
        }
        Ok(self.cursor.since(start))
    }
}
