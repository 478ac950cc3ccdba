//! `date`, `time`, `date-time`, `duration` and `period`.

use windlass_value::fmt::atoi;

use super::fail;
use crate::schema::quote::quote_rune;

pub(super) fn date(text: &str) -> Result<(), String> {
    match windlass_time::parse(b"2006-01-02", text.as_bytes()) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn time(text: &str) -> Result<(), String> {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    let bytes = text.as_bytes();
    if bytes[2] != b':' || bytes[5] != b':' {
        return fail("missing colon in correct place");
    }
    let mut clock = [0; 3];
    for (number, part) in clock
        .iter_mut()
        .zip([&bytes[..2], &bytes[3..5], &bytes[6..8]])
    {
        *number = match atoi(part) {
            Err(_) => return fail("invalid hour/min/sec"),
            Ok(n) if n < 0 => return fail("non-positive hour/min/sec"),
            Ok(n) => n,
        };
    }
    let [mut hour, mut minute, second] = clock;
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    let mut rest = &bytes[8..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            return fail("no digits in second fraction");
        }
        rest = &fraction[digits..];
    }
    if rest != b"z" && rest != b"Z" {
        let minutes = hour * 60 + minute - offset(rest)?;
        let minutes = if minutes < 0 {
            minutes + 24 * 60
        } else {
            minutes
        };
        (hour, minute) = (minutes / 60, minutes % 60);
    }
    if second >= 60 && (hour != 23 || minute != 59) {
        return fail("invalid leap second");
    }
    Ok(())
}

/// The minutes that a zone lies ahead.
fn offset(text: &[u8]) -> Result<i64, String> {
    let err = |message: &str| Err(message.to_owned());
    if text.len() != 6 {
        return err("offset must be 6 characters long");
    }
    let sign = match text[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return err("offset must begin with plus/minus"),
    };
    if text[3] != b':' {
        return err("missing colon in offset in correct place");
    }
    let mut parts = [0; 2];
    for (number, part) in parts.iter_mut().zip([&text[1..3], &text[4..]]) {
        *number = match atoi(part) {
            Err(_) => return err("invalid hour/min in offset"),
            Ok(n) if n < 0 => return err("non-positive hour/min in offset"),
            Ok(n) => n,
        };
    }
    let [hours, minutes] = parts;
    if hours > 23 || minutes > 59 {
        return err("hour/min in offset out of range");
    }
    Ok(sign * (hours * 60 + minutes))
}

pub(super) fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return fail("11th character must be t or T");
    }
    date(&text[..10]).map_err(|e| format!("invalid date element: {e}"))?;
    time(&text[11..]).map_err(|e| format!("invalid time element: {e}"))
}

pub(super) fn duration(text: &str) -> Result<(), String> {
    let Some(text) = text.strip_prefix('P') else {
        return fail("must start with P");
    };
    if text.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = text.strip_suffix('W') {
        if weeks.is_empty() {
            return fail("no number in week");
        }
        let digits = weeks.bytes().all(|c| c.is_ascii_digit());
        return if digits { Ok(()) } else { fail("invalid week") };
    }
    for (i, part) in text.split('T').enumerate() {
        if i > 0 && part.is_empty() {
            return fail("no time elements");
        }
        match i {
            0 => elements(part, "YMD")?,
            1 => elements(part, "HMS")?,
            _ => return fail("more than one T"),
        }
    }
    Ok(())
}

/// Checks numbers with units, each unit at most once and in order.
fn elements(text: &str, units: &str) -> Result<(), String> {
    let mut left = units;
    let mut bytes = text.as_bytes();
    while !bytes.is_empty() {
        let digits = bytes.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            return fail("missing number");
        }
        let Some(&unit) = bytes.get(digits) else {
            return fail("missing unit");
        };
        let unit = char::from(unit);
        match left.find(unit) {
            Some(at) => left = &left[at + 1..],
            None if units.contains(unit) => {
                return Err(format!("unit {} out of order", quote_rune(unit)));
            }
            None => return Err(format!("invalid unit {}", quote_rune(unit))),
        }
        bytes = &bytes[digits + 1..];
    }
    Ok(())
}

pub(super) fn period(text: &str) -> Result<(), String> {
    let Some((start, end)) = text.split_once('/') else {
        return fail("missing slash");
    };
    if start.starts_with('P') {
        duration(start).map_err(|e| format!("invalid start duration: {e}"))?;
        return date_time(end).map_err(|e| format!("invalid end date-time: {e}"));
    }
    date_time(start).map_err(|e| format!("invalid start date-time: {e}"))?;
    if end.starts_with('P') {
        duration(end).map_err(|e| format!("invalid end duration: {e}"))
    } else {
        date_time(end).map_err(|e| format!("invalid end date-time: {e}"))
    }
}
