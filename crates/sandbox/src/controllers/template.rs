//! Pods out of templates: their parts, their names, and the number of a template.

use serde_json::{Value, json};

use super::desk::{self, controller_reference, text};
use super::events::{self, Source};
use crate::state::State;

/// The alphabet of numbers in names: no vowels.
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// A pod that `owner` is to control, of its template.
pub(super) fn pod(owner: &Value) -> Value {
    let template = &owner["spec"]["template"];
    let mut metadata = json!({});
    for key in ["labels", "annotations", "finalizers"] {
        if !template["metadata"][key].is_null() {
            metadata[key] = template["metadata"][key].clone();
        }
    }
    metadata["ownerReferences"] = json!([controller_reference(owner)]);
    json!({"metadata": metadata, "spec": template["spec"]})
}

/// Creates a pod whose name starts with the owner's, and tells; what the server says where it is refused.
pub(super) fn create(
    state: &mut State,
    source: Source,
    owner: &Value,
    mut pod: Value,
) -> Result<(), String> {
    let namespace = text(owner, "/metadata/namespace").to_owned();
    if pod["metadata"]["name"].is_null() {
        let prefix = format!("{}-", text(owner, "/metadata/name"));
        pod["metadata"]["generateName"] = prefix.into();
    }
    match desk::create(state, "pods", &namespace, pod, desk::MANAGER) {
        Ok(made) => {
            let message = format!("Created pod: {}", text(&made, "/metadata/name"));
            events::normal(state, source, owner, "SuccessfulCreate", &message);
            Ok(())
        }
        Err(status) => {
            let message = format!("Error creating: {}", status.message);
            events::warning(state, source, owner, "FailedCreate", &message);
            Err(status.message)
        }
    }
}

/// The number of a template: the same for the same template, in the letters that names may have. A count of
/// collisions makes another one.
pub(super) fn number(template: &Value, collisions: Option<i64>) -> String {
    // FNV-1a, 32 bits, as the real controllers use; over JSON rather than a dump of Go's memory.
    let mut hash: u32 = 0x811c_9dc5;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash ^= u32::from(*byte);
            hash = hash.wrapping_mul(0x0100_0193);
        }
    };
    eat(template.to_string().as_bytes());
    if let Some(collisions) = collisions {
        eat(&collisions.to_le_bytes());
    }
    let letter = |digit: u8| char::from(ALPHABET[usize::from(digit) % ALPHABET.len()]);
    hash.to_string().bytes().map(letter).collect()
}
