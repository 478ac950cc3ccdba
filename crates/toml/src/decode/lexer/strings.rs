//! Strings: their inner text, from after the opening quotes.

use super::{BAD, EOF, Kind, Lexer, Next, State, is_newline};

impl Lexer<'_> {
    pub(super) fn string(&mut self) -> Next {
        loop {
            match self.next() {
                EOF => return self.error_here("unexpected EOF; expected '\"'".to_owned()),
                BAD => return Some(State::String),
                c if is_newline(c) => return self.newline_in_string(),
                '\\' => {
                    if let Err(stop) = self.escape() {
                        return stop;
                    }
                }
                '"' => {
                    let escaped = std::mem::take(&mut self.escaped);
                    let kind = if escaped {
                        Kind::StringEsc
                    } else {
                        Kind::String
                    };
                    return self.close_string(kind, 1);
                }
                _ => {}
            }
        }
    }

    pub(super) fn raw_string(&mut self) -> Next {
        loop {
            match self.next() {
                EOF => return self.error_here("unexpected EOF; expected \"'\"".to_owned()),
                BAD => return Some(State::RawString),
                c if is_newline(c) => return self.newline_in_string(),
                '\'' => return self.close_string(Kind::RawString, 1),
                _ => {}
            }
        }
    }

    pub(super) fn multiline_string(&mut self) -> Next {
        loop {
            match self.next() {
                EOF => return self.error_here("unexpected EOF; expected '\"\"\"'".to_owned()),
                BAD => return Some(State::MultilineString),
                '\\' => {
                    if is_newline(self.next()) {
                        continue;
                    }
                    self.backup();
                    if let Err(stop) = self.escape() {
                        return stop;
                    }
                }
                '"' if self.two_more('"') => {
                    if self.peek() == '"' {
                        // Two quotes may stand before the closing three, not more; but the first
                        // of them may be part of an escape.
                        let text = self.current();
                        if text.ends_with(b"\"\"\"\"\"") && !text.ends_with(b"\\\"\"\"\"\"") {
                            return self.error_here("unexpected '\"\"\"\"\"\"'".to_owned());
                        }
                        self.backup();
                        self.backup();
                        continue;
                    }
                    self.escaped = false;
                    return self.close_string(Kind::MultilineString, 3);
                }
                _ => {}
            }
        }
    }

    pub(super) fn multiline_raw_string(&mut self) -> Next {
        loop {
            match self.next() {
                EOF => return self.error_here("unexpected EOF; expected \"'''\"".to_owned()),
                BAD => return Some(State::MultilineRawString),
                '\'' if self.two_more('\'') => {
                    if self.peek() == '\'' {
                        if self.current().ends_with(b"'''''") {
                            return self.error_here("unexpected \"''''''\"".to_owned());
                        }
                        self.backup();
                        self.backup();
                        continue;
                    }
                    return self.close_string(Kind::RawMultilineString, 3);
                }
                _ => {}
            }
        }
    }

    /// Reads two more quotes if both are there.
    fn two_more(&mut self, quote: char) -> bool {
        if !self.accept(quote) {
            return false;
        }
        if !self.accept(quote) {
            self.backup();
            return false;
        }
        true
    }

    /// Emits what lies before the closing quotes and drops those.
    fn close_string(&mut self, kind: Kind, quotes: usize) -> Next {
        for _ in 0..quotes {
            self.backup();
        }
        self.emit(kind);
        for _ in 0..quotes {
            self.next();
        }
        self.ignore();
        self.pop()
    }

    fn newline_in_string(&mut self) -> Next {
        self.error_on_previous_line("strings cannot contain newlines".to_owned())
    }

    /// Reads an escape after its backslash; the error is the state to stop in.
    fn escape(&mut self) -> Result<(), Next> {
        self.escaped = true;
        match self.next() {
            'e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\' => Ok(()),
            'x' => self.hex_digits(2, "two", 'x'),
            'u' => self.hex_digits(4, "four", 'u'),
            'U' => self.hex_digits(8, "eight", 'U'),
            c => Err(self.error(format!("invalid escape in string '\\{c}'"))),
        }
    }

    fn hex_digits(&mut self, count: usize, word: &str, code: char) -> Result<(), Next> {
        for _ in 0..count {
            if !self.next().is_ascii_hexdigit() {
                let found = windlass_value::fmt::quote(self.current());
                return Err(self.error_here(format!(
                    "expected {word} hexadecimal digits after '\\{code}', but got {found} instead"
                )));
            }
        }
        Ok(())
    }
}
