//! JSON documents into the heap, numbers as `float64`, as Go decodes into an `interface {}`.

use windlass_value::{Heap, MapId, Value, json};

use super::Error;
use crate::schema::json::parse_prefix;

/// Reads the JSON value at the start of a text; gives it and where it ends.
pub(super) fn prefix(heap: &mut Heap, text: &[u8]) -> Result<(Value, usize), Error> {
    // A stream's end is told in other words than a text's, hence the first look.
    let (_, end) = parse_prefix(text).map_err(|e| Error::Json(e.to_string()))?;
    Ok((unmarshal(heap, &text[..end])?, end))
}

/// Reads a text that is one JSON object, or gives nothing if it does not begin like one.
pub(super) fn object(heap: &mut Heap, text: &str) -> Option<Result<MapId, Error>> {
    let text = text.trim();
    if !text.starts_with('{') {
        return None;
    }
    match unmarshal(heap, text.as_bytes()) {
        Ok(value) => value.as_map().map(Ok),
        Err(e) => Some(Err(e)),
    }
}

fn unmarshal(heap: &mut Heap, text: &[u8]) -> Result<Value, Error> {
    json::unmarshal(heap, text).map_err(|e| Error::Json(e.to_string()))
}
