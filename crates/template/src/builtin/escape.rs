//! `html`, `js` and `urlquery`.

use std::borrow::Cow;

use windlass_value::fmt::{append_value, decode_rune, is_print};
use windlass_value::{Str, Value};

use crate::error::Error;
use crate::function::Context;

/// The arguments as one text: each as an action prints it, with a space between two of which
/// neither is a string.
fn text(context: &dyn Context, args: &[Value]) -> Str {
    if let [Value::Str(s)] = args {
        return s.clone();
    }
    let mut out = Vec::new();
    let mut after_string = true;
    for arg in args {
        let is_string = matches!(arg, Value::Str(_) | Value::Nil);
        if !is_string && !after_string {
            out.push(b' ');
        }
        after_string = is_string;
        match arg {
            Value::Nil => out.extend_from_slice(b"<no value>"),
            other => append_value(&mut out, context.heap(), other),
        }
    }
    out.into()
}

/// Replaces bytes by longer texts; shares the text if there is nothing to replace.
fn replaced<'r>(text: Str, replacement: impl Fn(u8) -> Option<Cow<'r, str>>) -> Str {
    let Some(first) = text.iter().position(|b| replacement(*b).is_some()) else {
        return text;
    };
    let mut out = Vec::with_capacity(text.len() + 16);
    out.extend_from_slice(&text[..first]);
    for byte in &text[first..] {
        match replacement(*byte) {
            Some(new) => out.extend_from_slice(new.as_bytes()),
            None => out.push(*byte),
        }
    }
    out.into()
}

pub(super) fn html(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let escape = |byte| {
        Some(Cow::Borrowed(match byte {
            0 => "\u{FFFD}",
            b'"' => "&#34;",
            b'\'' => "&#39;",
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => return None,
        }))
    };
    Ok(Value::Str(replaced(text(context, args), escape)))
}

pub(super) fn urlquery(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => None,
        b' ' => Some(Cow::Borrowed("+")),
        _ => Some(Cow::Owned(format!("%{byte:02X}"))),
    };
    Ok(Value::Str(replaced(text(context, args), escape)))
}

pub(super) fn js(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let text = text(context, args);
    let special = |b: &u8| *b < b' ' || *b >= 0x80 || b"\\'\"<>&=".contains(b);
    if !text.iter().any(special) {
        return Ok(Value::Str(text));
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest: &[u8] = &text;
    while !rest.is_empty() {
        let (rune, length) = decode_rune(rest);
        append_js(&mut out, rune.unwrap_or('\u{FFFD}'), &rest[..length]);
        rest = &rest[length..];
    }
    Ok(Value::str(out))
}

fn append_js(out: &mut Vec<u8>, rune: char, spelling: &[u8]) {
    let escaped = match rune {
        '\\' => r"\\".to_owned(),
        '\'' => r"\'".to_owned(),
        '"' => "\\\"".to_owned(),
        '<' | '>' | '&' | '=' | '\0'..='\x1F' => format!("\\u{:04X}", u32::from(rune)),
        c if c.is_ascii() || is_print(c) => return out.extend_from_slice(spelling),
        c => format!("\\u{:04X}", u32::from(c)),
    };
    out.extend_from_slice(escaped.as_bytes());
}
