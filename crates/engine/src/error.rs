//! Errors' texts as Go words them: an error and what it wraps, joined by colons.

use std::error::Error;

/// The text of an error and of what caused it, as Go's `%w` joins them. It is what records'
/// descriptions hold and what commands print.
#[must_use]
pub fn text(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner")]
    struct Inner;

    #[test]
    fn joins_an_error_and_its_causes() {
        assert_eq!(text(&Outer(Inner)), "outer: inner");
    }
}
