//! Quantities (`100m`, `1Gi`, `2e3`) and the one form in which a server writes each of them.

/// What the server says of text that is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Not a number with a suffix.
    #[error(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    )]
    Format,
    /// The suffix is none of those known.
    #[error("unable to parse quantity's suffix")]
    Suffix,
    /// The number is none.
    #[error("unable to parse numeric part of quantity")]
    Number,
}

/// How a quantity was written, which its canonical form keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Decimal,
    Binary,
    Exponent,
}

const DECIMAL: [(&str, i32); 10] = [
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];
const BINARY: [(&str, i32); 6] = [
    ("Ki", 10),
    ("Mi", 20),
    ("Gi", 30),
    ("Ti", 40),
    ("Pi", 50),
    ("Ei", 60),
];

/// `mantissa × 2^two × 10^ten`, before anything is multiplied out.
struct Parsed {
    negative: bool,
    digits: String,
    whole_len: usize,
    two: i32,
    ten: i32,
    format: Format,
}

/// The canonical form: `0.5` is `500m`, `1024Mi` is `1Gi`, `1000m` is `1`.
///
/// # Errors
/// The text is no quantity.
pub fn canonical(text: &str) -> Result<String, Malformed> {
    let text = text.trim();
    let parsed = parse(text)?;
    if kept_as_written(&parsed) {
        return Ok(text.to_owned());
    }
    // Numbers of more than 38 digits keep their spelling: no cluster has that much of anything.
    Ok(computed(&parsed).unwrap_or_else(|| text.to_owned()))
}

/// Compares two quantities; `None` if either is none, or too fine or large to be reckoned with.
#[must_use]
pub fn compare(a: &str, b: &str) -> Option<std::cmp::Ordering> {
    let nano = |text: &str| {
        let parsed = parse(text.trim()).ok()?;
        let digits = parsed.digits.parse::<i128>().ok()?;
        let two = 1_i128.checked_shl(u32::try_from(parsed.two).ok()?)?;
        let scale = parsed.ten.checked_add(9)?;
        let power = 10_i128.checked_pow(scale.unsigned_abs())?;
        let amount = digits.checked_mul(two)?;
        let amount = if scale < 0 {
            amount / power
        } else {
            amount.checked_mul(power)?
        };
        Some(if parsed.negative { -amount } else { amount })
    };
    Some(nano(a)?.cmp(&nano(b)?))
}

fn parse(text: &str) -> Result<Parsed, Malformed> {
    if text.is_empty() {
        return Err(Malformed::Format);
    }
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole_end = digits_end(rest);
    let whole = &rest[..whole_end];
    let rest = &rest[whole_end..];
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits_end(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(Malformed::Format);
    }
    suffix_shape(suffix)?;
    let (two, ten, format) = interpret(suffix).ok_or(Malformed::Suffix)?;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(Parsed {
        negative,
        digits: format!("{whole}{fraction}"),
        whole_len: whole.len(),
        two,
        ten: ten - i32::try_from(fraction.len()).unwrap_or(i32::MAX),
        format,
    })
}

fn digits_end(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Letters of suffixes, a sign, digits, and nothing else.
fn suffix_shape(suffix: &str) -> Result<(), Malformed> {
    let rest = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    if digits_end(rest) == rest.len() {
        Ok(())
    } else {
        Err(Malformed::Format)
    }
}

fn interpret(suffix: &str) -> Option<(i32, i32, Format)> {
    if let Some((_, ten)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Some((0, *ten, Format::Decimal));
    }
    if let Some((_, two)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        return Some((*two, 0, Format::Binary));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    let ten = exponent.parse::<i32>().ok()?;
    Some((0, ten, Format::Exponent))
}

/// The server keeps the text where it is canonical already by a quick look.
fn kept_as_written(parsed: &Parsed) -> bool {
    let fraction = parsed.digits.len() - parsed.whole_len;
    let Ok(value) = parsed.digits.parse::<i64>() else {
        return false;
    };
    if value == 0 || parsed.digits.len() > 18 {
        return false;
    }
    match parsed.format {
        Format::Binary => fraction == 0 && value & 7 != 0,
        Format::Decimal | Format::Exponent => {
            let scale = parsed.ten;
            scale >= -9
                && scale % 3 == 0
                && !parsed.digits.ends_with("000")
                && !parsed.digits.starts_with('0')
        }
    }
}

fn computed(parsed: &Parsed) -> Option<String> {
    let mut amount = parsed.digits.parse::<i128>().ok()?;
    if amount == 0 {
        return Some("0".to_owned());
    }
    amount = amount.checked_mul(1_i128.checked_shl(u32::try_from(parsed.two).ok()?)?)?;
    let mut ten = parsed.ten;
    while ten < -9 {
        // Finer than nano rounds up: who asks for something gets something.
        amount = amount.div_euclid(10) + i128::from(amount.rem_euclid(10) != 0);
        ten += 1;
    }
    let mut format = parsed.format;
    let mut whole = None;
    if format == Format::Binary {
        whole = integer(amount, ten);
        if whole.is_none_or(|whole| whole < 1024) {
            format = Format::Decimal;
        }
    }
    let sign = if parsed.negative { "-" } else { "" };
    if let (Format::Binary, Some(whole)) = (format, whole) {
        let (number, suffix) = binary(whole)?;
        return Some(format!("{sign}{number}{suffix}"));
    }
    while amount % 10 == 0 {
        amount /= 10;
        ten += 1;
    }
    while ten.rem_euclid(3) != 0 {
        amount = amount.checked_mul(10)?;
        ten -= 1;
    }
    let suffix = match format {
        Format::Exponent if ten == 0 => String::new(),
        Format::Exponent => format!("e{ten}"),
        _ => DECIMAL
            .iter()
            .find(|(_, exponent)| *exponent == ten)?
            .0
            .to_owned(),
    };
    Some(format!("{sign}{amount}{suffix}"))
}

/// The amount as a whole number, if it is one.
fn integer(amount: i128, ten: i32) -> Option<i128> {
    let power = 10_i128.checked_pow(ten.unsigned_abs())?;
    if ten >= 0 {
        amount.checked_mul(power)
    } else {
        (amount % power == 0).then(|| amount / power)
    }
}

fn binary(mut whole: i128) -> Option<(i128, &'static str)> {
    let mut steps = 0_usize;
    while whole % 1024 == 0 {
        whole /= 1024;
        steps += 1;
    }
    let suffix = match steps {
        0 => "",
        _ => BINARY.get(steps - 1)?.0,
    };
    Some((whole, suffix))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[test]
    fn canonical_forms() {
        for (text, wanted) in [
            ("0", "0"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1.5", "1500m"),
            ("100m", "100m"),
            ("2", "2"),
            ("1024Mi", "1Gi"),
            ("512Mi", "512Mi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Gi", "512Mi"),
            ("1Ki", "1Ki"),
            ("128974848", "128974848"),
            ("129e6", "129e6"),
            ("129M", "129M"),
            ("1e3", "1e3"),
            ("1000", "1k"),
            ("0.1Ki", "102400m"),
            ("-0.5", "-500m"),
            ("1.0", "1"),
            (" 1 ", "1"),
            ("0.0000000001", "1n"),
        ] {
            assert_eq!(canonical(text).as_deref(), Ok(wanted), "{text}");
        }
        assert_eq!(canonical("1x"), Err(Malformed::Format));
        assert_eq!(canonical("1mm"), Err(Malformed::Suffix));
        assert_eq!(canonical(""), Err(Malformed::Format));
    }
}
