//! Taking characters away at the ends of a string, or white space everywhere.

use windlass_template::Context;
use windlass_value::Value;
use windlass_value::fmt::{decode_rune, runes};

use crate::call::{Out, string};

/// The rune an invalid byte counts as.
const INVALID: char = '\u{fffd}';

pub(super) fn trim(_: &mut dyn Context, args: &[Value]) -> Out {
    trimmed(args, 0, char::is_whitespace)
}

pub(super) fn trim_all(_: &mut dyn Context, args: &[Value]) -> Out {
    let mut cutset: Vec<char> = runes(string(args, 0)?).map(|(_, c)| c).collect();
    // As long as a chart likes, and looked up for each character that goes.
    cutset.sort_unstable();
    cutset.dedup();
    trimmed(args, 1, |c| cutset.binary_search(&c).is_ok())
}

fn trimmed(args: &[Value], index: usize, cut: impl Fn(char) -> bool) -> Out {
    let whole = string(args, index)?;
    let mut s = whole.as_bytes();
    while let (rune, size @ 1..) = decode_rune(s)
        && cut(rune.unwrap_or(INVALID))
    {
        s = &s[size..];
    }
    while let Some((rune, size)) = decode_last_rune(s)
        && cut(rune)
    {
        s = &s[..s.len() - size];
    }
    Ok(if s.len() == whole.len() {
        Value::Str(whole.clone())
    } else {
        Value::str(s)
    })
}

/// The last rune and its length, as Go's `utf8.DecodeLastRuneInString` finds it.
fn decode_last_rune(s: &[u8]) -> Option<(char, usize)> {
    let last = *s.last()?;
    if last.is_ascii() {
        return Some((last as char, 1));
    }
    let longest = s.len().min(4);
    let whole = (2..=longest).find_map(|size| match decode_rune(&s[s.len() - size..]) {
        (Some(rune), n) if n == size => Some((rune, size)),
        _ => None,
    });
    Some(whole.unwrap_or((INVALID, 1)))
}

pub(super) fn trim_suffix(_: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    Ok(match s.strip_suffix(string(args, 0)?.as_bytes()) {
        Some(rest) if rest.len() < s.len() => Value::str(rest),
        _ => Value::Str(s.clone()),
    })
}

pub(super) fn trim_prefix(_: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    Ok(match s.strip_prefix(string(args, 0)?.as_bytes()) {
        Some(rest) if rest.len() < s.len() => Value::str(rest),
        _ => Value::Str(s.clone()),
    })
}

/// Takes white space away. Every byte counts as the Latin-1 character of its number, and unless
/// nothing is taken away comes out as that character's UTF-8.
pub(super) fn nospace(_: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 0)?;
    if !s.iter().any(|b| char::from(*b).is_whitespace()) {
        return Ok(Value::Str(s.clone()));
    }
    let kept = s
        .iter()
        .map(|b| char::from(*b))
        .filter(|c| !c.is_whitespace());
    Ok(kept.collect::<String>().into())
}
