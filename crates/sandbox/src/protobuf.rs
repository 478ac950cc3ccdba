//! Objects that Go clients send in protobuf, read as JSON.
//!
//! `data/protobuf.txt` (written by `cargo xtask protobuf`) has a line for each message, in the order of full
//! names: its short name, with `[]` behind it if it is a list in JSON, then its fields, tab between:
//! number, JSON name, `:`, `*` if repeated or `%` if a map, and its type: `s` text, `y` bytes, `b` bool, `i`
//! integer, `d` and `f` floats, or the number of the line of another message. A field without a name is
//! inlined.
//!
//! Nothing is written in protobuf: clients that prefer it take JSON too.

mod wire;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};
use windlass_time::{Duration, Time};

pub(crate) use wire::base64;
use wire::{Fields, Wire};

const TABLE: &str = include_str!("../data/protobuf.txt");
/// What an object in protobuf begins with.
const MAGIC: &[u8] = b"k8s\0";
/// How deep messages may nest: deeper than any object, and no strain on the stack.
const DEPTH: usize = 64;

static MESSAGES: LazyLock<Vec<Message>> = LazyLock::new(|| TABLE.lines().map(read).collect());
static NAMED: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
    let names = MESSAGES.iter().map(|message| message.name);
    names.enumerate().map(|(at, name)| (name, at)).collect()
});

struct Message {
    name: &'static str,
    is_list: bool,
    fields: HashMap<u32, Field>,
}

struct Field {
    name: &'static str,
    form: Form,
    of: Type,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    One,
    Many,
    Map,
}

#[derive(Clone, Copy)]
enum Type {
    Text,
    Bytes,
    Bool,
    Integer,
    Double,
    Float,
    Message(usize),
}

/// Why bytes are no object.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
    )]
    Magic,
    #[error("unexpected EOF")]
    Short,
    #[error("proto: illegal wireType {0}")]
    WireType(u8),
    #[error(
        "no kind {kind:?} is registered for version {version:?} in scheme \"pkg/runtime/scheme.go:111\""
    )]
    Kind { kind: String, version: String },
    #[error("proto: message is nested too deeply")]
    Depth,
    #[error("proto: field holds no JSON: {0}")]
    Json(#[source] serde_json::Error),
}

