//! Classes of runes as Go's `unicode` package has them, for identifiers and messages.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use windlass_value::fmt::is_print;

/// `unicode.IsLetter`
fn is_letter(c: char) -> bool {
    use GeneralCategory as G;
    matches!(
        c.general_category(),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
    )
}

/// Whether a rune may be part of an identifier in an action.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    is_letter(c) || c.general_category() == GeneralCategory::DecimalNumber
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
