//! JSON documents into the heap, numbers as `float64`, as Go decodes into an `interface {}`.

use windlass_value::{Heap, MapId, MapType, Str, Value};

use super::Error;
use crate::schema::json::{Json, decode_text, parse_prefix};

/// Reads the JSON value at the start of a text; gives it and where it ends.
pub(super) fn prefix(heap: &mut Heap, text: &[u8]) -> Result<(Value, usize), Error> {
    let (json, end) = parse_prefix(text).map_err(|e| Error::Json(e.to_string()))?;
    Ok((into_value(heap, &json)?, end))
}

/// Reads a text that is one JSON object, or gives nothing if it does not begin like one.
pub(super) fn object(heap: &mut Heap, text: &[u8]) -> Option<Result<MapId, Error>> {
    let text = decode_text(text.to_vec());
    let text = text.trim();
    if !text.starts_with('{') {
        return None;
    }
    let (json, end) = match parse_prefix(text.as_bytes()) {
        Ok(read) => read,
        Err(e) => return Some(Err(Error::Json(e.to_string()))),
    };
    if !text[end..].trim_matches([' ', '\t', '\r', '\n']).is_empty() {
        return Some(Err(Error::Json("data after top-level value".to_owned())));
    }
    match into_value(heap, &json) {
        Ok(value) => value.as_map().map(Ok),
        Err(e) => Some(Err(e)),
    }
}

fn into_value(heap: &mut Heap, json: &Json) -> Result<Value, Error> {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(text) => Value::float(number(text)?),
        Json::String(s) => Value::str(&**s),
        Json::Array(items) => {
            let items: Result<_, _> = items.iter().map(|item| into_value(heap, item)).collect();
            Value::list(items?)
        }
        Json::Object(members) => {
            let mut entries = Vec::with_capacity(members.len());
            for (key, value) in members {
                entries.push((Str::from(&**key), into_value(heap, value)?));
            }
            Value::Map(heap.map_from(MapType::Any, entries))
        }
    })
}

fn number(text: &str) -> Result<f64, Error> {
    let n = text.parse::<f64>().ok().filter(|n| n.is_finite());
    n.ok_or_else(|| {
        let message = format!("json: cannot unmarshal number {text} into Go value of type float64");
        Error::Json(message)
    })
}
