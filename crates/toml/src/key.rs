//! Keys as text, alone and as a path.

use std::borrow::Borrow;

/// Whether a key needs no quotes.
fn is_bare(key: &[u8]) -> bool {
    !key.is_empty()
        && key
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Appends one key, quoted if need be.
pub(crate) fn push_key(out: &mut Vec<u8>, key: &[u8]) {
    if is_bare(key) {
        out.extend_from_slice(key);
    } else {
        push_quoted(out, key);
    }
}

/// The dotted path of keys.
pub(crate) fn path<K: Borrow<[u8]>>(keys: &[K]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, key) in keys.iter().enumerate() {
        if i > 0 {
            out.push(b'.');
        }
        push_key(&mut out, key.borrow());
    }
    out
}

/// Appends a string in double quotes; bytes that are not UTF-8 go through as they are.
pub(crate) fn push_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for &b in text {
        match b {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..=0x1f | 0x7f => out.extend_from_slice(format!("\\u{b:04x}").as_bytes()),
            _ => out.push(b),
        }
    }
    out.push(b'"');
}
