//! The order of keys in goyaml: natural, so that `a2` comes before `a10`, and letters after all else.

use std::cmp::Ordering;

use windlass_value::unicode::{is_digit, is_letter};

use super::writer::Dialect;

/// Sorts things by their keys. The order is not quite a total one, which the standard library's
/// sorts might answer with a panic; this merge does not care.
pub(super) fn sort_by_key<'k, T: Copy>(
    items: &mut Vec<T>,
    dialect: Dialect,
    key: impl Fn(T) -> &'k [u8],
) {
    let in_order = |a: T, b: T| !is_less(key(b), key(a), dialect);
    if items.windows(2).all(|w| in_order(w[0], w[1])) {
        return;
    }
    let mut merged = Vec::with_capacity(items.len());
    let mut width = 1;
    while width < items.len() {
        merged.clear();
        for pair in items.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (&[a, ref later_left @ ..], &[b, ref later_right @ ..]) = (left, right) {
                if in_order(a, b) {
                    merged.push(a);
                    left = later_left;
                } else {
                    merged.push(b);
                    right = later_right;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(items, &mut merged);
        width *= 2;
    }
}

/// Whether a key comes before another.
fn is_less(a: &[u8], b: &[u8], dialect: Dialect) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    match (a.get(same), b.get(same)) {
        (None, y) => y.is_some(),
        (_, None) => false,
        (Some(x), Some(y)) if x.is_ascii_alphabetic() && y.is_ascii_alphabetic() => x < y,
        _ => is_less_by_chars(&chars(a), &chars(b), dialect),
    }
}

fn is_less_by_chars(a: &[char], b: &[char], dialect: Dialect) -> bool {
    let Some(at) = a.iter().zip(b).position(|(x, y)| x != y) else {
        return a.len() < b.len();
    };
    let (x, y) = (a[at], b[at]);
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x < y,
        (false, false) => {}
        (x_is_letter, y_is_letter) => {
            let after_digit = at > 0 && is_digit(a[at - 1]);
            return if dialect == Dialect::V3 && after_digit {
                x_is_letter
            } else {
                y_is_letter
            };
        }
    }
    // A zero inside of a number counts; one at its front does not.
    let mut before = a[..at].iter().rev().take_while(|&&c| is_digit(c));
    let inside_number = (x == '0' || y == '0') && before.any(|&c| c != '0');
    let (x_number, x_end) = number(a, at, i64::from(inside_number));
    let (y_number, y_end) = number(b, at, i64::from(inside_number));
    match x_number.cmp(&y_number).then(x_end.cmp(&y_end)) {
        Ordering::Equal => x < y,
        order => order == Ordering::Less,
    }
}

/// Reads digits after the number so far, and gives where they end.
fn number(text: &[char], at: usize, start: i64) -> (i64, usize) {
    let digits = text[at..].iter().take_while(|&&c| is_digit(c));
    digits.fold((start, at), |(number, end), &c| {
        let digit = i64::from(u32::from(c)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(digit), end + 1)
    })
}

/// The characters, with a U+FFFD for each byte that is none, as Go's conversion to runes has it.
fn chars(text: &[u8]) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        chars.extend(chunk.valid().chars());
        chars.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    chars
}
