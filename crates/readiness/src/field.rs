//! Fields of objects, found as Kubernetes' helpers for untyped objects find them.

use serde_json::Value;

/// A field is not of the type that it has in every sound object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} is of another type than {wanted}")]
pub(crate) struct Misfit {
    path: String,
    wanted: &'static str,
}

impl Misfit {
    pub(crate) fn new(path: &[&str], wanted: &'static str) -> Self {
        Self {
            path: path.join("."),
            wanted,
        }
    }
}

/// The field at a path; `None` where there is none on the way.
pub(crate) fn at<'a>(object: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(object, |value, name| value.get(name))
}

/// A text, or the default where there is none or something else.
pub(crate) fn text<'a>(object: &'a Value, path: &[&str], default: &'a str) -> &'a str {
    at(object, path).and_then(Value::as_str).unwrap_or(default)
}

/// A whole number, or the default where there is none or something else.
pub(crate) fn int(object: &Value, path: &[&str], default: i64) -> i64 {
    at(object, path).and_then(Value::as_i64).unwrap_or(default)
}

/// A whole number that may be absent and may be nothing else.
pub(crate) fn strict_int(object: &Value, path: &[&str]) -> Result<Option<i64>, Misfit> {
    match at(object, path) {
        None => on_the_way(object, path, "int64").map(|()| None),
        Some(value) => value
            .as_i64()
            .map(Some)
            .ok_or_else(|| Misfit::new(path, "int64")),
    }
}

/// A text that may be absent and may be nothing else.
pub(crate) fn strict_text<'a>(object: &'a Value, path: &[&str]) -> Result<Option<&'a str>, Misfit> {
    match at(object, path) {
        None => on_the_way(object, path, "string").map(|()| None),
        Some(value) => value
            .as_str()
            .map(Some)
            .ok_or_else(|| Misfit::new(path, "string")),
    }
}

/// What is above an absent field is a map or null, or the object is not sound.
fn on_the_way(object: &Value, path: &[&str], wanted: &'static str) -> Result<(), Misfit> {
    let mut value = object;
    for name in path {
        match value {
            Value::Null => return Ok(()),
            Value::Object(map) => match map.get(*name) {
                None => return Ok(()),
                Some(next) => value = next,
            },
            _ => return Err(Misfit::new(path, wanted)),
        }
    }
    Ok(())
}

/// A list; empty where there is none or something else.
pub(crate) fn list<'a>(object: &'a Value, path: &[&str]) -> &'a [Value] {
    at(object, path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The group of an object's `apiVersion`, empty for the core group.
pub(crate) fn group(object: &Value) -> &str {
    let version = text(object, &["apiVersion"], "");
    version.split_once('/').map_or("", |(group, _)| group)
}

/// The object's `kind`.
pub(crate) fn kind(object: &Value) -> &str {
    text(object, &["kind"], "")
}

/// Seconds after 1970 of a time; `None` where it cannot be read.
pub(crate) fn unix(text: &str) -> Option<i64> {
    let time = windlass_time::parse(windlass_time::RFC3339, text.as_bytes());
    time.ok().map(|time| time.unix())
}
