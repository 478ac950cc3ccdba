//! Character classes: `[a-z]`, `[[:alpha:]]`, `\d`, `\p{Greek}`, and the escapes of single
//! characters, which may stand in them.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::parser::{Flags, before};
use super::{Fault, PatternError, unicode};

/// A code point of an expression. Go lets expressions name surrogates, which match nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parsed {
    Char(char),
    Surrogate(u32),
}

impl Parsed {
    fn code(self) -> u32 {
        match self {
            Self::Char(c) => c as u32,
            Self::Surrogate(c) => c,
        }
    }

    fn from_code(code: u32) -> Self {
        char::from_u32(code).map_or(Self::Surrogate(code), Self::Char)
    }
}

/// Adds the case variants of what is in a class.
pub(super) fn fold(set: &mut ClassUnicode) {
    // It fails only when the case tables are compiled out.
    let _ = set.try_case_fold_simple();
}

/// Reads a class in brackets.
pub(super) fn parse_class(whole: &str, flags: Flags) -> Result<(ClassUnicode, &str), PatternError> {
    let mut rest = &whole[1..];
    let negated = rest.starts_with('^');
    if negated {
        rest = &rest[1..];
    }
    let mut set = ClassUnicode::empty();
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        if let Some((named, after)) = parse_named(rest, flags)? {
            set.union(&named);
            rest = after;
            continue;
        }
        if let Some((escaped, after)) = parse_escaped_class(rest, flags)? {
            set.union(&escaped);
            rest = after;
            continue;
        }
        rest = parse_range(rest, whole, flags, &mut set)?;
    }
    if negated {
        set.negate();
    }
    Ok((set, &rest[1..]))
}

/// Reads a character or a range into a set.
fn parse_range<'a>(
    range: &'a str,
    whole: &str,
    flags: Flags,
    set: &mut ClassUnicode,
) -> Result<&'a str, PatternError> {
    let (low, mut rest) = parse_char(range, whole)?;
    let mut high = low;
    if rest.len() >= 2 && rest.starts_with('-') && !rest[1..].starts_with(']') {
        (high, rest) = parse_char(&rest[1..], whole)?;
        if high.code() < low.code() {
            return Err(Fault::Range.at(before(range, rest)));
        }
    }
    let mut added = range_set(low.code(), high.code());
    if flags.fold {
        fold(&mut added);
    }
    set.union(&added);
    Ok(rest)
}

/// The characters between two code points, surrogates left out.
fn range_set(low: u32, high: u32) -> ClassUnicode {
    let low = char::from_u32(low).unwrap_or('\u{e000}');
    let high = char::from_u32(high).unwrap_or('\u{d7ff}');
    let range = (low <= high).then(|| ClassUnicodeRange::new(low, high));
    ClassUnicode::new(range)
}

fn parse_char<'a>(rest: &'a str, whole: &str) -> Result<(Parsed, &'a str), PatternError> {
    let Some(c) = rest.chars().next() else {
        return Err(Fault::MissingBracket.at(whole));
    };
    if c == '\\' {
        return parse_escape(rest);
    }
    Ok((Parsed::Char(c), &rest[c.len_utf8()..]))
}

/// Reads `[:alpha:]` and its like, if that is what stands there.
fn parse_named(rest: &str, flags: Flags) -> Result<Option<(ClassUnicode, &str)>, PatternError> {
    let Some(inner) = rest.strip_prefix("[:") else {
        return Ok(None);
    };
    let Some(end) = inner.find(":]") else {
        return Ok(None);
    };
    let after = &inner[end + 2..];
    let name = &inner[..end];
    let (negated, plain) = match name.strip_prefix('^') {
        Some(plain) => (true, plain),
        None => (false, name),
    };
    let Some(ranges) = unicode::posix(plain) else {
        return Err(Fault::Range.at(before(rest, after)));
    };
    Ok(Some((group(ranges, negated, flags), after)))
}

/// The class of some ASCII ranges.
fn group(ranges: &[(u8, u8)], negated: bool, flags: Flags) -> ClassUnicode {
    let ranges = ranges
        .iter()
        .map(|(a, b)| ClassUnicodeRange::new((*a).into(), (*b).into()));
    let mut set = ClassUnicode::new(ranges);
    if flags.fold {
        fold(&mut set);
    }
    if negated {
        set.negate();
    }
    set
}

