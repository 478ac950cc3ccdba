//! JSON merge patch (RFC 7386): applying one, and making one from two or three objects.

use serde_json::{Map, Value};

/// The patch takes away what another change sets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("patch conflicts with changes made from original to current")]
pub struct Conflict {
    /// What is set.
    pub changes: Value,
    /// What is taken away.
    pub deletions: Value,
}

/// Lays a patch over a document.
pub fn apply(document: &mut Value, patch: &Value) {
    match (document, patch) {
        (Value::Object(members), Value::Object(changes)) => lay_over(members, changes),
        (document, patch) => *document = without_nulls(patch),
    }
}

fn lay_over(members: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (key, change) in changes {
        if change.is_null() {
            members.remove(key);
            continue;
        }
        match (members.get_mut(key), change) {
            (Some(Value::Object(below)), Value::Object(changes)) => lay_over(below, changes),
            // The server's library leaves nulls alone where anything replaces an object.
            (Some(below @ Value::Object(_)), change) => *below = change.clone(),
            _ => {
                members.insert(key.clone(), without_nulls(change));
            }
        }
    }
}

/// Members that are null mean "absent" in what a patch brings in anew.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(key, member)| (key.clone(), without_nulls(member)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        scalar => scalar.clone(),
    }
}

/// The patch that makes `modified` of `original`; both are objects.
#[must_use]
pub fn diff(original: &Value, modified: &Value) -> Value {
    let none = Map::new();
    let original = original.as_object().unwrap_or(&none);
    let modified = modified.as_object().unwrap_or(&none);
    Value::Object(difference(original, modified))
}

fn difference(original: &Map<String, Value>, modified: &Map<String, Value>) -> Map<String, Value> {
    let mut patch = Map::new();
    for (key, wanted) in modified {
        match (original.get(key), wanted) {
            (Some(Value::Object(was)), Value::Object(wanted)) => {
                let below = difference(was, wanted);
                if !below.is_empty() {
                    patch.insert(key.clone(), Value::Object(below));
                }
            }
            (Some(was), wanted) if equal(was, wanted) => {}
            _ => {
                patch.insert(key.clone(), wanted.clone());
            }
        }
    }
    for key in original.keys() {
        if !modified.contains_key(key) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    patch
}

/// Equality of JSON as Go's libraries see it: all numbers are floating-point.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// The patch that brings to `current` what `modified` says, and takes away what only `original` said.
///
/// # Errors
/// What is taken away and what is set contradict each other.
pub fn three_way(original: &Value, modified: &Value, current: &Value) -> Result<Value, Conflict> {
    let changes = kept(&diff(current, modified), false);
    let deletions = kept(&diff(original, modified), true);
    if conflicting(&changes, &deletions) {
        return Err(Conflict { changes, deletions });
    }
    let mut patch = deletions;
    join(&mut patch, &changes);
    Ok(patch)
}

/// Only the nulls of a patch, or all but them. Lists are values.
fn kept(patch: &Value, nulls: bool) -> Value {
    let mut out = Map::new();
    for (key, value) in patch.as_object().into_iter().flatten() {
        match value {
            Value::Null if nulls => {
                out.insert(key.clone(), Value::Null);
            }
            Value::Object(members) if !members.is_empty() => {
                let below = kept(value, nulls);
                if below.as_object().is_some_and(|below| !below.is_empty()) {
                    out.insert(key.clone(), below);
                }
            }
            Value::Null => {}
            other if !nulls => {
                out.insert(key.clone(), other.clone());
            }
            _ => {}
        }
    }
    Value::Object(out)
}

/// Whether two patches give one place different values.
fn conflicting(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => left
            .iter()
            .any(|(key, left)| right.get(key).is_some_and(|right| conflicting(left, right))),
        (Value::Array(left), Value::Array(right)) => {
            left.len() != right.len() || left.iter().zip(right).any(|(l, r)| conflicting(l, r))
        }
        (left, right) => left != right,
    }
}

/// Applies one patch to the other as if that were a document, as the library does: nulls of `patch`
/// stay, those of `more` would take away.
fn join(patch: &mut Value, more: &Value) {
    apply(patch, more);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    #[test]
    fn nulls_take_away_and_new_nulls_vanish() {
        let mut document = json!({"a": {"b": 1, "c": 2}, "l": [1], "o": {"x": 1}});
        let patch = json!({"a": {"b": null}, "l": [null, {"n": null}], "o": [{"n": null}], "new": {"n": null, "m": 1}});
        apply(&mut document, &patch);
        let wanted = json!({"a": {"c": 2}, "l": [null, {}], "o": [{"n": null}], "new": {"m": 1}});
        assert_eq!(document, wanted);
    }

    #[test]
    fn a_three_way_patch_keeps_what_others_set() {
        let original = json!({"spec": {"a": 1, "b": 2}});
        let modified = json!({"spec": {"a": 3}});
        let current = json!({"spec": {"a": 1, "b": 2, "others": 4}});
        let patch = three_way(&original, &modified, &current).unwrap();
        assert_eq!(patch, json!({"spec": {"a": 3, "b": null}}));
    }
}
