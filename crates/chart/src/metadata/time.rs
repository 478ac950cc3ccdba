//! The time in Chart.lock: RFC 3339 as Go's `time` package reads and writes it.

/// Reads a time and gives it as Go would write it again.
///
/// # Errors
/// Go's message.
pub(super) fn normalize(text: &str) -> Result<String, String> {
    let mut reader = Reader {
        whole: text,
        rest: text,
    };
    let year = reader.number(4, "2006")?;
    reader.literal("-")?;
    let month = reader.number(2, "01")?;
    reader.in_range(month, 1..=12, "month")?;
    reader.literal("-")?;
    let day = reader.number(2, "02")?;
    reader.literal("T")?;
    let hour = reader.hour()?;
    reader.in_range(hour, 0..=23, "hour")?;
    reader.literal(":")?;
    let minute = reader.number(2, "04")?;
    reader.in_range(minute, 0..=59, "minute")?;
    reader.literal(":")?;
    let second = reader.number(2, "05")?;
    reader.in_range(second, 0..=59, "second")?;
    let fraction = reader.fraction();
    let zone = reader.zone()?;
    if !reader.rest.is_empty() {
        return Err(format!(
            "parsing time {}: extra text: {}",
            quote(text),
            quote(reader.rest)
        ));
    }
    reader.in_range(day, 1..=days_in(month, year), "day")?;
    Ok(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"
    ))
}

/// The nanoseconds since the Unix epoch of a time that [`normalize`] gave.
pub(crate) fn nanoseconds(text: &str) -> Option<i128> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i128>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // Years are counted from March, so that a leap day is a year's last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days + (153 * month + 2) / 5 + day - 1 - 719_468;
    let seconds = days * 86_400 + number(11..13)? * 3_600 + number(14..16)? * 60 + number(17..19)?;
    let rest = text.get(19..)?;
    let zone = rest.find(['Z', '+', '-'])?;
    let fraction = rest[..zone].trim_start_matches('.');
    let nanos = format!("{fraction:0<9}").parse::<i128>().ok()?;
    let offset = match rest[zone..].strip_prefix(['+', '-']) {
        None => 0,
        Some(offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let offset = hours.parse::<i128>().ok()? * 3_600 + minutes.parse::<i128>().ok()? * 60;
            if rest[zone..].starts_with('-') {
                -offset
            } else {
                offset
            }
        }
    };
    Some((seconds - offset) * 1_000_000_000 + nanos)
}

fn days_in(month: u32, year: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Go's `time` quotes text in its messages in a way of its own, alike for plain text.
fn quote(text: &str) -> String {
    windlass_value::fmt::quote(text.as_bytes())
}

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
}

impl Reader<'_> {
    fn error(&self, element: &str) -> String {
        format!(
            "parsing time {} as \"2006-01-02T15:04:05Z07:00\": cannot parse {} as {}",
            quote(self.whole),
            quote(self.rest),
            quote(element)
        )
    }

    fn in_range(
        &self,
        number: u32,
        range: std::ops::RangeInclusive<u32>,
        what: &str,
    ) -> Result<(), String> {
        if range.contains(&number) {
            Ok(())
        } else {
            Err(format!(
                "parsing time {}: {what} out of range",
                quote(self.whole)
            ))
        }
    }

    fn literal(&mut self, literal: &str) -> Result<(), String> {
        self.rest = self
            .rest
            .strip_prefix(literal)
            .ok_or_else(|| self.error(literal))?;
        Ok(())
    }

    fn number(&mut self, digits: usize, element: &str) -> Result<u32, String> {
        let text = self
            .rest
            .get(..digits)
            .filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
        let number = text
            .and_then(|t| t.parse().ok())
            .ok_or_else(|| self.error(element))?;
        self.rest = &self.rest[digits..];
        Ok(number)
    }

    /// Go takes an hour of one digit too.
    fn hour(&mut self) -> Result<u32, String> {
        let digits = self
            .rest
            .bytes()
            .take(2)
            .take_while(u8::is_ascii_digit)
            .count();
        self.number(digits.max(1), "15")
    }

    /// Digits behind a point or comma; nine count, and zeros at the end do not show.
    fn fraction(&mut self) -> String {
        let Some(digits) = self.rest.strip_prefix(['.', ',']) else {
            return String::new();
        };
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return String::new();
        }
        self.rest = &digits[length..];
        let shown = digits[..length.min(9)].trim_end_matches('0');
        if shown.is_empty() {
            String::new()
        } else {
            format!(".{shown}")
        }
    }

    fn zone(&mut self) -> Result<String, String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok("Z".to_owned());
        }
        let zone = self
            .rest
            .get(..6)
            .filter(|z| is_offset(z))
            .ok_or_else(|| self.error("Z07:00"))?;
        let (hour, minute) = (&zone[1..3], &zone[4..]);
        self.in_range(hour.parse().unwrap_or(99), 0..=24, "time zone offset hour")?;
        self.in_range(
            minute.parse().unwrap_or(99),
            0..=60,
            "time zone offset minute",
        )?;
        self.rest = &self.rest[6..];
        Ok(if matches!(zone, "+00:00" | "-00:00") {
            "Z".to_owned()
        } else {
            zone.to_owned()
        })
    }
}

fn is_offset(zone: &str) -> bool {
    let z = zone.as_bytes();
    matches!(z[0], b'+' | b'-')
        && z[3] == b':'
        && [1, 2, 4, 5].iter().all(|&i| z[i].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        for (text, nanos) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00.5Z", 951_825_600_500_000_000),
            ("2024-03-01T01:00:00+02:00", 1_709_247_600_000_000_000),
            ("1969-12-31T23:59:59-00:30", 1_799_000_000_000),
        ] {
            assert_eq!(nanoseconds(text), Some(nanos), "{text}");
        }
    }
}
