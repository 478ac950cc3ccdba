//! The texts of numbers, dates and strings to their values.

use windlass_time::{Time, Zone, parse_in};
use windlass_value::fmt::{NumErrorKind, parse_float, parse_int, quote, runes};

use crate::decode::local_zones;
use crate::error::Error;

/// What is wrong with a scalar.
pub(super) enum Fault {
    /// A message that the parser gives a place.
    Message(String),
    /// The original takes it for its own mistake and panics.
    Bug(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Bug(error.to_string())
    }
}

pub(super) fn integer(text: &[u8]) -> Result<i64, Fault> {
    let message = |what: &str| Fault::Message(format!("Invalid integer {}: {what}", quote(text)));
    if !underscores_are_inside(text) {
        return Err(message("underscores must be surrounded by digits"));
    }
    if has_leading_zero(text) {
        return Err(message("cannot have leading zeroes"));
    }
    parse_int(text, 0, 64).map_err(|e| {
        let text = String::from_utf8_lossy(text);
        match e.kind {
            NumErrorKind::Range => Fault::Message(format!("{text} is out of range for int64")),
            NumErrorKind::Syntax => Fault::Bug(format!(
                "BUG: Expected integer value, but got '{text}'.\n\n"
            )),
        }
    })
}

pub(super) fn float(text: &[u8]) -> Result<f64, Fault> {
    let message = |what: &str| Fault::Message(format!("Invalid float {}: {what}", quote(text)));
    let mut parts = text
        .split(|b| matches!(b, b'.' | b'e' | b'E'))
        .filter(|part| !part.is_empty())
        .peekable();
    let first = parts.peek().copied().unwrap_or_default();
    if !parts.all(underscores_are_inside) {
        return Err(message("underscores must be surrounded by digits"));
    }
    if has_leading_zero(first) {
        return Err(message("cannot have leading zeroes"));
    }
    if !points_have_digits(text) {
        return Err(message("'.' must be followed by one or more digits"));
    }
    let plain: Vec<u8> = text.iter().copied().filter(|b| *b != b'_').collect();
    match plain.as_slice() {
        b"+nan" => return Ok(f64::NAN),
        b"-nan" => return Ok(-f64::NAN),
        _ => {}
    }
    parse_float(&plain, 64).map_err(|e| {
        Fault::Message(match e.kind {
            NumErrorKind::Range => {
                format!(
                    "{} is out of range for float64",
                    String::from_utf8_lossy(text)
                )
            }
            NumErrorKind::Syntax => format!("Invalid float value: {}", quote(text)),
        })
    })
}

/// Whether each underscore has something like a digit on both sides. Hexadecimal digits pass
/// everywhere: the number itself is checked later.
fn underscores_are_inside(text: &[u8]) -> bool {
    if let b"nan" | b"+nan" | b"-nan" | b"inf" | b"+inf" | b"-inf" = text {
        return true;
    }
    let mut after_digit = false;
    for b in text {
        if *b == b'_' && !after_digit {
            return false;
        }
        after_digit = b.is_ascii_hexdigit();
    }
    after_digit
}

fn has_leading_zero(text: &[u8]) -> bool {
    match text {
        [b'0', next, ..] => !matches!(next, b'b' | b'o' | b'x'),
        [b'-' | b'+', b'0', _, ..] => true,
        _ => false,
    }
}

fn points_have_digits(text: &[u8]) -> bool {
    let followed = |i: usize| text.get(i + 1).is_some_and(u8::is_ascii_digit);
    text.iter()
        .enumerate()
        .all(|(i, b)| *b != b'.' || followed(i))
}

/// A date, a time, or both, with a zone or without.
pub(super) fn datetime(text: &[u8]) -> Result<Time, Fault> {
    let text: Vec<u8> = text
        .iter()
        .map(|b| match b {
            b'z' => b'Z',
            b't' | b' ' => b'T',
            other => *other,
        })
        .collect();
    let zones = local_zones();
    let forms: [(&[u8], &Zone); 7] = [
        (b"2006-01-02T15:04:05.999999999Z07:00", &Zone::Local),
        (b"2006-01-02T15:04:05.999999999", &zones.datetime),
        (b"2006-01-02", &zones.date),
        (b"15:04:05.999999999", &zones.time),
        (b"2006-01-02T15:04Z07:00", &Zone::Local),
        (b"2006-01-02T15:04", &zones.datetime),
        (b"15:04", &zones.time),
    ];
    let found = forms.into_iter().find_map(|(layout, zone)| {
        parse_in(layout, &text, zone)
            .ok()
            .map(|time| (layout, time))
    });
    match found {
        Some((layout, time)) if separators_match(&text, layout) => Ok(time),
        _ => Err(Fault::Message(format!(
            "invalid datetime: {}",
            quote(&text)
        ))),
    }
}

/// Go's parser takes one digit for two; then a separator is not where the layout has it.
fn separators_match(text: &[u8], layout: &[u8]) -> bool {
    layout
        .iter()
        .zip(text)
        .take_while(|(l, _)| !matches!(l, b'.' | b'Z'))
        .all(|(l, t)| l.is_ascii_digit() || l == t)
}

/// Drops a line break right after the opening quotes.
pub(super) fn without_first_newline(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\n")
        .or_else(|| text.strip_prefix(b"\r\n"))
        .unwrap_or(text)
}

/// Drops backslashes at the end of a line, with all white space after them.
pub(super) fn without_escaped_newlines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|b| *b == b'\\') {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        if rest.get(1) == Some(&b'\\') {
            out.extend_from_slice(&rest[..2]);
            rest = &rest[2..];
            continue;
        }
        let blanks = rest[1..]
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        if rest[1..=blanks].contains(&b'\n') {
            rest = &rest[1 + blanks..];
        } else {
            out.push(b'\\');
            rest = &rest[1..];
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Puts characters in the place of their escapes. The lexer has let only good ones through, but
/// for blanks after a backslash and numbers that are no character.
pub(super) fn unescape(text: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|b| *b == b'\\') {
        out.extend_from_slice(&rest[..at]);
        let code = rest.get(at + 1).copied().unwrap_or_default();
        rest = rest.get(at + 2..).unwrap_or_default();
        let digits = match code {
            b'b' => push(&mut out, 0x08),
            b't' => push(&mut out, b'\t'),
            b'n' => push(&mut out, b'\n'),
            b'f' => push(&mut out, 0x0c),
            b'r' => push(&mut out, b'\r'),
            b'e' => push(&mut out, 0x1b),
            b'"' | b'\\' => push(&mut out, code),
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b' ' | b'\t' => {
                return Err(Fault::Message(format!(
                    "invalid escape: '\\{}'",
                    char::from(code)
                )));
            }
            _ => {
                let rune = runes(&[code]).next().map_or('\0', |(_, c)| c);
                return Err(Fault::Bug(format!(
                    "BUG: Expected valid escape code after \\, but got {rune:?}.\n\n"
                )));
            }
        };
        if digits > 0 {
            let (hex, after) = rest.split_at(digits.min(rest.len()));
            out.extend_from_slice(character(hex)?.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    Ok(out)
}

fn push(out: &mut Vec<u8>, byte: u8) -> usize {
    out.push(byte);
    0
}

fn character(hex: &[u8]) -> Result<char, Fault> {
    let hex = String::from_utf8_lossy(hex);
    u32::from_str_radix(&hex, 16)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(|| Fault::Message(format!("Escaped character '\\u{hex}' is not valid UTF-8.")))
}
