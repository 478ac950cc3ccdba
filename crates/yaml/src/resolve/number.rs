//! Numbers in plain scalars.

use windlass_value::fmt::{parse_float, parse_int, parse_uint};

/// A number of the Go type that goyaml decodes it to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    /// Beyond the range of `int`.
    Uint(u64),
    Float(f64),
}

/// Reads a number that begins with a digit or a sign. Underscores do not count.
pub(super) fn parse(text: &[u8]) -> Option<Number> {
    if let Some(n) = small_decimal(text) {
        return Some(Number::Int(n));
    }
    let plain: Vec<u8>;
    let text = if text.contains(&b'_') {
        plain = text.iter().copied().filter(|&b| b != b'_').collect();
        &plain
    } else {
        text
    };
    if !text
        .iter()
        .all(|b| b.is_ascii_hexdigit() || b"+-.xXoObB".contains(b))
    {
        return None;
    }
    if let Ok(n) = parse_int(text, 0, 64) {
        return Some(Number::Int(n));
    }
    if let Ok(n) = parse_uint(text, 0, 64) {
        return Some(Number::Uint(n));
    }
    if is_float(text)
        && let Ok(x) = parse_float(text, 64)
    {
        return Some(Number::Float(x));
    }
    signed_after_prefix(text, b'b', 2)
}

/// Reads a float that begins with a point.
pub(super) fn parse_dotted(text: &[u8]) -> Option<Number> {
    let plausible = text
        .iter()
        .all(|b| b.is_ascii_digit() || b"+-._eE".contains(b));
    if !plausible {
        return None;
    }
    parse_float(text, 64).ok().map(Number::Float)
}

/// The usual case: few decimal digits, no sign, no leading zero.
fn small_decimal(text: &[u8]) -> Option<i64> {
    let usual = matches!(text, [b'0'] | [b'1'..=b'9', ..]) && text.len() <= 18;
    if !usual || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
}

/// Whether text is what YAML calls a float: Go's parser knows more forms.
fn is_float(text: &[u8]) -> bool {
    let mut rest = text
        .strip_prefix(b"+")
        .or(text.strip_prefix(b"-"))
        .unwrap_or(text);
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(rest);
    rest = &rest[whole..];
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix(b".") {
        fraction = digits(after);
        rest = &after[fraction..];
    }
    if whole == 0 && fraction == 0 {
        return false;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let after = after
            .strip_prefix(b"+")
            .or(after.strip_prefix(b"-"))
            .unwrap_or(after);
        return !after.is_empty() && digits(after) == after.len();
    }
    rest.is_empty()
}

/// Whether goyaml v3 takes text for an octal number although v2 does not: `0o-17`.
pub(super) fn is_octal_to_v3(text: &[u8]) -> bool {
    let plain: Vec<u8> = text.iter().copied().filter(|&b| b != b'_').collect();
    signed_after_prefix(&plain, b'o', 8).is_some()
}

/// Numbers with a sign after the prefix, which Go's parser does not know but goyaml lets pass:
/// `0b-101`.
fn signed_after_prefix(text: &[u8], letter: u8, base: u32) -> Option<Number> {
    match text {
        [b'0', l, digits @ ..] if *l == letter => match parse_int(digits, base, 64) {
            Ok(n) => Some(Number::Int(n)),
            Err(_) => parse_uint(digits, base, 64).ok().map(Number::Uint),
        },
        [b'-', b'0', l, digits @ ..] if *l == letter => {
            let negative = [b"-", digits].concat();
            parse_int(&negative, base, 64).ok().map(Number::Int)
        }
        _ => None,
    }
}
