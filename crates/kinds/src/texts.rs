//! Values that Go reads from text, base64 and times, and their one written form.

use std::borrow::Cow;

use crate::quote;

/// Where base64 text is broken, as a byte; `None` if it is not. Line breaks are passed over.
pub(crate) fn base64_error(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let skip = |mut at: usize| {
        while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    let mut at = 0;
    loop {
        let mut digits = 0;
        while digits < 4 {
            at = skip(at);
            match bytes.get(at) {
                None if digits == 0 => return None,
                None => return Some(at - digits),
                Some(b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/') => digits += 1,
                Some(b'=') if digits < 2 => return Some(at),
                Some(b'=') => {
                    let end = if digits == 2 {
                        let second = skip(at + 1);
                        match bytes.get(second) {
                            None => return Some(bytes.len()),
                            Some(b'=') => second + 1,
                            Some(_) => return Some(second - 1),
                        }
                    } else {
                        at + 1
                    };
                    let rest = skip(end);
                    return (rest < bytes.len()).then_some(rest);
                }
                Some(_) => return Some(at),
            }
            at += 1;
        }
    }
}

/// Base64 as Go writes it: without line breaks.
pub(crate) fn base64(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace(['\n', '\r'], ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Bytes in base64.
pub(crate) fn base64_of(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap_or(0);
            out.push(if digit <= chunk.len() {
                char::from(DIGITS[value])
            } else {
                '='
            });
        }
    }
    out
}

/// A time in parts.
struct Time {
    days: i64,
    seconds: i64,
    micros: u32,
}

/// What Go says of text that is no time; `None` if it is one.
pub(crate) fn time_error(text: &str, micro: bool) -> Option<String> {
    parse(text, micro).err()
}

/// A time as Go writes it: in UTC, to the second or microsecond.
pub(crate) fn time(text: &str, micro: bool) -> Option<String> {
    let time = parse(text, micro).ok()?;
    let (year, month, day) = civil(time.days);
    let (hour, minute) = (time.seconds / 3600, time.seconds / 60 % 60);
    let second = time.seconds % 60;
    let date = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    Some(if micro {
        format!("{date}.{:06}Z", time.micros)
    } else {
        format!("{date}Z")
    })
}

fn parse(text: &str, micro: bool) -> Result<Time, String> {
    let layout = if micro {
        "2006-01-02T15:04:05.000000Z07:00"
    } else {
        "2006-01-02T15:04:05Z07:00"
    };
    let wrong = |rest: &str, part: &str| {
        format!(
            "parsing time {} as {layout:?}: cannot parse {} as {part:?}",
            quote::quoted(text),
            quote::quoted(rest)
        )
    };
    let range = |what: &str| format!("parsing time {}: {what} out of range", quote::quoted(text));
    let mut rest = text;
    let mut numbers = [0_i64; 6];
    let parts = [
        ("2006", 4, "-"),
        ("01", 2, "-"),
        ("02", 2, "T"),
        ("15", 2, ":"),
        ("04", 2, ":"),
        ("05", 2, ""),
    ];
    for (number, (part, len, after)) in numbers.iter_mut().zip(parts) {
        let digits = rest
            .get(..len)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .ok_or_else(|| wrong(rest, part))?;
        *number = digits.parse().map_err(|_| wrong(rest, part))?;
        rest = &rest[len..];
        rest = rest.strip_prefix(after).ok_or_else(|| wrong(rest, after))?;
    }
    let [year, month, day, hour, minute, second] = numbers;
    let mut micros = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let digits: String = fraction.chars().take(len.min(6)).collect();
        micros = format!("{digits:0<6}").parse().unwrap_or(0);
        rest = &fraction[len..];
    }
    let offset = match rest {
        "Z" => 0,
        _ => zone(rest).ok_or_else(|| wrong(rest, "Z07:00"))?,
    };
    if !(1..=12).contains(&month) {
        return Err(range("month"));
    }
    if day < 1 || day > month_len(year, month) {
        return Err(range("day"));
    }
    for (value, limit, name) in [
        (hour, 24, "hour"),
        (minute, 60, "minute"),
        (second, 60, "second"),
    ] {
        if value >= limit {
            return Err(range(name));
        }
    }
    let total = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    Ok(Time {
        days: total.div_euclid(86400),
        seconds: total.rem_euclid(86400),
        micros,
    })
}

/// `+02:00` in seconds.
fn zone(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let number = |part: &str| {
        let two = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        two.then(|| part.parse::<i64>().ok()).flatten()
    };
    Some(sign * (number(hours)? * 3600 + number(minutes)? * 60))
}

fn month_len(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970, the year counted from March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (month * 153 + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

/// The date of a day since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(366);
    while self::days(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && self::days(year, month + 1, 1) <= days {
        month += 1;
    }
    (year, month, days - self::days(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let seconds = |text| time(text, false).unwrap();
        assert_eq!(seconds("2024-02-29T23:59:59Z"), "2024-02-29T23:59:59Z");
        assert_eq!(
            seconds("2024-03-01T01:00:00.123+02:00"),
            "2024-02-29T23:00:00Z"
        );
        assert_eq!(seconds("1969-12-31T23:00:00-02:00"), "1970-01-01T01:00:00Z");
        assert_eq!(
            time("2024-01-01T00:00:00.5Z", true).unwrap(),
            "2024-01-01T00:00:00.500000Z"
        );
        assert_eq!(
            time_error("yesterday", false).unwrap(),
            r#"parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006""#
        );
    }

    #[test]
    fn base64_of_bytes() {
        for (bytes, text) in [
            ("", ""),
            ("a", "YQ=="),
            ("ab", "YWI="),
            ("abc", "YWJj"),
            ("abcd", "YWJjZA=="),
        ] {
            assert_eq!(base64_of(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn base64_is_broken_where_go_says() {
        for (text, at) in [
            ("YQ==", None),
            ("YWI=\n", None),
            ("", None),
            ("YWJj", None),
            ("YQ", Some(0)),
            ("YW Jj", Some(2)),
            ("YQ=a", Some(2)),
            ("YQ==a", Some(4)),
            ("=", Some(0)),
        ] {
            assert_eq!(base64_error(text), at, "{text:?}");
        }
    }
}
