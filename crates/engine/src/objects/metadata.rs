//! Metadata as Kubernetes' accessors read and write it on objects without a Go type, wrong types and
//! all.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use windlass_plan::cluster::Object;

/// A text of `metadata`, if it is one.
pub(super) fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get(key)?.as_str()
}

/// Whether the server is to make up the rest of the name.
pub(crate) fn generates_name(object: &Object) -> bool {
    text(object, "generateName").is_some_and(|name| !name.is_empty())
}

/// Labels or annotations; none at all if any of them is not text, where null counts as an empty one.
pub(super) fn texts(object: &Object, key: &str) -> BTreeMap<String, String> {
    let found = object.get("metadata").and_then(|m| m.get(key)?.as_object());
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        Value::Null => Some((name.clone(), String::new())),
        _ => None,
    };
    let all = found.into_iter().flatten().map(text);
    all.collect::<Option<_>>().unwrap_or_default()
}

/// `metadata.annotations`
pub(crate) fn annotations(object: &Object) -> BTreeMap<String, String> {
    texts(object, "annotations")
}

/// Takes an annotation off an object, if it is a text.
pub(super) fn take_annotation(object: &mut Object, key: &str) -> Option<String> {
    let metadata = object.get_mut("metadata")?.as_object_mut()?;
    let annotations = metadata.get_mut("annotations")?.as_object_mut()?;
    if !annotations.get(key)?.is_string() {
        return None;
    }
    let taken = annotations.remove(key);
    if annotations.is_empty() {
        metadata.remove("annotations");
    }
    taken.as_ref().and_then(Value::as_str).map(str::to_owned)
}

/// Lays labels or annotations over those of an object.
pub(super) fn merge(object: &mut Object, key: &str, over: &[(&str, &str)]) {
    let mut all = texts(object, key);
    for (name, value) in over {
        all.insert((*name).to_owned(), (*value).to_owned());
    }
    set(object, key, json!(all));
}

/// Sets `metadata.namespace`, or takes it away where there is none.
pub(super) fn set_namespace(object: &mut Object, namespace: &str) {
    if !namespace.is_empty() {
        set(object, "namespace", namespace.into());
    } else if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        metadata.remove("namespace");
    }
}

/// Sets a field of `metadata`, which is made if it is not there; one that is no map stays as it is.
fn set(object: &mut Object, key: &str, value: Value) {
    let Value::Object(fields) = object else {
        return;
    };
    let metadata = fields.entry("metadata").or_insert_with(|| json!({}));
    if let Value::Object(metadata) = metadata {
        metadata.insert(key.to_owned(), value);
    }
}

/// What keeps `metadata` from being decoded into Go's `ObjectMeta`: the first fault, in the order of
/// the fields.
pub(super) fn fault(fields: &Map<String, Value>) -> Option<String> {
    let metadata = match fields.get("metadata")? {
        Value::Null => return None,
        Value::Object(metadata) => metadata,
        other => {
            return Some(format!(
                "json: cannot unmarshal {} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta",
                windlass_kinds::json_kind(other)
            ));
        }
    };
    metadata
        .iter()
        .find_map(|(key, value)| field_fault(key, value))
}

fn field_fault(key: &str, value: &Value) -> Option<String> {
    let wrong = |value: &Value, wanted: &str| {
        Some(format!(
            "json: cannot unmarshal {} into Go struct field ObjectMeta.metadata.{key} of type {wanted}",
            windlass_kinds::json_kind(value)
        ))
    };
    let is_text = |value: &&Value| value.is_string() || value.is_null();
    if value.is_null() {
        return None;
    }
    match key {
        "name" | "generateName" | "namespace" | "selfLink" | "uid" | "resourceVersion" => {
            let wanted = if key == "uid" { "types.UID" } else { "string" };
            (!value.is_string()).then(|| wrong(value, wanted)).flatten()
        }
        "generation" | "deletionGracePeriodSeconds" => {
            (!value.is_i64()).then(|| wrong(value, "int64")).flatten()
        }
        "labels" | "annotations" => match value {
            Value::Object(texts) => {
                let other = texts.values().find(|value| !is_text(value))?;
                wrong(other, "string")
            }
            other => wrong(other, "map[string]string"),
        },
        "finalizers" => match value {
            Value::Array(texts) => wrong(texts.iter().find(|value| !is_text(value))?, "string"),
            other => wrong(other, "[]string"),
        },
        _ => None,
    }
}
