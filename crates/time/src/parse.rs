//! Text to [`Time`], by a layout, with Go's leniency and Go's messages.

use crate::civil::{Month, Weekday, days_before, days_in, is_leap};
use crate::layout::{Offset, Piece, split};
use crate::text::{digit_at, leading_int, quote, whole_int};
use crate::time::Time;
use crate::zone::Zone;

/// Why a text does not fit a layout, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parsing time {0}")]
pub struct ParseError(String);

/// Reads a time by a layout; without a zone in the text it is UTC. Go's `Parse`.
///
/// # Errors
/// The text does not fit the layout, or a number is out of its range.
pub fn parse(layout: &[u8], text: &[u8]) -> Result<Time, ParseError> {
    read(layout, text, &Zone::Utc, &Zone::Local)
}

/// Reads a time by a layout; without a zone in the text it is of the given zone, and that zone's
/// abbreviations are known. Go's `ParseInLocation`.
///
/// # Errors
/// The text does not fit the layout, or a number is out of its range.
pub fn parse_in(layout: &[u8], text: &[u8], zone: &Zone) -> Result<Time, ParseError> {
    read(layout, text, zone, zone)
}

fn read(layout: &[u8], text: &[u8], default: &Zone, known: &Zone) -> Result<Time, ParseError> {
    let mismatch = |value: &[u8], element: &[u8]| {
        ParseError(format!(
            "{} as {}: cannot parse {} as {}",
            quote(text),
            quote(layout),
            quote(value),
            quote(element)
        ))
    };
    let mut found = Found::default();
    let (mut rest, mut value) = (layout, text);
    loop {
        let (before, piece, after) = split(rest);
        value = skip(value, before).map_err(|value| mismatch(value, before))?;
        let Some((piece, len)) = piece else { break };
        let element = &rest[before.len()..before.len() + len];
        rest = after;
        value = found
            .read(piece, value, rest)
            .map_err(|fault| match fault {
                Fault::Mismatch => mismatch(value, element),
                Fault::Range(what) => ParseError(format!("{}: {what} out of range", quote(text))),
            })?;
    }
    if !value.is_empty() {
        return Err(ParseError(format!(
            "{}: extra text: {}",
            quote(text),
            quote(value)
        )));
    }
    found
        .into_time(default, known)
        .map_err(|what| ParseError(format!("{}: {what}", quote(text))))
}

