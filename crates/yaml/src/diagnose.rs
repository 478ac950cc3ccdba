//! [`diagnose`]: what is wrong with a text that is no YAML, with its place and a remedy.
//!
//! The errors of reading carry Go's words and, since documents are cut out of their stream first, no
//! place in the whole text. Here the text is read once more, which only happens after a failure.

use windlass_diag::Diagnostic;

use crate::error::Error;
use crate::stream::Stream;

/// Finds what is wrong with a text, which messages call `source`; `None` if it reads as YAML.
#[must_use]
pub fn diagnose(source: &str, text: &[u8]) -> Option<Diagnostic> {
    let error = first_error(text)?;
    let reason = reason(&error);
    let mut diagnostic = Diagnostic::error("invalid-yaml", format!("{source} is not valid YAML"));
    if let Some(mark) = error.mark() {
        // Only offsets of UTF-8 are offsets of the text.
        let at = (mark.offset as usize).min(text.len());
        let token = text[at..]
            .iter()
            .take_while(|b| !b.is_ascii_whitespace())
            .count();
        let range = at..at + token.max(1);
        diagnostic = diagnostic.label_in(source, text, range, reason);
    } else {
        diagnostic = diagnostic.note(reason);
    }
    Some(match remedy(error.message()) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    })
}

fn first_error(text: &[u8]) -> Option<Error> {
    let stream = match Stream::new(text) {
        Ok(stream) => stream,
        Err(error) => return Some(error),
    };
    stream.trees().find_map(Result::err)
}

/// The message without the library's name and the line, which the place tells better.
fn reason(error: &Error) -> String {
    let message = error.message();
    let message = message.strip_prefix("yaml: ").unwrap_or(message);
    let after_line = message
        .strip_prefix("line ")
        .and_then(|rest| rest.split_once(": "));
    after_line.map_or(message, |(_, rest)| rest).to_owned()
}

/// What usually helps against a message of the scanner or the parser.
fn remedy(message: &str) -> Option<&'static str> {
    const REMEDIES: &[(&str, &str)] = &[
        (
            "mapping values are not allowed",
            "a `: ` inside of plain text needs quotes around the text; a key must be indented like its neighbours",
        ),
        (
            "did not find expected key",
            "keys of one mapping begin in the same column; check the indentation here and above",
        ),
        (
            "did not find expected '-' indicator",
            "items of one list begin in the same column; check the indentation here and above",
        ),
        (
            "did not find expected ',' or",
            "a `[` or `{` is not closed, or a comma is missing",
        ),
        (
            "found character that cannot start any token",
            "indent with blanks, never with tabs, and quote text that begins with `@`, a backquote or `%`",
        ),
        (
            "found a tab character",
            "indent with blanks, never with tabs",
        ),
        (
            "could not find expected ':'",
            "every line of a mapping is `key: value`; text of several lines needs `|` or quotes",
        ),
        ("found unexpected end of stream", "a quote is not closed"),
        (
            "unknown anchor",
            "define the anchor with `&name` before it is used, or quote text that begins with `*`",
        ),
        (
            "excessive aliasing",
            "write out what is repeated this often, or repeat it less",
        ),
        ("exceeded max depth", "nest lists and mappings less deeply"),
        ("values", "split the document"),
    ];
    let fits = |(part, _): &&(&str, &'static str)| message.contains(part);
    REMEDIES.iter().find(fits).map(|(_, help)| *help)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_place_is_that_of_the_whole_text() {
        let text = b"a: 1\n---\nb: 2\n   c: 3\n";
        let found = diagnose("values.yaml", text).unwrap();
        let label = &found.labels[0];
        assert_eq!(
            label.message,
            "mapping values are not allowed in this context"
        );
        assert_eq!((label.span.line, label.span.column), (4, 5));
        assert_eq!(found.help.len(), 1);
    }

    #[test]
    fn what_reads_has_nothing_wrong() {
        assert_eq!(diagnose("values.yaml", b"a: [1, 2]\n"), None);
    }
}
