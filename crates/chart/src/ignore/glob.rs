//! Go's `path.Match`: shell patterns over slash-separated names.
//!
//! `*` and `?` stop at slashes; `[a-z]` and `[^a-z]` are classes (and do match slashes); a backslash
//! takes the next character literally. The whole pattern is checked even where the name has failed.

use windlass_value::fmt::decode_rune;

/// The pattern is not well-formed: Go's `ErrBadPattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub struct BadPattern;

/// Go's `path.Match`: whether a pattern matches a whole path.
///
/// # Errors
/// [`BadPattern`]; a pattern may also be told to be bad only with some names, as in Go.
pub fn path_match(pattern: &str, path: &str) -> Result<bool, BadPattern> {
    matches(pattern.as_bytes(), path.as_bytes())
}

/// Whether the pattern matches the whole name.
pub(super) fn matches(mut pattern: &[u8], mut name: &[u8]) -> Result<bool, BadPattern> {
    while !pattern.is_empty() {
        let (star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        match match_from(star, chunk, name, pattern.is_empty())? {
            Some(after) => name = after,
            None => return Ok(false),
        }
    }
    Ok(name.is_empty())
}

/// Matches a chunk at the start of the name or, behind a star, at the first place that serves.
/// The last chunk must reach the end. Gives what follows the match.
fn match_from<'n>(
    star: bool,
    chunk: &[u8],
    name: &'n [u8],
    last: bool,
) -> Result<Option<&'n [u8]>, BadPattern> {
    let serves = |after: &&[u8]| !last || after.is_empty();
    if let Some(after) = match_chunk(chunk, name)?.filter(serves) {
        return Ok(Some(after));
    }
    if star {
        for (i, _) in name.iter().enumerate().take_while(|&(_, &b)| b != b'/') {
            if let Some(after) = match_chunk(chunk, &name[i + 1..])?.filter(serves) {
                return Ok(Some(after));
            }
        }
    }
    Ok(None)
}

/// Splits off leading stars and the literal part up to the next star outside a class.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let start = pattern.iter().take_while(|&&b| b == b'*').count();
    let pattern = &pattern[start..];
    let mut in_class = false;
    let mut i = 0;
    while i < pattern.len() {
        match pattern[i] {
            b'\\' if i + 1 < pattern.len() => i += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        i += 1;
    }
    (start > 0, &pattern[..i], &pattern[i..])
}

/// Matches a chunk without stars at the start of `name`; gives what follows.
fn match_chunk<'n>(mut chunk: &[u8], name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    // `None` once the match has failed: the rest of the chunk is then only checked.
    let mut rest = Some(name);
    while let Some((&operator, after)) = chunk.split_first() {
        rest = rest.filter(|r| !r.is_empty());
        match operator {
            b'[' => {
                let (rune, width) = rest.map_or((0, 0), first_rune);
                let (matched, after) = match_class(after, rune)?;
                rest = rest.filter(|_| matched).map(|r| &r[width..]);
                chunk = after;
            }
            b'?' => {
                rest = rest.filter(|r| r[0] != b'/').map(|r| &r[first_rune(r).1..]);
                chunk = after;
            }
            b'\\' if after.is_empty() => return Err(BadPattern),
            _ => {
                let (literal, after) = if operator == b'\\' {
                    (after[0], &after[1..])
                } else {
                    (operator, after)
                };
                rest = rest.filter(|r| r[0] == literal).map(|r| &r[1..]);
                chunk = after;
            }
        }
    }
    Ok(rest)
}

/// Reads a class, its `[` already gone. Gives whether it holds the rune, and the chunk behind it.
fn match_class(chunk: &[u8], rune: u32) -> Result<(bool, &[u8]), BadPattern> {
    let negated = chunk.first() == Some(&b'^');
    let mut chunk = &chunk[usize::from(negated)..];
    let mut matched = false;
    let mut ranges = 0;
    loop {
        if ranges > 0 && chunk.first() == Some(&b']') {
            return Ok((matched != negated, &chunk[1..]));
        }
        let (low, after) = class_rune(chunk)?;
        let (high, after) = match after.strip_prefix(b"-") {
            Some(after) => class_rune(after)?,
            None => (low, after),
        };
        matched |= (low..=high).contains(&rune);
        ranges += 1;
        chunk = after;
    }
}

/// Reads one character of a class; something must follow it.
fn class_rune(chunk: &[u8]) -> Result<(u32, &[u8]), BadPattern> {
    let chunk = match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => &chunk[1..],
        Some(_) => chunk,
    };
    if chunk.is_empty() {
        return Err(BadPattern);
    }
    let (rune, width) = first_rune(chunk);
    let after = &chunk[width..];
    if after.is_empty() || (rune == u32::from(char::REPLACEMENT_CHARACTER) && width == 1) {
        return Err(BadPattern);
    }
    Ok((rune, after))
}

fn first_rune(bytes: &[u8]) -> (u32, usize) {
    let (rune, width) = decode_rune(bytes);
    (
        u32::from(rune.unwrap_or(char::REPLACEMENT_CHARACTER)),
        width,
    )
}
