//! Text that must be quoted lest a reader of YAML take it for something else.

use super::{Scalar, number, resolve_plain};

/// Whether text keeps its meaning to goyaml v2 without quotes.
pub(crate) fn is_plain_text_v2(text: &[u8]) -> bool {
    resolve_plain(text) == Scalar::Text && !is_base_60(text)
}

/// Whether text keeps its meaning to goyaml v3, and to older readers, without quotes.
pub(crate) fn is_plain_text_v3(text: &[u8]) -> bool {
    is_plain_text_v2(text) && !number::is_octal_to_v3(text)
}

/// Whether text is a number in base 60, which other readers of YAML 1.1 know: `12:30:45.6`.
fn is_base_60(text: &[u8]) -> bool {
    let unsigned = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    if !unsigned.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let mut parts = unsigned.split(|&b| b == b':');
    if !parts.next().is_some_and(is_number_with_underscores) {
        return false;
    }
    let mut parts = parts.peekable();
    let mut sixtieths = 0;
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let point = part.iter().position(|&b| b == b'.').filter(|_| is_last);
        let (part, fraction) = part.split_at(point.unwrap_or(part.len()));
        if !is_sixtieth(part) || !is_number_with_underscores(fraction.get(1..).unwrap_or_default())
        {
            return false;
        }
        sixtieths += 1;
    }
    sixtieths > 0
}

fn is_number_with_underscores(text: &[u8]) -> bool {
    text.iter().all(|b| b.is_ascii_digit() || *b == b'_')
}

fn is_sixtieth(text: &[u8]) -> bool {
    match text {
        [d] | [b'0'..=b'5', d] => d.is_ascii_digit(),
        _ => false,
    }
}
