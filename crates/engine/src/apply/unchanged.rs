//! Whether server-side apply would change nothing: told from what was read, so that nothing need be
//! written.
//!
//! The server notes in `managedFields` which fields a manager applied, and takes a field away from it
//! as soon as someone else changes the value. So an object is unchanged if the fields that our manager
//! owns are those of the manifest, no more and no fewer, and have the manifest's values. The noted
//! fields also tell how lists merge: their items are named by their keys.
//!
//! Where the two are written differently (`1000m` is stored as `1`) they count as the same if they mean
//! the same; where that cannot be told, the object counts as changed, and the server decides.

mod quantity;

use serde_json::{Map, Value};
use windlass_plan::cluster::Object;

/// By which rule an object is looked at.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    /// In whose name fields are applied.
    pub manager: &'a str,
    /// The manifest is the one that was applied last. Then what we own as a whole may hold more than the
    /// manifest says: defaults of the server.
    pub settled: bool,
}

/// Whether two manifests say the same of an object, labels and annotations aside (which are compared
/// with what is there, one by one).
pub(super) fn same_content(a: &Object, b: &Object) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else {
        return a == b;
    };
    let content =
        |fields: &Map<String, Value>| fields.len() - usize::from(fields.contains_key("metadata"));
    content(a) == content(b)
        && a.iter()
            .all(|(key, value)| key == "metadata" || b.get(key) == Some(value))
}

/// Whether applying `wanted` to `live` would change nothing.
pub(super) fn is_unchanged(live: &Object, wanted: &Object, rule: Rule<'_>) -> bool {
    let entries = live
        .pointer("/metadata/managedFields")
        .and_then(Value::as_array);
    let text = |entry: &Value, key: &str| {
        entry
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let ours = |entry: &&Value| {
        text(entry, "manager") == rule.manager
            && text(entry, "operation") == "Apply"
            && text(entry, "subresource").is_empty()
    };
    let Some(entry) = entries.into_iter().flatten().find(ours) else {
        return false;
    };
    if entry.get("apiVersion") != wanted.get("apiVersion") {
        return false;
    }
    let (Some(owned), Value::Object(wanted)) = (entry.get("fieldsV1"), wanted) else {
        return false;
    };
    let mut wanted = wanted.clone();
    unnoted(&mut wanted);
    same(owned, &Value::Object(wanted), live, rule.settled)
}

/// Takes away the fields that the server never notes as owned.
fn unnoted(wanted: &mut Map<String, Value>) {
    wanted.remove("apiVersion");
    wanted.remove("kind");
    if let Some(Value::Object(metadata)) = wanted.get_mut("metadata") {
        for key in [
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "generation",
        ] {
            metadata.remove(key);
        }
        if metadata.is_empty() {
            wanted.remove("metadata");
        }
    }
}

/// Whether what is owned from here down is what is wanted, with the wanted values.
fn same(owned: &Value, wanted: &Value, live: &Value, settled: bool) -> bool {
    let Value::Object(owned) = owned else {
        return false;
    };
    let below: Vec<(&String, &Value)> = owned.iter().filter(|(key, _)| *key != ".").collect();
    if below.is_empty() {
        return same_value(wanted, live, settled);
    }
    match wanted {
        Value::Object(fields) => {
            let field = |(key, owned): &(&String, &Value)| {
                let name = key.strip_prefix("f:")?;
                // The server does not keep nulls and empty maps.
                let live = live.get(name).unwrap_or(&Value::Null);
                Some(same(owned, fields.get(name)?, live, settled))
            };
            fields.len() == below.len() && below.iter().all(|at| field(at) == Some(true))
        }
        Value::Array(items) => {
            let (mut left, live) = (items.iter().collect::<Vec<_>>(), live.as_array());
            let mut item = |(key, owned): &(&String, &Value)| {
                let key = Key::read(key)?;
                let wanted = left.remove(key.find(&left)?);
                let live = live?.iter().find(|item| key.names(item))?;
                Some(match key {
                    Key::Fields(_) => same(owned, wanted, live, settled),
                    Key::Value(_) => true,
                })
            };
            items.len() == below.len() && below.iter().all(|at| item(at) == Some(true))
        }
        _ => false,
    }
}

/// How an item of a list is named among what is owned.
enum Key {
    /// By the values of some of its fields.
    Fields(Map<String, Value>),
    /// By itself.
    Value(Value),
}

impl Key {
    fn read(text: &str) -> Option<Self> {
        if let Some(fields) = text.strip_prefix("k:") {
            return serde_json::from_str(fields).ok().map(Self::Fields);
        }
        let value = text.strip_prefix("v:")?;
        serde_json::from_str(value).ok().map(Self::Value)
    }

    /// Whether the item has this name, all of it written out.
    fn names(&self, item: &Value) -> bool {
        match self {
            Self::Fields(key) => key
                .iter()
                .all(|(field, value)| item.get(field) == Some(value)),
            Self::Value(value) => item == value,
        }
    }

    /// The wanted item of this name. Fields that a manifest leaves out have defaults in the name.
    fn find(&self, items: &[&Value]) -> Option<usize> {
        let exact = items.iter().position(|item| self.names(item));
        exact.or_else(|| match self {
            Self::Fields(key) => items.iter().position(|item| {
                let fits = |(field, value): (&String, &Value)| {
                    item.get(field).is_none_or(|found| found == value)
                };
                key.iter().all(fits)
            }),
            Self::Value(_) => None,
        })
    }
}

/// Whether a value that is owned as a whole is the wanted one.
fn same_value(wanted: &Value, live: &Value, settled: bool) -> bool {
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => {
            let same = |(key, value): (&String, &Value)| {
                live.get(key)
                    .is_some_and(|live| same_value(value, live, settled))
            };
            (settled || wanted.len() == live.len()) && wanted.iter().all(same)
        }
        (Value::Array(wanted), Value::Array(live)) => {
            wanted.len() == live.len()
                && wanted
                    .iter()
                    .zip(live)
                    .all(|(wanted, live)| same_value(wanted, live, settled))
        }
        (Value::Object(wanted), Value::Null) => wanted.is_empty(),
        (Value::Array(wanted), Value::Null) => wanted.is_empty(),
        (wanted, live) => wanted == live || quantity::same(wanted, live),
    }
}

#[cfg(test)]
mod tests;
