//! Source spans and diagnostics as plain data.
//!
//! A library says *what* went wrong and *where* as a [`Diagnostic`]; who shows it decides how: the
//! cli draws an excerpt with a caret, the API serializes it, the operator writes a condition.
//! Nothing here formats for a terminal and nothing here knows a command or a flag.

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
            help: Vec::new(),
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
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
    fn locate_counts_lines_and_byte_columns_from_one() {
        let text = b"a\nbc\n";
        let span = Span::locate("f", text, 3, 4);
        assert_eq!((span.line, span.column, span.start, span.end), (2, 2, 3, 4));
        let past = Span::locate("f", text, 99, 100);
        assert_eq!((past.line, past.column, past.start), (3, 1, 5));
    }
}