/// Why a piece could not be read.
enum Fault {
    Mismatch,
    Range(&'static str),
}

type Read<'a> = Result<&'a [u8], Fault>;

/// What has been read so far.
#[derive(Default)]
struct Found {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
    before_noon: bool,
    after_noon: bool,
    utc: bool,
    offset: Option<i64>,
    zone_name: String,
}

impl Found {
    /// Reads one piece off the front of a text and gives what is left; `layout` is what follows.
    fn read<'a>(&mut self, piece: Piece, text: &'a [u8], layout: &[u8]) -> Read<'a> {
        match piece {
            Piece::ShortYear => {
                let (digits, rest) = text.split_at_checked(2).ok_or(Fault::Mismatch)?;
                let year = whole_int(digits).ok_or(Fault::Mismatch)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
                Ok(rest)
            }
            Piece::LongYear => {
                let (digits, rest) = text.split_at_checked(4).ok_or(Fault::Mismatch)?;
                let year = whole_int(digits).filter(|_| digit_at(digits, 0));
                self.year = year.ok_or(Fault::Mismatch)?;
                Ok(rest)
            }
            Piece::ShortMonth => self.month_name(text, 3),
            Piece::LongMonth => self.month_name(text, usize::MAX),
            Piece::Month | Piece::ZeroMonth => {
                let (month, rest) = two_digits(text, piece == Piece::ZeroMonth)?;
                self.month = Some(within(month, 1..=12, "month")?);
                Ok(rest)
            }
            Piece::ShortWeekday => word(&Weekday::NAMES, text, 3).map(|(_, rest)| rest),
            Piece::LongWeekday => word(&Weekday::NAMES, text, usize::MAX).map(|(_, rest)| rest),
            Piece::Day | Piece::SpaceDay | Piece::ZeroDay => {
                let text = match text {
                    [b' ', rest @ ..] if piece == Piece::SpaceDay => rest,
                    _ => text,
                };
                let (day, rest) = two_digits(text, piece == Piece::ZeroDay)?;
                self.day = Some(day);
                Ok(rest)
            }
            Piece::SpaceYearDay | Piece::ZeroYearDay => self.year_day(piece, text),
            Piece::Hour => {
                let (hour, rest) = two_digits(text, false)?;
                self.hour = within(hour, 0..=23, "hour")?;
                Ok(rest)
            }
            Piece::Hour12 | Piece::ZeroHour12 => {
                let (hour, rest) = two_digits(text, piece == Piece::ZeroHour12)?;
                self.hour = within(hour, 0..=12, "hour")?;
                Ok(rest)
            }
            Piece::Minute | Piece::ZeroMinute => {
                let (minute, rest) = two_digits(text, piece == Piece::ZeroMinute)?;
                self.minute = within(minute, 0..=59, "minute")?;
                Ok(rest)
            }
            Piece::Second | Piece::ZeroSecond => self.second(piece, text, layout),
            Piece::UpperNoon => self.noon(text, *b"AM", *b"PM"),
            Piece::LowerNoon => self.noon(text, *b"am", *b"pm"),
            Piece::ZoneName => self.zone_name(text),
            Piece::Offset(form) => self.offset(form, text),
            Piece::Fraction(form) if form.trim => match text {
                [b'.' | b',', digit, ..] if digit.is_ascii_digit() => {
                    self.fraction(text, 1 + count_digits(&text[1..]))
                }
                _ => Ok(text),
            },
            Piece::Fraction(form) => self.fraction(text, 1 + form.digits),
        }
    }

    fn month_name<'a>(&mut self, text: &'a [u8], len: usize) -> Read<'a> {
        let (index, rest) = word(&Month::NAMES, text, len)?;
        self.month = Some(index + 1);
        Ok(rest)
    }

    fn year_day<'a>(&mut self, piece: Piece, text: &'a [u8]) -> Read<'a> {
        let spaces = if piece == Piece::SpaceYearDay { 2 } else { 0 };
        let skipped = text.iter().take(spaces).take_while(|b| **b == b' ').count();
        let text = &text[skipped..];
        let digits = count_digits(text).min(3);
        if digits == 0 || piece == Piece::ZeroYearDay && digits != 3 {
            return Err(Fault::Mismatch);
        }
        self.year_day = whole_int(&text[..digits]);
        Ok(&text[digits..])
    }

    /// Seconds may bring a fraction along even if the layout has none.
    fn second<'a>(&mut self, piece: Piece, text: &'a [u8], layout: &[u8]) -> Read<'a> {
        let (second, rest) = two_digits(text, piece == Piece::ZeroSecond)?;
        self.second = within(second, 0..=59, "second")?;
        let has_fraction = matches!(rest.first(), Some(b'.' | b',')) && digit_at(rest, 1);
        if !has_fraction || matches!(split(layout).1, Some((Piece::Fraction(_), _))) {
            return Ok(rest);
        }
        self.fraction(rest, 1 + count_digits(&rest[1..]))
    }

    /// Reads a separator and digits, together so many bytes.
    fn fraction<'a>(&mut self, text: &'a [u8], len: usize) -> Read<'a> {
        let (fraction, rest) = text.split_at_checked(len).ok_or(Fault::Mismatch)?;
        let [b'.' | b',', digits @ ..] = fraction else {
            return Err(Fault::Mismatch);
        };
        let digits = &digits[..digits.len().min(9)];
        let n = whole_int(digits).ok_or(Fault::Mismatch)?;
        if n < 0 {
            return Err(Fault::Range("fractional second"));
        }
        self.nanos = n * 10i64.pow(9 - u32::try_from(digits.len()).expect("at most 9"));
        Ok(rest)
    }

    fn noon<'a>(&mut self, text: &'a [u8], before: [u8; 2], after: [u8; 2]) -> Read<'a> {
        let (mark, rest) = text.split_at_checked(2).ok_or(Fault::Mismatch)?;
        self.before_noon |= mark == before;
        self.after_noon |= mark == after;
        if mark == before || mark == after {
            Ok(rest)
        } else {
            Err(Fault::Mismatch)
        }
    }

    fn zone_name<'a>(&mut self, text: &'a [u8]) -> Read<'a> {
        if let Some(rest) = text.strip_prefix(b"UTC") {
            self.utc = true;
            return Ok(rest);
        }
        let len = zone_name_len(text).ok_or(Fault::Mismatch)?;
        let (name, rest) = text.split_at(len);
        self.zone_name = String::from_utf8_lossy(name).into_owned();
        Ok(rest)
    }

    fn offset<'a>(&mut self, form: Offset, text: &'a [u8]) -> Read<'a> {
        if let ([b'Z', rest @ ..], true) = (text, form.zulu) {
            self.utc = true;
            return Ok(rest);
        }
        let step = if form.colon { 3 } else { 2 };
        let parts = usize::from(form.parts);
        let (field, rest) = text
            .split_at_checked(1 + 2 + step * (parts - 1))
            .ok_or(Fault::Mismatch)?;
        let mut numbers = [0; 3];
        let mut fault = None;
        for (i, number) in numbers.iter_mut().enumerate().take(parts) {
            let start = 1 + step * i;
            if form.colon && i > 0 && field[start - 1] != b':' {
                return Err(Fault::Mismatch);
            }
            // A number that cannot be read counts as zero, and those after it are not read; but a
            // number out of range is told first.
            if fault.is_none() {
                match two_digits(&field[start..start + 2], true) {
                    Ok((n, _)) => *number = n,
                    Err(e) => fault = Some(e),
                }
            }
        }
        let [hours, minutes, seconds] = numbers;
        let mut range = None;
        // Some people write 24 hours or 60 minutes. The last complaint wins.
        for (n, most, what) in [
            (hours, 24, "time zone offset hour"),
            (minutes, 60, "time zone offset minute"),
            (seconds, 60, "time zone offset second"),
        ] {
            if n > most {
                range = Some(what);
            }
        }
        if let Some(what) = range {
            return Err(Fault::Range(what));
        }
        let sign = match field[0] {
            b'+' => 1,
            b'-' => -1,
            _ => return Err(Fault::Mismatch),
        };
        if let Some(fault) = fault {
            return Err(fault);
        }
        // An offset of one second west is Go's mark for "none seen".
        let offset = sign * ((hours * 60 + minutes) * 60 + seconds);
        self.offset = Some(offset).filter(|o| *o != -1);
        Ok(rest)
    }

    /// Puts the parts together; the error says what does not fit.
    fn into_time(mut self, default: &Zone, known: &Zone) -> Result<Time, &'static str> {
        if self.after_noon && self.hour < 12 {
            self.hour += 12;
        } else if self.before_noon && self.hour == 12 {
            self.hour = 0;
        }
        let (month, day) = self.month_and_day()?;
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let clock = [self.hour, self.minute, self.second, self.nanos];
        let in_zone =
            |zone: &Zone| Time::from_date(self.year, Month(month), day, clock, zone.clone());
        if self.utc {
            return Ok(in_zone(&Zone::Utc));
        }
        if let Some(offset) = self.offset {
            let time = in_zone(&Zone::Utc).plus_seconds(-offset);
            let span = known.at(time.unix());
            let is_known =
                span.offset == offset && (self.zone_name.is_empty() || self.zone_name == span.name);
            let zone = if is_known {
                known.clone()
            } else {
                Zone::fixed(&self.zone_name, offset)
            };
            return Ok(time.within(zone));
        }
        if !self.zone_name.is_empty() {
            let time = in_zone(&Zone::Utc);
            if let Some(offset) = known.offset_of_name(&self.zone_name, time.unix()) {
                return Ok(time.plus_seconds(-offset).within(known.clone()));
            }
            // `GMT+3` tells its offset, other unknown names count as none.
            let hours = self
                .zone_name
                .strip_prefix("GMT")
                .filter(|hours| !hours.is_empty());
            let hours = hours
                .and_then(|hours| whole_int(hours.as_bytes()))
                .unwrap_or(0);
            return Ok(time.within(Zone::fixed(&self.zone_name, hours * 3600)));
        }
        Ok(in_zone(default))
    }

    fn month_and_day(&self) -> Result<(i64, i64), &'static str> {
        let Some(mut year_day) = self.year_day else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let is_leap_day = is_leap(self.year) && year_day == 31 + 29;
        if is_leap(self.year) && year_day > 31 + 29 {
            year_day -= 1;
        }
        if !(1..=365).contains(&year_day) {
            return Err("day-of-year out of range");
        }
        let month = (1..=12)
            .rev()
            .find(|m| days_before(*m) < year_day)
            .unwrap_or(1);
        let (month, day) = if is_leap_day {
            (2, 29)
        } else {
            (month, year_day - days_before(month))
        };
        if self.month.is_some_and(|m| m != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|d| d != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }
}

