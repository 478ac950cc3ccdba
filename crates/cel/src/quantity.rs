//! Quantities of Kubernetes: `100m`, `1Gi`, `2`.

/// One, in billionths.
pub(crate) const UNIT: i128 = 1_000_000_000;

/// A quantity in billionths, if the text is one.
pub(crate) fn read(text: &str) -> Option<i128> {
    let digits = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let (negative, number) = match number.as_bytes().first()? {
        b'-' => (true, &number[1..]),
        b'+' => (false, &number[1..]),
        _ => (false, number),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let figures = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !figures(whole) || !figures(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let billionths: String = part.chars().chain("000000000".chars()).take(9).collect();
    let whole: i128 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let amount = whole
        .checked_mul(UNIT)?
        .checked_add(billionths.parse().ok()?)?;
    let scaled = scale(amount, suffix)?;
    Some(if negative { -scaled } else { scaled })
}

fn scale(amount: i128, suffix: &str) -> Option<i128> {
    let places = [
        ("k", 3),
        ("M", 6),
        ("G", 9),
        ("T", 12),
        ("P", 15),
        ("E", 18),
    ];
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let exponent = suffix
        .strip_prefix(['e', 'E'])
        .and_then(|text| text.parse::<i32>().ok());
    let power = match suffix {
        "" => 0,
        "n" => -9,
        "u" => -6,
        "m" => -3,
        _ => match places.iter().find(|(own, _)| *own == suffix) {
            Some((_, power)) => *power,
            None => match (exponent, binary.iter().position(|own| *own == suffix)) {
                (Some(power), _) => power,
                (None, Some(place)) => {
                    let power = u32::try_from(place + 1).ok()?;
                    return amount.checked_mul(1024_i128.checked_pow(power)?);
                }
                (None, None) => return None,
            },
        },
    };
    let factor = 10_i128.checked_pow(power.unsigned_abs())?;
    if power < 0 {
        Some(amount / factor)
    } else {
        amount.checked_mul(factor)
    }
}
