//! [`Json`]: a JSON document as Go's `encoding/json` decoder reads it, numbers kept as written.
//!
//! This serves schemas, whose numbers must not lose precision, and `--set-json`, which reads a value
//! out of the middle of a text. Errors have Go's words. It is not the codec of values in general.

use std::fmt;

/// Go refuses documents nested deeper than 10000; this bound keeps every walk of a document, which
/// are recursive, within any thread's stack.
const MAX_DEPTH: usize = 512;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// The number's text.
    Number(Box<str>),
    String(Box<str>),
    Array(Vec<Json>),
    /// Sorted by key, each key once.
    Object(Vec<(Box<str>, Json)>),
}

impl Json {
    /// The member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => find(members, key),
            _ => None,
        }
    }

    /// The text of a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(s) => Some(s),
            _ => None,
        }
    }
}

/// The value of a key among members sorted by key.
pub(crate) fn find<'a>(members: &'a [(Box<str>, Json)], key: &str) -> Option<&'a Json> {
    let i = members.binary_search_by(|(k, _)| (**k).cmp(key)).ok()?;
    Some(&members[i].1)
}

/// What is wrong with a JSON text, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SyntaxError {
    /// There is nothing but blanks.
    Empty,
    /// The text ends within a value.
    Cut,
    /// A byte where it may not be, and what was going on there.
    Character(u8, &'static str),
    /// A letter other than the literal's next one.
    Literal {
        found: u8,
        literal: &'static str,
        expected: char,
    },
    /// Nested beyond the limit.
    TooDeep,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("EOF"),
            Self::Cut => f.write_str("unexpected EOF"),
            Self::Character(c, context) => write!(f, "invalid character {} {context}", quoted(*c)),
            Self::Literal {
                found,
                literal,
                expected,
            } => write!(
                f,
                "invalid character {} in literal {literal} (expecting '{expected}')",
                quoted(*found)
            ),
            Self::TooDeep => f.write_str("exceeded max depth"),
        }
    }
}

/// A byte as Go's JSON errors show it: taken for a code point, in single quotes.
fn quoted(c: u8) -> String {
    match c {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let text = super::quote::quote(&char::from(c).to_string());
            format!("'{}'", &text[1..text.len() - 1])
        }
    }
}

/// Reads the value at the start of a text; gives it and where it ends.
pub(crate) fn parse_prefix(text: &[u8]) -> Result<(Json, usize), SyntaxError> {
    let mut parser = Parser { text, at: 0 };
    let Some(first) = parser.peek_token() else {
        return Err(SyntaxError::Empty);
    };
    let value = parser.value(first, 0)?;
    Ok((value, parser.at))
}

