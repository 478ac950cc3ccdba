//! What every object has.

use serde_json::{Value, json};

use super::{Faults, items, labels, names, text};
use crate::invalid::Invalid;
use crate::kind::Kind;

/// Annotations of an object may have this many bytes.
const MOST_BYTES: usize = 256 * 1024;
const FINALIZERS: [&str; 3] = ["orphan", "foregroundDeletion", "kubernetes"];

pub(super) fn check(kind: &Kind, object: &Value, faults: &mut Faults) {
    let metadata = &object["metadata"];
    let name = text(&metadata["name"]);
    let prefix = text(&metadata["generateName"]);
    if !prefix.is_empty() {
        // What is put behind it begins with a letter or digit.
        let wrongs = of_name(kind, prefix.strip_suffix('-').unwrap_or(prefix));
        faults.named("metadata.generateName", prefix, wrongs);
    }
    if name.is_empty() {
        faults.required("metadata.name", "name or generateName is required");
    } else {
        faults.named("metadata.name", name, of_name(kind, name));
    }
    labels::check(&metadata["labels"], "metadata.labels", faults);
    annotations(&metadata["annotations"], faults);
    for owner in items(&metadata["ownerReferences"]) {
        let field = "metadata.ownerReferences";
        let mut missing = |name: &str, said: &str| {
            if text(&owner[name]).is_empty() {
                faults.malformed(&format!("{field}.{name}"), &json!(""), said);
            }
        };
        missing("apiVersion", "version must not be empty");
        missing("kind", "must not be empty");
        missing("name", "must not be empty");
        missing("uid", "must not be empty");
    }
    for (at, finalizer) in items(&metadata["finalizers"]).iter().enumerate() {
        let (field, finalizer) = (format!("metadata.finalizers[{at}]"), text(finalizer));
        let wrongs = names::qualified(finalizer);
        if wrongs.is_empty() && !finalizer.contains('/') && !FINALIZERS.contains(&finalizer) {
            let said = "name is neither a standard finalizer name nor is it fully qualified";
            faults.malformed(&field, &json!(finalizer), said);
        }
        faults.named(&field, finalizer, wrongs);
    }
}

fn annotations(annotations: &Value, faults: &mut Faults) {
    let field = "metadata.annotations";
    let mut size = 0;
    for (key, value) in annotations.as_object().into_iter().flatten() {
        size += key.len() + text(value).len();
        faults.named(field, key, names::qualified(&key.to_lowercase()));
    }
    if size > MOST_BYTES {
        faults.add(Invalid::too_long(field, 262_144));
    }
}

fn of_name(kind: &Kind, name: &str) -> Vec<String> {
    match (kind.group, kind.kind) {
        ("", "Namespace" | "Service") => names::label(name),
        ("rbac.authorization.k8s.io", _) => names::path_segment(name),
        ("batch", "CronJob") => {
            let mut wrongs = names::subdomain(name);
            if name.len() > 52 {
                wrongs.push("must be no more than 52 characters".to_owned());
            }
            wrongs
        }
        _ => names::subdomain(name),
    }
}
