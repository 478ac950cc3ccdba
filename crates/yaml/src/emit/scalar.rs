//! Scalars in their styles.

use super::analysis::{Analysis, is_printable};
use super::writer::{Dialect, Writer};
use crate::scanner::break_length;

/// How a scalar is to be written if its text permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// A scalar as the emitter gets it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scalar<'t> {
    pub(super) text: &'t [u8],
    pub(super) style: Style,
    /// Whether the text is base64 and says so by `!!binary`.
    pub(super) binary: bool,
}

/// Longest key without `?`, in bytes, tag included.
const MAX_KEY: usize = 128;
const BINARY_TAG: &[u8] = b"!!binary";

impl<'t> Scalar<'t> {
    /// Text that is written as it is: a number, a boolean, null.
    pub(super) fn plain(text: &'t [u8]) -> Self {
        Self {
            text,
            style: Style::Plain,
            binary: false,
        }
    }

    /// A string, which must not be taken for something else.
    pub(super) fn string(text: &'t [u8], is_plain_text: fn(&[u8]) -> bool) -> Self {
        let style = if text.contains(&b'\n') {
            Style::Literal
        } else if is_plain_text(text) {
            Style::Plain
        } else {
            Style::DoubleQuoted
        };
        Self {
            text,
            style,
            binary: false,
        }
    }
}

impl Writer {
    /// Writes a key of a mapping and its `:`.
    pub(super) fn key(&mut self, key: Scalar<'_>) {
        let analysis = self.analyze(key);
        let tag = if key.binary { BINARY_TAG.len() } else { 0 };
        if !analysis.multiline && key.text.len() + tag <= MAX_KEY {
            self.scalar_in_style(key, analysis, true);
            self.closing(b":");
        } else {
            self.block_indicator(b'?');
            self.scalar_in_style(key, analysis, false);
            self.start_line();
            self.block_indicator(b':');
        }
    }

    /// Writes a scalar that is not a key.
    pub(super) fn scalar(&mut self, scalar: Scalar<'_>) {
        self.scalar_in_style(scalar, self.analyze(scalar), false);
    }

    fn analyze(&self, scalar: Scalar<'_>) -> Analysis {
        Analysis::of(scalar.text, self.dialect == Dialect::V3)
    }

    fn scalar_in_style(&mut self, scalar: Scalar<'_>, analysis: Analysis, simple_key: bool) {
        let style = choose(scalar, analysis, simple_key);
        if scalar.binary {
            self.opening(BINARY_TAG);
        }
        let outer = self.indent;
        self.indent = Some(outer.map_or(2, |n| n + 2));
        let width = if simple_key { usize::MAX } else { self.width() };
        match style {
            Style::Plain => self.plain(scalar.text, width),
            Style::SingleQuoted => self.single_quoted(scalar.text, width),
            Style::DoubleQuoted => self.double_quoted(scalar.text, width),
            Style::Literal => self.literal(scalar.text),
        }
        self.indent = outer;
    }

    fn plain(&mut self, text: &[u8], width: usize) {
        if text.is_empty() && self.dialect == Dialect::V3 {
            return;
        }
        self.space();
        if self.column.saturating_add(text.len()) <= width {
            self.text(text);
        } else {
            self.folded_at_spaces(text, width);
        }
        self.end_word();
    }

    fn folded_at_spaces(&mut self, text: &[u8], width: usize) {
        let mut rest = text;
        let mut after_space = false;
        while let Some(i) = rest.iter().position(|&b| b == b' ') {
            self.text(&rest[..i]);
            after_space &= i == 0;
            if !after_space && self.column > width && rest.get(i + 1) != Some(&b' ') {
                self.start_line();
            } else {
                self.ascii(b" ");
            }
            after_space = true;
            rest = &rest[i + 1..];
        }
        self.text(rest);
    }

    fn single_quoted(&mut self, text: &[u8], width: usize) {
        self.opening(b"'");
        let (mut after_space, mut after_break) = (false, false);
        let mut i = 0;
        while i < text.len() {
            let length = break_length(text, i);
            if text[i] == b' ' {
                let inside = i > 0 && i + 1 < text.len() && text[i + 1] != b' ';
                if !after_space && self.column > width && inside {
                    self.start_line();
                } else {
                    self.ascii(b" ");
                }
                after_space = true;
                i += 1;
            } else if length > 0 {
                if !after_break && text[i] == b'\n' {
                    self.line_break();
                }
                self.text_break(&text[i..i + length]);
                after_break = true;
                i += length;
            } else {
                if after_break {
                    self.start_line();
                }
                if text[i] == b'\'' {
                    self.ascii(b"'");
                }
                i += self.char(&text[i..]);
                self.indention = false;
                (after_space, after_break) = (false, false);
            }
        }
        self.closing(b"'");
    }

