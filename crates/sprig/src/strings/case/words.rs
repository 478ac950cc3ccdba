//! Styles of joined words: `snake_case`, `kebab-case`, `CamelCase`.
//!
//! Words are found by the kind of their characters; digits cling to the word before or after them
//! by rules that only the order of kinds explains (`HTTP2xx` is `http_2xx`, `Bld4Floor` is
//! `bld4_floor`).

use windlass_template::Context;
use windlass_value::Value;
use windlass_value::fmt::{decode_rune, runes};

use crate::call::{Out, string};
use windlass_value::unicode::{is_letter, is_number, is_punct, is_upper, to_lower, to_upper};

/// The rune an invalid byte counts as.
const INVALID: char = '\u{fffd}';

pub(in crate::strings) fn snakecase(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(Joiner::new(string(args, 0)?, b'_').join()))
}

pub(in crate::strings) fn kebabcase(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(Joiner::new(string(args, 0)?, b'-').join()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The end, or invalid bytes to the end.
    Invalid,
    Number,
    /// Capitals, perhaps with the small letters that follow.
    Upper,
    Alphabet,
    Connector,
    Punct,
    /// Ideographs, symbols, marks.
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            c if is_connector(c) => Self::Connector,
            c if is_punct(c) => Self::Punct,
            c if is_upper(c) => Self::Upper,
            c if is_alphabet(c) => Self::Alphabet,
            c if is_number(c) => Self::Number,
            _ => Self::Other,
        }
    }

    /// Whether a word of this kind must be set off from the one before it.
    fn needs_connector(self) -> bool {
        !matches!(self, Self::Connector | Self::Punct)
    }
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

/// A letter of a script with words, which Chinese characters are not.
fn is_alphabet(c: char) -> bool {
    is_letter(c)
        && !matches!(c, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}')
}

/// Reads words one after the other and writes them joined.
struct Joiner<'a> {
    connector: u8,
    kind: Kind,
    word: &'a [u8],
    rest: &'a [u8],
    out: Vec<u8>,
}

impl<'a> Joiner<'a> {
    fn new(s: &'a [u8], connector: u8) -> Self {
        let (kind, len) = next_word(s);
        let (word, rest) = s.split_at(len);
        Self {
            connector,
            kind,
            word,
            rest,
            out: Vec::with_capacity(s.len() + 4),
        }
    }

    fn advance(&mut self) {
        let (kind, len) = next_word(self.rest);
        self.kind = kind;
        (self.word, self.rest) = self.rest.split_at(len);
    }

    fn join(mut self) -> Vec<u8> {
        while !self.rest.is_empty() {
            let (kind, word) = (self.kind, self.word);
            self.write(kind, word);
            self.advance();
            match kind {
                Kind::Number => self.finish_number(),
                Kind::Connector | Kind::Punct => {}
                _ if self.kind == Kind::Number => self.number_after_word(),
                _ => self.connect(),
            }
        }
        self.write(self.kind, self.word);
        self.out
    }

    /// Letters after a number belong to it.
    fn finish_number(&mut self) {
        while matches!(self.kind, Kind::Alphabet | Kind::Number) {
            self.write(self.kind, self.word);
            self.advance();
        }
        if self.kind != Kind::Invalid {
            self.connect();
        }
    }

    /// A number after a word belongs to it, unless small letters follow the number.
    fn number_after_word(&mut self) {
        if self.rest.is_empty() {
            return;
        }
        let number = self.word;
        self.advance();
        if self.kind == Kind::Alphabet {
            self.out.push(self.connector);
            self.write(Kind::Number, number);
            self.finish_number();
        } else {
            self.write(Kind::Number, number);
            self.connect();
        }
    }

    fn connect(&mut self) {
        if self.kind.needs_connector() {
            self.out.push(self.connector);
        }
    }

    fn write(&mut self, kind: Kind, word: &[u8]) {
        if !matches!(kind, Kind::Upper | Kind::Connector) {
            self.out.extend_from_slice(word);
            return;
        }
        for (_, c) in runes(word) {
            if is_connector(c) {
                self.out.push(self.connector);
            } else {
                let c = if is_upper(c) { to_lower(c) } else { c };
                self.out
                    .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

/// The kind and the length in bytes of the word at the start.
fn next_word(s: &[u8]) -> (Kind, usize) {
    let (first, mut len) = next_valid_rune(s, INVALID);
    if first == INVALID {
        return (Kind::Invalid, len);
    }
    let kind = Kind::of(first);
    if kind == Kind::Upper {
        return (kind, upper_word(s, first, len));
    }
    let mut last = first;
    while len < s.len() {
        let (c, size) = next_valid_rune(&s[len..], last);
        let belongs = match kind {
            Kind::Connector => is_connector(c),
            Kind::Punct => is_punct(c),
            Kind::Alphabet => is_alphabet(c) && !is_upper(c),
            Kind::Number => is_number(c),
            _ => !(is_connector(c) || is_alphabet(c) || is_number(c) || is_punct(c)),
        };
        if !belongs {
            break;
        }
        last = c;
        len += size;
    }
    (kind, len)
}

/// The length of a word that starts with a capital: `Word`, or `HTTP` before `Word`.
fn upper_word(s: &[u8], first: char, first_len: usize) -> usize {
    let mut len = first_len;
    if len == s.len() {
        return len;
    }
    let (second, size) = next_valid_rune(&s[len..], first);
    let capitals = is_upper(second);
    if !capitals && !is_alphabet(second) {
        return len;
    }
    len += size;
    let (mut last, mut last_size) = (second, size);
    while len < s.len() {
        let (c, size) = next_valid_rune(&s[len..], last);
        if capitals && !is_upper(c) {
            // The last capital starts the next word if small letters follow it.
            return if is_alphabet(c) { len - last_size } else { len };
        }
        if !capitals && (!is_alphabet(c) || is_upper(c)) {
            break;
        }
        (last, last_size) = (c, size);
        len += size;
    }
    len
}

/// The first rune that is not invalid, and the length up to its end; `fallback` and the whole length
/// if there is none.
fn next_valid_rune(s: &[u8], fallback: char) -> (char, usize) {
    let mut at = 0;
    while let (rune, size @ 1..) = decode_rune(&s[at..]) {
        at += size;
        if let Some(c) = rune.filter(|c| *c != INVALID) {
            return (c, at);
        }
    }
    (fallback, at)
}

pub(in crate::strings) fn camelcase(_: &mut dyn Context, args: &[Value]) -> Out {
    let mut runes = runes(string(args, 0)?).map(|(_, c)| c);
    let mut out = String::new();
    let mut last = None;
    for c in runes.by_ref() {
        last = Some(c);
        if !is_connector(c) {
            break;
        }
        out.push(c);
    }
    // Connectors at the start stay; a string of nothing else gets its last one twice.
    let Some(first) = last else {
        return Ok("".into());
    };
    let mut in_capitals = is_upper(first);
    let mut held = if is_connector(first) {
        first
    } else {
        to_upper(first)
    };
    for c in runes {
        let before = held;
        held = c;
        match (is_connector(before), is_connector(c)) {
            (true, true) => out.push(before),
            (true, false) => {
                in_capitals = is_upper(c);
                held = to_upper(c);
            }
            (false, _) => {
                in_capitals = in_capitals && is_upper(c);
                if in_capitals {
                    held = to_lower(c);
                }
                out.push(before);
            }
        }
    }
    out.push(held);
    Ok(out.into())
}
