//! Values: numbers, dates, booleans, and what starts a string, an array or a table.
//!
//! Numbers and dates are taken to a first approximation; the parser checks their texts.

use super::{EOF, Kind, Lexer, Next, State, is_blank, quoted};

impl Lexer<'_> {
    pub(super) fn value(&mut self) -> Next {
        let c = self.next();
        match c {
            c if is_blank(c) => {
                self.ignore();
                return Some(State::Value);
            }
            '0'..='9' => {
                self.backup();
                return self.number_or_date();
            }
            '[' => return self.open(Kind::Array, State::ArrayValue),
            '{' => return self.open(Kind::InlineTableStart, State::InlineTableValue),
            '"' => return self.open_string('"', State::String, State::MultilineString),
            '\'' => return self.open_string('\'', State::RawString, State::MultilineRawString),
            '.' => return self.error_here("floats must start with a digit, not '.'".to_owned()),
            'i' | 'n'
                if (self.accept('n') && self.accept('f'))
                    || (self.accept('a') && self.accept('n')) =>
            {
                return self.finish(Kind::Float);
            }
            '-' | '+' => return self.signed_number(),
            _ => {}
        }
        if is_letter(c) {
            self.backup();
            return self.word();
        }
        if c == EOF {
            return self.error_here("unexpected EOF; expected value".to_owned());
        }
        let message = format!("expected value but found {} instead", quoted(c));
        if c == '\n' {
            self.error_on_previous_line(message)
        } else {
            self.error_here(message)
        }
    }

    fn open(&mut self, kind: Kind, then: State) -> Next {
        self.ignore();
        self.emit(kind);
        Some(then)
    }

    /// A string of one line, or with three quotes of several.
    fn open_string(&mut self, quote: char, one_line: State, many_lines: State) -> Next {
        let mut state = one_line;
        if self.accept(quote) {
            if self.accept(quote) {
                state = many_lines;
            } else {
                self.backup();
            }
        }
        self.ignore();
        Some(state)
    }

    fn finish(&mut self, kind: Kind) -> Next {
        self.emit(kind);
        self.pop()
    }

    /// Takes characters back to the last that belongs to the item, and ends it.
    fn take_while(&mut self, kind: Kind, belongs: fn(char) -> bool) -> Next {
        while belongs(self.next()) {}
        self.backup();
        self.finish(kind)
    }

    fn number_or_date(&mut self) -> Next {
        if self.next() != '0' {
            return self.decimal_or_date();
        }
        match self.next() {
            '0'..='9' => self.decimal_or_date(),
            '_' => self.decimal(),
            '.' | 'e' | 'E' => self.float(),
            'b' => self.based("a binary", is_binary),
            'o' => self.based("an octal", is_octal),
            'x' => self.based("a hexadecimal", |c| c.is_ascii_hexdigit()),
            _ => {
                self.backup();
                self.finish(Kind::Integer)
            }
        }
    }

    /// A number after its base.
    fn based(&mut self, what: &str, is_digit: fn(char) -> bool) -> Next {
        let next = self.peek();
        if !is_digit(next) {
            let text = String::from_utf8_lossy(self.current());
            return self.error_here(format!("not {what} number: '{text}{next}'"));
        }
        let mut c = self.next();
        while is_digit(c) || c == '_' {
            c = self.next();
        }
        self.backup();
        self.finish(Kind::Integer)
    }

    fn decimal_or_date(&mut self) -> Next {
        loop {
            match self.next() {
                '0'..='9' => {}
                '-' | ':' => return self.datetime(),
                '_' => return self.decimal(),
                '.' | 'e' | 'E' => return self.float(),
                _ => {
                    self.backup();
                    return self.finish(Kind::Integer);
                }
            }
        }
    }

    fn datetime(&mut self) -> Next {
        let belongs = |c: char| {
            c.is_ascii_digit() || matches!(c, '-' | ':' | 'T' | 't' | ' ' | '.' | 'Z' | 'z' | '+')
        };
        self.take_while(Kind::Datetime, belongs)
    }

    fn decimal(&mut self) -> Next {
        loop {
            match self.next() {
                '0'..='9' | '_' => {}
                '.' | 'e' | 'E' => return self.float(),
                _ => {
                    self.backup();
                    return self.finish(Kind::Integer);
                }
            }
        }
    }

    fn float(&mut self) -> Next {
        let belongs =
            |c: char| c.is_ascii_digit() || matches!(c, '_' | '.' | '-' | '+' | 'e' | 'E');
        self.take_while(Kind::Float, belongs)
    }

    /// A number after its sign: decimal, `inf` or `nan`.
    fn signed_number(&mut self) -> Next {
        let first = self.next();
        match first {
            'i' => return self.signed_word("nf"),
            'n' => return self.signed_word("an"),
            '0' => {
                let base = self.peek();
                if matches!(base, 'b' | 'o' | 'x') {
                    let text = String::from_utf8_lossy(self.current());
                    let message =
                        format!("cannot use sign with non-decimal numbers: '{text}{base}'");
                    return self.error_here(message);
                }
            }
            '.' => return self.error_here("floats must start with a digit, not '.'".to_owned()),
            _ => {}
        }
        if first.is_ascii_digit() {
            return self.decimal();
        }
        self.error_here(format!("expected a digit but got {}", quoted(first)))
    }

    fn signed_word(&mut self, rest: &str) -> Next {
        if rest.chars().all(|c| self.accept(c)) {
            return self.finish(Kind::Float);
        }
        let text = String::from_utf8_lossy(self.current());
        self.error_here(format!("invalid float: '{text}'"))
    }

    /// `true`, `false`, or a word that is neither.
    fn word(&mut self) -> Next {
        // Letters of a half read `inf` or `nan` are not part of the word that is told.
        let start = self.at;
        while is_letter(self.next()) {}
        self.backup();
        match &self.input[start..self.at] {
            b"true" | b"false" => self.finish(Kind::Bool),
            other => {
                let found = windlass_value::fmt::quote(other);
                self.error_here(format!("expected value but found {found} instead"))
            }
        }
    }
}

fn is_binary(c: char) -> bool {
    matches!(c, '0' | '1')
}

fn is_octal(c: char) -> bool {
    matches!(c, '0'..='7')
}

/// Go's `unicode.IsLetter`, but for combining vowel signs, which the standard library counts in.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_numeric()
}
