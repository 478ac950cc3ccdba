//! Objects as YAML, and back.

use serde_json::Value;
use windlass_value::{Heap, json};

/// Reads the first document of a text.
///
/// # Errors
/// What is wrong with it, in Go's words.
pub fn read(text: &str) -> Result<Value, String> {
    let mut heap = Heap::new();
    let value = windlass_yaml::parse_kinds(&mut heap, text.as_bytes());
    let value = value.map_err(|error| error.to_string())?;
    let bytes = json::marshal(&heap, &value).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// Writes an object, its fields sorted. What YAML cannot express is written as JSON, which is YAML too.
#[must_use]
pub fn write(value: &Value) -> String {
    let text = value.to_string();
    let mut heap = Heap::new();
    let read = json::unmarshal(&mut heap, text.as_bytes());
    let written = read
        .ok()
        .and_then(|v| windlass_yaml::to_yaml(&heap, &v).ok());
    written.unwrap_or_else(|| format!("{text}\n"))
}
