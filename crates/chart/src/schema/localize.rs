//! Numbers as an English text shows them: `12,345` and `1.5×10⁰⁷`.
//!
//! The messages of Go's schema library pass through a localizing printer, which does this to every
//! number in them.

use super::number::Number;

/// An integer with a comma between thousands.
pub(super) fn integer(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}", group(&digits))
}

/// A number to the precision of a float; great and small ones in scientific notation.
pub(super) fn number(n: &Number) -> String {
    let x = n.to_f64();
    let sign = if x.is_sign_negative() && x != 0.0 {
        "-"
    } else {
        ""
    };
    if x.is_infinite() {
        return format!("{sign}∞");
    }
    let text = format!("{:e}", x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            format!("{sign}{mantissa}×10{}", superscript(exponent))
        }
        _ => {
            let plain = x.abs().to_string();
            match plain.split_once('.') {
                Some((whole, fraction)) => format!("{sign}{}.{fraction}", group(whole)),
                None => format!("{sign}{}", group(&plain)),
            }
        }
    }
}

fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// An exponent of two digits at least, raised.
fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = format!("{:02}", exponent.unsigned_abs());
    let digits = digits.bytes().map(|c| DIGITS[usize::from(c - b'0')]);
    let sign = if exponent < 0 { "⁻" } else { "" };
    sign.chars().chain(digits).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_grouped_and_raised() {
        let show = |text| number(&Number::parse(text).unwrap());
        assert_eq!(integer(-1_234_567), "-1,234,567");
        assert_eq!(show("999"), "999");
        assert_eq!(show("-123456.75"), "-123,456.75");
        assert_eq!(show("1000000"), "1×10⁰⁶");
        assert_eq!(show("-1234567.25"), "-1.23456725×10⁰⁶");
        assert_eq!(show("0.0001"), "0.0001");
        assert_eq!(show("0.0000125"), "1.25×10⁻⁰⁵");
        assert_eq!(show("1e400"), "∞");
    }
}