    fn double_quoted(&mut self, text: &[u8], width: usize) {
        self.opening(b"\"");
        // libyaml means to escape byte order marks, but looks at the start of the text each time.
        let escape_all = text.starts_with(b"\xEF\xBB\xBF");
        let mut after_space = false;
        let mut i = 0;
        while i < text.len() {
            if escape_all || must_be_escaped(text, i) {
                i += self.escaped(&text[i..]);
                after_space = false;
            } else if text[i] == b' ' {
                let inside = i > 0 && i + 1 < text.len();
                if !after_space && self.column > width && inside {
                    self.start_line();
                    if text[i + 1] == b' ' {
                        self.ascii(b"\\");
                    }
                } else {
                    self.ascii(b" ");
                }
                after_space = true;
                i += 1;
            } else {
                i += self.char(&text[i..]);
                after_space = false;
            }
        }
        self.closing(b"\"");
    }

    /// Writes the first character as an escape and gives its length.
    fn escaped(&mut self, text: &[u8]) -> usize {
        let c = first_char(text);
        let letter = match c {
            '\0' => b'0',
            '\x07' => b'a',
            '\x08' => b'b',
            '\t' => b't',
            '\n' => b'n',
            '\x0B' => b'v',
            '\x0C' => b'f',
            '\r' => b'r',
            '\x1B' => b'e',
            '"' => b'"',
            '\\' => b'\\',
            '\u{85}' => b'N',
            '\u{A0}' => b'_',
            '\u{2028}' => b'L',
            '\u{2029}' => b'P',
            _ => {
                match u32::from(c) {
                    code @ 0..=0xFF => self.ascii_fmt(format_args!("\\x{code:02X}")),
                    code @ 0x100..=0xFFFF => self.ascii_fmt(format_args!("\\u{code:04X}")),
                    code => self.ascii_fmt(format_args!("\\U{code:08X}")),
                }
                return c.len_utf8();
            }
        };
        self.ascii(&[b'\\', letter]);
        c.len_utf8()
    }

    fn literal(&mut self, text: &[u8]) {
        self.opening(b"|");
        if text.first() == Some(&b' ') || break_length(text, 0) > 0 {
            self.ascii(b"2");
        }
        self.ascii(chomping_indicator(text));
        self.begin_block_text();
        let mut after_break = true;
        let mut i = 0;
        while i < text.len() {
            let length = break_length(text, i);
            if length > 0 {
                self.text_break(&text[i..i + length]);
                after_break = true;
                i += length;
                continue;
            }
            if after_break {
                self.start_line();
            }
            let end = next_break(text, i);
            self.text(&text[i..end]);
            self.indention = false;
            after_break = false;
            i = end;
        }
    }
}

/// Chooses the style nearest to the requested one that can hold the text.
fn choose(scalar: Scalar<'_>, analysis: Analysis, simple_key: bool) -> Style {
    let mut style = scalar.style;
    if simple_key && analysis.multiline {
        style = Style::DoubleQuoted;
    }
    if style == Style::Plain && (!analysis.plain_allowed || scalar.text.is_empty() && simple_key) {
        style = Style::SingleQuoted;
    }
    match style {
        Style::SingleQuoted if !analysis.single_quoted_allowed => Style::DoubleQuoted,
        Style::Literal if !analysis.block_allowed || simple_key => Style::DoubleQuoted,
        style => style,
    }
}

/// Whether the character at `i` cannot stand between double quotes as it is.
fn must_be_escaped(text: &[u8], i: usize) -> bool {
    matches!(text[i], b'"' | b'\\') || !is_printable(&text[i..]) || break_length(text, i) > 0
}

/// What tells a reader how many line breaks are at the end.
fn chomping_indicator(text: &[u8]) -> &'static [u8] {
    let break_before = |end: usize| {
        let start = text[..end].iter().rposition(|b| b & 0xC0 != 0x80)?;
        (break_length(text, start) > 0).then_some(start)
    };
    match break_before(text.len()) {
        None => b"-",
        Some(0) => b"+",
        Some(last) if break_before(last).is_some() => b"+",
        Some(_) => b"",
    }
}

/// Where the line that `i` is on ends.
fn next_break(text: &[u8], i: usize) -> usize {
    (i..text.len())
        .find(|&j| matches!(text[j], b'\n' | b'\r' | 0xC2 | 0xE2) && break_length(text, j) > 0)
        .unwrap_or(text.len())
}

fn first_char(text: &[u8]) -> char {
    let head = &text[..text.len().min(4)];
    head.utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next())
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}
