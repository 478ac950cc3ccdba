//! One match after the other under Go's rules: after an empty match the search goes on one rune
//! later, and an empty match right behind another match does not count.

use std::ops::Range;

use windlass_value::fmt::decode_rune;

use crate::program::{Cost, Groups, Regexp};

/// The places of at most `limit` matches, of all if it is negative.
pub(super) fn all<E>(
    regexp: &Regexp,
    s: &[u8],
    limit: i64,
    mut pay: impl FnMut(Cost) -> Result<(), E>,
) -> Result<Vec<Range<usize>>, E> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let searcher = regexp.searcher(s);
    let mut found = Vec::new();
    let (mut from, mut last_end) = (0, None);
    while found.len() < limit && from <= s.len() {
        pay(Cost::Steps(regexp.match_steps(s.len() - from)))?;
        let Some(range) = searcher.find(from, 1).and_then(|groups| groups.range(0)) else {
            break;
        };
        let abuts = range.end == from && last_end == Some(range.start);
        from = if range.end == from {
            after_rune(s, from)
        } else {
            range.end
        };
        last_end = Some(range.end);
        if !abuts {
            found.push(range);
        }
    }
    Ok(found)
}

/// Where the next rune starts; beyond the end if there is none.
fn after_rune(s: &[u8], at: usize) -> usize {
    at + decode_rune(&s[at..]).1.max(1)
}

/// The parts between the matches: at most `limit` if it is positive.
pub(super) fn split<'a, E>(
    regexp: &Regexp,
    s: &'a [u8],
    limit: i64,
    pay: impl FnMut(Cost) -> Result<(), E>,
) -> Result<Vec<&'a [u8]>, E> {
    if s.is_empty() && !regexp.text().is_empty() {
        return Ok(vec![b""]);
    }
    let most = usize::try_from(limit).map_or(usize::MAX, |limit| limit - 1);
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for range in all(regexp, s, limit, pay)? {
        if parts.len() >= most {
            break;
        }
        end = range.start;
        if range.end != 0 {
            parts.push(&s[start..end]);
        }
        start = range.end;
    }
    if end != s.len() {
        parts.push(&s[start..]);
    }
    Ok(parts)
}

/// The string with every match replaced by what `put` appends, `None` if there is no match. `put` gets
/// that many groups and takes so many steps; `length` tells beforehand how much it will append.
pub(super) fn replace<E>(
    regexp: &Regexp,
    s: &[u8],
    groups: usize,
    steps: u64,
    mut pay: impl FnMut(Cost) -> Result<(), E>,
    length: impl Fn(&Groups) -> usize,
    mut put: impl FnMut(&mut Vec<u8>, &Groups),
) -> Result<Option<Vec<u8>>, E> {
    let searcher = regexp.searcher(s);
    let mut out = Vec::new();
    let (mut from, mut copied, mut reserved) = (0, 0, 0);
    let mut any = false;
    while from <= s.len() {
        pay(Cost::Steps(
            regexp.match_steps(s.len() - from).saturating_add(steps),
        ))?;
        let Some(found) = searcher.find(from, groups) else {
            break;
        };
        let Some(range) = found.range(0) else { break };
        any = true;
        let grown = out.len() + (range.start - copied) + length(&found);
        if grown > reserved + STRIDE {
            pay(Cost::Bytes(grown - reserved))?;
            reserved = grown;
        }
        out.extend_from_slice(&s[copied..range.start]);
        if range.end > copied || range.start == 0 {
            put(&mut out, &found);
        }
        copied = range.end;
        from = after_rune(s, from).max(range.end);
    }
    if !any {
        return Ok(None);
    }
    out.extend_from_slice(&s[copied..]);
    Ok(Some(out))
}

/// Leave for a result that grows is asked in steps of this many bytes.
const STRIDE: usize = 1 << 16;
