//! Fields that may not change once set, where `windlass_kinds::validate` does not know them, in the server's
//! words.

use serde_json::Value;

use super::metadata::cause;
use crate::catalog::Kind;
use crate::status::Cause;

/// What is refused of a change.
pub(super) fn check_change(kind: &Kind, old: &Value, object: &mut Value) -> Vec<Cause> {
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "secrets") if object["type"].as_str().unwrap_or_default().is_empty() => {
            object["type"] = old["type"].clone();
            Vec::new()
        }
        ("batch", "jobs") => [
            ["spec", "podFailurePolicy"],
            ["spec", "backoffLimitPerIndex"],
        ]
        .iter()
        .filter_map(|path| fixed(old, object, path))
        .collect(),
        ("storage.k8s.io", "storageclasses") => storage_class(old, object),
        ("scheduling.k8s.io", "priorityclasses") if old["value"] != object["value"] => {
            vec![forbidden("value", "may not be changed in an update.")]
        }
        _ => Vec::new(),
    }
}

fn storage_class(old: &Value, object: &Value) -> Vec<Cause> {
    let changed = |field: &&str| old[*field] != object[*field];
    let sealed = ["parameters", "provisioner"].into_iter();
    let sealed = sealed
        .filter(|field| changed(field))
        .map(|field| forbidden(field, &format!("updates to {field} are forbidden.")));
    let kept = ["reclaimPolicy", "volumeBindingMode"];
    let kept = kept
        .iter()
        .filter_map(|field| fixed(old, object, std::slice::from_ref(field)));
    sealed.chain(kept).collect()
}

fn forbidden(field: &str, why: &str) -> Cause {
    cause("FieldValueForbidden", field, format!("Forbidden: {why}"))
}

/// A field that keeps its value.
fn fixed(old: &Value, new: &Value, path: &[&str]) -> Option<Cause> {
    let at = |object| path.iter().fold(object, |value: &Value, key| &value[*key]);
    let (before, after): (&Value, &Value) = (at(old), at(new));
    (before != after).then(|| {
        let message = format!("Invalid value: {after}: field is immutable");
        cause("FieldValueInvalid", &path.join("."), message)
    })
}
