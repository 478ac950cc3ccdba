//! Fields that may not change once set, and the few rules over whole objects that clients meet daily,
//! in the server's words.

use serde_json::Value;

use super::metadata::{cause, invalid, refuse};
use super::names;
use crate::catalog::Kind;
use crate::status::{Cause, Status};

/// How much a ConfigMap or a Secret may hold.
const DATA: usize = 1024 * 1024;

/// What is refused of a new object.
pub(super) fn check_new(kind: &Kind, object: &Value, name: &str) -> Result<(), Status> {
    refuse(kind, name, &data(kind, object))
}

/// What is refused of a change.
pub(super) fn check_change(
    kind: &Kind,
    old: &Value,
    object: &mut Value,
    name: &str,
) -> Result<(), Status> {
    let mut causes = data(kind, object);
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "configmaps") => sealed(old, object, &["data", "binaryData"], &mut causes),
        ("", "secrets") => {
            if object["type"].as_str().unwrap_or_default().is_empty() {
                object["type"] = old["type"].clone();
            }
            fixed(old, object, &["type"], &mut causes);
            sealed(old, object, &["data"], &mut causes);
        }
        ("apps", "deployments" | "replicasets" | "daemonsets") => {
            fixed(old, object, &["spec", "selector"], &mut causes);
        }
        ("apps", "statefulsets") => stateful_set(old, object, &mut causes),
        ("batch", "jobs") => job(old, object, &mut causes),
        ("", "persistentvolumeclaims") => claim(old, object, &mut causes),
        ("storage.k8s.io", "storageclasses") => {
            for field in [
                "parameters",
                "provisioner",
                "reclaimPolicy",
                "volumeBindingMode",
            ] {
                if old[field] != object[field] {
                    let message = match field {
                        "parameters" | "provisioner" => {
                            "Forbidden: updates to ".to_owned() + field + " are forbidden."
                        }
                        _ => format!("Invalid value: {}: field is immutable", object[field]),
                    };
                    let reason = if message.starts_with('F') {
                        "FieldValueForbidden"
                    } else {
                        "FieldValueInvalid"
                    };
                    causes.push(cause(reason, field, message));
                }
            }
        }
        ("scheduling.k8s.io", "priorityclasses") if old["value"] != object["value"] => {
            let message = "Forbidden: may not be changed in an update.".to_owned();
            causes.push(cause("FieldValueForbidden", "value", message));
        }
        ("rbac.authorization.k8s.io", _) if old["roleRef"] != object["roleRef"] => {
            let shown = &object["roleRef"];
            let message = format!("Invalid value: {shown}: cannot change roleRef");
            causes.push(cause("FieldValueInvalid", "roleRef", message));
        }
        _ => {}
    }
    refuse(kind, name, &causes)
}

fn data(kind: &Kind, object: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    if !kind.group.is_empty() || !matches!(kind.plural.as_str(), "configmaps" | "secrets") {
        return causes;
    }
    let mut size = 0;
    for field in ["data", "binaryData"] {
        for (key, value) in object[field].as_object().into_iter().flatten() {
            let path = format!("{field}[{key}]");
            let wrong = names::config_key(key);
            causes.extend(wrong.iter().map(|why| invalid(&path, key, why)));
            let text = value.as_str().unwrap_or_default();
            let encoded = kind.plural == "secrets" || field == "binaryData";
            size += if encoded {
                decoded_length(text)
            } else {
                text.len()
            };
        }
    }
    if size > DATA {
        let message = format!("Too long: may not be more than {DATA} bytes");
        let field = if kind.plural == "secrets" {
            "data"
        } else {
            "[]"
        };
        causes.push(cause("FieldValueTooLong", field, message));
    }
    causes
}

/// The number of bytes that base64 text stands for.
fn decoded_length(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    text.len() / 4 * 3 - padding.min(2)
}

/// `immutable: true` seals the data, and itself.
fn sealed(old: &Value, new: &Value, fields: &[&str], causes: &mut Vec<Cause>) {
    if old["immutable"] != true {
        return;
    }
    let complain = |field: &str| {
        let message = "Forbidden: field is immutable when `immutable` is set".to_owned();
        cause("FieldValueForbidden", field, message)
    };
    if new["immutable"] != true {
        causes.push(complain("immutable"));
    }
    let changed = fields.iter().filter(|field| old[**field] != new[**field]);
    causes.extend(changed.map(|field| complain(field)));
}

fn at<'a>(object: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(object, |value, key| &value[*key])
}

/// A field that keeps its value.
fn fixed(old: &Value, new: &Value, path: &[&str], causes: &mut Vec<Cause>) {
    let (before, after) = (at(old, path), at(new, path));
    if before != after {
        let message = format!("Invalid value: {after}: field is immutable");
        causes.push(cause("FieldValueInvalid", &path.join("."), message));
    }
}

fn stateful_set(old: &Value, new: &Value, causes: &mut Vec<Cause>) {
    let rest = |object: &Value| {
        let mut spec = object["spec"].clone();
        if let Some(fields) = spec.as_object_mut() {
            for field in [
                "replicas",
                "ordinals",
                "template",
                "updateStrategy",
                "revisionHistoryLimit",
                "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds",
            ] {
                fields.remove(field);
            }
        }
        spec
    };
    if rest(old) != rest(new) {
        let message = "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
        causes.push(cause("FieldValueForbidden", "spec", message.to_owned()));
    }
}

fn job(old: &Value, new: &Value, causes: &mut Vec<Cause>) {
    if old["spec"]["completionMode"] != "Indexed" {
        fixed(old, new, &["spec", "completions"], causes);
    }
    fixed(old, new, &["spec", "selector"], causes);
    // A suspended job that has not begun may still change where its pods go; the rest is fixed.
    if old["spec"]["template"] != new["spec"]["template"] {
        let shown = &new["spec"]["template"];
        let message = format!("Invalid value: {shown}: field is immutable");
        causes.push(cause("FieldValueInvalid", "spec.template", message));
    }
    fixed(old, new, &["spec", "completionMode"], causes);
    fixed(old, new, &["spec", "podFailurePolicy"], causes);
    fixed(old, new, &["spec", "backoffLimitPerIndex"], causes);
}

fn claim(old: &Value, new: &Value, causes: &mut Vec<Cause>) {
    let rest = |object: &Value| {
        let mut spec = object["spec"].clone();
        if let Some(fields) = spec.as_object_mut() {
            fields.remove("resources");
            fields.remove("volumeAttributesClassName");
            // The binder may set what was open.
            if old["spec"]["volumeName"].is_null() {
                fields.remove("volumeName");
            }
            if old["spec"]["storageClassName"].is_null() {
                fields.remove("storageClassName");
            }
        }
        spec
    };
    if rest(old) != rest(new) {
        let message = "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        causes.push(cause("FieldValueForbidden", "spec", message.to_owned()));
    }
}
