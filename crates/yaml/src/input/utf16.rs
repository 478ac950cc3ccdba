//! Texts in UTF-16.

use super::Fault;

/// Decodes a text up to the first fault.
pub(super) fn decode(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Option<Fault>) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut units = pairs.iter().map(|&pair| unit(pair)).peekable();
    let fault = |offset, width, problem| Fault {
        offset,
        width,
        problem,
    };
    while let Some(first) = units.next() {
        let problem = match first {
            0xDC00..=0xDFFF => fault(text.len(), 2, "unexpected low surrogate area"),
            0xD800..=0xDBFF => match units.next() {
                None => fault(text.len(), 4, "incomplete UTF-16 surrogate pair"),
                Some(second) => match char::decode_utf16([first, second]).next() {
                    Some(Ok(c)) => {
                        text.push(c);
                        continue;
                    }
                    _ => fault(text.len(), 4, "expected low surrogate area"),
                },
            },
            _ => {
                text.extend(char::from_u32(u32::from(first)));
                continue;
            }
        };
        return (text, Some(problem));
    }
    let end = text.len();
    let broken = (!odd.is_empty()).then(|| fault(end, 2, "incomplete UTF-16 character"));
    (text, broken)
}
