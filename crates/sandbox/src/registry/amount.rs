//! Quantities as whole numbers, to be added and compared.

use serde_json::Value;

/// One, in the billionths in which amounts are counted.
pub(super) const UNIT: i128 = 1_000_000_000;

/// A quantity as it was written.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A quantity in billionths; zero if it is none.
pub(super) fn read(quantity: &Value) -> i128 {
    let text = text(quantity);
    let digits = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let part: String = part.chars().chain("000000000".chars()).take(9).collect();
    let whole = i128::from(whole.parse::<i64>().unwrap_or(0));
    let nanos = whole * UNIT + part.parse::<i128>().unwrap_or(0);
    let decimal = |power: u32| nanos.saturating_mul(10_i128.pow(power));
    let binary = |power: u32| nanos.saturating_mul(1024_i128.pow(power));
    match suffix {
        "n" => nanos / 1_000_000_000,
        "u" => nanos / 1_000_000,
        "m" => nanos / 1000,
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => nanos,
    }
}

/// An amount as a quantity, with the kind of suffix that its limit has.
pub(super) fn shown(amount: i128, like: &Value) -> String {
    if amount % UNIT != 0 {
        return format!("{}m", amount / (UNIT / 1000));
    }
    let mut whole = amount / UNIT;
    let mut suffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].into_iter();
    let mut suffix = "";
    if text(like).ends_with('i') {
        while whole != 0 && whole % 1024 == 0 {
            let Some(next) = suffixes.next() else { break };
            (whole, suffix) = (whole / 1024, next);
        }
    }
    format!("{whole}{suffix}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quantities_are_read_and_shown() {
        for (quantity, like, wanted) in [
            ("500m", "1", "500m"),
            ("1.5", "1", "1500m"),
            ("2", "1", "2"),
            ("1Gi", "2Gi", "1Gi"),
            ("1536Mi", "2Gi", "1536Mi"),
            ("1k", "2", "1000"),
            ("", "2", "0"),
        ] {
            assert_eq!(
                shown(read(&json!(quantity)), &json!(like)),
                wanted,
                "{quantity}"
            );
        }
    }
}
