//! Go's reference layouts: which pieces of a layout stand for which part of a time.

use crate::text::digit_at;

/// A piece of a layout that stands for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// `January`
    LongMonth,
    /// `Jan`
    ShortMonth,
    /// `1`
    Month,
    /// `01`
    ZeroMonth,
    /// `Monday`
    LongWeekday,
    /// `Mon`
    ShortWeekday,
    /// `2`
    Day,
    /// `_2`
    SpaceDay,
    /// `02`
    ZeroDay,
    /// `__2`
    SpaceYearDay,
    /// `002`
    ZeroYearDay,
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `03`
    ZeroHour12,
    /// `4`
    Minute,
    /// `04`
    ZeroMinute,
    /// `5`
    Second,
    /// `05`
    ZeroSecond,
    /// `2006`
    LongYear,
    /// `06`
    ShortYear,
    /// `PM`
    UpperNoon,
    /// `pm`
    LowerNoon,
    /// `MST`
    ZoneName,
    /// `-0700` and its kin.
    Offset(Offset),
    /// `.000` and its kin.
    Fraction(Fraction),
}

/// How an offset from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    /// `Z` stands for UTC.
    pub(crate) zulu: bool,
    /// Colons between the numbers.
    pub(crate) colon: bool,
    /// How many numbers: hours, minutes, seconds.
    pub(crate) parts: u8,
}

/// How a fraction of a second is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    pub(crate) digits: usize,
    /// Trailing zeros are dropped (`.999`).
    pub(crate) trim: bool,
    pub(crate) separator: u8,
}

/// Splits a layout at its first meaningful piece: text before, the piece and its length, text after.
pub(crate) fn split(layout: &[u8]) -> (&[u8], Option<(Piece, usize)>, &[u8]) {
    for start in 0..layout.len() {
        if let Some((skip, piece, len)) = piece_at(&layout[start..]) {
            let start = start + skip;
            return (&layout[..start], Some((piece, len)), &layout[start + len..]);
        }
    }
    (layout, None, b"")
}

/// The piece at the very start: bytes to skip before it, the piece, its length.
fn piece_at(text: &[u8]) -> Option<(usize, Piece, usize)> {
    let found = |piece, len| Some((0, piece, len));
    let starts = |word: &[u8]| text.starts_with(word);
    // `Jan` and `Mon` must not be the start of another word.
    let word_ends = |len: usize| !text.get(len).is_some_and(u8::is_ascii_lowercase);
    match text.first()? {
        b'J' if starts(b"January") => found(Piece::LongMonth, 7),
        b'J' if starts(b"Jan") && word_ends(3) => found(Piece::ShortMonth, 3),
        b'M' if starts(b"Monday") => found(Piece::LongWeekday, 6),
        b'M' if starts(b"Mon") && word_ends(3) => found(Piece::ShortWeekday, 3),
        b'M' if starts(b"MST") => found(Piece::ZoneName, 3),
        b'0' => zero_piece(text),
        b'1' if starts(b"15") => found(Piece::Hour, 2),
        b'1' => found(Piece::Month, 1),
        b'2' if starts(b"2006") => found(Piece::LongYear, 4),
        b'2' => found(Piece::Day, 1),
        b'_' if starts(b"_2006") => Some((1, Piece::LongYear, 4)),
        b'_' if starts(b"_2") => found(Piece::SpaceDay, 2),
        b'_' if starts(b"__2") => found(Piece::SpaceYearDay, 3),
        b'3' => found(Piece::Hour12, 1),
        b'4' => found(Piece::Minute, 1),
        b'5' => found(Piece::Second, 1),
        b'P' if starts(b"PM") => found(Piece::UpperNoon, 2),
        b'p' if starts(b"pm") => found(Piece::LowerNoon, 2),
        b'-' | b'Z' => offset_piece(text),
        b'.' | b',' => fraction_piece(text),
        _ => None,
    }
}

fn zero_piece(text: &[u8]) -> Option<(usize, Piece, usize)> {
    let piece = match text.get(1)? {
        b'1' => Piece::ZeroMonth,
        b'2' => Piece::ZeroDay,
        b'3' => Piece::ZeroHour12,
        b'4' => Piece::ZeroMinute,
        b'5' => Piece::ZeroSecond,
        b'6' => Piece::ShortYear,
        b'0' if text.get(2) == Some(&b'2') => return Some((0, Piece::ZeroYearDay, 3)),
        _ => return None,
    };
    Some((0, piece, 2))
}

fn offset_piece(text: &[u8]) -> Option<(usize, Piece, usize)> {
    const FORMS: [(&[u8], bool, u8); 5] = [
        (b"070000", false, 3),
        (b"07:00:00", true, 3),
        (b"0700", false, 2),
        (b"07:00", true, 2),
        (b"07", false, 1),
    ];
    let zulu = text[0] == b'Z';
    let (form, colon, parts) = FORMS
        .into_iter()
        .find(|(form, ..)| text[1..].starts_with(form))?;
    Some((
        0,
        Piece::Offset(Offset { zulu, colon, parts }),
        form.len() + 1,
    ))
}

/// A point or comma and a run of only zeros or only nines that no other digit follows.
fn fraction_piece(text: &[u8]) -> Option<(usize, Piece, usize)> {
    let digit = *text.get(1).filter(|b| matches!(b, b'0' | b'9'))?;
    let run = text[1..].iter().take_while(|b| **b == digit).count();
    if digit_at(text, run + 1) {
        return None;
    }
    // Go keeps the count in 12 bits.
    let fraction = Fraction {
        digits: run & 0xfff,
        trim: digit == b'9',
        separator: text[0],
    };
    Some((0, Piece::Fraction(fraction), run + 1))
}
