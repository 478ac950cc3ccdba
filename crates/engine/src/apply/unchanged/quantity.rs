//! Quantities that mean the same: `1000m` and `1`, `0.5Gi` and `512Mi`.

use serde_json::Value;

/// Whether two values are the same quantity. Both must be numbers, or texts that read as one.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (amount(a), amount(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// A decimal number without its trailing zeros: digits, and the power of ten of the last.
type Amount = (i128, i32);

fn amount(value: &Value) -> Option<Amount> {
    match value {
        Value::String(text) => read(text),
        Value::Number(number) => read(&number.to_string()),
        _ => None,
    }
}

fn read(text: &str) -> Option<Amount> {
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-'));
    let (number, suffix) = text.split_at(end.unwrap_or(text.len()));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    let mut amount: i128 = digits.parse().ok()?;
    let mut power = -i32::try_from(fraction.len()).ok()?;
    match suffix {
        "" => {}
        "n" => power -= 9,
        "u" => power -= 6,
        "m" => power -= 3,
        "k" => power += 3,
        "M" => power += 6,
        "G" => power += 9,
        "T" => power += 12,
        "P" => power += 15,
        "E" => power += 18,
        "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" => {
            let step = "KMGTPE".find(&suffix[..1])? + 1;
            amount = amount.checked_mul(1024_i128.checked_pow(u32::try_from(step).ok()?)?)?;
        }
        exponent => power += exponent.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?,
    }
    while amount != 0 && amount % 10 == 0 {
        amount /= 10;
        power += 1;
    }
    Some(if amount == 0 { (0, 0) } else { (amount, power) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_written_differently() {
        for (a, b) in [
            (json!("1000m"), json!("1")),
            (json!("0.5Gi"), json!("512Mi")),
            (json!(2), json!("2")),
            (json!("1e3"), json!("1k")),
            (json!("0.0"), json!("0")),
            (json!("1.50"), json!("1500m")),
        ] {
            assert!(same(&a, &b), "{a} {b}");
        }
    }

    #[test]
    fn not_the_same() {
        for (a, b) in [
            (json!("100m"), json!("1")),
            (json!("1Gi"), json!("1G")),
            (json!("nginx"), json!("nginx2")),
            (json!(""), json!("0")),
            (json!("-"), json!("+")),
            (json!(true), json!("1")),
        ] {
            assert!(!same(&a, &b), "{a} {b}");
        }
    }
}
