//! JSON string literals: writing them with Go's escapes, and reading them.

use crate::fmt::decode_rune;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends a string literal; invalid bytes become `\ufffd`.
pub(super) fn append_string(out: &mut Vec<u8>, text: &[u8], escape_html: bool) {
    out.push(b'"');
    let mut copied = 0;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (len, plain) = if byte < 0x80 {
            (1, !needs_escape(byte, escape_html))
        } else {
            let (rune, len) = decode_rune(&text[at..]);
            (len, !matches!(rune, None | Some('\u{2028}' | '\u{2029}')))
        };
        if !plain {
            out.extend_from_slice(&text[copied..at]);
            append_escape(out, &text[at..at + len]);
            copied = at + len;
        }
        at += len;
    }
    out.extend_from_slice(&text[copied..]);
    out.push(b'"');
}

fn needs_escape(byte: u8, escape_html: bool) -> bool {
    match byte {
        b'"' | b'\\' | 0..0x20 => true,
        b'<' | b'>' | b'&' => escape_html,
        _ => false,
    }
}

/// Appends the escape of one ASCII character, of a line or paragraph separator, or of an invalid
/// byte.
pub(super) fn append_escape(out: &mut Vec<u8>, rune: &[u8]) {
    let letter = match rune {
        [c @ (b'"' | b'\\')] => *c,
        b"\x08" => b'b',
        b"\x0c" => b'f',
        b"\n" => b'n',
        b"\r" => b'r',
        b"\t" => b't',
        [c] if *c < 0x80 => {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[HEX[usize::from(c >> 4)], HEX[usize::from(c & 15)]]);
            return;
        }
        [0xe2, 0x80, last] => {
            out.extend_from_slice(b"\\u202");
            out.push(HEX[usize::from(last & 15)]);
            return;
        }
        _ => return out.extend_from_slice(b"\\ufffd"),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

/// The text that a literal stands for, given what is between its quotes, which the scanner has
/// found well formed.
pub(super) fn unquote(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(&byte) = rest.first() {
        if byte != b'\\' {
            let (rune, len) = decode_rune(rest);
            match rune {
                Some(_) => out.extend_from_slice(&rest[..len]),
                None => append_char(&mut out, '\u{fffd}'),
            }
            rest = &rest[len..];
            continue;
        }
        let simple = match rest.get(1) {
            Some(b'b') => b'\x08',
            Some(b'f') => b'\x0c',
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let (c, len) = unicode_escape(rest);
                append_char(&mut out, c);
                rest = &rest[len..];
                continue;
            }
            Some(&c) => c,
            None => break,
        };
        out.push(simple);
        rest = &rest[2..];
    }
    out
}

/// The character of a `\u` escape of four digits, or of two that make a surrogate pair, and their length.
fn unicode_escape(text: &[u8]) -> (char, usize) {
    let first = code_unit(text).unwrap_or(0xfffd);
    if let Some(c) = char::from_u32(first) {
        return (c, 6);
    }
    let second = text.get(6..).and_then(code_unit).unwrap_or(0);
    if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second) {
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code).unwrap_or('\u{fffd}'), 12);
    }
    ('\u{fffd}', 6)
}

fn code_unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits
        .iter()
        .try_fold(0, |n, &c| Some(n << 4 | (c as char).to_digit(16)?))
}

fn append_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
