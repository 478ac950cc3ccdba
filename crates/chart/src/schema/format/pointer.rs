//! `json-pointer` and `relative-json-pointer`.

use super::fail;

pub(super) fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    let Some(tokens) = text.strip_prefix('/') else {
        return fail("not starting with /");
    };
    for token in tokens.split('/') {
        // Every ~ begins ~0 or ~1.
        let mut parts = token.split('~');
        parts.next();
        if !parts.all(|after| after.starts_with(['0', '1'])) {
            return fail("~ must be followed by 0 or 1");
        }
    }
    Ok(())
}

pub(super) fn relative(text: &str) -> Result<(), String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return fail("must start with non-negative integer");
    }
    if digits > 1 && text.starts_with('0') {
        return fail("starts with zero");
    }
    match &text[digits..] {
        "#" => Ok(()),
        pointer => json_pointer(pointer),
    }
}
