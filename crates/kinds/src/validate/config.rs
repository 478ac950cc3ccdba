//! ConfigMaps and Secrets.

use serde_json::{Value, json};

use super::{Faults, names, text};
use crate::invalid::Invalid;

const IMMUTABLE: &str = "field is immutable when `immutable` is set";
/// Contents of either may have this many bytes.
const MOST_BYTES: i64 = 1024 * 1024;

pub(super) fn config_map(object: &Value, faults: &mut Faults) {
    let binary = &object["binaryData"];
    let mut size = 0;
    for (key, value) in object["data"].as_object().into_iter().flatten() {
        let field = format!("data[{key}]");
        faults.named(&field, key, names::config_key(key));
        if binary.get(key).is_some() {
            let said = "duplicate of key present in binaryData";
            faults.malformed(&field, &json!(key), said);
        }
        size += text(value).len();
    }
    for (key, value) in binary.as_object().into_iter().flatten() {
        faults.named(&format!("binaryData[{key}]"), key, names::config_key(key));
        size += text(value).len() / 4 * 3;
    }
    too_long(size, "[]", faults);
}

pub(super) fn secret(object: &Value, faults: &mut Faults) {
    let data = &object["data"];
    let mut size = 0;
    for (key, value) in data.as_object().into_iter().flatten() {
        faults.named(&format!("data[{key}]"), key, names::config_key(key));
        size += text(value).len() / 4 * 3;
    }
    too_long(size, "data", faults);
    let given = |key: &&str| data.get(key).is_none() && object["stringData"].get(key).is_none();
    let wanted: &[&str] = match text(&object["type"]) {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/basic-auth" => {
            // One of the two is enough.
            let both = ["username", "password"];
            if both.iter().all(&given) {
                both.iter()
                    .for_each(|key| faults.required(&format!("data[{key}]"), ""));
            }
            &[]
        }
        "kubernetes.io/service-account-token" => {
            let name = "kubernetes.io/service-account.name";
            if text(&object["metadata"]["annotations"][name]).is_empty() {
                faults.required(&format!("metadata.annotations[{name}]"), "");
            }
            &[]
        }
        _ => &[],
    };
    for key in wanted.iter().filter(|key| given(key)) {
        faults.required(&format!("data[{key}]"), "");
    }
}

fn too_long(size: usize, field: &str, faults: &mut Faults) {
    if i64::try_from(size).unwrap_or(i64::MAX) > MOST_BYTES {
        faults.add(Invalid::too_long(field, MOST_BYTES));
    }
}

/// What is sealed stays as it is.
pub(super) fn update(old: &Value, new: &Value, faults: &mut Faults) {
    if old["immutable"] != true {
        return;
    }
    if new["immutable"] != true {
        faults.forbidden("immutable", IMMUTABLE);
    }
    for field in ["data", "binaryData"] {
        if old[field] != new[field] {
            faults.forbidden(field, IMMUTABLE);
        }
    }
}
