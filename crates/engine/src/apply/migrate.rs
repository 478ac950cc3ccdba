//! Ownership from client-side to server-side apply: what Helm owns as an updater it owns as an applier
//! from then on. Otherwise the fields that a later manifest lacks would stay, being the updater's.

use serde_json::{Map, Value, json};
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Error, FieldValidation, Object, Patch};

use super::error::named;
use super::{ApplyError, manager, write};
use crate::engine::Engine;
use crate::objects::get;

/// How often the object is read and patched, if others keep changing it.
const ATTEMPTS: usize = 5;

/// Carries ownership over on an object; whether there was any.
pub(super) async fn migrate(
    engine: &Engine,
    at: &ObjectRef,
    live: &Object,
    dry_run: bool,
) -> Result<bool, ApplyError> {
    let manager = manager(engine);
    let write = write(engine, FieldValidation::Strict, dry_run);
    let mut read;
    let mut live = live;
    let mut attempt = 1;
    loop {
        let Some(patch) = patch(live, &manager) else {
            return Ok(false);
        };
        match engine.cluster.patch(at, &Patch::Json(patch), &write).await {
            Ok(_) => return Ok(true),
            Err(cause) if !cause.is_conflict() => {
                let object = named(at);
                return Err(ApplyError::CarryOwnership { object, cause });
            }
            Err(conflict) if attempt == ATTEMPTS => return Err(ApplyError::Refused(conflict)),
            Err(_) => attempt += 1,
        }
        engine.cluster.sleep(super::retry::PAUSE).await;
        read = reread(engine, at).await?;
        live = &read;
    }
}

async fn reread(engine: &Engine, at: &ObjectRef) -> Result<Object, ApplyError> {
    let failed = |cause: Error| ApplyError::ReadOwnership {
        object: named(at),
        cause,
    };
    get(&*engine.cluster, at).await.map_err(failed)
}

/// The JSON patch that carries ownership over; `None` if there is none to carry. That it replaces the
/// resource version makes the server refuse it where the object changed meanwhile.
fn patch(live: &Object, manager: &str) -> Option<Object> {
    let entries = live.pointer("/metadata/managedFields")?.as_array()?;
    let carried = carried_over(entries, manager)?;
    Some(json!([
        {"op": "replace", "path": "/metadata/managedFields", "value": carried},
        {
            "op": "replace",
            "path": "/metadata/resourceVersion",
            "value": live.pointer("/metadata/resourceVersion"),
        },
    ]))
}

/// The entries with the manager's updates merged into what it applies; `None` if it has no updates.
/// Where it applies nothing yet, its latest update becomes that.
fn carried_over(entries: &[Value], manager: &str) -> Option<Vec<Value>> {
    let is = |entry: &Value, operation: &str| {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        text("manager") == manager
            && text("operation") == operation
            && text("subresource").is_empty()
    };
    let update = entries.iter().position(|entry| is(entry, "Update"))?;
    let mut entries = entries.to_vec();
    let applied = entries.iter().position(|entry| is(entry, "Apply"));
    let into = applied.unwrap_or(update);
    if applied.is_none()
        && let Some(entry) = entries[into].as_object_mut()
    {
        entry.insert("operation".to_owned(), "Apply".into());
    }
    let version = entries[into].get("apiVersion").cloned();
    let merged = entries
        .iter()
        .find(|entry| is(entry, "Update") && entry.get("apiVersion") == version.as_ref())
        .map(|entry| fields(entry).union(fields(&entries[into])).to_json(true));
    if let Some(merged) = merged
        && let Some(entry) = entries[into].as_object_mut()
    {
        entry.insert("fieldsV1".to_owned(), merged);
    }
    entries.retain(|entry| !is(entry, "Update"));
    Some(entries)
}

fn fields(entry: &Value) -> Fields {
    entry.get("fieldsV1").map(Fields::of).unwrap_or_default()
}

/// A set of fields: `fieldsV1`.
#[derive(Default)]
struct Fields {
    /// Whether the field itself is in the set, rather than only fields below it.
    member: bool,
    below: std::collections::BTreeMap<String, Fields>,
}

impl Fields {
    fn of(json: &Value) -> Self {
        let Value::Object(fields) = json else {
            return Self::default();
        };
        let child = |(key, value): (&String, &Value)| {
            let mut child = Self::of(value);
            child.member |= value.as_object().is_some_and(Map::is_empty);
            (key.clone(), child)
        };
        Self {
            member: fields.contains_key("."),
            below: fields
                .iter()
                .filter(|(key, _)| *key != ".")
                .map(child)
                .collect(),
        }
    }

    fn union(mut self, other: Self) -> Self {
        self.member |= other.member;
        for (key, child) in other.below {
            let mine = self.below.remove(&key).unwrap_or_default();
            self.below.insert(key, mine.union(child));
        }
        self
    }

    fn to_json(&self, root: bool) -> Value {
        let mut json = Map::new();
        if self.member && (root || !self.below.is_empty()) {
            json.insert(".".to_owned(), json!({}));
        }
        for (key, child) in &self.below {
            json.insert(key.clone(), child.to_json(false));
        }
        Value::Object(json)
    }
}

#[cfg(test)]
mod tests;
