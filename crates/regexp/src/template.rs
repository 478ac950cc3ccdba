//! Replacement texts: `$1`, `$name`, `${name}`, `$$`.

use windlass_value::fmt::runes;
use windlass_value::unicode::{is_digit, is_letter};

use crate::program::{Groups, Regexp};

/// A part of a replacement.
pub(super) enum Part<'a> {
    Text(&'a [u8]),
    /// A group by number.
    Number(usize),
    /// The first group of this name that took part in the match.
    Name(&'a [u8]),
}

/// Reads a replacement. A `$` that starts no reference is text.
pub(super) fn parse(mut text: &[u8]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some(dollar) = memchr::memchr(b'$', text) {
        parts.push(Part::Text(&text[..dollar]));
        let after = &text[dollar + 1..];
        if after.first() == Some(&b'$') {
            parts.push(Part::Text(b"$"));
            text = &after[1..];
        } else if let Some((name, rest)) = reference(after) {
            parts.push(group(name));
            text = rest;
        } else {
            parts.push(Part::Text(b"$"));
            text = after;
        }
    }
    parts.push(Part::Text(text));
    parts
}

/// The name behind a `$`, with or without braces, and what follows.
fn reference(after: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = after.strip_prefix(b"{");
    let text = inner.unwrap_or(after);
    let end = runes(text).find(|(_, c)| !is_letter(*c) && !is_digit(*c) && *c != '_');
    let (name, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
    if name.is_empty() {
        return None;
    }
    Some((
        name,
        if inner.is_some() {
            rest.strip_prefix(b"}")?
        } else {
            rest
        },
    ))
}

/// A number if it is written like one, without leading zeros and of at most nine digits.
fn group(name: &[u8]) -> Part<'_> {
    let canonical = name.iter().all(u8::is_ascii_digit) && (name[0] != b'0' || name.len() == 1);
    let number = std::str::from_utf8(name).ok().and_then(|s| s.parse().ok());
    match number {
        Some(number) if canonical && name.len() <= 9 => Part::Number(number),
        _ => Part::Name(name),
    }
}

/// How many groups of a match the replacement wants to see.
pub(super) fn groups_needed(parts: &[Part<'_>], regexp: &Regexp) -> usize {
    if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        1
    } else {
        regexp.groups()
    }
}

/// What expanding once counts: a name is looked for among all groups.
pub(super) fn steps(parts: &[Part<'_>], regexp: &Regexp) -> u64 {
    const NAMES_A_STEP: usize = 8;
    let names = 1 + regexp.groups() / NAMES_A_STEP;
    let part = |part: &Part<'_>| {
        if matches!(part, Part::Name(_)) {
            names
        } else {
            1
        }
    };
    parts.iter().map(part).sum::<usize>() as u64
}

/// Hands over the texts that the replacement of one match is made of.
pub(super) fn expand(
    parts: &[Part<'_>],
    regexp: &Regexp,
    s: &[u8],
    found: &Groups,
    mut put: impl FnMut(&[u8]),
) {
    for part in parts {
        match part {
            Part::Text(text) => put(text),
            Part::Number(number) => put(found.text(s, *number)),
            Part::Name(name) => {
                let named = regexp
                    .groups_named(name)
                    .find(|i| found.range(*i).is_some());
                put(named.map_or(b"", |i| found.text(s, i)));
            }
        }
    }
}
