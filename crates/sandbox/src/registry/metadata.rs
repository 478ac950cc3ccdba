//! `metadata`: what the server refuses in it.

use serde_json::Value;

use super::names;
use crate::catalog::Kind;
use crate::status::{Cause, Status};

/// How much text annotations may hold.
const ANNOTATIONS: usize = 256 * 1024;

/// Whether a value of metadata says nothing, so that the server does not keep it.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// The metadata of a new object.
pub(super) fn check_new(kind: &Kind, object: &Value, name: &str) -> Vec<Cause> {
    let mut causes = Vec::new();
    if name.is_empty() {
        causes.push(cause(
            "FieldValueRequired",
            "metadata.name",
            "Required value: name or generateName is required".to_owned(),
        ));
    }
    let rule = name_rule(kind);
    if let Some(prefix) = object["metadata"]["generateName"].as_str() {
        // A prefix may end in what stands before the random part.
        let wrong = rule(&format!("{}a", prefix.strip_suffix('-').unwrap_or(prefix)));
        let field = "metadata.generateName";
        causes.extend(wrong.iter().map(|why| invalid(field, prefix, why)));
    }
    let wrong = rule(name);
    if !name.is_empty() {
        causes.extend(wrong.iter().map(|why| invalid("metadata.name", name, why)));
    }
    common(&object["metadata"], &mut causes);
    causes
}

/// The metadata of an object that replaces `old`.
pub(super) fn check_change(old: &Value, object: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    if !old["metadata"]["deletionTimestamp"].is_null() {
        let had = |finalizer: &Value| {
            let list = old["metadata"]["finalizers"].as_array();
            list.is_some_and(|list| list.contains(finalizer))
        };
        let list = object["metadata"]["finalizers"].as_array();
        let mut new: Vec<&str> = list
            .into_iter()
            .flatten()
            .filter(|finalizer| !had(finalizer))
            .filter_map(Value::as_str)
            .collect();
        new.sort_unstable();
        if !new.is_empty() {
            let quoted: Vec<String> = new.iter().map(|f| format!("{f:?}")).collect();
            causes.push(cause("FieldValueForbidden", "metadata.finalizers", format!(
                "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                quoted.join(", ")
            )));
        }
    }
    common(&object["metadata"], &mut causes);
    causes
}

/// Refuses an object for these reasons, if there are any.
pub(super) fn refuse(kind: &Kind, name: &str, causes: &[Cause]) -> Result<(), Status> {
    if causes.is_empty() {
        return Ok(());
    }
    Err(Status::invalid(&kind.qualified_kind(), name, causes))
}

pub(super) fn cause(reason: &'static str, field: &str, message: String) -> Cause {
    Cause {
        reason,
        message,
        field: field.to_owned(),
    }
}

/// The value is not good. It is shown as Go shows it: quoted text, anything else as JSON.
pub(super) fn invalid(field: &str, value: &str, why: &str) -> Cause {
    let message = format!("Invalid value: {value:?}: {why}");
    cause("FieldValueInvalid", field, message)
}

fn name_rule(kind: &Kind) -> fn(&str) -> names::Wrong {
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "namespaces" | "services") | ("apps", "statefulsets") => names::label,
        ("rbac.authorization.k8s.io", _) => names::path_segment,
        _ => names::subdomain,
    }
}

fn common(metadata: &Value, causes: &mut Vec<Cause>) {
    for (key, value) in metadata["labels"].as_object().into_iter().flatten() {
        let wrong = names::qualified(key);
        causes.extend(wrong.iter().map(|why| invalid("metadata.labels", key, why)));
        let value = value.as_str().unwrap_or_default();
        let wrong = names::label_value(value);
        causes.extend(
            wrong
                .iter()
                .map(|why| invalid("metadata.labels", value, why)),
        );
    }
    let mut size = 0;
    for (key, value) in metadata["annotations"].as_object().into_iter().flatten() {
        size += key.len() + value.as_str().map_or(0, str::len);
        let wrong = names::qualified(&key.to_lowercase());
        causes.extend(
            wrong
                .iter()
                .map(|why| invalid("metadata.annotations", key, why)),
        );
    }
    if size > ANNOTATIONS {
        let message = format!("Too long: may not be more than {ANNOTATIONS} bytes");
        causes.push(cause("FieldValueTooLong", "metadata.annotations", message));
    }
    owners(metadata, causes);
    let finalizers = metadata["finalizers"].as_array().into_iter().flatten();
    for finalizer in finalizers.filter_map(Value::as_str) {
        let wrong = names::qualified(finalizer);
        causes.extend(
            wrong
                .iter()
                .map(|why| invalid("metadata.finalizers", finalizer, why)),
        );
    }
}

fn owners(metadata: &Value, causes: &mut Vec<Cause>) {
    let field = "metadata.ownerReferences";
    let mut controller: Option<String> = None;
    let owners = metadata["ownerReferences"].as_array();
    for owner in owners.into_iter().flatten() {
        for (key, why) in [
            ("apiVersion", "version must not be empty"),
            ("kind", "must not be empty"),
            ("name", "must not be empty"),
            ("uid", "must not be empty"),
        ] {
            if owner[key].as_str().unwrap_or_default().is_empty() {
                causes.push(invalid(&format!("{field}.{key}"), "", why));
            }
        }
        if owner["controller"] != true {
            continue;
        }
        let text = |key: &str| owner[key].as_str().unwrap_or_default().to_owned();
        let this = format!("{}/{}", text("kind"), text("name"));
        match &controller {
            None => controller = Some(this),
            Some(first) => causes.push(cause("FieldValueInvalid", field, format!(
                "Invalid value: {}: Only one reference can have Controller set to true. Found \"true\" in references for {first} and {this}",
                metadata["ownerReferences"]
            ))),
        }
    }
}
