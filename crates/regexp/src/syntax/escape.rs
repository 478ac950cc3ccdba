//! What stands behind a backslash or between brackets.

use regex_syntax::hir::{ClassUnicode, Hir, Look};

use super::piece::Piece;
use super::{Parser, check_utf8};
use crate::class;
use crate::error::{Error, Fault};

impl<'a> Parser<'a> {
    /// A backslash outside brackets.
    pub(super) fn backslash(&mut self) -> Result<(), Error> {
        match self.rest.get(1) {
            Some(b'A') => self.look(2, Look::Start),
            Some(b'z') => self.look(2, Look::End),
            Some(b'b') => self.look(2, Look::WordAscii),
            Some(b'B') => self.look(2, Look::WordAsciiNegate),
            Some(b'C') => return Err(Fault::Escape.at(&self.rest[..2])),
            Some(b'Q') => return self.quoted(),
            _ => {
                if let Some(class) = self.named_class()? {
                    self.push(Piece::class(class));
                    return Ok(());
                }
                let code_point = self.escape()?;
                match char::from_u32(code_point) {
                    Some(c) => self.literal(c),
                    // A surrogate is in no text.
                    None => self.push(Piece::leaf(Hir::fail())),
                }
            }
        }
        Ok(())
    }

    /// `\Q…\E`: everything between is literal.
    fn quoted(&mut self) -> Result<(), Error> {
        let text = &self.rest[2..];
        let end = memchr::memmem::find(text, br"\E");
        let rest = end.map_or(&text[text.len()..], |end| &text[end + 2..]);
        self.rest = &text[..end.unwrap_or(text.len())];
        while !self.rest.is_empty() {
            let c = self.next_rune()?;
            self.literal(c);
        }
        self.rest = rest;
        Ok(())
    }

    /// `\pN`, `\p{Name}`, `\d` and their like, if one is next.
    fn named_class(&mut self) -> Result<Option<ClassUnicode>, Error> {
        let start = self.rest;
        let Some((b'\\', letter)) = start
            .split_first()
            .and_then(|(b, r)| Some((b, *r.first()?)))
        else {
            return Ok(None);
        };
        if matches!(letter, b'p' | b'P') {
            return self.unicode_class(letter == b'P').map(Some);
        }
        let found = class::perl(letter, self.flags.fold_case);
        if found.is_some() {
            self.rest = &start[2..];
        }
        Ok(found)
    }

    fn unicode_class(&mut self, negated: bool) -> Result<ClassUnicode, Error> {
        let start = self.rest;
        self.rest = &start[2..];
        let mut name = if self.next_rune()? == '{' {
            let Some(end) = memchr::memchr(b'}', start) else {
                check_utf8(start)?;
                return Err(Fault::Range.at(start));
            };
            self.rest = &start[end + 1..];
            &start[3..end]
        } else {
            &self.since(start)[2..]
        };
        check_utf8(name)?;
        let mut negated = negated;
        if let Some(positive) = name.strip_prefix(b"^") {
            negated = !negated;
            name = positive;
        }
        let name = std::str::from_utf8(name).unwrap_or_default();
        match class::unicode(name, self.flags.fold_case) {
            Some(mut class) => {
                if negated {
                    class.negate();
                }
                Ok(class)
            }
            None => Err(Fault::Range.at(self.since(start))),
        }
    }

    /// A backslash and what makes one character of it.
    fn escape(&mut self) -> Result<u32, Error> {
        let start = self.rest;
        self.rest = &start[1..];
        if self.rest.is_empty() {
            return Err(Fault::TrailingBackslash.at(b""));
        }
        let c = self.next_rune()?;
        let value = match c {
            '1'..='7' if !matches!(self.rest.first(), Some(b'0'..=b'7')) => None,
            '0'..='7' => Some(self.octal(c)),
            'x' => self.hexadecimal()?,
            'a' => Some(0x07),
            'f' => Some(0x0c),
            'n' => Some(0x0a),
            'r' => Some(0x0d),
            't' => Some(0x09),
            'v' => Some(0x0b),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(c.into()),
            _ => None,
        };
        value.ok_or_else(|| Fault::Escape.at(self.since(start)))
    }

    /// Up to three octal digits, the first of which is read.
    fn octal(&mut self, first: char) -> u32 {
        let mut value = u32::from(first) - u32::from('0');
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.rest.first() else {
                break;
            };
            value = value * 8 + u32::from(digit - b'0');
            self.rest = &self.rest[1..];
        }
        value
    }

    /// What follows `\x`: two digits, or any number of them in braces.
    fn hexadecimal(&mut self) -> Result<Option<u32>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let first = self.next_rune()?;
        if first != '{' {
            let second = self.next_rune()?;
            return Ok(first
                .to_digit(16)
                .zip(second.to_digit(16))
                .map(|(a, b)| a * 16 + b));
        }
        let mut value = None;
        while !self.rest.is_empty() {
            let c = self.next_rune()?;
            if c == '}' {
                return Ok(value);
            }
            let Some(digit) = c.to_digit(16) else { break };
            let next = value.unwrap_or(0) * 16 + digit;
            if next > u32::from(char::MAX) {
                break;
            }
            value = Some(next);
        }
        Ok(None)
    }

    /// `[…]`
    pub(super) fn bracket_class(&mut self) -> Result<ClassUnicode, Error> {
        let start = self.rest;
        self.rest = &start[1..];
        let negated = self.rest.first() == Some(&b'^');
        if negated {
            self.rest = &self.rest[1..];
        }
        let mut class = ClassUnicode::empty();
        let mut first = true;
        while first || self.rest.first() != Some(&b']') {
            first = false;
            class.union(&self.class_item(start)?);
        }
        self.rest = &self.rest[1..];
        if negated {
            class.negate();
        }
        Ok(class)
    }

    /// A named class, a character or a range within brackets, which began at `bracket`.
    fn class_item(&mut self, bracket: &'a [u8]) -> Result<ClassUnicode, Error> {
        if let Some(class) = self.posix_class()? {
            return Ok(class);
        }
        if let Some(class) = self.named_class()? {
            return Ok(class);
        }
        let start = self.rest;
        let lo = self.class_char(bracket)?;
        let mut hi = lo;
        if self.rest.len() >= 2 && self.rest[0] == b'-' && self.rest[1] != b']' {
            self.rest = &self.rest[1..];
            hi = self.class_char(bracket)?;
            if hi < lo {
                return Err(Fault::Range.at(self.since(start)));
            }
        }
        Ok(class::folded(
            class::of_code_points(lo, hi),
            self.flags.fold_case,
        ))
    }

    /// `[:name:]` within brackets, if one is next.
    fn posix_class(&mut self) -> Result<Option<ClassUnicode>, Error> {
        let start = self.rest;
        if start.len() <= 2 || !start.starts_with(b"[:") {
            return Ok(None);
        }
        let Some(end) = memchr::memmem::find(&start[2..], b":]") else {
            return Ok(None);
        };
        let (name, rest) = start.split_at(end + 4);
        self.rest = rest;
        match class::posix(name, self.flags.fold_case) {
            Some(class) => Ok(Some(class)),
            None => Err(Fault::Range.at(name)),
        }
    }

    fn class_char(&mut self, bracket: &'a [u8]) -> Result<u32, Error> {
        match self.rest.first() {
            None => Err(Fault::MissingBracket.at(bracket)),
            Some(b'\\') => self.escape(),
            Some(_) => self.next_rune().map(u32::from),
        }
    }
}
