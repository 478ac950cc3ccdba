//! Timestamps, only to tell whether text is one: `2001-12-14t21:59:43.10-05:00`, `2002-12-14`.
//!
//! These are the four layouts that goyaml tries, with all that Go's `time.Parse` lets pass.

/// Whether goyaml takes text for a timestamp.
pub(super) fn is_timestamp(text: &[u8]) -> bool {
    let Some((year, rest)) = text.split_at_checked(4) else {
        return false;
    };
    if !year.iter().all(u8::is_ascii_digit) || rest.first() != Some(&b'-') {
        return false;
    }
    let year = year.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    let mut reader = Reader { rest: &rest[1..] };
    let Some(month) = reader.number(1..=12) else {
        return false;
    };
    let Some(day) = reader.literal(b'-').and_then(|()| reader.number(1..=31)) else {
        return false;
    };
    day <= days_in(month, year)
        && match reader.rest.first() {
            None => true,
            Some(b'T' | b't') => {
                reader.rest = &reader.rest[1..];
                reader.clock().and_then(|()| reader.zone()).is_some() && reader.rest.is_empty()
            }
            Some(b' ') => {
                while let Some(rest) = reader.rest.strip_prefix(b" ") {
                    reader.rest = rest;
                }
                reader.clock().is_some() && reader.rest.is_empty()
            }
            Some(_) => false,
        }
}

fn days_in(month: u32, year: u32) -> u32 {
    let by = |n| year.is_multiple_of(n);
    let leap = by(4) && (!by(100) || by(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    /// One or two digits.
    fn number(&mut self, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let length = self
            .rest
            .iter()
            .take(2)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let (digits, rest) = self.rest.split_at(length);
        let n = digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.rest = rest;
        (length > 0 && range.contains(&n)).then_some(n)
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    /// Hours, minutes, seconds and perhaps a fraction.
    fn clock(&mut self) -> Option<()> {
        self.number(0..=23)?;
        self.literal(b':')?;
        self.number(0..=59)?;
        self.literal(b':')?;
        self.number(0..=59)?;
        if let [b'.' | b',', fraction @ ..] = self.rest {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits > 0 {
                self.rest = &fraction[digits..];
            }
        }
        Some(())
    }

    /// `Z` or an offset such as `+01:00`.
    fn zone(&mut self) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix(b"Z") {
            self.rest = rest;
            return Some(());
        }
        let &[b'+' | b'-', h1, h2, b':', m1, m2, ref rest @ ..] = self.rest else {
            return None;
        };
        let two = |a: u8, b: u8| {
            (a.is_ascii_digit() && b.is_ascii_digit()).then(|| (a - b'0') * 10 + (b - b'0'))
        };
        self.rest = rest;
        (two(h1, h2)? <= 24 && two(m1, m2)? <= 60).then_some(())
    }
}