const VALUE: &str = "looking for beginning of value";

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    /// The next byte that is not blank, left in place.
    fn peek_token(&mut self) -> Option<u8> {
        while let Some(&c) = self.text.get(self.at) {
            if !matches!(c, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(c);
            }
            self.at += 1;
        }
        None
    }

    fn token(&mut self) -> Result<u8, SyntaxError> {
        self.peek_token().ok_or(SyntaxError::Cut)
    }

    fn byte(&mut self) -> Result<u8, SyntaxError> {
        let c = *self.text.get(self.at).ok_or(SyntaxError::Cut)?;
        self.at += 1;
        Ok(c)
    }

    fn value(&mut self, first: u8, depth: usize) -> Result<Json, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(SyntaxError::TooDeep);
        }
        match first {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(|s| Json::String(s.into())),
            b't' => self.literal("true", Json::Bool(true)),
            b'f' => self.literal("false", Json::Bool(false)),
            b'n' => self.literal("null", Json::Null),
            b'-' | b'0'..=b'9' => self.number(),
            c => Err(SyntaxError::Character(c, VALUE)),
        }
    }

    fn literal(&mut self, literal: &'static str, value: Json) -> Result<Json, SyntaxError> {
        for expected in literal.chars() {
            let found = self.byte()?;
            if char::from(found) != expected {
                return Err(SyntaxError::Literal {
                    found,
                    literal,
                    expected,
                });
            }
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Json, SyntaxError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.token()? == b']' {
            self.at += 1;
            return Ok(Json::Array(items));
        }
        loop {
            let first = self.token()?;
            items.push(self.value(first, depth + 1)?);
            match self.token()? {
                b',' => self.at += 1,
                b']' => break,
                c => return Err(SyntaxError::Character(c, "after array element")),
            }
        }
        self.at += 1;
        Ok(Json::Array(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json, SyntaxError> {
        const KEY: &str = "looking for beginning of object key string";
        self.at += 1;
        let mut members: Vec<(Box<str>, Json)> = Vec::new();
        if self.token()? == b'}' {
            self.at += 1;
            return Ok(Json::Object(members));
        }
        loop {
            match self.token()? {
                b'"' => {}
                c => return Err(SyntaxError::Character(c, KEY)),
            }
            let key = self.string()?;
            match self.token()? {
                b':' => self.at += 1,
                c => return Err(SyntaxError::Character(c, "after object key")),
            }
            let first = self.token()?;
            let value = self.value(first, depth + 1)?;
            members.push((key.into(), value));
            match self.token()? {
                b',' => self.at += 1,
                b'}' => break,
                c => return Err(SyntaxError::Character(c, "after object key:value pair")),
            }
        }
        self.at += 1;
        Ok(Json::Object(sorted(members)))
    }

    fn number(&mut self) -> Result<Json, SyntaxError> {
        let start = self.at;
        if self.text[self.at] == b'-' {
            self.at += 1;
        }
        match self.byte()? {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            c => return Err(SyntaxError::Character(c, "in numeric literal")),
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digit("after decimal point in numeric literal")?;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.text.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digit("in exponent of numeric literal")?;
        }
        let text = String::from_utf8_lossy(&self.text[start..self.at]);
        Ok(Json::Number(text.into()))
    }

    /// One digit at least, then any more.
    fn digit(&mut self, context: &'static str) -> Result<(), SyntaxError> {
        let c = self.byte()?;
        if !c.is_ascii_digit() {
            return Err(SyntaxError::Character(c, context));
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    /// A string, the position being at its opening quote.
    fn string(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let start = self.at;
            while self
                .text
                .get(self.at)
                .is_some_and(|c| !matches!(c, b'"' | b'\\' | 0..0x20))
            {
                self.at += 1;
            }
            out.extend_from_slice(&self.text[start..self.at]);
            match self.byte()? {
                b'"' => return Ok(decode_text(out)),
                b'\\' => self.escape(&mut out)?,
                c => return Err(SyntaxError::Character(c, "in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), SyntaxError> {
        let plain = match self.byte()? {
            c @ (b'"' | b'\\' | b'/') => c,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let unit = self.unit()?;
                let c = self.code_point(unit)?;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            c => return Err(SyntaxError::Character(c, "in string escape code")),
        };
        out.push(plain);
        Ok(())
    }

    /// The code point of a first UTF-16 unit, its other half taken if it follows.
    fn code_point(&mut self, unit: u16) -> Result<char, SyntaxError> {
        if (0xD800..0xDC00).contains(&unit) && self.text[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let low = self.unit()?;
            if let Some(Ok(c)) = char::decode_utf16([unit, low]).next() {
                return Ok(c);
            }
            self.at = back;
        }
        Ok(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u16, SyntaxError> {
        let mut unit = 0;
        for _ in 0..4 {
            let c = self.byte()?;
            let digit = char::from(c).to_digit(16).ok_or(SyntaxError::Character(
                c,
                "in \\u hexadecimal character escape",
            ))?;
            unit = unit << 4 | digit as u16;
        }
        Ok(unit)
    }
}

/// The text of a string's bytes; Go puts U+FFFD for every byte that is not part of UTF-8.
pub(super) fn decode_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| {
        let mut out = String::new();
        for chunk in e.as_bytes().utf8_chunks() {
            out.push_str(chunk.valid());
            out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
        }
        out
    })
}

/// Members in order of keys; of equal keys the last wins.
fn sorted(mut members: Vec<(Box<str>, Json)>) -> Vec<(Box<str>, Json)> {
    if !members.is_sorted_by(|a, b| a.0 < b.0) {
        members.reverse();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        members.dedup_by(|later, kept| later.0 == kept.0);
    }
    members
}
