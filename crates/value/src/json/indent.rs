//! Layout of JSON texts: indenting compact text, and compacting text that a type wrote itself.

use super::text::append_escape;
use super::{Error, MAX_OUTPUT};

/// Spreads compact, valid JSON over lines.
pub(super) fn indent(compact: &[u8], prefix: &[u8], indent: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(compact.len() * 2);
    let mut depth = 0usize;
    let mut rest = compact;
    let newline = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend_from_slice(prefix);
        for _ in 0..depth {
            out.extend_from_slice(indent);
        }
    };
    while let Some((&c, tail)) = rest.split_first() {
        if out.len() > MAX_OUTPUT {
            return Err(Error::TooLarge);
        }
        rest = tail;
        match c {
            b'"' => {
                let end = string_end(tail);
                out.push(c);
                out.extend_from_slice(&tail[..end]);
                rest = &tail[end..];
            }
            b'{' | b'[' => {
                out.push(c);
                if let Some((&close @ (b'}' | b']'), tail)) = tail.split_first() {
                    out.push(close);
                    rest = tail;
                } else {
                    depth += 1;
                    newline(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                newline(&mut out, depth);
                out.push(c);
            }
            b',' => {
                out.push(c);
                newline(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => out.push(c),
        }
    }
    Ok(out)
}

/// The length of a string literal after its opening quote, the closing one included.
fn string_end(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        match c {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Appends valid JSON without its blanks, with Go's escapes if so wished.
pub(super) fn append_compact(out: &mut Vec<u8>, json: &[u8], escape_html: bool) {
    let mut rest = json;
    while let Some((&c, tail)) = rest.split_first() {
        rest = tail;
        match c {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'"' => {
                let end = string_end(tail);
                out.push(c);
                append_literal(out, &tail[..end], escape_html);
                rest = &tail[end..];
            }
            _ => out.push(c),
        }
    }
}

fn append_literal(out: &mut Vec<u8>, literal: &[u8], escape_html: bool) {
    if !escape_html {
        out.extend_from_slice(literal);
        return;
    }
    let mut rest = literal;
    while let Some(&c) = rest.first() {
        let len = match rest {
            [b'<' | b'>' | b'&', ..] => 1,
            [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
            _ => {
                out.push(c);
                rest = &rest[1..];
                continue;
            }
        };
        append_escape(out, &rest[..len]);
        rest = &rest[len..];
    }
}
