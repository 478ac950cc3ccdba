//! One document as an object: YAML to JSON as `sigs.k8s.io/yaml` converts it, then the checks that
//! Kubernetes' resource builder makes before anyone asks a server.

use std::borrow::Cow;

use serde_json::{Map, Value};
use windlass_value::{Heap, json};

use super::build::BuildError;
use super::documents::Document;
use super::metadata;

/// A document's value, and its text as Go has it in errors: compact JSON. `None` for an empty one.
///
/// # Errors
/// Where it is not YAML.
pub(super) fn value(document: Document<'_>) -> Result<Option<(Value, String)>, BuildError> {
    let (value, text) = match document {
        Document::Json(value) => {
            let text = value.to_string();
            (value, text)
        }
        Document::Yaml(text) => yaml(text)?,
    };
    Ok((!value.is_null()).then_some((numbers(value), text)))
}

fn yaml(text: &str) -> Result<(Value, String), BuildError> {
    // The reader of lines ends each of them, the last one too.
    let text: Cow<'_, str> = match text.ends_with('\n') {
        true => text.into(),
        false => format!("{text}\n").into(),
    };
    let unreadable = |message: String| BuildError::Yaml { message };
    let mut heap = Heap::new();
    let value = windlass_yaml::parse_kinds(&mut heap, text.as_bytes())
        .map_err(|error| unreadable(error.to_string()))?;
    let bytes = json::marshal(&heap, &value)
        .map_err(|error| unreadable(format!("error converting YAML to JSON: {error}")))?;
    let json = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    let value = serde_json::from_str(&json).map_err(|error| unreadable(error.to_string()))?;
    Ok((value, json))
}

/// Integers beyond `int64` are floats to Kubernetes.
fn numbers(mut value: Value) -> Value {
    let mut open = vec![&mut value];
    while let Some(next) = open.pop() {
        match next {
            Value::Number(number) if !number.is_i64() => {
                if let Some(float) = number.as_f64().and_then(serde_json::Number::from_f64) {
                    *number = float;
                }
            }
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values_mut()),
            _ => {}
        }
    }
    value
}

/// What stands in the way of validating a document, in Go's words; empty if nothing does. The rest of
/// validation is the server's.
pub(super) fn validation_faults(value: &Value) -> Vec<String> {
    let Value::Object(fields) = value else {
        return vec!["invalid object to validate".to_owned()];
    };
    let mut faults = Vec::new();
    match fields.get("apiVersion") {
        None | Some(Value::Null) => faults.push("apiVersion not set".to_owned()),
        Some(Value::String(version)) if version.matches('/').count() > 1 => {
            faults.push(format!("unexpected GroupVersion string: {version}"));
        }
        Some(Value::String(_)) => {}
        Some(_) => faults.push("apiVersion isn't string type".to_owned()),
    }
    match fields.get("kind") {
        None | Some(Value::Null) => faults.push("kind not set".to_owned()),
        Some(Value::String(_)) => {}
        Some(_) => faults.push("kind isn't string type".to_owned()),
    }
    faults
}

/// The fields of a document that is an object with a kind and metadata of the right types.
///
/// # Errors
/// [`BuildError::Decode`] in Go's words.
pub(super) fn object(value: Value, text: &str) -> Result<Map<String, Value>, BuildError> {
    let refused = |message: String| BuildError::Decode { message };
    let fields = match value {
        Value::Object(fields) => fields,
        other => {
            return Err(refused(format!(
                "json: cannot unmarshal {} into Go value of type unstructured.detector",
                windlass_kinds::json_kind(&other)
            )));
        }
    };
    if kind(&fields).is_empty() {
        return Err(refused(missing_kind(text)));
    }
    match metadata::fault(&fields) {
        Some(message) => Err(refused(message)),
        None => Ok(fields),
    }
}

/// Go's text for an object without a kind.
pub(super) fn missing_kind(json: &str) -> String {
    format!("Object 'Kind' is missing in '{json}'")
}

/// `kind`, empty unless it is text.
pub(super) fn kind(fields: &Map<String, Value>) -> &str {
    fields
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// `apiVersion`, empty unless it is text.
pub(super) fn api_version(fields: &Map<String, Value>) -> &str {
    let found = fields.get("apiVersion").and_then(Value::as_str);
    found.unwrap_or_default()
}
