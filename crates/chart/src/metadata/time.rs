//! The time in Chart.lock: RFC 3339 as Go reads and writes it.

use windlass_time::{ParseError, RFC3339, RFC3339_NANO, parse};

/// Reads a time and gives it as Go would write it again.
pub(super) fn normalize(text: &[u8]) -> Result<String, ParseError> {
    let written = parse(RFC3339, text)?.format(RFC3339_NANO);
    Ok(String::from_utf8_lossy(&written).into_owned())
}

/// The nanoseconds since the Unix epoch of a time that [`normalize`] gave.
pub(crate) fn nanoseconds(text: &str) -> Option<i128> {
    let time = parse(RFC3339, text.as_bytes()).ok()?;
    Some(i128::from(time.unix()) * 1_000_000_000 + i128::from(time.nanosecond()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

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

    #[test]
    fn a_time_is_written_anew() {
        for (text, written) in [
            ("2024-01-02T03:04:05.120+00:00", "2024-01-02T03:04:05.12Z"),
            ("2024-01-02T3:04:05,5-07:30", "2024-01-02T03:04:05.5-07:30"),
        ] {
            assert_eq!(normalize(text.as_bytes()).unwrap(), written);
        }
    }

    #[test]
    fn errors_show_bytes_beyond_ascii_as_numbers() {
        let error = normalize("2024-01-02é\\\"".as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"parsing time "2024-01-02\xc3\xa9\\\"" as "2006-01-02T15:04:05Z07:00": cannot parse "\xc3\xa9\\\"" as "T""#
        );
    }
}
