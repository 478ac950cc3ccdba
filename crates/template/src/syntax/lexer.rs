//! Text to tokens, one at a time, as the parser asks.
//!
//! Trimming (`{{-`, `-}}`) and comments end here: the parser never sees them. Lines are counted as
//! Go counts them, since its messages give the line of the token last read.

use memchr::memmem;

use windlass_value::fmt::{decode_rune, is_print, quote};

use crate::syntax::rune::{code_point, is_alphanumeric};

/// A stretch of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// The bytes of the stretch.
    pub(crate) fn of(self, text: &[u8]) -> &[u8] {
        &text[self.start as usize..self.end as usize]
    }
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that is no token; the lexer holds the message.
    Error,
    Bool,
    /// Any printable ASCII character that means nothing by itself, such as a comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    /// Whether messages print it as a keyword.
    pub(crate) fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::Block
                | Self::Break
                | Self::Continue
                | Self::Dot
                | Self::Define
                | Self::Else
                | Self::End
                | Self::If
                | Self::Nil
                | Self::Range
                | Self::Template
                | Self::With
        )
    }
}

/// A token: what, where, and the line on which it starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    pub(crate) line: u32,
}

impl Token {
    /// Stands where no token has been read yet.
    pub(crate) const NONE: Self = Self {
        kind: Kind::Error,
        span: Span { start: 0, end: 0 },
        line: 0,
    };
}

/// A byte that may be part of an identifier.
const WORD: u8 = 1;
/// A byte behind which an identifier may end.
const TERMINATOR: u8 = 2;

/// What each byte may be within an action.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut b = 0;
    while b < 256 {
        classes[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => WORD,
            b'.' | b',' | b'|' | b':' | b')' | b'(' | b' ' | b'\t' | b'\r' | b'\n' => TERMINATOR,
            _ => 0,
        };
        b += 1;
    }
    classes
};

fn is(class: u8, b: u8) -> bool {
    CLASSES[usize::from(b)] & class != 0
}

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";

