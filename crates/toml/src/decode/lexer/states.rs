//! The states of the document's skeleton: tables, keys, arrays, comments.

use super::{BAD, EOF, Kind, Lexer, Next, State, is_blank, is_newline, quoted};

impl Lexer<'_> {
    /// Runs one state.
    pub(super) fn step(&mut self, state: State) -> Next {
        match state {
            State::Top => self.top(),
            State::TopEnd => self.top_end(),
            State::TableEnd => self.end_table(Kind::TableEnd),
            State::ArrayTableEnd => self.array_table_end(),
            State::TableNameStart => self.table_name_start(),
            State::TableNameEnd => self.table_name_end(),
            State::BareName => self.bare_name(),
            State::QuotedName => self.quoted_name(),
            State::KeyStart => self.key_start(),
            State::KeyNameStart => self.key_name_start(),
            State::KeyEnd => self.key_end(),
            State::Value => self.value(),
            State::ArrayValue => self.array_value(),
            State::ArrayValueEnd => self.array_value_end(),
            State::InlineTableValue => self.inline_table_value(),
            State::InlineTableValueEnd => self.inline_table_value_end(),
            State::String => self.string(),
            State::MultilineString => self.multiline_string(),
            State::RawString => self.raw_string(),
            State::MultilineRawString => self.multiline_raw_string(),
            State::CommentStart => self.comment_start(),
            State::Comment => self.comment(),
        }
    }

    fn top(&mut self) -> Next {
        match self.next() {
            c if is_blank(c) || is_newline(c) => self.ignoring(State::Top),
            '#' => self.comment_then(State::Top),
            '[' => self.table_start(),
            EOF => {
                self.emit(Kind::Eof);
                None
            }
            _ => {
                self.backup();
                self.push(State::TopEnd);
                Some(State::KeyStart)
            }
        }
    }

    /// After a table's name or a value: nothing more on this line.
    fn top_end(&mut self) -> Next {
        match self.next() {
            '#' => self.comment_then(State::Top),
            c if is_blank(c) => Some(State::TopEnd),
            c if is_newline(c) => self.ignoring(State::Top),
            EOF => {
                self.emit(Kind::Eof);
                None
            }
            c => self.error_here(format!(
                "expected a top-level item to end with a newline, comment, or EOF, but got {} \
                 instead",
                quoted(c)
            )),
        }
    }

    fn ignoring(&mut self, then: State) -> Next {
        self.ignore();
        Some(then)
    }

    fn comment_then(&mut self, then: State) -> Next {
        self.push(then);
        Some(State::CommentStart)
    }

    fn comment_start(&mut self) -> Next {
        self.ignore();
        self.emit(Kind::CommentStart);
        Some(State::Comment)
    }

    fn comment(&mut self) -> Next {
        loop {
            match self.next() {
                c if is_newline(c) || c == EOF => {
                    self.backup();
                    self.emit(Kind::Text);
                    return self.pop();
                }
                // An error waits in the queue.
                BAD => return Some(State::Comment),
                _ => {}
            }
        }
    }

    fn table_start(&mut self) -> Next {
        if self.peek() == '[' {
            self.next();
            self.emit(Kind::ArrayTableStart);
            self.push(State::ArrayTableEnd);
        } else {
            self.emit(Kind::TableStart);
            self.push(State::TableEnd);
        }
        Some(State::TableNameStart)
    }

    fn end_table(&mut self, kind: Kind) -> Next {
        self.emit(kind);
        Some(State::TopEnd)
    }

    fn array_table_end(&mut self) -> Next {
        match self.next() {
            ']' => self.end_table(Kind::ArrayTableEnd),
            c => self.error_here(format!(
                "expected end of table array name delimiter ']', but got {} instead",
                quoted(c)
            )),
        }
    }

    fn table_name_start(&mut self) -> Next {
        self.skip_blanks();
        match self.peek() {
            ']' | EOF => self.error_here(
                "unexpected end of table name (table names cannot be empty)".to_owned(),
            ),
            '.' => self
                .error_here("unexpected table separator (table names cannot be empty)".to_owned()),
            '"' | '\'' => {
                self.ignore();
                self.push(State::TableNameEnd);
                Some(State::QuotedName)
            }
            _ => {
                self.push(State::TableNameEnd);
                Some(State::BareName)
            }
        }
    }

    fn table_name_end(&mut self) -> Next {
        self.skip_blanks();
        match self.next() {
            '.' => self.ignoring(State::TableNameStart),
            ']' => self.pop(),
            c => self.error_here(format!(
                "expected '.' or ']' to end table name, but got {} instead",
                quoted(c)
            )),
        }
    }

    fn bare_name(&mut self) -> Next {
        while matches!(self.next(), 'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-') {}
        self.backup();
        self.emit(Kind::Text);
        self.pop()
    }

    fn quoted_name(&mut self) -> Next {
        let quote = self.next();
        self.ignoring(if quote == '"' {
            State::String
        } else {
            State::RawString
        })
    }

    fn key_start(&mut self) -> Next {
        self.skip_blanks();
        match self.peek() {
            '=' | EOF => self.error_here("unexpected '=': key name appears blank".to_owned()),
            '.' => self.error_here("unexpected '.': keys cannot start with a '.'".to_owned()),
            _ => {
                self.emit(Kind::KeyStart);
                Some(State::KeyNameStart)
            }
        }
    }

    fn key_name_start(&mut self) -> Next {
        self.skip_blanks();
        match self.peek() {
            '=' | EOF => self.error_here("unexpected '='".to_owned()),
            '.' => self.error_here("unexpected '.'".to_owned()),
            '"' | '\'' => {
                self.ignore();
                self.push(State::KeyEnd);
                Some(State::QuotedName)
            }
            _ => {
                self.push(State::KeyEnd);
                Some(State::BareName)
            }
        }
    }

    fn key_end(&mut self) -> Next {
        self.skip_blanks();
        match self.next() {
            EOF => self.error_here("unexpected EOF; expected key separator '='".to_owned()),
            '.' => self.ignoring(State::KeyNameStart),
            '=' => {
                self.emit(Kind::KeyEnd);
                self.ignoring(State::Value)
            }
            c => {
                let message = format!("expected '.' or '=', but got {} instead", quoted(c));
                if c == '\n' {
                    self.error_on_previous_line(message)
                } else {
                    self.error_here(message)
                }
            }
        }
    }

    fn array_value(&mut self) -> Next {
        match self.next() {
            c if is_blank(c) || is_newline(c) => self.ignoring(State::ArrayValue),
            '#' => self.comment_then(State::ArrayValue),
            ',' => self.error_here("unexpected comma".to_owned()),
            ']' => self.close(Kind::ArrayEnd),
            _ => {
                self.backup();
                self.push(State::ArrayValueEnd);
                Some(State::Value)
            }
        }
    }

    fn array_value_end(&mut self) -> Next {
        match self.next() {
            c if is_blank(c) || is_newline(c) => self.ignoring(State::ArrayValueEnd),
            '#' => self.comment_then(State::ArrayValueEnd),
            ',' => self.ignoring(State::ArrayValue),
            ']' => self.close(Kind::ArrayEnd),
            c => self.error_here(format!(
                "expected a comma (',') or array terminator (']'), but got {}",
                rune_or_eof(c)
            )),
        }
    }

    fn inline_table_value(&mut self) -> Next {
        match self.next() {
            c if is_blank(c) || is_newline(c) => self.ignoring(State::InlineTableValue),
            '#' => self.comment_then(State::InlineTableValue),
            ',' => self.error_here("unexpected comma".to_owned()),
            '}' => self.close(Kind::InlineTableEnd),
            _ => {
                self.backup();
                self.push(State::InlineTableValueEnd);
                Some(State::KeyStart)
            }
        }
    }

    fn inline_table_value_end(&mut self) -> Next {
        match self.next() {
            c if is_blank(c) || is_newline(c) => self.ignoring(State::InlineTableValueEnd),
            '#' => self.comment_then(State::InlineTableValueEnd),
            ',' => {
                self.ignore();
                self.skip_blanks();
                let ends = self.peek() == '}';
                Some(if ends {
                    State::InlineTableValueEnd
                } else {
                    State::InlineTableValue
                })
            }
            '}' => self.close(Kind::InlineTableEnd),
            c => self.error_here(format!(
                "expected a comma or an inline table terminator '}}', but got {} instead",
                rune_or_eof(c)
            )),
        }
    }

    fn close(&mut self, kind: Kind) -> Next {
        self.ignore();
        self.emit(kind);
        self.pop()
    }
}

fn rune_or_eof(c: char) -> String {
    if c == EOF {
        "end of file".to_owned()
    } else {
        format!("'{c}'")
    }
}
