//! Source spans and diagnostics as plain data.
//!
//! A library says *what* went wrong and *where* as a [`Diagnostic`]; who shows it decides how: the
//! cli draws an excerpt with a caret, the API serializes it, the operator writes a condition.
//! Nothing here formats for a terminal and nothing here knows a command or a flag.

use std::ops::Range;

/// A range of bytes in one named source, with the position of its start for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The source's name as a person knows it: `mychart/templates/deployment.yaml`.
    pub source: String,
    /// First byte of the range.
    pub start: usize,
    /// One past the last byte; equal to `start` for a point.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: u32,
    /// Column of `start` in bytes, from 1.
    pub column: u32,
}

/// The line of a text that a [`Span`] is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line without its end. What is not UTF-8 or controls a terminal is replaced.
    pub line: String,
    /// Where the span is in `line`, up to its end.
    pub range: Range<usize>,
    /// Whether the line was too long to be kept whole.
    pub clipped: bool,
}

impl Excerpt {
    /// Most of a line that is kept on either side of the span.
    const REACH: usize = 500;

    /// Takes the line around the beginning of a range out of a text.
    #[must_use]
    pub fn cut(text: &[u8], range: Range<usize>) -> Self {
        let start = range.start.min(text.len());
        let end = range.end.clamp(start, text.len());
        let newline = |b: &u8| *b == b'\n';
        let first = text[..start].iter().rposition(newline).map_or(0, |i| i + 1);
        let last = text[start..]
            .iter()
            .position(newline)
            .map_or(text.len(), |i| start + i);
        let from = first.max(start.saturating_sub(Self::REACH));
        let to = last.min(start.saturating_add(Self::REACH));
        let end = end.min(to);
        let shown = |bytes: &[u8]| -> String {
            String::from_utf8_lossy(bytes)
                .chars()
                .map(printable)
                .collect()
        };
        let before = shown(&text[from..start]);
        let inside = shown(&text[start..end]);
        let range = before.len()..before.len() + inside.len();
        Self {
            line: before + &inside + shown(&text[end..to]).trim_end(),
            range,
            clipped: from > first || to < last,
        }
    }
}

/// What may be shown on a terminal in a character's place.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        '\r' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// How grave a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a mistake; the operation goes on.
    Warning,
    /// The operation cannot go on.
    Error,
}

/// A place a diagnostic points at, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is wrong there; may be empty for the primary label.
    pub message: String,
    /// The text there, if it was at hand.
    pub excerpt: Option<Excerpt>,
}

/// One finding: stable code, severity, message, places, remedies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, kebab-case name of the kind of finding: `unknown-function`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// Places, the primary one first; later ones tell the path that led there.
    pub labels: Vec<Label>,
    /// Facts that led to it: values, names, versions. Secrets are masked by who adds them.
    pub notes: Vec<String>,
    /// What to do about it, in terms of the chart and its values.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// Makes an error with neither label nor help.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
            excerpt: None,
        });
        self
    }

    /// Adds a place in a text that is at hand, of which the line around `start..end` is kept.
    #[must_use]
    pub fn label_in(
        mut self,
        source: impl Into<String>,
        text: &[u8],
        range: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        self.labels.push(Label {
            span: Span::locate(source, text, range.start, range.end),
            message: message.into(),
            excerpt: Some(Excerpt::cut(text, range)),
        });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

impl Span {
    /// Locates `start..end` in `text`, clamping both to it.
    #[must_use]
    pub fn locate(source: impl Into<String>, text: &[u8], start: usize, end: usize) -> Self {
        let start = start.min(text.len());
        let before = &text[..start];
        let line_start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |i| i + 1);
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        Self {
            source: source.into(),
            start,
            end: end.clamp(start, text.len()),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(start - line_start + 1).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_that_is_safe_to_show() {
        let excerpt = Excerpt::cut(b"a\n\xff\x1b[2Jxy z\nb", 7..8);
        assert_eq!(excerpt.line, "\u{fffd}\u{fffd}[2Jxy z");
        assert_eq!(&excerpt.line[excerpt.range.clone()], "x");
        assert!(!excerpt.clipped);
        let long = "x".repeat(10_000);
        let excerpt = Excerpt::cut(long.as_bytes(), 5_000..5_001);
        assert!(excerpt.clipped && excerpt.line.len() <= 1_000);
    }

    #[test]
    fn locate_counts_lines_and_byte_columns_from_one() {
        let text = b"a\nbc\n";
        let span = Span::locate("f", text, 3, 4);
        assert_eq!((span.line, span.column, span.start, span.end), (2, 2, 3, 4));
        let past = Span::locate("f", text, 99, 100);
        assert_eq!((past.line, past.column, past.start), (3, 1, 5));
    }
}
