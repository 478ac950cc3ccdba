//! Reading: one pass over the text with its own stack of containers.

use std::any::Any;

use super::Error;
use super::text::unquote;
use crate::fmt;
use crate::heap::{Heap, MapType};
use crate::list::{List, ListType};
use crate::object::Object;
use crate::str::Str;
use crate::value::Value;

/// Go refuses deeper nesting.
const MAX_DEPTH: usize = 10_000;

/// The declared type of the variable that is read into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `interface {}`
    Any,
    /// `map[string]interface {}`, made beforehand
    Map,
    /// `[]interface {}`, made beforehand
    List,
}

/// What numbers become inside an `interface {}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// `float64`
    Float,
    /// [`Number`], as after a decoder's `UseNumber`.
    Text,
}

/// What `Unmarshal` returns, and what it leaves in the variable, which on an error of a number or
/// type is more than nothing.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The variable's content. A `null` leaves a nil map or list.
    pub value: Value,
    /// The first error.
    pub error: Option<Error>,
}

impl Outcome {
    /// The value, unless there was an error.
    ///
    /// # Errors
    /// The error there was.
    pub fn into_result(self) -> Result<Value, Error> {
        self.error.map_or(Ok(self.value), Err)
    }
}

/// A number kept as text: Go's `json.Number`, a named string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(Str);

impl Number {
    /// The digits as they stood in the text.
    #[must_use]
    pub fn text(&self) -> &Str {
        &self.0
    }
}

impl Object for Number {
    fn type_name(&self) -> &'static str {
        "json.Number"
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::Str(self.0.clone()))
    }

    fn display(&self) -> Option<Str> {
        Some(self.0.clone())
    }

    fn equals(&self, other: &dyn Object, _heap: &Heap) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>() == Some(self))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Go's `json.Unmarshal` into a variable of the target type.
pub fn decode(heap: &mut Heap, text: &[u8], target: Target, numbers: Numbers) -> Outcome {
    let mut decoder = Decoder {
        text,
        at: 0,
        numbers,
        open: Vec::new(),
        range_error: None,
    };
    let parsed = decoder.document(heap);
    let range_error = decoder.range_error;
    let (found, wanted) = match (parsed, target) {
        (Err(error), _) => return failed(heap, target, error),
        (Ok(value), Target::Any) => return done(value, range_error),
        (Ok(value @ Value::Map(_)), Target::Map) | (Ok(value @ Value::List(_)), Target::List) => {
            return done(value, range_error);
        }
        (Ok(Value::Nil), Target::Map) if range_error.is_none() => {
            return done(Value::Map(heap.new_nil_map(MapType::Any)), None);
        }
        (Ok(Value::Nil), Target::List) if range_error.is_none() => {
            return done(Value::List(List::nil(ListType::ANY).into()), None);
        }
        (Ok(value), Target::Map) => (kind_name(&value), MapType::Any.name()),
        (Ok(value), Target::List) => (kind_name(&value), ListType::ANY.name),
    };
    let found = found.to_owned();
    failed(heap, target, Error::Type { found, wanted })
}

fn done(value: Value, error: Option<Error>) -> Outcome {
    Outcome { value, error }
}

/// The outcome when nothing was stored.
fn failed(heap: &mut Heap, target: Target, error: Error) -> Outcome {
    let value = match target {
        Target::Any => Value::Nil,
        Target::Map => Value::Map(heap.new_map()),
        Target::List => Value::list(Vec::new()),
    };
    done(value, Some(error))
}

/// What Go calls the JSON that a value was read from.
fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::Str(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// A container whose end has not been read yet.
enum Open {
    List(Vec<Value>),
    Map(Vec<(Str, Value)>, Str),
}

struct Decoder<'a> {
    text: &'a [u8],
    at: usize,
    numbers: Numbers,
    open: Vec<Open>,
    /// The first number that no `float64` can hold; reading goes on, as in Go.
    range_error: Option<Error>,
}

