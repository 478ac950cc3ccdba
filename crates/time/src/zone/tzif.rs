//! The TZif format (RFC 8536): the files of the IANA time zone database.

use crate::zone::posix::Rules;
use crate::zone::{ALPHA, Kind, Location};

/// Reads a file's bytes; `None` if they are malformed.
pub(super) fn parse(name: &str, data: &[u8]) -> Option<Location> {
    let mut input = Input(data);
    let version = header(&mut input)?;
    let mut counts = Counts::read(&mut input)?;
    let mut word = 4;
    if version > 1 {
        // The same again follows with 64-bit times.
        input.take(counts.body_len(4)?)?;
        header(&mut input)?;
        counts = Counts::read(&mut input)?;
        word = 8;
    }
    let times = input.take(counts.times.checked_mul(word)?)?;
    let indices = input.take(counts.times)?;
    let kinds = input.take(counts.kinds.checked_mul(6)?)?;
    let names = input.take(counts.chars)?;
    input.take(counts.leaps.checked_mul(word + 4)?)?;
    input.take(counts.std.checked_add(counts.utc)?)?;

    let kinds: Vec<Kind> = kinds
        .chunks_exact(6)
        .map(|k| kind(k, names))
        .collect::<Option<_>>()?;
    if kinds.is_empty() {
        return None;
    }
    let mut changes: Vec<(i64, usize)> = times
        .chunks_exact(word)
        .zip(indices)
        .map(|(time, index)| (big_endian(time), usize::from(*index)))
        .collect();
    if changes.iter().any(|(_, kind)| *kind >= kinds.len()) {
        return None;
    }
    if changes.is_empty() {
        changes.push((ALPHA, 0));
    }
    let rules = match input.0 {
        [b'\n', rules @ .., b'\n'] => std::str::from_utf8(rules).ok().and_then(Rules::parse),
        _ => None,
    };
    Some(Location {
        name: name.to_owned(),
        kinds,
        changes,
        rules,
    })
}

/// Reads magic and version: 1, 2 or 3.
fn header(input: &mut Input<'_>) -> Option<u8> {
    let magic = input.take(4)?;
    let version = match *input.take(16)?.first()? {
        0 => 1,
        b'2' => 2,
        b'3' => 3,
        _ => return None,
    };
    (magic == b"TZif").then_some(version)
}

fn kind(bytes: &[u8], names: &[u8]) -> Option<Kind> {
    let name = names
        .get(usize::from(bytes[5])..)
        .filter(|n| !n.is_empty())?;
    let name = name.split(|b| *b == 0).next()?;
    Some(Kind {
        name: String::from_utf8_lossy(name).into_owned(),
        offset: big_endian(&bytes[..4]),
        dst: bytes[4] != 0,
    })
}

/// A signed number of 4 or 8 bytes.
fn big_endian(bytes: &[u8]) -> i64 {
    let unsigned = bytes.iter().fold(0i64, |n, b| n << 8 | i64::from(*b));
    let unused = 64 - 8 * bytes.len();
    unsigned << unused >> unused
}

struct Counts {
    utc: usize,
    std: usize,
    leaps: usize,
    times: usize,
    kinds: usize,
    chars: usize,
}

impl Counts {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        let mut next = || {
            let bytes = input.take(4)?.try_into().ok()?;
            usize::try_from(u32::from_be_bytes(bytes)).ok()
        };
        Some(Self {
            utc: next()?,
            std: next()?,
            leaps: next()?,
            times: next()?,
            kinds: next()?,
            chars: next()?,
        })
    }

    /// Bytes of the body that goes with these counts, for times of a width.
    fn body_len(&self, word: usize) -> Option<usize> {
        [
            (self.times, word + 1),
            (self.kinds, 6),
            (self.chars, 1),
            (self.leaps, word + 4),
            (self.std, 1),
            (self.utc, 1),
        ]
        .into_iter()
        .try_fold(0usize, |sum, (count, size)| {
            sum.checked_add(count.checked_mul(size)?)
        })
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len)?;
        self.0 = tail;
        Some(head)
    }
}
