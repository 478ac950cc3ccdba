//! [`Time`] to text, by a layout.

use crate::RFC3339_NANO;
use crate::civil::{Civil, Month, Weekday};
use crate::layout::{Fraction, Offset, Piece, split};
use crate::text::push_int;
use crate::time::Time;

impl Time {
    /// The time written by a layout: Go's `Format`.
    #[must_use]
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(layout.len() + 10);
        let (name, offset) = self.zone_now();
        let civil = Civil::of_unix(self.unix().wrapping_add(offset));
        let mut rest = layout;
        loop {
            let (before, piece, after) = split(rest);
            out.extend_from_slice(before);
            let Some((piece, _)) = piece else { return out };
            rest = after;
            match piece {
                Piece::Offset(form) => push_offset(&mut out, offset, form),
                Piece::ZoneName if name.is_empty() => {
                    let form = Offset {
                        zulu: false,
                        colon: false,
                        parts: 2,
                    };
                    push_offset(&mut out, offset, form);
                }
                Piece::ZoneName => out.extend_from_slice(name.as_bytes()),
                Piece::Fraction(form) => push_fraction(&mut out, self.nanosecond(), form),
                _ => push_civil(&mut out, &civil, piece),
            }
        }
    }

    /// The time in RFC 3339, checked as `MarshalText` and `MarshalJSON` check it.
    ///
    /// # Errors
    /// A year of other than four digits, or an offset of a day or more.
    pub fn to_rfc3339(&self) -> Result<String, &'static str> {
        let text = self.format(RFC3339_NANO);
        if text.get(4) != Some(&b'-') {
            return Err("year outside of range [0,9999]");
        }
        if text.last() != Some(&b'Z') {
            // `±hh:mm`: the sign is where the offset starts, unless the hours are too many.
            let tail = &text[text.len() - 6..];
            let hours = i32::from(tail[1]) * 10 + i32::from(tail[2]) - i32::from(b'0') * 11;
            if tail[0].is_ascii_digit() || hours >= 24 {
                return Err("timezone hour outside of range [0,23]");
            }
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// Go's `String` method.
impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.format(b"2006-01-02 15:04:05.999999999 -0700 MST");
        f.write_str(&String::from_utf8_lossy(&text))?;
        let Some(reading) = self.monotonic() else {
            return Ok(());
        };
        let n = reading.unsigned_abs();
        let sign = if reading < 0 { '-' } else { '+' };
        write!(f, " m={sign}{}.{:09}", n / 1_000_000_000, n % 1_000_000_000)
    }
}

fn push_civil(out: &mut Vec<u8>, civil: &Civil, piece: Piece) {
    match piece {
        Piece::ShortYear => push_int(out, civil.year.wrapping_abs() % 100, 2),
        Piece::LongYear => push_int(out, civil.year, 4),
        Piece::ShortMonth => out.extend_from_slice(&name_of(civil.month)[..3]),
        Piece::LongMonth => out.extend_from_slice(name_of(civil.month)),
        Piece::Month => push_int(out, civil.month.0, 0),
        Piece::ZeroMonth => push_int(out, civil.month.0, 2),
        Piece::ShortWeekday => out.extend_from_slice(&name_of_day(civil.weekday)[..3]),
        Piece::LongWeekday => out.extend_from_slice(name_of_day(civil.weekday)),
        Piece::Day => push_int(out, civil.day, 0),
        Piece::SpaceDay => push_spaced(out, civil.day, 2),
        Piece::ZeroDay => push_int(out, civil.day, 2),
        Piece::SpaceYearDay => push_spaced(out, civil.year_day, 3),
        Piece::ZeroYearDay => push_int(out, civil.year_day, 3),
        Piece::Hour => push_int(out, civil.hour, 2),
        Piece::Hour12 => push_int(out, (civil.hour + 11) % 12 + 1, 0),
        Piece::ZeroHour12 => push_int(out, (civil.hour + 11) % 12 + 1, 2),
        Piece::Minute => push_int(out, civil.minute, 0),
        Piece::ZeroMinute => push_int(out, civil.minute, 2),
        Piece::Second => push_int(out, civil.second, 0),
        Piece::ZeroSecond => push_int(out, civil.second, 2),
        Piece::UpperNoon => out.extend_from_slice(if civil.hour >= 12 { b"PM" } else { b"AM" }),
        Piece::LowerNoon => out.extend_from_slice(if civil.hour >= 12 { b"pm" } else { b"am" }),
        // Those need more than a date and are written by the caller.
        Piece::ZoneName | Piece::Offset(_) | Piece::Fraction(_) => {}
    }
}

fn name_of(month: Month) -> &'static [u8] {
    Month::NAMES[(month.0 - 1) as usize % 12].as_bytes()
}

fn name_of_day(day: Weekday) -> &'static [u8] {
    Weekday::NAMES[day.0 as usize % 7].as_bytes()
}

fn push_spaced(out: &mut Vec<u8>, n: i64, width: usize) {
    out.extend_from_slice(format!("{n:width$}").as_bytes());
}

fn push_offset(out: &mut Vec<u8>, offset: i64, form: Offset) {
    if form.zulu && offset == 0 {
        out.push(b'Z');
        return;
    }
    let minutes = offset / 60;
    // The sign follows the minutes: an offset of less than a minute west keeps it on its seconds.
    let seconds = offset % 60 * if minutes < 0 { -1 } else { 1 };
    out.push(if minutes < 0 { b'-' } else { b'+' });
    push_int(out, minutes.abs() / 60, 2);
    for part in [minutes.abs() % 60, seconds]
        .into_iter()
        .take(usize::from(form.parts) - 1)
    {
        if form.colon {
            out.push(b':');
        }
        push_int(out, part, 2);
    }
}

fn push_fraction(out: &mut Vec<u8>, nanos: u32, form: Fraction) {
    if form.trim && (form.digits == 0 || nanos == 0) {
        return;
    }
    let digits = format!("{nanos:09}");
    let mut digits = &digits[..form.digits.min(9)];
    if form.trim {
        digits = digits.trim_end_matches('0');
        if digits.is_empty() {
            return;
        }
    }
    out.push(form.separator);
    out.extend_from_slice(digits.as_bytes());
}
