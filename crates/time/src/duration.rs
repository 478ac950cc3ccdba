//! [`Duration`]: Go's count of nanoseconds, its text, and the reading of such texts.

use crate::text::{leading_int, quote};

/// Go's `time.Duration`: nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Duration(pub i64);

/// A text that is not a duration, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("time: {0}")]
pub struct DurationError(String);

impl Duration {
    /// A nanosecond.
    pub const NANOSECOND: Self = Self(1);
    /// A microsecond.
    pub const MICROSECOND: Self = Self(1_000);
    /// A millisecond.
    pub const MILLISECOND: Self = Self(1_000_000);
    /// A second.
    pub const SECOND: Self = Self(1_000_000_000);
    /// A minute.
    pub const MINUTE: Self = Self(60 * Self::SECOND.0);
    /// An hour.
    pub const HOUR: Self = Self(60 * Self::MINUTE.0);
    /// The shortest, most negative one.
    pub const MIN: Self = Self(i64::MIN);
    /// The longest.
    pub const MAX: Self = Self(i64::MAX);

    /// Reads a duration such as `1h15m30.5s`: Go's `time.ParseDuration`.
    ///
    /// # Errors
    /// Go's message for what is wrong with the text.
    pub fn parse(text: &[u8]) -> Result<Self, DurationError> {
        let invalid = || DurationError(format!("invalid duration {}", quote(text)));
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        if rest == b"0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (part, after) = parse_part(rest, text)?;
            total = total
                .checked_add(part)
                .filter(|t| *t <= 1 << 63)
                .ok_or_else(invalid)?;
            rest = after;
        }
        if negative {
            return Ok(Self(total.cast_signed().wrapping_neg()));
        }
        i64::try_from(total).map(Self).map_err(|_| invalid())
    }

    /// The count of full nanoseconds.
    #[must_use]
    pub fn nanoseconds(self) -> i64 {
        self.0
    }

    /// The count of full microseconds.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        self.0 / Self::MICROSECOND.0
    }

    /// The count of full milliseconds.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.0 / Self::MILLISECOND.0
    }

    /// The duration in seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.in_units(Self::SECOND)
    }

    /// The duration in minutes.
    #[must_use]
    pub fn minutes(self) -> f64 {
        self.in_units(Self::MINUTE)
    }

    /// The duration in hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.in_units(Self::HOUR)
    }

    /// Full units and the fraction are divided apart, so that both keep their precision.
    fn in_units(self, unit: Self) -> f64 {
        (self.0 / unit.0) as f64 + (self.0 % unit.0) as f64 / unit.0 as f64
    }

    /// Rounded toward zero to a multiple of a positive `unit`.
    #[must_use]
    pub fn truncate(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            self
        } else {
            Self(self.0 - self.0 % unit.0)
        }
    }

    /// Rounded to the nearest multiple of a positive `unit`, half away from zero; a result out of
    /// range is the greatest or least duration.
    #[must_use]
    pub fn round(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            return self;
        }
        let rest = self.0 % unit.0;
        if is_less_than_half(rest.abs(), unit.0) {
            return Self(self.0 - rest);
        }
        let away = unit.0 - rest.abs();
        Self(self.0.saturating_add(if self.0 < 0 { -away } else { away }))
    }

    /// The absolute value; that of the least duration is the greatest.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

/// Whether `part` is less than half of `whole`; both are not negative.
pub(crate) fn is_less_than_half(part: i64, whole: i64) -> bool {
    part.cast_unsigned() * 2 < whole.cast_unsigned()
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match n {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{n}ns"),
            1_000..1_000_000 => write!(f, "{}µs", decimal(n, 3)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", decimal(n, 6)),
            _ => {
                let seconds = n / 1_000_000_000;
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                if hours > 0 {
                    write!(f, "{hours}h")?;
                }
                if seconds >= 60 {
                    write!(f, "{minutes}m")?;
                }
                write!(f, "{}s", decimal(n % 60_000_000_000, 9))
            }
        }
    }
}

/// A number with the decimal point moved left, without trailing zeros.
fn decimal(n: u64, places: usize) -> String {
    let unit = 10u64.pow(u32::try_from(places).expect("at most 9"));
    let fraction = format!("{:0places$}", n % unit);
    match fraction.trim_end_matches('0') {
        "" => (n / unit).to_string(),
        fraction => format!("{}.{fraction}", n / unit),
    }
}

/// Reads one number with its unit off the front; gives nanoseconds and what follows.
fn parse_part<'a>(text: &'a [u8], whole: &[u8]) -> Result<(u64, &'a [u8]), DurationError> {
    let error = |what: &str| DurationError(format!("{what} {}", quote(whole)));
    let invalid = || error("invalid duration");
    let (count, rest) = leading_int(text).ok_or_else(invalid)?;
    let (fraction, scale, after) = match rest {
        [b'.', digits @ ..] => leading_fraction(digits),
        _ => (0, 1.0, rest),
    };
    // A lone point is no number, but a point on either side of digits is fine.
    if text.len() - after.len() == usize::from(rest.len() != after.len()) {
        return Err(invalid());
    }
    let end = after
        .iter()
        .position(|b| *b == b'.' || b.is_ascii_digit())
        .unwrap_or(after.len());
    let (unit, after) = after.split_at(end);
    if unit.is_empty() {
        return Err(error("missing unit in duration"));
    }
    let unit = unit_nanoseconds(unit)
        .ok_or_else(|| error(&format!("unknown unit {} in duration", quote(unit))))?;
    let mut nanos = count
        .checked_mul(unit)
        .filter(|n| *n <= 1 << 63)
        .ok_or_else(invalid)?;
    if fraction > 0 {
        nanos += fraction_nanoseconds(fraction, unit, scale);
        if nanos > 1 << 63 {
            return Err(invalid());
        }
    }
    Ok((nanos, after))
}

fn fraction_nanoseconds(fraction: u64, unit: u64, scale: f64) -> u64 {
    (fraction as f64 * (unit as f64 / scale)) as u64
}

fn unit_nanoseconds(unit: &[u8]) -> Option<u64> {
    let unit = match std::str::from_utf8(unit).ok()? {
        "ns" => Duration::NANOSECOND,
        // Both the micro sign and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => Duration::MICROSECOND,
        "ms" => Duration::MILLISECOND,
        "s" => Duration::SECOND,
        "m" => Duration::MINUTE,
        "h" => Duration::HOUR,
        _ => return None,
    };
    Some(unit.0.unsigned_abs())
}

/// Reads the digits of a fraction; those that no longer fit are dropped.
fn leading_fraction(text: &[u8]) -> (u64, f64, &[u8]) {
    let end = text
        .iter()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(text.len());
    let (mut n, mut scale) = (0u64, 1.0);
    for digit in &text[..end] {
        if n > (i64::MAX as u64) / 10 {
            break;
        }
        let next = n * 10 + u64::from(digit - b'0');
        if next > 1 << 63 {
            break;
        }
        n = next;
        scale *= 10.0;
    }
    (n, scale, &text[end..])
}
