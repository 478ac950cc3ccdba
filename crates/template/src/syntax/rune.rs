//! Classes of runes as Go's `unicode` package has them, for identifiers and messages.

use windlass_value::fmt::is_print;
use windlass_value::unicode::{is_digit, is_letter};

/// Whether a rune may be part of an identifier in an action.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

/// Whether nothing but white space is there, as `bytes.TrimSpace` sees it.
pub(crate) fn is_blank(bytes: &[u8]) -> bool {
    bytes
        .utf8_chunks()
        .all(|chunk| chunk.invalid().is_empty() && chunk.valid().chars().all(char::is_whitespace))
}

/// `%#U`: the code point, and the rune itself when it can be printed.
pub(crate) fn code_point(c: char) -> String {
    let number = u32::from(c);
    if is_print(c) {
        format!("U+{number:04X} '{c}'")
    } else {
        format!("U+{number:04X}")
    }
}
