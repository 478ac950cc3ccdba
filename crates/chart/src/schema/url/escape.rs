//! Percent encoding, which depends on the part of a URL.

use super::quote;

/// The part of a URL a text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Path,
    Segment,
    Host,
    Zone,
    User,
    Fragment,
}

/// Go's escaping of a part.
pub(super) fn escape(text: &[u8], mode: Mode) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(text.len());
    for &c in text {
        if must_escape(c, mode) {
            out.extend([b'%', HEX[usize::from(c >> 4)], HEX[usize::from(c & 15)]]);
        } else {
            out.push(c);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a path is escaped in some valid way.
pub(super) fn is_escaped(text: &[u8]) -> bool {
    text.iter()
        .all(|&c| b"!$&'()*+,;=:@[]%".contains(&c) || !must_escape(c, Mode::Path))
}

/// Undoes the escaping of a part.
///
/// # Errors
/// In Go's words.
pub(super) fn unescape(text: &[u8], mode: Mode) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        if c != b'%' {
            if matches!(mode, Mode::Host | Mode::Zone) && c < 0x80 && must_escape(c, mode) {
                let name = quote(&char::from(c).to_string());
                return Err(format!("invalid character {name} in host name"));
            }
            out.push(c);
            at += 1;
            continue;
        }
        let end = text.len().min(at + 3);
        let bad = || {
            Err(format!(
                "invalid URL escape {}",
                quote(&String::from_utf8_lossy(&text[at..end]))
            ))
        };
        let digit = |i: usize| text.get(at + i).and_then(|c| char::from(*c).to_digit(16));
        let (Some(high), Some(low)) = (digit(1), digit(2)) else {
            return bad();
        };
        let value = (high * 16 + low) as u8;
        let percent = value == b'%';
        let refused = match mode {
            Mode::Host => high < 8 && !percent,
            Mode::Zone => !percent && value != b' ' && must_escape(value, Mode::Host),
            _ => false,
        };
        if refused {
            return bad();
        }
        out.push(value);
        at += 3;
    }
    Ok(out)
}

fn must_escape(c: u8, mode: Mode) -> bool {
    if c.is_ascii_alphanumeric() {
        return false;
    }
    if matches!(mode, Mode::Host | Mode::Zone) && b"!$&'()*+,;=:[]<>\"".contains(&c) {
        return false;
    }
    match c {
        b'-' | b'_' | b'.' | b'~' => false,
        b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match mode {
            Mode::Path => c == b'?',
            Mode::Segment => matches!(c, b'/' | b';' | b',' | b'?'),
            Mode::User => matches!(c, b'@' | b'/' | b'?' | b':'),
            Mode::Fragment => false,
            Mode::Host | Mode::Zone => true,
        },
        b'!' | b'(' | b')' | b'*' => mode != Mode::Fragment,
        _ => true,
    }
}