/// Reads `\p{…}`, `\d` and their like, if that is what stands there.
pub(super) fn parse_escaped_class(
    rest: &str,
    flags: Flags,
) -> Result<Option<(ClassUnicode, &str)>, PatternError> {
    let mut chars = rest.chars();
    if chars.next() != Some('\\') {
        return Ok(None);
    }
    let Some(letter) = chars.next() else {
        return Ok(None);
    };
    let after = chars.as_str();
    match letter {
        'p' | 'P' => parse_property(rest, letter == 'P', flags).map(Some),
        'd' | 's' | 'w' => Ok(Some((group(unicode::perl(letter), false, flags), after))),
        'D' | 'S' | 'W' => {
            let ranges = unicode::perl(letter.to_ascii_lowercase());
            Ok(Some((group(ranges, true, flags), after)))
        }
        _ => Ok(None),
    }
}

fn parse_property(
    rest: &str,
    mut negated: bool,
    flags: Flags,
) -> Result<(ClassUnicode, &str), PatternError> {
    let (mut name, after) = if rest[2..].starts_with('{') {
        let Some(end) = rest.find('}') else {
            return Err(Fault::Range.at(rest));
        };
        (&rest[3..end], &rest[end + 1..])
    } else {
        let len = rest[2..].chars().next().map_or(0, char::len_utf8);
        rest[2..].split_at(len)
    };
    if let Some(plain) = name.strip_prefix('^') {
        negated = !negated;
        name = plain;
    }
    let Some(mut set) = unicode::property(name) else {
        return Err(Fault::Range.at(before(rest, after)));
    };
    if flags.fold {
        fold(&mut set);
    }
    if negated {
        set.negate();
    }
    Ok((set, after))
}

/// Reads the escape of one character.
pub(super) fn parse_escape(rest: &str) -> Result<(Parsed, &str), PatternError> {
    let mut chars = rest[1..].chars();
    let Some(c) = chars.next() else {
        return Err(Fault::TrailingBackslash.at(""));
    };
    let octal = |text: &str| text.starts_with(|c: char| ('0'..='7').contains(&c));
    let plain = match c {
        'a' => '\x07',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' => return parse_hex(rest),
        '0' => return Ok(parse_octal(&rest[1..])),
        '1'..='7' if octal(chars.as_str()) => return Ok(parse_octal(&rest[1..])),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
        _ => return Err(Fault::Escape.at(before(rest, chars.as_str()))),
    };
    Ok((Parsed::Char(plain), chars.as_str()))
}

/// Reads up to three octal digits.
fn parse_octal(digits: &str) -> (Parsed, &str) {
    let len = digits
        .bytes()
        .take(3)
        .take_while(|c| (b'0'..=b'7').contains(c))
        .count();
    let (digits, rest) = digits.split_at(len);
    let code = digits
        .bytes()
        .fold(0, |code, c| code * 8 + u32::from(c - b'0'));
    (Parsed::from_code(code), rest)
}

/// Reads `\x41` or `\x{41}`.
fn parse_hex(rest: &str) -> Result<(Parsed, &str), PatternError> {
    let mut chars = rest[2..].chars();
    let bad = |after: &str| Err(Fault::Escape.at(before(rest, after)));
    let Some(first) = chars.next() else {
        return bad("");
    };
    if first == '{' {
        return parse_braced_hex(rest);
    }
    let second = chars.next();
    match (first.to_digit(16), second.and_then(|c| c.to_digit(16))) {
        (Some(a), Some(b)) => Ok((Parsed::from_code(a * 16 + b), chars.as_str())),
        _ => bad(chars.as_str()),
    }
}

fn parse_braced_hex(rest: &str) -> Result<(Parsed, &str), PatternError> {
    let mut chars = rest[3..].chars();
    let mut code = 0;
    let mut digits = 0;
    while let Some(c) = chars.next() {
        match c.to_digit(16) {
            Some(digit) => {
                code = code * 16 + digit;
                digits += 1;
                if code > char::MAX as u32 {
                    break;
                }
            }
            None if c == '}' && digits > 0 => {
                return Ok((Parsed::from_code(code), chars.as_str()));
            }
            None => break,
        }
    }
    Err(Fault::Escape.at(before(rest, chars.as_str())))
}
