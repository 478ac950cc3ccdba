//! Go's quoting of texts in messages.

use windlass_value::fmt;

/// A string in double quotes, as `%q` prints it.
pub(crate) fn quote(text: &str) -> String {
    fmt::quote(text.as_bytes())
}

/// A rune in single quotes, as `%q` prints it.
pub(crate) fn quote_rune(c: char) -> String {
    // The two literals differ only in which quotes they escape.
    match c {
        '"' => "'\"'".to_owned(),
        '\'' => r"'\''".to_owned(),
        c => {
            let text = quote(c.encode_utf8(&mut [0; 4]));
            format!("'{}'", &text[1..text.len() - 1])
        }
    }
}

/// A string in single quotes, as the messages of schema validation show it.
pub(super) fn single(text: &[u8]) -> String {
    // As in Go, a closing quote after a backslash is taken for an escaped one.
    let text = fmt::quote(text).replace("\\\"", "\"").replace('\'', r"\'");
    format!("'{}'", &text[1..text.len() - 1])
}
