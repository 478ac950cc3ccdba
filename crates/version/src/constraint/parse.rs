//! The grammar of constraints.

use std::borrow::Cow;

use windlass_value::fmt::quote;

use super::{Constraint, Constraints, Group, MAX_GROUPS, MAX_LEN, Operator, Wildcard};
use crate::error::Error;
use crate::scan::{self, Parts, is_space, is_wildcard_number, skip_space};
use crate::version::Version;

pub(super) fn constraints(text: &[u8]) -> Result<Constraints, Error> {
    if text.len() > MAX_LEN {
        return Err(Error::ConstraintTooLong);
    }
    let text = rewrite_ranges(text);
    let alternatives = split_alternatives(&text);
    if alternatives.len() > MAX_GROUPS {
        return Err(Error::TooManyGroups);
    }
    let groups = alternatives.into_iter().map(group);
    Ok(Constraints {
        groups: groups.collect::<Result<_, _>>()?,
    })
}

/// Splits at each `||`.
fn split_alternatives(text: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|w| w == b"||") {
        parts.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    parts.push(rest);
    parts
}

fn group(text: &[u8]) -> Result<Group, Error> {
    let written = split_group(text).ok_or_else(|| Error::Improper(quote(text)))?;
    let parts = written
        .into_iter()
        .map(|(op, version)| constraint(op, &version));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let wants_prereleases = parts.iter().any(|p| !p.version.prerelease().is_empty());
    Ok(Group {
        parts,
        wants_prereleases,
    })
}

/// The operators and versions of a group: blanks, a comma, or both stand between them.
fn split_group(text: &[u8]) -> Option<Vec<(Operator, Parts<'_>)>> {
    let mut parts = Vec::new();
    let mut rest = skip_space(text);
    loop {
        let (operator, after) = read_operator(rest)?;
        let version = scan::version(skip_space(after), is_wildcard_number)?;
        let after = &skip_space(after)[version.whole.len()..];
        parts.push((operator, version));
        let next = skip_space(after);
        rest = match next.first() {
            None => return Some(parts),
            Some(b',') => skip_space(&next[1..]),
            Some(_) if next.len() < after.len() => next,
            Some(_) => return None,
        };
    }
}

fn read_operator(text: &[u8]) -> Option<(Operator, &[u8])> {
    let is_symbol = |c: &&u8| matches!(c, b'=' | b'!' | b'<' | b'>' | b'~' | b'^');
    let len = text.iter().take_while(is_symbol).count();
    let operator = match &text[..len] {
        b"" => Operator::Equal { implied: true },
        b"=" => Operator::Equal { implied: false },
        b"!=" => Operator::NotEqual,
        b">" => Operator::Greater,
        b"<" => Operator::Less,
        b">=" => Operator::GreaterEqual { reversed: false },
        b"=>" => Operator::GreaterEqual { reversed: true },
        b"<=" => Operator::LessEqual { reversed: false },
        b"=<" => Operator::LessEqual { reversed: true },
        b"~" => Operator::Tilde { arrow: false },
        b"~>" => Operator::Tilde { arrow: true },
        b"^" => Operator::Caret,
        _ => return None,
    };
    Some((operator, &text[len..]))
}

/// Reads the version of a constraint: from a wildcard on, numbers count as zero, and metadata is
/// dropped.
fn constraint(operator: Operator, parts: &Parts<'_>) -> Result<Constraint, Error> {
    let is_wild = |n: Option<&[u8]>| matches!(n, None | Some(b"x" | b"X" | b"*"));
    let (wildcard, numbers): (_, Vec<&[u8]>) = match (parts.major, parts.minor, parts.patch) {
        (major, ..) if is_wild(Some(major)) => (Wildcard::Major, vec![b"0.0.0"]),
        (major, minor, _) if is_wild(minor) => (Wildcard::Minor, vec![major, b".0.0"]),
        (major, Some(minor), patch) if is_wild(patch) => {
            (Wildcard::Patch, vec![major, b".", minor, b".0"])
        }
        _ => (Wildcard::None, vec![parts.whole]),
    };
    let mut text = numbers.concat();
    if wildcard != Wildcard::None && !parts.pre.is_empty() {
        text.push(b'-');
        text.extend_from_slice(parts.pre);
    }
    Ok(Constraint {
        operator,
        version: Version::parse(&text).map_err(|_| Error::Constraint)?,
        written: String::from_utf8_lossy(parts.whole).into_owned(),
        wildcard,
    })
}

/// Writes ranges such as `1.2 - 2` as two comparisons.
///
/// Upstream replaces the first occurrence of a range's text, which is not always the range.
fn rewrite_ranges(text: &[u8]) -> Cow<'_, [u8]> {
    let is_hyphen = |w: &[u8]| is_space(w[0]) && w[1] == b'-' && is_space(w[2]);
    if !text.windows(3).any(is_hyphen) {
        return text.into();
    }
    let mut rewritten = text.to_vec();
    let mut at = 0;
    while at < text.len() {
        let Some((from, to, len)) = read_range(&text[at..]) else {
            at += 1;
            continue;
        };
        let range = &text[at..at + len];
        at += len;
        if let Some(i) = rewritten.windows(len).position(|w| w == range) {
            let comparisons = [b">= ", from, b", <= ", to, b" "].concat();
            rewritten.splice(i..i + len, comparisons);
        }
    }
    rewritten.into()
}

/// Reads a range at the start, blanks around it included: its ends and its length.
fn read_range(text: &[u8]) -> Option<(&[u8], &[u8], usize)> {
    let start = skip_space(text);
    let from = scan::version(start, is_wildcard_number)?.whole;
    let rest = skip_some_space(&start[from.len()..])?.strip_prefix(b"-")?;
    let rest = skip_some_space(rest)?;
    let to = scan::version(rest, is_wildcard_number)?.whole;
    let rest = skip_space(&rest[to.len()..]);
    Some((from, to, text.len() - rest.len()))
}

/// Skips blanks, of which there must be at least one.
fn skip_some_space(text: &[u8]) -> Option<&[u8]> {
    let rest = skip_space(text);
    (rest.len() < text.len()).then_some(rest)
}
