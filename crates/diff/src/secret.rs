//! Secrets without what they hold.
//!
//! A Secret is written anew from what its type knows. Values are replaced by how long they are, and by
//! whether they are the same on both sides; or decoded, for those who ask to see them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use windlass_value::base64;

use crate::yaml;

/// What a masked value says that is the same on both sides.
const SAME: &str = "REDACTED";
const OLD: &str = "--------";
const NEW: &str = "++++++++";

/// The names under which values are shown. Masked ones stand where decoded ones would.
const MASKED: &str = "data";
const DECODED: &str = "stringData";

/// A Secret, read.
struct Secret {
    /// The comment that its text begins with.
    comment: String,
    /// All of it but its values.
    rest: Map<String, Value>,
    /// Its values by their keys.
    data: BTreeMap<String, Vec<u8>>,
}

/// Both sides with their values masked.
#[must_use]
pub fn masked(old: Option<&str>, new: Option<&str>) -> (Option<String>, Option<String>) {
    both(old, new, |secret, other, sign| {
        let values = secret.data.iter().map(|(key, value)| {
            let other = other.and_then(|other| other.data.get(key));
            let sign = if other == Some(value) { SAME } else { sign };
            let text = format!("{sign} # ({} bytes)", value.len());
            (key.clone(), Value::String(text))
        });
        (MASKED, values.collect())
    })
}

/// Both sides with their values decoded.
#[must_use]
pub fn decoded(old: Option<&str>, new: Option<&str>) -> (Option<String>, Option<String>) {
    both(old, new, |secret, _, _| {
        let values = secret.data.iter();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let values = values.map(|(key, value)| (key.clone(), Value::String(text(value))));
        (DECODED, values.collect())
    })
}

type Show = fn(&Secret, Option<&Secret>, &str) -> (&'static str, Map<String, Value>);

fn both(old: Option<&str>, new: Option<&str>, show: Show) -> (Option<String>, Option<String>) {
    let (old, new) = (old.map(Secret::read), new.map(Secret::read));
    let fine = |read: &Option<Result<Secret, String>>| read.as_ref().is_some_and(Result::is_ok);
    let text = |one: &Option<Result<Secret, String>>,
                other: &Option<Result<Secret, String>>,
                sign: &str,
                side: &str| {
        let other = other.as_ref().filter(|_| fine(other));
        let other = other.and_then(|read| read.as_ref().ok());
        Some(match one.as_ref()? {
            Ok(secret) => secret.write(show(secret, other, sign)),
            Err(why) => format!("Error parsing {side} secret: {why}"),
        })
    };
    (text(&old, &new, OLD, "old"), text(&new, &old, NEW, "new"))
}

impl Secret {
    fn read(text: &str) -> Result<Self, String> {
        let Value::Object(mut object) = yaml::read(text)? else {
            return Err("it is no object".to_owned());
        };
        let mut data = BTreeMap::new();
        for (key, value) in map(object.remove("data"))? {
            let digits = value.as_str().unwrap_or_default();
            let bytes = base64::decode(digits.as_bytes())
                .map_err(|at| format!("illegal base64 data at input byte {at}"))?;
            data.insert(key, bytes);
        }
        // As the server does with it.
        for (key, value) in map(object.remove("stringData"))? {
            let text = value.as_str().unwrap_or_default();
            data.insert(key, text.as_bytes().to_vec());
        }
        let first = text.split_inclusive('\n').next().unwrap_or_default();
        let is_comment = first.starts_with('#') && first.ends_with('\n');
        Ok(Self {
            comment: if is_comment {
                first.to_owned()
            } else {
                String::new()
            },
            rest: plain(object),
            data,
        })
    }

    fn write(&self, (key, values): (&str, Map<String, Value>)) -> String {
        let mut object = self.rest.clone();
        if !values.is_empty() {
            object.insert(DECODED.to_owned(), Value::Object(values));
        }
        let text = format!("\n{}", yaml::write(&Value::Object(object)));
        let text = text.replacen(&format!("\n{DECODED}:"), &format!("\n{key}:"), 1);
        format!("{}{}", self.comment, text.trim_start_matches('\n'))
    }
}

fn map(value: Option<Value>) -> Result<Map<String, Value>, String> {
    match value {
        Some(Value::Object(map)) => Ok(map),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err("its data is no mapping".to_owned()),
    }
}

/// What a Secret's type knows of, without what is empty.
fn plain(object: Map<String, Value>) -> Map<String, Value> {
    const FIELDS: &[&str] = &["apiVersion", "kind", "metadata", "type", "immutable"];
    const METADATA: &[&str] = &[
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
        "managedFields",
    ];
    let kept = |fields: Map<String, Value>, known: &[&str]| -> Map<String, Value> {
        let mut fields = fields;
        fields.retain(|key, value| known.contains(&key.as_str()) && !is_empty(value));
        fields
    };
    let mut object = kept(object, FIELDS);
    let metadata = object.remove("metadata");
    if let Some(Value::Object(metadata)) = metadata {
        object.insert("metadata".into(), Value::Object(kept(metadata, METADATA)));
    } else {
        object.insert("metadata".into(), Value::Object(Map::new()));
    }
    object
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const A: &str = "# Source: c/s.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  labels: {}\ndata:\n  same: YWJj\n  other: YQ==\nstringData:\n  text: plain\n";

    #[test]
    fn values_are_told_by_their_length_only() {
        let b = A.replace("YQ==", "YmI=");
        let (old, new) = masked(Some(A), Some(&b));
        assert_eq!(
            old.unwrap(),
            "# Source: c/s.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  other: '-------- # (1 bytes)'\n  same: 'REDACTED # (3 bytes)'\n  text: 'REDACTED # (5 bytes)'\n"
        );
        assert!(new.unwrap().contains("other: '++++++++ # (2 bytes)'"));
        let (none, new) = masked(None, Some(A));
        assert!(none.is_none());
        assert!(new.unwrap().contains("same: '++++++++ # (3 bytes)'"));
    }

    #[test]
    fn values_are_decoded_where_that_is_asked_for() {
        let (_, new) = decoded(None, Some(A));
        assert!(
            new.unwrap()
                .contains("stringData:\n  other: a\n  same: abc\n  text: plain\n")
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_shown() {
        let broken = "kind: Secret\ndata:\n  a: '???'\n";
        let (old, _) = masked(Some(broken), None);
        assert_eq!(
            old.unwrap(),
            "Error parsing old secret: illegal base64 data at input byte 0"
        );
    }
}
