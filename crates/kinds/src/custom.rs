//! Custom resources under the schema of their definition (`openAPIV3Schema`).
//!
//! The server takes an object in this order: [`prune`] (unknown fields go, and are told of under strict
//! or warning field validation), [`default`], and on a write [`validate`]. Not done here: rules in CEL
//! (`x-kubernetes-validations`), and formats that no chart was ever seen to use (`creditcard`, `isbn`, …),
//! which pass.

mod check;
mod defaults;
mod formats;
mod lists;
mod prune;

use serde_json::Value;

pub use defaults::default;
pub use prune::prune;

use crate::invalid::Invalid;

/// What is wrong with an object, or with a part of one that lies at this field (`status`, say).
#[must_use]
pub fn validate(schema: &Value, object: &Value, field: &str) -> Vec<Invalid> {
    let mut faults = check::check(schema, object, field);
    faults.extend(lists::check(schema, object, field));
    faults
}

/// Deeper objects are left alone: JSON of a request never nests so far.
const DEPTH: usize = 256;

fn is_meta(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

fn preserves(schema: &Value) -> bool {
    schema["x-kubernetes-preserve-unknown-fields"] == true
}

fn is_embedded(schema: &Value) -> bool {
    schema["x-kubernetes-embedded-resource"] == true
}

/// The schema of members that have none of their own, if it is more than a yes or no.
fn additional(schema: &Value) -> Option<&Value> {
    schema
        .get("additionalProperties")
        .filter(|more| more.is_object())
}

/// Whether members that have no schema of their own are allowed.
fn allows_additional(schema: &Value) -> bool {
    match &schema["additionalProperties"] {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        more => more.is_object(),
    }
}

#[cfg(test)]
mod tests;
