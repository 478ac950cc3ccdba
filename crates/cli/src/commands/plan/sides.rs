//! An object as it is and as it will be, as texts that may be shown.

use serde_json::Value;
use windlass_diff::{secret, yaml};
use windlass_plan::plan::forecast::{Fate, Foreseen};

/// What the server writes down for itself.
const BOOKS: &[&str] = &[
    "managedFields",
    "resourceVersion",
    "generation",
    "uid",
    "creationTimestamp",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// What tools write down for themselves.
const NOTES: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
];

/// Whose object it is; of interest only where that changes.
const OWNER: &[&str] = &[
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
];

/// Both texts; empty where there is nothing.
pub(in crate::commands) fn texts(found: &Foreseen, shows_secrets: bool) -> (String, String) {
    let after = match found.fate {
        Fate::Delete | Fate::Keep => None,
        Fate::Nothing => found.live.as_ref(),
        _ => found.after.as_ref(),
    };
    let before = found.manifest.as_ref().or(found.live.as_ref());
    let same_owner = match (before, after) {
        _ if found.manifest.is_some() => true,
        (Some(before), Some(after)) => OWNER
            .iter()
            .all(|key| note(before, key) == note(after, key)),
        _ => true,
    };
    let text =
        |object: Option<&Value>| object.map(|object| yaml::write(&plain(object, same_owner)));
    let (before, after) = (text(before), text(after));
    let is_secret = found.object.mapping.is("", "Secret");
    let (before, after) = match is_secret && !shows_secrets {
        true => secret::masked(before.as_deref(), after.as_deref()),
        false => (before, after),
    };
    (before.unwrap_or_default(), after.unwrap_or_default())
}

fn note<'o>(object: &'o Value, key: &str) -> Option<&'o Value> {
    object.pointer("/metadata/annotations")?.get(key)
}

/// An object without what no manifest says.
fn plain(object: &Value, same_owner: bool) -> Value {
    let mut object = object.clone();
    let Some(fields) = object.as_object_mut() else {
        return object;
    };
    fields.remove("status");
    let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) else {
        return object;
    };
    for key in BOOKS {
        metadata.remove(*key);
    }
    if let Some(notes) = metadata
        .get_mut("annotations")
        .and_then(Value::as_object_mut)
    {
        let owner = OWNER.iter().filter(|_| same_owner);
        for key in NOTES.iter().chain(owner) {
            notes.remove(*key);
        }
        if notes.is_empty() {
            metadata.remove("annotations");
        }
    }
    object
}
