//! Characters to items, by a machine of states.
//!
//! [`Lexer`] holds the input, the stack of states to come back to, and the queue of items; the
//! states are in [`states`] and its neighbours. An error is an item too. A state may run on after
//! it (a bad byte reads as U+FFFD), but nobody looks at what it makes then: the parser stops at
//! the first error.

mod literals;
mod states;
mod strings;

use std::collections::VecDeque;

use windlass_value::fmt::decode_rune;

use crate::error::Error;

/// What reading past the end gives. A NUL in the text is an error, so there is no confusion.
const EOF: char = '\0';
/// What a bad byte reads as.
const BAD: char = '\u{fffd}';

/// The kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Eof,
    Text,
    /// A string without escapes.
    String,
    /// A string with escapes in it.
    StringEsc,
    RawString,
    MultilineString,
    RawMultilineString,
    Bool,
    Integer,
    Float,
    Datetime,
    Array,
    ArrayEnd,
    TableStart,
    TableEnd,
    ArrayTableStart,
    ArrayTableEnd,
    KeyStart,
    KeyEnd,
    CommentStart,
    InlineTableStart,
    InlineTableEnd,
}

/// A piece of the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a [u8],
    /// The line the item ended on.
    pub(super) line: i64,
}

/// A message and the line it is for.
#[derive(Debug, Clone)]
pub(super) struct LexError {
    pub(super) message: String,
    pub(super) line: i64,
}

/// What the machine does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Top,
    TopEnd,
    TableEnd,
    ArrayTableEnd,
    TableNameStart,
    TableNameEnd,
    BareName,
    QuotedName,
    KeyStart,
    KeyNameStart,
    KeyEnd,
    Value,
    ArrayValue,
    ArrayValueEnd,
    InlineTableValue,
    InlineTableValueEnd,
    String,
    MultilineString,
    RawString,
    MultilineRawString,
    CommentStart,
    Comment,
}

/// The next state; `None` after an error or at the end.
type Next = Option<State>;

#[derive(Debug)]
pub(super) struct Lexer<'a> {
    input: &'a [u8],
    /// Where the item at hand starts.
    start: usize,
    at: usize,
    line: i64,
    state: Next,
    stack: Vec<State>,
    items: VecDeque<Result<Item<'a>, LexError>>,
    /// Widths of the last characters read, the latest first: three quotes must be taken back.
    widths: [usize; 4],
    at_eof: bool,
    /// The string at hand has escapes.
    escaped: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self {
            input,
            start: 0,
            at: 0,
            line: 1,
            state: Some(State::Top),
            stack: Vec::new(),
            items: VecDeque::new(),
            widths: [0; 4],
            at_eof: false,
            escaped: false,
        }
    }

    /// The next item.
    pub(super) fn next_item(&mut self) -> Result<Result<Item<'a>, LexError>, Error> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Ok(item);
            }
            let state = self.state.ok_or_else(|| bug("no state after the end"))?;
            self.state = self.step(state);
        }
    }

    fn push(&mut self, state: State) {
        self.stack.push(state);
    }

    fn pop(&mut self) -> Next {
        self.stack.pop()
    }

    fn current(&self) -> &'a [u8] {
        self.input.get(self.start..self.at).unwrap_or_default()
    }

    fn emit(&mut self, kind: Kind) {
        let item = Item {
            kind,
            text: self.current(),
            line: self.line,
        };
        self.items.push_back(Ok(item));
        self.start = self.at;
    }

    fn next(&mut self) -> char {
        let Some(&first) = self.input.get(self.at) else {
            self.at_eof = true;
            return EOF;
        };
        if first == b'\n' {
            self.line += 1;
        }
        self.widths.copy_within(0..3, 1);
        let rest = &self.input[self.at..];
        let (Some(rune), width) = decode_rune(rest) else {
            self.error(format!("invalid UTF-8 byte: 0x{first:02x}"));
            return BAD;
        };
        let lone_return = rune == '\r' && rest.get(1) != Some(&b'\n');
        if lone_return || rune.is_ascii_control() && !matches!(rune, '\t' | '\r' | '\n') {
            self.fail(
                format!(
                    "TOML files cannot contain control characters: '0x{:02x}'",
                    rune as u32
                ),
                self.line,
            );
            return BAD;
        }
        self.widths[0] = width;
        self.at += width;
        rune
    }

    /// Drops what has been read of the item.
    fn ignore(&mut self) {
        self.start = self.at;
    }

    /// Takes the last character back.
    fn backup(&mut self) {
        if self.at_eof {
            self.at_eof = false;
            return;
        }
        let width = self.widths[0];
        self.widths.copy_within(1..4, 0);
        self.at = self.at.saturating_sub(width);
        if self.input.get(self.at) == Some(&b'\n') {
            self.line -= 1;
        }
    }

    /// Reads a character if it is this one.
    fn accept(&mut self, wanted: char) -> bool {
        if self.next() == wanted {
            return true;
        }
        self.backup();
        false
    }

    fn peek(&mut self) -> char {
        let rune = self.next();
        self.backup();
        rune
    }

    fn skip_blanks(&mut self) {
        while is_blank(self.next()) {}
        self.backup();
        self.ignore();
    }

    /// Ends with an error on this line; at the end of the text, on the line before.
    fn error(&mut self, message: String) -> Next {
        self.fail(message, self.line - i64::from(self.at_eof))
    }

    /// Ends with an error on the line before.
    fn error_on_previous_line(&mut self, message: String) -> Next {
        self.fail(message, self.line - 1)
    }

    /// Ends with an error on this line, which at the end of the text is the last that has text.
    fn error_here(&mut self, message: String) -> Next {
        let after_newline = self.at_eof && self.input[..self.at].last() == Some(&b'\n');
        self.fail(message, self.line - i64::from(after_newline))
    }

    fn fail(&mut self, message: String, line: i64) -> Next {
        self.items.push_back(Err(LexError { message, line }));
        None
    }
}

/// A mistake of the machine itself, which the original too only asserts against.
fn bug(text: &str) -> Error {
    Error::Panicked(format!("BUG in lexer: {text}"))
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | ' ')
}

fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// A character as Go quotes it with `%q`.
fn quoted(c: char) -> String {
    match c {
        '\'' => r"'\''".to_owned(),
        '"' => r#"'"'"#.to_owned(),
        c => {
            let mut text = [0; 4];
            let quoted = windlass_value::fmt::quote(c.encode_utf8(&mut text).as_bytes());
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}