impl Decoder<'_> {
    fn document(&mut self, heap: &mut Heap) -> Result<Value, Error> {
        loop {
            let Some(mut value) = self.value(heap)? else {
                continue;
            };
            // Put the finished value where it belongs; containers may be finished by it in turn.
            loop {
                let Some(container) = self.open.pop() else {
                    return match self.skip_blanks() {
                        None => Ok(value),
                        Some(_) => Err(self.unexpected("after top-level value")),
                    };
                };
                match self.close(heap, container, value)? {
                    Some(finished) => value = finished,
                    None => break,
                }
            }
        }
    }

    /// Adds a value to its container and reads what follows: the container, if that was its end.
    fn close(&mut self, heap: &mut Heap, into: Open, value: Value) -> Result<Option<Value>, Error> {
        match into {
            Open::List(mut items) => {
                items.push(value);
                match self.need_byte()? {
                    b',' => self.open.push(Open::List(items)),
                    b']' => {
                        self.at += 1;
                        return Ok(Some(Value::list(items)));
                    }
                    _ => return Err(self.unexpected("after array element")),
                }
                self.at += 1;
            }
            Open::Map(mut entries, key) => {
                entries.push((key, value));
                match self.need_byte()? {
                    b',' => {
                        self.at += 1;
                        let key = self.key()?;
                        self.open.push(Open::Map(entries, key));
                    }
                    b'}' => {
                        self.at += 1;
                        return Ok(Some(Value::Map(heap.map_from(MapType::Any, entries))));
                    }
                    _ => return Err(self.unexpected("after object key:value pair")),
                }
            }
        }
        Ok(None)
    }

    /// Reads a scalar or an empty container, or opens a container (`None`).
    fn value(&mut self, heap: &mut Heap) -> Result<Option<Value>, Error> {
        let first = self.need_byte()?;
        let value = match first {
            b'{' | b'[' => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(self.unexpected("exceeded max depth"));
                }
                self.at += 1;
                return self.begin(heap, first);
            }
            b'"' => Value::Str(self.string()?),
            b't' => self.word(b"true", Value::Bool(true))?,
            b'f' => self.word(b"false", Value::Bool(false))?,
            b'n' => self.word(b"null", Value::Nil)?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ => return Err(self.unexpected("looking for beginning of value")),
        };
        Ok(Some(value))
    }

    fn begin(&mut self, heap: &mut Heap, bracket: u8) -> Result<Option<Value>, Error> {
        let next = self.need_byte()?;
        match (bracket, next) {
            (b'[', b']') => {
                self.at += 1;
                Ok(Some(Value::list(Vec::new())))
            }
            (b'[', _) => {
                self.open.push(Open::List(Vec::new()));
                Ok(None)
            }
            (_, b'}') => {
                self.at += 1;
                Ok(Some(Value::Map(heap.new_map())))
            }
            _ => {
                let key = self.key()?;
                self.open.push(Open::Map(Vec::new(), key));
                Ok(None)
            }
        }
    }

    /// Reads a key and the colon after it.
    fn key(&mut self) -> Result<Str, Error> {
        if self.need_byte()? != b'"' {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let key = self.string()?;
        if self.need_byte()? != b':' {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(key)
    }

    /// Reads a string; the opening quote is next.
    fn string(&mut self) -> Result<Str, Error> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.text.get(self.at) {
                None => return Err(self.end_of_input()),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(0..0x20) => return Err(self.unexpected("in string literal")),
                Some(_) => self.at += 1,
            }
        }
        let body = &self.text[start..self.at];
        self.at += 1;
        if !escaped && std::str::from_utf8(body).is_ok() {
            return Ok(body.into());
        }
        Ok(unquote(body).into())
    }

    /// Checks an escape; the backslash is next.
    fn escape(&mut self) -> Result<(), Error> {
        self.at += 1;
        match self.byte_or_blank() {
            b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => self.at += 1,
            b'u' => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.byte_or_blank().is_ascii_hexdigit() {
                        return Err(self.unexpected("in \\u hexadecimal character escape"));
                    }
                    self.at += 1;
                }
            }
            _ => return Err(self.unexpected("in string escape code")),
        }
        Ok(())
    }

    fn word(&mut self, word: &'static [u8], value: Value) -> Result<Value, Error> {
        for &c in word {
            if self.byte_or_blank() != c {
                let word = String::from_utf8_lossy(word);
                let context = format!("in literal {word} (expecting '{}')", c as char);
                return Err(self.unexpected(&context));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        self.number_end()?;
        let literal = &self.text[start..self.at];
        if self.numbers == Numbers::Text {
            return Ok(Value::object(Number(literal.into())));
        }
        match fmt::parse_float(literal, 64) {
            Ok(x) => Ok(Value::float(x)),
            Err(_) => {
                let found = format!("number {}", String::from_utf8_lossy(literal));
                self.range_error.get_or_insert(Error::Type {
                    found,
                    wanted: "float64",
                });
                Ok(Value::Nil)
            }
        }
    }

    /// Moves past a number's literal.
    fn number_end(&mut self) -> Result<(), Error> {
        if self.text[self.at] == b'-' {
            self.at += 1;
        }
        match self.byte_or_blank() {
            b'0' => self.at += 1,
            _ => self.digits("in numeric literal")?,
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if let Some(b'e' | b'E') = self.text.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.text.get(self.at) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    /// Moves past one digit or more.
    fn digits(&mut self, context: &str) -> Result<(), Error> {
        if !self.byte_or_blank().is_ascii_digit() {
            return Err(self.unexpected(context));
        }
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        Ok(())
    }

    /// The next byte that is no blank, not consumed.
    fn skip_blanks(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    fn need_byte(&mut self) -> Result<u8, Error> {
        self.skip_blanks().ok_or_else(|| self.end_of_input())
    }

    /// The next byte; the end of the text inside a literal reads as a blank, as Go has it.
    fn byte_or_blank(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(b' ')
    }

    fn end_of_input(&self) -> Error {
        Error::Syntax {
            message: "unexpected end of JSON input".to_owned(),
            offset: self.text.len(),
        }
    }

    fn unexpected(&self, context: &str) -> Error {
        Error::Syntax {
            message: format!(
                "invalid character {} {context}",
                quoted(self.byte_or_blank())
            ),
            offset: (self.at + 1).min(self.text.len()),
        }
    }
}

/// A byte, read as Latin-1, in a character literal.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let literal = fmt::quote((byte as char).encode_utf8(&mut [0; 2]).as_bytes());
            format!("'{}'", &literal[1..literal.len() - 1])
        }
    }
}
