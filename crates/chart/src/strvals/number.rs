//! `strconv.Atoi`: a decimal integer and Go's two ways of refusing one.

use super::error::IndexFault;

/// Reads an integer; which fault is found first matters, so this goes digit by digit like Go.
pub(crate) fn atoi(text: &str) -> Result<i64, IndexFault> {
    let syntax = || IndexFault::Syntax(text.to_owned());
    let range = || IndexFault::Range(text.to_owned());
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() {
        return Err(syntax());
    }
    let mut n: u64 = 0;
    for c in digits {
        if !c.is_ascii_digit() {
            return Err(syntax());
        }
        n = n
            .checked_mul(10)
            .and_then(|n| n.checked_add(u64::from(c - b'0')))
            .ok_or_else(range)?;
    }
    let signed = if negative {
        0i64.checked_sub_unsigned(n)
    } else {
        i64::try_from(n).ok()
    };
    signed.ok_or_else(range)
}
