//! Small pieces of text that formatting, parsing and messages share.

/// Appends a decimal number, its digits padded with zeros to a width (the sign not counted).
pub(crate) fn push_int(out: &mut Vec<u8>, n: i64, width: usize) {
    if n < 0 {
        out.push(b'-');
    }
    let digits = n.unsigned_abs().to_string();
    out.extend(std::iter::repeat_n(
        b'0',
        width.saturating_sub(digits.len()),
    ));
    out.extend_from_slice(digits.as_bytes());
}

/// Quotes a text as Go's time package does in its messages: bytes outside of printable ASCII
/// become `\x..`.
pub(crate) fn quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for &b in text {
        match b {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(b));
            }
            b' '..=0x7f => out.push(char::from(b)),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out.push('"');
    out
}

/// Reads the leading digits; `None` if they pass 2^63.
pub(crate) fn leading_int(text: &[u8]) -> Option<(u64, &[u8])> {
    const LIMIT: u64 = 1 << 63;
    let mut n: u64 = 0;
    let mut end = 0;
    while let Some(digit) = text.get(end).filter(|b| b.is_ascii_digit()) {
        if n > LIMIT / 10 {
            return None;
        }
        n = n * 10 + u64::from(digit - b'0');
        if n > LIMIT {
            return None;
        }
        end += 1;
    }
    Some((n, &text[end..]))
}

/// Reads a whole text as a number with an optional sign.
pub(crate) fn whole_int(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (n, rest) = leading_int(digits)?;
    // Two's complement, as Go converts: 2^63 comes out negative.
    let n = n.cast_signed();
    rest.is_empty()
        .then(|| if negative { n.wrapping_neg() } else { n })
}

/// Whether there is a digit at an index.
pub(crate) fn digit_at(text: &[u8], index: usize) -> bool {
    text.get(index).is_some_and(u8::is_ascii_digit)
}
