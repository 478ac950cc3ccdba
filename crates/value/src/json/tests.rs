//! Texts and messages recorded from Go 1.26.
#![allow(clippy::unwrap_used)]

use super::*;

fn error(text: &str) -> String {
    unmarshal(&mut Heap::new(), text.as_bytes())
        .unwrap_err()
        .to_string()
}

#[test]
fn syntax_errors() {
    assert_eq!(error(""), "unexpected end of JSON input");
    assert_eq!(
        error("x"),
        "invalid character 'x' looking for beginning of value"
    );
    assert_eq!(error("{\"a\"}"), "invalid character '}' after object key");
}
