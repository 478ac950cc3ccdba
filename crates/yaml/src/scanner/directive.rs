//! Directives: `%YAML 1.1` and `%TAG ! prefix`.

use std::borrow::Cow;

use super::token::{TagParts, TokenKind};
use super::{Result, Scanner};

impl<'a> Scanner<'a> {
    pub(super) fn fetch_directive(&mut self) -> Result<()> {
        self.close_blocks(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let kind = match self.scan_directive_name()? {
            b"YAML" => self.scan_version()?,
            b"TAG" => self.scan_tag_directive()?,
            _ => return Err(self.error("found unknown directive name")),
        };
        self.push(kind, start);
        self.finish_directive_line()
    }

    fn scan_directive_name(&mut self) -> Result<&'a [u8]> {
        let start = self.cursor.position();
        self.cursor.need(1)?;
        self.scan_name()?;
        let name = self.cursor.since(start);
        if name.is_empty() {
            return Err(self.error("could not find expected directive name"));
        }
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.error("found unexpected non-alphabetical character"));
        }
        Ok(name)
    }

    fn scan_version(&mut self) -> Result<TokenKind<'a>> {
        self.cursor.need(1)?;
        self.cursor.skip_blanks()?;
        let major = self.scan_version_number()?;
        if self.cursor.peek(0) != b'.' {
            return Err(self.error("did not find expected digit or '.' character"));
        }
        self.cursor.skip_ascii(1);
        let minor = self.scan_version_number()?;
        Ok(TokenKind::VersionDirective(major, minor))
    }

    fn scan_version_number(&mut self) -> Result<u8> {
        self.cursor.need(1)?;
        let mut number = 0;
        let mut digits = 0;
        while self.cursor.peek(0).is_ascii_digit() {
            digits += 1;
            if digits > 2 {
                return Err(self.error("found extremely long version number"));
            }
            number = number * 10 + (self.cursor.peek(0) - b'0');
            self.cursor.skip_ascii(1);
            self.cursor.need(1)?;
        }
        if digits == 0 {
            return Err(self.error("did not find expected version number"));
        }
        Ok(number)
    }

    fn scan_tag_directive(&mut self) -> Result<TokenKind<'a>> {
        self.cursor.need(1)?;
        self.cursor.skip_blanks()?;
        let handle = self.scan_tag_handle(true)?;
        self.cursor.need(1)?;
        if !self.cursor.is_blank(0) {
            return Err(self.error("did not find expected whitespace"));
        }
        self.cursor.skip_blanks()?;
        let rest = self.scan_tag_uri(b"")?;
        self.cursor.need(1)?;
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.error("did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective(Box::new(TagParts {
            handle: Cow::Borrowed(handle),
            rest,
        })))
    }

    /// Moves over the rest of the line, where only a comment may stand.
    fn finish_directive_line(&mut self) -> Result<()> {
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
        Ok(())
    }
}
