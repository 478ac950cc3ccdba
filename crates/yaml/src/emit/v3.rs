//! `toYamlPretty`: goyaml v3's encoder over the value as it is in Go.
//!
//! No JSON is involved: structs show their Go field names in lower case, a `[]byte` is a list of
//! numbers, floats look like floats. What is not UTF-8 becomes `!!binary`.

use windlass_value::{FloatKind, Heap, Object, Str, Value, base64};

use super::MAX_DEPTH;
use super::scalar::{Scalar, Style};
use super::walk::{Contents, Held, Shape, Source, write};
use super::writer::{Dialect, Writer};
use crate::compose::float_text;
use crate::decode::parse_native;
use crate::error::{Error, Result};
use crate::resolve::lookalike::is_plain_text_v3;

/// Writes a value as Helm's `toYamlPretty` does, with the final line break that Helm removes.
///
/// # Errors
/// For kinds that goyaml does not know (it panics with this message), and for maps that hold
/// themselves (Go would exhaust its stack).
pub fn to_yaml_pretty(heap: &Heap, value: &Value) -> Result<String> {
    write(&AsInGo { heap }, Dialect::V3, value)
}

struct AsInGo<'v> {
    heap: &'v Heap,
}

impl<'v> Source<'v> for AsInGo<'v> {
    type Failure = Error;

    fn value(&self, writer: &mut Writer, value: Held<'v>) -> Result<Shape<'v>> {
        Ok(match value.get() {
            Value::Nil => writer.done(b"null"),
            Value::Bool(b) => writer.done(if *b { b"true" } else { b"false" }),
            Value::Int(n, _) => writer.done(n.to_string().as_bytes()),
            Value::Uint(n, _) => writer.done(n.to_string().as_bytes()),
            Value::Float(x, kind) => {
                let bits = if *kind == FloatKind::Float32 { 32 } else { 64 };
                writer.done(float_text(*x, bits).as_bytes())
            }
            Value::Complex(_) => return Err(Error::unknown_kind("complex128")),
            Value::Str(text) => {
                string(writer, text);
                Shape::Done
            }
            Value::Bytes(bytes) if bytes.is_empty() => writer.empty(b"[]"),
            Value::Bytes(bytes) => Shape::Collection(Contents::Bytes(bytes.clone())),
            Value::List(list) if list.is_empty() => writer.empty(b"[]"),
            Value::List(list) => Shape::Collection(match value {
                Held::Borrowed(Value::List(list)) => Contents::Slice(&list.items),
                _ => Contents::List(list.clone()),
            }),
            Value::Map(id) if self.heap.map(*id).is_empty() => writer.empty(b"{}"),
            Value::Map(id) => Shape::Collection(Contents::map(self.heap, *id, Dialect::V3)),
            Value::Object(object) => self.object(writer, &**object)?,
        })
    }

    fn too_deep(&self) -> Error {
        Error::too_deep(MAX_DEPTH)
    }

    fn key(&self, writer: &mut Writer, key: &[u8]) -> Result<()> {
        with_string(key, |scalar| writer.key(scalar));
        Ok(())
    }
}

impl<'v> AsInGo<'v> {
    fn object(&self, writer: &mut Writer, object: &dyn Object) -> Result<Shape<'v>> {
        if object.is_nil() {
            return Ok(writer.done(b"null"));
        }
        // These two types goyaml knows by name.
        match (object.type_name(), object.display()) {
            ("time.Time" | "*time.Time", _) => {
                if let Some(text) = marshaled_text(object)? {
                    return Ok(writer.done(&text));
                }
            }
            ("time.Duration", Some(text)) => {
                string(writer, &text);
                return Ok(Shape::Done);
            }
            _ => {}
        }
        let fields = object.fields();
        if !fields.is_empty() {
            let fields = fields
                .into_iter()
                .map(|(field, value)| (Str::from(field.name.to_lowercase()), value));
            return Ok(Shape::Collection(Contents::Fields(fields.collect())));
        }
        if let Some(text) = marshaled_text(object)? {
            string(writer, &text);
            return Ok(Shape::Done);
        }
        match object.underlying() {
            Some(value) => self.value(writer, Held::Owned(value)),
            None => Ok(writer.empty(b"{}")),
        }
    }
}

/// What an object's `MarshalText` gives, seen through its JSON.
fn marshaled_text(object: &dyn Object) -> Result<Option<Str>> {
    let json = match object.to_json() {
        None => return Ok(None),
        Some(json) => json.map_err(Error::yaml)?,
    };
    match parse_native(&mut Heap::new(), json.as_bytes()) {
        Ok(Value::Str(text)) => Ok(Some(text)),
        _ => Ok(None),
    }
}

fn string(writer: &mut Writer, text: &[u8]) {
    with_string(text, |scalar| writer.scalar(scalar));
}

/// Makes a scalar of a string; one that is not UTF-8 is encoded.
fn with_string(text: &[u8], write: impl FnOnce(Scalar<'_>)) {
    if std::str::from_utf8(text).is_ok() {
        return write(Scalar::string(text, is_plain_text_v3));
    }
    let encoded = base64_in_lines(text);
    let style = if encoded.contains(&b'\n') {
        Style::Literal
    } else {
        Style::Plain
    };
    write(Scalar {
        text: &encoded,
        style,
        binary: true,
    });
}

/// The Base64 of bytes in lines of 70 characters, each ended, or in one line without an end if it is
/// shorter.
fn base64_in_lines(bytes: &[u8]) -> Vec<u8> {
    const LINE: usize = 70;
    let encoded = base64::encode(bytes);
    let mut out = Vec::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    for line in encoded.chunks(LINE) {
        out.extend_from_slice(line);
        if encoded.len() >= LINE {
            out.push(b'\n');
        }
    }
    out
}