/// Takes a literal prefix off; any run of spaces equals any other, and a missing one at the end.
fn skip<'a>(mut text: &'a [u8], mut prefix: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    while let Some((&first, rest)) = prefix.split_first() {
        match text.split_first() {
            None | Some((b' ', _)) if first == b' ' => {
                prefix = trim_spaces(prefix);
                text = trim_spaces(text);
            }
            Some((&next, after)) if next == first && first != b' ' => {
                prefix = rest;
                text = after;
            }
            _ => return Err(text),
        }
    }
    Ok(text)
}

fn trim_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|b| **b == b' ').count()..]
}

fn within(n: i64, range: std::ops::RangeInclusive<i64>, what: &'static str) -> Result<i64, Fault> {
    if range.contains(&n) {
        Ok(n)
    } else {
        Err(Fault::Range(what))
    }
}

fn count_digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// One or two digits; with `both`, two.
fn two_digits(text: &[u8], both: bool) -> Result<(i64, &[u8]), Fault> {
    let len = count_digits(text).min(2);
    if len == 0 || both && len == 1 {
        return Err(Fault::Mismatch);
    }
    let n = text[..len]
        .iter()
        .fold(0, |n, digit| n * 10 + i64::from(digit - b'0'));
    Ok((n, &text[len..]))
}

