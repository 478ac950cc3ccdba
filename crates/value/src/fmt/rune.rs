//! Runes of a byte string as Go's `utf8` package finds them: each byte that does not belong to a
//! valid sequence is a rune of its own.

/// The first rune and its length; `None` for an invalid byte (or, with length 0, an empty string).
#[must_use]
pub fn decode_rune(bytes: &[u8]) -> (Option<char>, usize) {
    let len = match bytes.first() {
        None => return (None, 0),
        Some(&b) if b < 0x80 => return (Some(b as char), 1),
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) => return (None, 1),
    };
    let rune = bytes.get(..len).and_then(|b| std::str::from_utf8(b).ok());
    match rune.and_then(|s| s.chars().next()) {
        Some(c) => (Some(c), len),
        None => (None, 1),
    }
}

/// The runes with the offset of each; an invalid byte gives U+FFFD.
pub fn runes(bytes: &[u8]) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (rune, len) = decode_rune(&bytes[at..]);
        let here = at;
        at += len;
        (len > 0).then_some((here, rune.unwrap_or('\u{fffd}')))
    })
}

/// The number of runes.
#[must_use]
pub fn rune_count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(s) => s.chars().count(),
        Err(_) => runes(bytes).count(),
    }
}