/// The scanner of one text.
pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    pos: usize,
    start: usize,
    line: u32,
    start_line: u32,
    inside_action: bool,
    parens: u32,
    /// Functions named `break` and `continue` take the keywords' place.
    break_is_function: bool,
    continue_is_function: bool,
    error: String,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t [u8], break_is_function: bool, continue_is_function: bool) -> Self {
        Self {
            text,
            pos: 0,
            start: 0,
            line: 1,
            start_line: 1,
            inside_action: false,
            parens: 0,
            break_is_function,
            continue_is_function,
            error: String::new(),
        }
    }

    /// The message of the last [`Kind::Error`] token.
    pub(crate) fn error(&self) -> &str {
        &self.error
    }

    /// The next token; after the end, [`Kind::Eof`] again and again.
    pub(crate) fn next_token(&mut self) -> Token {
        if self.inside_action {
            self.action()
        } else {
            self.outside()
        }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.pos..]
    }

    fn peek(&self) -> Option<(char, usize)> {
        // Nearly all of what is inside actions is ASCII.
        if let Some(b) = self.text.get(self.pos).filter(|b| b.is_ascii()) {
            return Some((char::from(*b), 1));
        }
        match decode_rune(self.rest()) {
            (_, 0) => None,
            (c, width) => Some((c.unwrap_or('\u{FFFD}'), width)),
        }
    }

    fn emit(&mut self, kind: Kind) -> Token {
        let token = Token {
            kind,
            span: Span {
                start: offset(self.start),
                end: offset(self.pos),
            },
            line: self.start_line,
        };
        self.start = self.pos;
        self.start_line = self.line;
        token
    }

    fn fail(&mut self, message: impl Into<String>) -> Token {
        self.error = message.into();
        let token = Token {
            kind: Kind::Error,
            span: Span {
                start: offset(self.start),
                end: offset(self.start),
            },
            line: self.start_line,
        };
        self.text = &[];
        self.pos = 0;
        self.start = 0;
        token
    }

    fn count_lines(&mut self) {
        self.line += line_breaks(&self.text[self.start..self.pos]);
    }

    /// Drops what lies before the position, counting its lines.
    fn skip(&mut self) {
        self.count_lines();
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn outside(&mut self) -> Token {
        loop {
            let Some(distance) = find_pair(b'{', self.rest()) else {
                self.pos = self.text.len();
                if self.pos == self.start {
                    return self.emit(Kind::Eof);
                }
                self.count_lines();
                return self.emit(Kind::Text);
            };
            if distance > 0
                && let Some(text) = self.text_before_action(distance)
            {
                return text;
            }
            if let Some(token) = self.left_delimiter() {
                return token;
            }
        }
    }

    /// The text up to an action that is `distance` bytes ahead, unless trimming leaves nothing.
    fn text_before_action(&mut self, distance: usize) -> Option<Token> {
        self.pos += distance;
        let mut trimmed = 0;
        if has_left_marker(&self.text[self.pos + LEFT.len()..]) {
            let text = &self.text[self.start..self.pos];
            trimmed = text.iter().rev().take_while(|b| is_space(**b)).count();
        }
        self.pos -= trimmed;
        self.count_lines();
        let token = self.emit(Kind::Text);
        self.pos += trimmed;
        self.skip();
        (token.span.start != token.span.end).then_some(token)
    }

    /// The opening delimiter, or `None` if a comment was passed over instead.
    fn left_delimiter(&mut self) -> Option<Token> {
        self.pos += LEFT.len();
        let marker = if has_left_marker(self.rest()) { 2 } else { 0 };
        if self.text[self.pos + marker..].starts_with(b"/*") {
            self.pos += marker;
            self.skip();
            return self.comment();
        }
        let token = self.emit(Kind::LeftDelim);
        self.inside_action = true;
        if marker > 0 {
            self.pos += marker;
            self.skip();
        }
        self.parens = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token> {
        self.pos += 2;
        let Some(length) = memmem::find(self.rest(), b"*/") else {
            return Some(self.fail("unclosed comment"));
        };
        self.pos += length + 2;
        let (delimiter, trim) = self.at_right_delimiter();
        if !delimiter {
            return Some(self.fail("comment ends before closing delimiter"));
        }
        self.skip();
        if trim {
            self.pos += 2;
        }
        self.pos += RIGHT.len();
        if trim {
            self.trim_right();
        }
        self.skip();
        None
    }

    /// Whether the closing delimiter is next, and whether it trims.
    fn at_right_delimiter(&self) -> (bool, bool) {
        let rest = self.rest();
        if has_right_marker(rest) && rest[2..].starts_with(RIGHT) {
            return (true, true);
        }
        (rest.starts_with(RIGHT), false)
    }

    fn trim_right(&mut self) {
        self.pos += self.rest().iter().take_while(|b| is_space(**b)).count();
    }

    fn right_delimiter(&mut self, trim: bool) -> Token {
        if trim {
            self.pos += 2;
            self.skip();
        }
        self.pos += RIGHT.len();
        let token = self.emit(Kind::RightDelim);
        if trim {
            self.trim_right();
            self.skip();
        }
        self.inside_action = false;
        token
    }

    fn action(&mut self) -> Token {
        let Some(&first) = self.text.get(self.pos) else {
            return self.fail("unclosed action");
        };
        // Most tokens are single blanks before something that is neither blank nor a trim marker.
        if first == b' '
            && let Some(&next) = self.text.get(self.pos + 1)
            && !is_space(next)
            && next != b'-'
        {
            self.pos += 1;
            return self.emit(Kind::Space);
        }
        if first == b'}' || is_space(first) {
            match self.at_right_delimiter() {
                (true, trim) if self.parens == 0 => return self.right_delimiter(trim),
                (true, _) => return self.fail("unclosed left paren"),
                _ => {}
            }
        }
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => return self.space(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => return self.word(),
            b'0'..=b'9' | b'+' | b'-' => return self.number(),
            b'.' if self.text.get(self.pos + 1).is_none_or(u8::is_ascii_digit) => {
                return self.number();
            }
            _ => self.pos += 1,
        }
        match first {
            b'=' => self.emit(Kind::Assign),
            b':' if self.accept(b"=") => self.emit(Kind::Declare),
            b':' => self.fail("expected :="),
            b'|' => self.emit(Kind::Pipe),
            b'"' => self.quoted(b'"', Kind::String, "unterminated quoted string"),
            b'`' => self.raw_string(),
            b'$' => self.field_or_variable(Kind::Variable),
            b'\'' => self.quoted(b'\'', Kind::CharConstant, "unterminated character constant"),
            b'.' => self.field_or_variable(Kind::Field),
            b'(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen)
            }
            b')' if self.parens == 0 => self.fail("unexpected right paren"),
            b')' => {
                self.parens -= 1;
                self.emit(Kind::RightParen)
            }
            b if is_print(char::from(b)) => self.emit(Kind::Char),
            b => self.unrecognized(char::from(b)),
        }
    }

    /// An identifier, or a character beyond ASCII that can begin none.
    fn word(&mut self) -> Token {
        match self.peek() {
            Some((c, width)) if !is_alphanumeric(c) => {
                self.pos += width;
                self.unrecognized(c)
            }
            _ => self.identifier(),
        }
    }

    fn unrecognized(&mut self, c: char) -> Token {
        let c = code_point(c);
        self.fail(format!("unrecognized character in action: {c}"))
    }

    fn space(&mut self) -> Token {
        let count = self.rest().iter().take_while(|b| is_space(**b)).count();
        let run = &self.rest()[..count];
        let lines = line_breaks(run);
        let last_is_line = run.last() == Some(&b'\n');
        self.pos += count;
        self.line += lines;
        // The last space may belong to a closing delimiter that trims.
        let tail = &self.text[self.pos - 1..];
        if has_right_marker(tail) && tail[2..].starts_with(RIGHT) {
            self.pos -= 1;
            if last_is_line {
                self.line -= 1;
            }
            if count == 1 {
                return self.right_delimiter(true);
            }
        }
        self.emit(Kind::Space)
    }

    fn skip_alphanumeric(&mut self) {
        loop {
            let rest = self.rest();
            let end = rest.iter().position(|b| !is(WORD, *b));
            self.pos += end.unwrap_or(rest.len());
            if end.is_none_or(|end| rest[end].is_ascii()) {
                return;
            }
            match self.peek() {
                Some((c, width)) if is_alphanumeric(c) => self.pos += width,
                _ => return,
            }
        }
    }

    fn identifier(&mut self) -> Token {
        self.skip_alphanumeric();
        if !self.at_terminator() {
            return self.bad_character();
        }
        let kind = match &self.text[self.start..self.pos] {
            b"block" => Kind::Block,
            b"break" if !self.break_is_function => Kind::Break,
            b"continue" if !self.continue_is_function => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"range" => Kind::Range,
            b"nil" => Kind::Nil,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.emit(kind)
    }

    /// The dot or dollar sign has been read.
    fn field_or_variable(&mut self, kind: Kind) -> Token {
        if self.at_terminator() {
            let alone = if kind == Kind::Variable {
                Kind::Variable
            } else {
                Kind::Dot
            };
            return self.emit(alone);
        }
        self.skip_alphanumeric();
        if !self.at_terminator() {
            return self.bad_character();
        }
        self.emit(kind)
    }

    fn bad_character(&mut self) -> Token {
        let c = self.peek().map_or('\0', |(c, _)| c);
        self.fail(format!("bad character {}", code_point(c)))
    }

    /// Whether an identifier may end here.
    fn at_terminator(&self) -> bool {
        match self.text.get(self.pos) {
            None => true,
            Some(b) => is(TERMINATOR, *b) || self.rest().starts_with(RIGHT),
        }
    }

    /// A string or character constant on one line; escapes are the parser's business.
    fn quoted(&mut self, quote: u8, kind: Kind, unterminated: &str) -> Token {
        loop {
            // Byte by byte: no byte of a longer character looks like any of these.
            let Some(&b) = self.text.get(self.pos) else {
                return self.fail(unterminated);
            };
            self.pos += 1;
            match b {
                b'\\' if !matches!(self.text.get(self.pos), None | Some(b'\n')) => self.pos += 1,
                b'\\' | b'\n' => return self.fail(unterminated),
                b if b == quote => return self.emit(kind),
                _ => {}
            }
        }
    }

    fn raw_string(&mut self) -> Token {
        let Some(length) = memchr::memchr(b'`', self.rest()) else {
            return self.fail("unterminated raw quoted string");
        };
        let from = self.pos;
        self.pos += length + 1;
        self.line += line_breaks(&self.text[from..self.pos]);
        self.emit(Kind::RawString)
    }

    fn number(&mut self) -> Token {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.rest().first(), Some(b'+' | b'-')) {
            if !self.scan_number() || self.text[self.pos - 1] != b'i' {
                return self.bad_number();
            }
            return self.emit(Kind::Complex);
        }
        self.emit(Kind::Number)
    }

    fn bad_number(&mut self) -> Token {
        let quoted = quote(&self.text[self.start..self.pos]);
        self.fail(format!("bad number syntax: {quoted}"))
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        let found = self.rest().first().is_some_and(|b| valid.contains(b));
        self.pos += usize::from(found);
        found
    }

    fn accept_run(&mut self, valid: &[u8]) {
        self.pos += self.rest().iter().take_while(|b| valid.contains(b)).count();
    }

    /// Reads what may be a number; whether it is one, the parser finds out.
    fn scan_number(&mut self) -> bool {
        const DECIMAL: &[u8] = b"0123456789_";
        const HEX: &[u8] = b"0123456789abcdefABCDEF_";
        self.accept(b"+-");
        let mut digits = DECIMAL;
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = HEX;
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        let exponent: &[u8] = match digits.len() {
            11 => b"eE",
            23 => b"pP",
            _ => b"",
        };
        if self.accept(exponent) {
            self.accept(b"+-");
            self.accept_run(DECIMAL);
        }
        self.accept(b"i");
        match self.peek() {
            Some((c, width)) if is_alphanumeric(c) => {
                self.pos += width;
                false
            }
            _ => true,
        }
    }
}

/// Where a byte first stands twice in a row. (Texts between actions are too short for `memmem`.)
pub(crate) fn find_pair(byte: u8, text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        from += memchr::memchr(byte, &text[from..])?;
        if text.get(from + 1) == Some(&byte) {
            return Some(from);
        }
        from += 1;
    }
}

/// Offsets fit, because the parser refuses texts of 4 GiB and more.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn line_breaks(s: &[u8]) -> u32 {
    // The compiler makes SIMD of this; most stretches are too short for more.
    let count = s.iter().filter(|b| **b == b'\n').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

fn has_left_marker(s: &[u8]) -> bool {
    s.len() >= 2 && s[0] == b'-' && is_space(s[1])
}

fn has_right_marker(s: &[u8]) -> bool {
    s.len() >= 2 && is_space(s[0]) && s[1] == b'-'
}