/// Reads an object with its envelope.
pub(crate) fn object(bytes: &[u8]) -> Result<Value, Error> {
    let bytes = bytes.strip_prefix(MAGIC).ok_or(Error::Magic)?;
    let (mut version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for field in Fields::of(bytes) {
        match field? {
            (1, Wire::Bytes(meta)) => {
                for field in Fields::of(meta) {
                    match field? {
                        (1, Wire::Bytes(text)) => version = wire::text(text),
                        (2, Wire::Bytes(text)) => kind = wire::text(text),
                        _ => {}
                    }
                }
            }
            (2, Wire::Bytes(bytes)) => raw = bytes,
            _ => {}
        }
    }
    let Some(&message) = NAMED.get(message_name(&version, &kind).as_str()) else {
        return Err(Error::Kind { kind, version });
    };
    let mut object = value(message, raw, DEPTH)?;
    object["apiVersion"] = version.into();
    object["kind"] = kind.into();
    Ok(object)
}

/// The short name of a kind's message: the Go package, which is the first label of the group.
fn message_name(version: &str, kind: &str) -> String {
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let package = match group {
        "" => "core",
        "internal.apiserver.k8s.io" => "apiserverinternal",
        group => group.split('.').next().unwrap_or_default(),
    };
    match kind {
        // Options belong to no group, whatever they say.
        "DeleteOptions" | "CreateOptions" | "UpdateOptions" | "PatchOptions" | "ListOptions"
        | "GetOptions" => format!("meta/v1.{kind}"),
        _ => format!("{package}/{version}.{kind}"),
    }
}

fn value(message: usize, bytes: &[u8], depth: usize) -> Result<Value, Error> {
    let depth = depth.checked_sub(1).ok_or(Error::Depth)?;
    let known = &MESSAGES[message];
    if let Some(value) = special(known.name, bytes, depth)? {
        return Ok(value);
    }
    let mut object = Map::new();
    fill(&mut object, known, bytes, depth)?;
    if known.is_list {
        return Ok(object
            .remove("items")
            .unwrap_or_else(|| Value::Array(Vec::new())));
    }
    Ok(Value::Object(object))
}

fn fill(
    object: &mut Map<String, Value>,
    known: &Message,
    bytes: &[u8],
    depth: usize,
) -> Result<(), Error> {
    for field in Fields::of(bytes) {
        let (number, wire) = field?;
        let Some(field) = known.fields.get(&number) else {
            continue;
        };
        match (field.form, field.of) {
            (Form::One, Type::Message(inner)) if field.name.is_empty() => {
                if let (Wire::Bytes(bytes), Some(depth)) = (wire, depth.checked_sub(1)) {
                    fill(object, &MESSAGES[inner], bytes, depth)?;
                }
            }
            (Form::One, of) => {
                object.insert(field.name.to_owned(), scalar(of, &wire, depth)?);
            }
            (Form::Many, of) => {
                let item = scalar(of, &wire, depth)?;
                let list = object
                    .entry(field.name)
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Some(list) = list.as_array_mut() {
                    list.push(item);
                }
            }
            (Form::Map, of) => {
                let (key, item) = entry(of, &wire, depth)?;
                let map = object
                    .entry(field.name)
                    .or_insert_with(|| Value::Object(Map::new()));
                map[key] = item;
            }
        }
    }
    Ok(())
}

fn entry(of: Type, wire: &Wire<'_>, depth: usize) -> Result<(String, Value), Error> {
    let (mut key, mut item) = (String::new(), nothing(of));
    if let Wire::Bytes(bytes) = wire {
        for field in Fields::of(bytes) {
            match field? {
                (1, Wire::Bytes(text)) => key = wire::text(text),
                (2, wire) => item = scalar(of, &wire, depth)?,
                _ => {}
            }
        }
    }
    Ok((key, item))
}

/// What an entry of a map holds if it does not say.
fn nothing(of: Type) -> Value {
    match of {
        Type::Text | Type::Bytes => "".into(),
        Type::Bool => false.into(),
        Type::Integer | Type::Double | Type::Float => 0.into(),
        Type::Message(_) => Value::Null,
    }
}

fn scalar(of: Type, wire: &Wire<'_>, depth: usize) -> Result<Value, Error> {
    Ok(match (of, wire) {
        (Type::Text, Wire::Bytes(bytes)) => wire::text(bytes).into(),
        (Type::Bytes, Wire::Bytes(bytes)) => wire::base64(bytes).into(),
        (Type::Bool, Wire::Varint(number)) => (*number != 0).into(),
        // Negative numbers of any width are written as 64 bits.
        (Type::Integer, Wire::Varint(number)) => number.cast_signed().into(),
        (Type::Double, Wire::Fixed64(bits)) => f64::from_bits(*bits).into(),
        (Type::Float, Wire::Fixed32(bits)) => f64::from(f32::from_bits(*bits)).into(),
        (Type::Message(message), Wire::Bytes(bytes)) => value(message, bytes, depth)?,
        _ => Value::Null,
    })
}

/// Messages that are something else in JSON.
fn special(name: &str, bytes: &[u8], depth: usize) -> Result<Option<Value>, Error> {
    let special = match name {
        "meta/v1.Time" => time(bytes, b"2006-01-02T15:04:05Z")?,
        "meta/v1.MicroTime" => time(bytes, b"2006-01-02T15:04:05.000000Z")?,
        "meta/v1.Duration" => Duration(integer(bytes, 1)?).to_string().into(),
        "api/resource.Quantity" => wire::text(part(bytes, 1)?.unwrap_or(b"0")).into(),
        "util/intstr.IntOrString" => match integer(bytes, 1)? {
            0 => integer(bytes, 2)?.into(),
            _ => wire::text(part(bytes, 3)?.unwrap_or_default()).into(),
        },
        "meta/v1.FieldsV1" | "pkg/runtime.RawExtension" => json(part(bytes, 1)?)?,
        name if name.starts_with("apiextensions/") => return schema(name, bytes, depth),
        _ => return Ok(None),
    };
    Ok(Some(special))
}

/// The types of JSON schemas that are one thing or another.
fn schema(name: &str, bytes: &[u8], depth: usize) -> Result<Option<Value>, Error> {
    let (package, own) = name.split_once('.').unwrap_or_default();
    let inner = |bytes: &[u8]| {
        let name = format!("{package}.JSONSchemaProps");
        let message = NAMED.get(name.as_str());
        message.map_or(Ok(Value::Null), |&message| value(message, bytes, depth))
    };
    let value = match own {
        "JSON" => json(part(bytes, 1)?)?,
        "JSONSchemaPropsOrBool" => match part(bytes, 2)? {
            Some(schema) => inner(schema)?,
            None => (integer(bytes, 1)? != 0).into(),
        },
        "JSONSchemaPropsOrArray" | "JSONSchemaPropsOrStringArray" => match part(bytes, 1)? {
            Some(schema) => inner(schema)?,
            None => {
                let mut list = Vec::new();
                for field in Fields::of(bytes) {
                    if let (2, Wire::Bytes(item)) = field? {
                        list.push(match own {
                            "JSONSchemaPropsOrArray" => inner(item)?,
                            _ => wire::text(item).into(),
                        });
                    }
                }
                list.into()
            }
        },
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn time(bytes: &[u8], layout: &[u8]) -> Result<Value, Error> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let time = Time::from_unix(integer(bytes, 1)?, integer(bytes, 2)?);
    Ok(String::from_utf8_lossy(&time.format(layout))
        .into_owned()
        .into())
}

fn json(bytes: Option<&[u8]>) -> Result<Value, Error> {
    match bytes {
        None | Some([]) => Ok(Value::Null),
        Some(bytes) => serde_json::from_slice(bytes).map_err(Error::Json),
    }
}

/// The bytes of a field.
fn part(bytes: &[u8], wanted: u32) -> Result<Option<&[u8]>, Error> {
    for field in Fields::of(bytes) {
        match field? {
            (number, Wire::Bytes(bytes)) if number == wanted => return Ok(Some(bytes)),
            _ => {}
        }
    }
    Ok(None)
}

/// The number in a field; zero if it is not there.
fn integer(bytes: &[u8], wanted: u32) -> Result<i64, Error> {
    for field in Fields::of(bytes) {
        match field? {
            (number, Wire::Varint(value)) if number == wanted => return Ok(value.cast_signed()),
            _ => {}
        }
    }
    Ok(0)
}

fn read(line: &'static str) -> Message {
    let mut parts = line.split('\t');
    let name = parts.next().unwrap_or_default();
    let bare = name.strip_suffix("[]");
    Message {
        name: bare.unwrap_or(name),
        is_list: bare.is_some(),
        fields: parts.filter_map(read_field).collect(),
    }
}

fn read_field(text: &'static str) -> Option<(u32, Field)> {
    let (head, of) = text.rsplit_once(':')?;
    let digits = head.bytes().take_while(u8::is_ascii_digit).count();
    let (number, name) = head.split_at(digits);
    let (form, of) = match of.as_bytes().first()? {
        b'*' => (Form::Many, &of[1..]),
        b'%' => (Form::Map, &of[1..]),
        _ => (Form::One, of),
    };
    let of = match of {
        "s" => Type::Text,
        "y" => Type::Bytes,
        "b" => Type::Bool,
        "i" => Type::Integer,
        "d" => Type::Double,
        "f" => Type::Float,
        number => Type::Message(number.parse().ok()?),
    };
    Some((number.parse().ok()?, Field { name, form, of }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    /// A field that holds bytes.
    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2, u8::try_from(bytes.len()).unwrap()];
        out.extend_from_slice(bytes);
        out
    }

    fn enveloped(version: &str, kind: &str, raw: &[u8]) -> Vec<u8> {
        let meta = [field(1, version.as_bytes()), field(2, kind.as_bytes())].concat();
        [MAGIC.to_vec(), field(1, &meta), field(2, raw)].concat()
    }

    #[test]
    fn a_secret_is_read() {
        let metadata = [field(1, b"s"), field(3, b"ns")].concat();
        let entry = [field(1, b"key"), field(2, b"value")].concat();
        let raw = [
            field(1, &metadata),
            field(2, &entry),
            field(3, b"Opaque"),
            vec![5 << 3, 1],
        ];
        let read = object(&enveloped("v1", "Secret", &raw.concat())).unwrap();
        assert_eq!(
            read,
            json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": true,
                "metadata": {"name": "s", "namespace": "ns"}, "data": {"key": "dmFsdWU="}})
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert!(matches!(object(b"{}"), Err(Error::Magic)));
        assert!(matches!(
            object(&enveloped("v1", "Nonsense", b"")),
            Err(Error::Kind { .. })
        ));
        assert!(matches!(
            object(&enveloped("v1", "Secret", &[0x0a, 200])),
            Err(Error::Short)
        ));
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        for (message, line) in MESSAGES.iter().zip(TABLE.lines()) {
            assert_eq!(message.fields.len(), line.matches('\t').count(), "{line}");
        }
    }
}
