//! Claims of volumes.

use serde_json::{Value, json};

use super::{Faults, items};
use crate::invalid::Invalid;
use crate::quantity;

const MODES: [&str; 4] = [
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOnce",
    "ReadWriteOncePod",
];

pub(super) fn check(spec: &Value, faults: &mut Faults) {
    let modes = items(&spec["accessModes"]);
    if modes.is_empty() {
        faults.required("spec.accessModes", "at least 1 access mode is required");
    }
    for mode in modes {
        if !mode.as_str().is_some_and(|mode| MODES.contains(&mode)) {
            faults.add(Invalid::not_supported(
                "spec.accessModes",
                mode.clone(),
                &MODES,
            ));
        }
    }
    let storage = &spec["resources"]["requests"]["storage"];
    let amount = match storage {
        Value::Null => return faults.required("spec.resources[storage]", ""),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let amount = quantity::canonical(&amount).unwrap_or(amount);
    if amount == "0" || amount.starts_with('-') {
        let said = "must be greater than zero";
        faults.malformed("spec.resources[storage]", &json!(amount), said);
    }
}

/// Only the size of a claim may change.
pub(super) fn update(old: &Value, new: &Value, faults: &mut Faults) {
    check(&new["spec"], faults);
    let fixed = |claim: &Value| {
        let mut spec = claim["spec"].clone();
        if let Some(spec) = spec.as_object_mut() {
            spec.retain(|name, value| {
                let free = ["resources", "volumeName", "volumeAttributesClassName"];
                !free.contains(&name.as_str()) && !value.is_null()
            });
        }
        spec
    };
    let bound = old["status"]["phase"] == "Bound";
    let resized = old["spec"]["resources"] != new["spec"]["resources"];
    if fixed(old) != fixed(new) || (resized && !bound) {
        faults.forbidden(
            "spec",
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
        );
    }
}
