//! Go's string and character literals, read back: `strconv.Unquote` and `UnquoteChar`.

use std::borrow::Cow;

use windlass_value::fmt::decode_rune;

/// What `strconv` says to any literal it cannot read.
pub(crate) const SYNTAX: &str = "invalid syntax";

/// The bytes a literal stands for, quotes included in the input; `None` if it is not well formed.
pub(crate) fn unquote(literal: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (quote, inner) = match literal {
        [q @ (b'"' | b'`'), inner @ .., end] if q == end => (*q, inner),
        _ => return None,
    };
    let plain = match quote {
        b'`' => memchr::memchr(b'\r', inner).is_none(),
        _ => inner.is_ascii() && memchr::memchr3(b'"', b'\\', b'\n', inner).is_none(),
    };
    if plain {
        return Some(Cow::Borrowed(inner));
    }
    if quote == b'`' {
        return Some(inner.iter().copied().filter(|b| *b != b'\r').collect());
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let (unit, length) = unquote_unit(rest, quote)?;
        match unit {
            Unit::Byte(b) => out.push(b),
            Unit::Rune(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = &rest[length..];
    }
    Some(Cow::Owned(out))
}

/// What one character or escape of a literal stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A byte given by number.
    Byte(u8),
    /// A character.
    Rune(char),
}

/// The first character or escape of a literal's inside, and the length of its spelling.
pub(crate) fn unquote_unit(text: &[u8], quote: u8) -> Option<(Unit, usize)> {
    match *text.first()? {
        b'\n' => None,
        b if b == quote => None,
        b'\\' => escape(text, quote),
        _ => {
            let (c, length) = decode_rune(text);
            Some((Unit::Rune(c.unwrap_or('\u{FFFD}')), length))
        }
    }
}

fn escape(text: &[u8], quote: u8) -> Option<(Unit, usize)> {
    let plain = match *text.get(1)? {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        b'\\' => b'\\',
        b @ (b'\'' | b'"') if b == quote => b,
        b'x' => return Some((Unit::Byte(u8::try_from(number(text, 2, 2, 16)?).ok()?), 4)),
        b'u' => return Some((Unit::Rune(char::from_u32(number(text, 2, 4, 16)?)?), 6)),
        b'U' => return Some((Unit::Rune(char::from_u32(number(text, 2, 8, 16)?)?), 10)),
        b'0'..=b'7' => return Some((Unit::Byte(u8::try_from(number(text, 1, 3, 8)?).ok()?), 4)),
        _ => return None,
    };
    Some((Unit::Byte(plain), 2))
}

/// Exactly `count` digits from `start` on.
fn number(text: &[u8], start: usize, count: usize, radix: u32) -> Option<u32> {
    text.get(start..start + count)?
        .iter()
        .try_fold(0_u32, |n, b| {
            let digit = char::from(*b).to_digit(radix)?;
            n.checked_mul(radix)?.checked_add(digit)
        })
}
