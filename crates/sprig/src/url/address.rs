//! Whether a text is an IP address, with the errors of Go's `netip.ParseAddr`.

use windlass_value::fmt::quote;

/// What sort of address a text is.
pub(super) enum Version {
    V4,
    V6,
}

/// An error about the whole text, perhaps at a place in it.
struct Problem<'a> {
    message: &'static str,
    at: &'a [u8],
}

fn problem<'a, T>(message: &'static str, at: &'a [u8]) -> Result<T, Problem<'a>> {
    Err(Problem { message, at })
}

/// Tells the sort of an address.
pub(super) fn check(text: &[u8]) -> Result<Version, String> {
    let checked = match text.iter().find(|b| b".:%".contains(b)) {
        Some(b'.') => check_v4(text).map(|()| Version::V4),
        Some(b':') => check_v6(text).map(|()| Version::V6),
        Some(_) => problem("missing IPv6 address", b""),
        None => problem("unable to parse IP", b""),
    };
    checked.map_err(|Problem { message, at }| {
        let place = if at.is_empty() {
            String::new()
        } else {
            format!(" (at {})", quote(at))
        };
        format!("ParseAddr({}): {message}{place}", quote(text))
    })
}

/// Four decimal fields.
fn check_v4(text: &[u8]) -> Result<(), Problem<'_>> {
    let (mut value, mut digits, mut dots) = (0_u32, 0, 0);
    for (i, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return problem("IPv4 field has octet with leading zero", b"");
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return problem("IPv4 field has value >255", b"");
                }
            }
            b'.' => {
                if i == 0 || i == text.len() - 1 || text[i - 1] == b'.' {
                    return problem("IPv4 field must have at least one digit", &text[i..]);
                }
                if dots == 3 {
                    return problem("IPv4 address too long", b"");
                }
                dots += 1;
                (value, digits) = (0, 0);
            }
            _ => return problem("unexpected character", &text[i..]),
        }
    }
    if dots < 3 {
        problem("IPv4 address too short", b"")
    } else {
        Ok(())
    }
}

/// Groups of four hexadecimal digits, `::` for zeros, perhaps IPv4 at the end and a zone.
fn check_v6(text: &[u8]) -> Result<(), Problem<'_>> {
    let mut rest = text;
    if let Some(percent) = memchr::memchr(b'%', text) {
        if percent + 1 == text.len() {
            return problem("zone must be a non-empty string", b"");
        }
        rest = &text[..percent];
    }
    let mut ellipsis = None;
    if let Some(after) = rest.strip_prefix(b"::") {
        if after.is_empty() {
            return Ok(());
        }
        ellipsis = Some(0);
        rest = after;
    }
    let mut filled = 0;
    while filled < 16 {
        let digits = group(rest)?;
        if rest.get(digits) == Some(&b'.') {
            check_embedded(rest, ellipsis.is_some(), filled)?;
            filled += 4;
            rest = b"";
            break;
        }
        filled += 2;
        let start = &rest[digits..];
        match start {
            [] => {
                rest = start;
                break;
            }
            [b':'] => return problem("colon must be followed by more characters", start),
            [b':', after @ ..] => rest = after,
            _ => return problem("unexpected character, want colon", start),
        }
        if rest[0] == b':' {
            if ellipsis.is_some() {
                return problem("multiple :: in address", rest);
            }
            ellipsis = Some(filled);
            rest = &rest[1..];
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return problem("trailing garbage after address", rest);
    }
    match ellipsis {
        None if filled < 16 => problem("address string too short", b""),
        Some(_) if filled == 16 => {
            problem("the :: must expand to at least one field of zeros", b"")
        }
        _ => Ok(()),
    }
}

/// The number of digits of the group at the start.
fn group(text: &[u8]) -> Result<usize, Problem<'_>> {
    match text.iter().take_while(|b| b.is_ascii_hexdigit()).count() {
        0 => problem(
            "each colon-separated field must have at least one digit",
            text,
        ),
        digits @ 1..=4 => Ok(digits),
        _ => problem("each group must have 4 or less digits", text),
    }
}

fn check_embedded(text: &[u8], ellipsis: bool, filled: usize) -> Result<(), Problem<'_>> {
    if !ellipsis && filled != 12 {
        let message = "embedded IPv4 address must replace the final 2 fields of the address";
        return problem(message, text);
    }
    if filled + 4 > 16 {
        let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
        return problem(message, text);
    }
    check_v4(text)
}