/// One of some words in any case, of each only the first `len` letters.
fn word<'a>(words: &[&str], text: &'a [u8], len: usize) -> Result<(i64, &'a [u8]), Fault> {
    (0..)
        .zip(words)
        .find_map(|(i, word)| {
            let word = &word.as_bytes()[..word.len().min(len)];
            let (head, rest) = text.split_at_checked(word.len())?;
            head.eq_ignore_ascii_case(word).then_some((i, rest))
        })
        .ok_or(Fault::Mismatch)
}

/// The length of what looks like an abbreviation of a zone.
fn zone_name_len(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_hours_len(rest));
    }
    if matches!(text[0], b'+' | b'-') {
        return Some(signed_hours_len(text)).filter(|len| *len > 0);
    }
    let capitals = text
        .iter()
        .take(6)
        .take_while(|b| b.is_ascii_uppercase())
        .count();
    match capitals {
        3 => Some(3),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        5 if text[4] == b'T' => Some(5),
        _ => None,
    }
}

/// The length of a signed number of hours up to 23, else 0.
fn signed_hours_len(text: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = text else {
        return 0;
    };
    match leading_int(digits) {
        Some((hours, rest)) if rest.len() < digits.len() && hours <= 23 => text.len() - rest.len(),
        _ => 0,
    }
}
