//! One match after the other under Go's rules: after an empty match the search goes on one rune
//! later, and an empty match right behind another match does not count.

use std::ops::Range;

use windlass_template::{Context, Error};
use windlass_value::fmt::decode_rune;
use windlass_value::{Str, Value};

use super::program::{Groups, Program};

/// The places of at most `limit` matches, of all if it is negative.
pub(super) fn all(program: &Program, s: &Str, limit: i64) -> Vec<Range<usize>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let searcher = program.searcher(s);
    let mut found = Vec::new();
    let (mut from, mut last_end) = (0, None);
    while found.len() < limit && from <= s.len() {
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
    found
}

/// Where the next rune starts; beyond the end if there is none.
fn after_rune(s: &[u8], at: usize) -> usize {
    at + decode_rune(&s[at..]).1.max(1)
}

/// The parts between the matches: at most `limit` if it is positive.
pub(super) fn split<'a>(program: &Program, s: &'a Str, limit: i64) -> Vec<&'a [u8]> {
    if s.is_empty() && !program.is_empty() {
        return vec![b""];
    }
    let most = usize::try_from(limit).map_or(usize::MAX, |limit| limit - 1);
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for range in all(program, s, limit) {
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
    parts
}

/// The string with every match replaced by what `put` appends. `put` gets that many groups.
pub(super) fn replace(
    ctx: &mut dyn Context,
    program: &Program,
    s: &Str,
    groups: usize,
    mut put: impl FnMut(&mut Vec<u8>, &[u8], &Groups),
) -> Result<Value, Error> {
    let searcher = program.searcher(s);
    let mut out = Vec::new();
    let (mut from, mut copied, mut reserved) = (0, 0, 0);
    let mut any = false;
    while from <= s.len() {
        let Some(found) = searcher.find(from, groups) else {
            break;
        };
        let Some(range) = found.range(0) else { break };
        any = true;
        out.extend_from_slice(&s[copied..range.start]);
        if range.end > copied || range.start == 0 {
            put(&mut out, s, &found);
        }
        copied = range.end;
        from = after_rune(s, from).max(range.end);
        if out.len() > reserved + STRIDE {
            ctx.reserve(out.len() - reserved)?;
            reserved = out.len();
        }
    }
    if !any {
        return Ok(Value::Str(s.clone()));
    }
    out.extend_from_slice(&s[copied..]);
    Ok(Value::str(out))
}

/// Leave for a result that grows is asked in steps of this many bytes.
const STRIDE: usize = 1 << 16;
