//! The protocol's typed data as our values: `{"$go": TYPE, "v": VALUE}` and plain JSON.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value as Json};
use windlass_time::{Duration, Time};
use windlass_value::{FloatKind, Heap, IntKind, List, ListType, MapType, Str, UintKind, Value};

use crate::oracle::pipe::text;

/// A value of the protocol, in a heap.
///
/// # Errors
/// A type that is none, or a value that is none of its type.
pub(super) fn value(heap: &mut Heap, json: &Json) -> Result<Value> {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::float(n.as_f64().context("a float64")?),
        Json::String(text) => Value::str(text.as_str()),
        Json::Array(items) => Value::list(
            items
                .iter()
                .map(|item| value(heap, item))
                .collect::<Result<_>>()?,
        ),
        Json::Object(fields) => match fields.get("$go").and_then(Json::as_str) {
            Some(kind) => typed(heap, kind, fields.get("v").unwrap_or(&Json::Null))?,
            None => map(heap, MapType::Any, fields, value)?,
        },
    })
}

fn map(
    heap: &mut Heap,
    ty: MapType,
    fields: &Map<String, Json>,
    entry: fn(&mut Heap, &Json) -> Result<Value>,
) -> Result<Value> {
    let entries = fields
        .iter()
        .map(|(key, json)| Ok((Str::from(key.as_str()), entry(heap, json)?)))
        .collect::<Result<_>>()?;
    Ok(Value::Map(heap.map_from(ty, entries)))
}

fn typed(heap: &mut Heap, kind: &str, json: &Json) -> Result<Value> {
    let items = || json.as_array().context("a list");
    Ok(match kind {
        "string" => Value::str(text(json).context("a text")?),
        "bytes" => Value::Bytes(text(json).context("a text")?.into()),
        "duration" => Value::object(duration(json)?),
        "time" => Value::object(time(json)?),
        "strings" if json.is_null() => Value::List(Arc::new(List::nil(ListType::STRINGS))),
        "ints" if json.is_null() => Value::List(Arc::new(List::nil(ListType::INTS))),
        "stringmap" if json.is_null() => Value::Map(heap.new_nil_map(MapType::Strings)),
        "strings" => Value::strings(
            items()?
                .iter()
                .map(|item| item.as_str().unwrap_or_default()),
        ),
        "ints" => {
            let ints = items()?
                .iter()
                .map(|item| Value::int(item.as_i64().unwrap_or_default()));
            Value::List(Arc::new(List::new(ListType::INTS, ints.collect())))
        }
        "stringmap" => {
            let fields = json.as_object().context("a map")?;
            map(heap, MapType::Strings, fields, value)?
        }
        _ => number(kind, &decimal(json))?,
    })
}

fn decimal(json: &Json) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), str::to_owned)
}

fn number(kind: &str, text: &str) -> Result<Value> {
    let int = |kind| Ok(Value::Int(text.parse()?, kind));
    let uint = |kind| Ok(Value::Uint(text.parse()?, kind));
    match kind {
        "int" => int(IntKind::Int),
        "int8" => int(IntKind::Int8),
        "int16" => int(IntKind::Int16),
        "int32" => int(IntKind::Int32),
        "int64" => int(IntKind::Int64),
        "uint" => uint(UintKind::Uint),
        "uint8" => uint(UintKind::Uint8),
        "uint16" => uint(UintKind::Uint16),
        "uint32" => uint(UintKind::Uint32),
        "uint64" => uint(UintKind::Uint64),
        "float32" => Ok(Value::Float(
            text.parse::<f32>()?.into(),
            FloatKind::Float32,
        )),
        "float64" => Ok(Value::float(text.parse()?)),
        other => bail!("no type {other:?}"),
    }
}

fn duration(json: &Json) -> Result<Duration> {
    match json.as_i64() {
        Some(nanoseconds) => Ok(Duration(nanoseconds)),
        None => Ok(Duration::parse(decimal(json).as_bytes())?),
    }
}

fn time(json: &Json) -> Result<Time> {
    let text = json.as_str().context("a time")?;
    windlass_time::parse(windlass_time::RFC3339_NANO, text.as_bytes()).context("a time")
}
