//! `toYaml`: the value goes through JSON, which goyaml v2 reads and writes as YAML.
//!
//! For nearly all values that detour changes nothing that is not known beforehand (integral floats
//! become integers), and they are written at once. A value in which anything else might happen is
//! really sent through JSON: one with objects, with long keys (which cannot be read back), with
//! characters that YAML forbids or takes for line breaks where JSON does not.

use windlass_value::{FloatKind, Heap, Value, fmt, json};

use super::MAX_DEPTH;
use super::scalar;
use super::walk::{Contents, Held, Shape, Source, write};
use super::writer::{Dialect, Writer};
use crate::decode::parse_native;
use crate::error::{Error, Result, Stage};
use crate::resolve::lookalike::is_plain_text_v2;
use crate::resolve::{Number, Scalar, resolve_plain};

/// Keys up to this length in bytes can be read back from JSON, which may take six times as much, in
/// any case: YAML has a limit of 1024.
const SHORT_KEY: usize = 160;

/// Writes a value as Helm's `toYaml` does, with the final line break that Helm removes.
///
/// # Errors
/// When JSON cannot express the value, or YAML that JSON; with Go's message.
pub fn to_yaml(heap: &Heap, value: &Value) -> Result<String> {
    let direct = Direct {
        heap,
        through_json: false,
    };
    match write(&direct, Dialect::V2, value) {
        Ok(text) => Ok(text),
        Err(Failure::Fatal(e)) => Err(e),
        Err(Failure::NeedsJson) => through_json(heap, value),
    }
}

fn through_json(heap: &Heap, value: &Value) -> Result<String> {
    let text = json::marshal(heap, value).map_err(|e| Error::new(Stage::Marshal, e.to_string()))?;
    let mut scratch = Heap::new();
    let value = parse_native(&mut scratch, &text)?;
    let read_back = Direct {
        heap: &scratch,
        through_json: true,
    };
    write(&read_back, Dialect::V2, &value).map_err(|failure| match failure {
        Failure::Fatal(e) => e,
        Failure::NeedsJson => Error::yaml("a value read from JSON does not go through JSON"),
    })
}

/// Why a value was not written.
enum Failure {
    NeedsJson,
    Fatal(Error),
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Self::Fatal(e)
    }
}

/// Values as they come out of JSON, or such as it would not change.
struct Direct<'v> {
    heap: &'v Heap,
    through_json: bool,
}

impl<'v> Source<'v> for Direct<'v> {
    type Failure = Failure;

    fn value(&self, writer: &mut Writer, value: Held<'v>) -> Result<Shape<'v>, Failure> {
        let Held::Borrowed(value) = value else {
            return Err(Failure::NeedsJson);
        };
        Ok(match value {
            Value::Nil => writer.done(b"null"),
            Value::Bool(b) => writer.done(if *b { b"true" } else { b"false" }),
            Value::Int(n, _) => int(writer, *n),
            Value::Uint(n, _) => uint(writer, *n),
            Value::Float(x, FloatKind::Float64) if x.is_finite() => self.float(writer, *x),
            Value::Str(text) => {
                self.check(text)?;
                writer.scalar(scalar::Scalar::string(text, is_plain_text_v2));
                Shape::Done
            }
            Value::List(list) if list.nil => writer.done(b"null"),
            Value::List(list) if list.is_empty() => writer.empty(b"[]"),
            Value::List(list) => Shape::Collection(Contents::Slice(&list.items)),
            Value::Map(id) if self.heap.map(*id).is_nil() => writer.done(b"null"),
            Value::Map(id) if self.heap.map(*id).is_empty() => writer.empty(b"{}"),
            Value::Map(id) => Shape::Collection(Contents::map(self.heap, *id, Dialect::V2)),
            _ => return Err(Failure::NeedsJson),
        })
    }

    /// JSON tells whether the value holds itself.
    fn too_deep(&self) -> Failure {
        if self.through_json {
            Failure::Fatal(Error::too_deep(MAX_DEPTH))
        } else {
            Failure::NeedsJson
        }
    }

    fn key(&self, writer: &mut Writer, key: &[u8]) -> Result<(), Failure> {
        if key.len() > SHORT_KEY && !self.through_json {
            return Err(Failure::NeedsJson);
        }
        self.check(key)?;
        writer.key(scalar::Scalar::string(key, is_plain_text_v2));
        Ok(())
    }
}

impl Direct<'_> {
    /// Makes sure that a text survives JSON as it is.
    fn check(&self, text: &[u8]) -> Result<(), Failure> {
        if self.through_json || survives_json(text) {
            Ok(())
        } else {
            Err(Failure::NeedsJson)
        }
    }

    fn float<'s>(&self, writer: &mut Writer, x: f64) -> Shape<'s> {
        /// From here on, the digits that JSON shows are not those of the exact number.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        // JSON writes integral numbers without a point, and goyaml reads those that fit as integers.
        let integral = !self.through_json && x.fract() == 0.0;
        if integral && x.abs() < EXACT {
            return int(writer, x as i64);
        }
        let mut text = Vec::new();
        if integral {
            fmt::append_float(&mut text, x, b'f', -1, 64);
            if matches!(resolve_plain(&text), Scalar::Number(Number::Float(_))) {
                text.clear();
            }
        }
        if text.is_empty() {
            fmt::append_float(&mut text, x, b'g', -1, 64);
        }
        writer.done(&text)
    }
}

fn int<'s>(writer: &mut Writer, n: i64) -> Shape<'s> {
    let mut text = Vec::with_capacity(20);
    fmt::append_int(&mut text, n);
    writer.done(&text)
}

fn uint<'s>(writer: &mut Writer, n: u64) -> Shape<'s> {
    let mut text = Vec::with_capacity(20);
    fmt::append_uint(&mut text, n);
    writer.done(&text)
}

/// Whether a text comes back from JSON, read as YAML, as it is: it must be UTF-8, without control
/// characters that JSON leaves as they are but YAML forbids, and without U+0085, a line break.
fn survives_json(text: &[u8]) -> bool {
    if text.is_ascii() {
        return !text.contains(&0x7F);
    }
    let forbidden = |c| matches!(c, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
    std::str::from_utf8(text).is_ok_and(|text| !text.contains(forbidden))
}
