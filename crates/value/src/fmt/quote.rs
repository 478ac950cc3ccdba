//! Go's string literals: `strconv.Quote` and its relatives.

use super::printable::is_print;
use super::rune::decode_rune;

/// `strconv.Quote`: a double-quoted literal; what is not printable is escaped.
#[must_use]
pub fn quote(bytes: &[u8]) -> String {
    quoted(bytes, false)
}

/// `strconv.QuoteToASCII`: like [`quote`], all but ASCII escaped.
#[must_use]
pub fn quote_to_ascii(bytes: &[u8]) -> String {
    quoted(bytes, true)
}

fn quoted(bytes: &[u8], ascii: bool) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    append_quoted(&mut out, bytes, ascii);
    String::from_utf8(out).expect("invalid bytes are escaped, so a literal is UTF-8")
}

/// Appends the literal of a string, with all but ASCII escaped if so wished.
pub fn append_quoted(out: &mut Vec<u8>, mut bytes: &[u8], ascii: bool) {
    out.push(b'"');
    while let Some(&first) = bytes.first() {
        let (rune, len) = decode_rune(bytes);
        match rune {
            Some(c) => append_escaped(out, c, '"', ascii),
            None => out.extend_from_slice(format!("\\x{first:02x}").as_bytes()),
        }
        bytes = &bytes[len..];
    }
    out.push(b'"');
}

/// Appends a single-quoted character literal.
pub(super) fn append_quoted_rune(out: &mut Vec<u8>, c: char, ascii: bool) {
    out.push(b'\'');
    append_escaped(out, c, '\'', ascii);
    out.push(b'\'');
}

fn append_escaped(out: &mut Vec<u8>, c: char, quote: char, ascii: bool) {
    if c == quote || c == '\\' {
        out.extend_from_slice(&[b'\\', c as u8]);
        return;
    }
    if (c.is_ascii() || !ascii) && is_print(c) {
        append_char(out, c);
        return;
    }
    let escape = match c {
        '\x07' => "\\a".to_owned(),
        '\x08' => "\\b".to_owned(),
        '\x0c' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\x0b' => "\\v".to_owned(),
        '\0'..='\x7f' => format!("\\x{:02x}", c as u32),
        '\u{80}'..='\u{ffff}' => format!("\\u{:04x}", c as u32),
        _ => format!("\\U{:08x}", c as u32),
    };
    out.extend_from_slice(escape.as_bytes());
}

/// Appends the UTF-8 of a character.
pub(super) fn append_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Whether a back-quoted literal can hold the string unchanged on one line.
pub(super) fn can_backquote(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let (rune, len) = decode_rune(bytes);
        match rune {
            None | Some('\u{feff}' | '`' | '\x7f') => return false,
            Some(c) if c < ' ' && c != '\t' => return false,
            Some(_) => bytes = &bytes[len..],
        }
    }
    true
}
