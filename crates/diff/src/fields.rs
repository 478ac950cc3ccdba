//! Objects against each other field by field, for programs: helm-diff's output `structured`.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::manifest::Item;
use crate::report::Change;
use crate::yaml;

/// An object that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Fields {
    /// `apps/v1`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub api_version: String,
    /// `Deployment`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Its namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `ADD`, `MODIFY`…
    pub change_type: &'static str,
    /// Which sides have it.
    pub resource_status: Presence,
    /// Fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Field>,
    /// Whether what differs is not to be shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub changes_suppressed: bool,
}

/// Which sides have an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    /// The old one does.
    pub old_exists: bool,
    /// The new one does.
    pub new_exists: bool,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// What it is in: `spec.template.spec.containers[0]`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Its name or place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// `add`, `remove` or `replace`
    pub change: &'static str,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_value: Option<Value>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_value: Option<Value>,
}

/// What differs between two texts of an object. `name` stands in for what neither says.
#[must_use]
pub fn between(
    name: &str,
    change: Change,
    old: Option<&Item>,
    new: Option<&Item>,
    is_suppressed: bool,
) -> Fields {
    let read = |item: Option<&Item>| item.and_then(|item| yaml::read(&item.content).ok());
    let (old_object, new_object) = (read(old), read(new));
    let mut found = Fields {
        change_type: change.name(),
        resource_status: Presence {
            old_exists: old.is_some(),
            new_exists: new.is_some(),
        },
        changes_suppressed: is_suppressed,
        ..Fields::default()
    };
    for object in [&old_object, &new_object].into_iter().flatten() {
        found.take_names(object);
    }
    found.take_names_of(name);
    if !is_suppressed && let (Some(old), Some(new)) = (&old_object, &new_object) {
        walk(&mut found.changes, &mut Vec::new(), Some(old), Some(new));
    }
    found
}

impl Fields {
    fn take_names(&mut self, object: &Value) {
        let places = [
            (&mut self.api_version, "/apiVersion"),
            (&mut self.kind, "/kind"),
            (&mut self.name, "/metadata/name"),
            (&mut self.namespace, "/metadata/namespace"),
        ];
        for (place, path) in places {
            if let (true, Some(text)) = (
                place.is_empty(),
                object.pointer(path).and_then(Value::as_str),
            ) {
                text.clone_into(place);
            }
        }
    }

    fn take_names_of(&mut self, name: &str) {
        let Some(parts) = Parts::of(name) else {
            return;
        };
        let places = [
            (&mut self.api_version, parts.api),
            (&mut self.kind, parts.kind),
            (&mut self.name, parts.name),
            (&mut self.namespace, parts.namespace),
        ];
        for (place, text) in places {
            if place.is_empty() {
                text.clone_into(place);
            }
        }
    }
}

/// The parts of an object's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Parts<'n> {
    pub namespace: &'n str,
    pub name: &'n str,
    pub kind: &'n str,
    pub api: &'n str,
}

impl<'n> Parts<'n> {
    /// Takes `default, web, Deployment (apps)` apart.
    #[must_use]
    pub fn of(name: &'n str) -> Option<Self> {
        let (namespace, rest) = name.split_once(", ")?;
        let (name, rest) = rest.split_once(", ")?;
        let (kind, api) = rest.split_once(" (")?;
        let api = api.strip_suffix(')')?;
        Some(Self {
            namespace,
            name,
            kind,
            api,
        })
    }
}

/// Goes down where both have something. As deep as the objects are, which their reader limits.
fn walk<'v>(
    found: &mut Vec<Field>,
    path: &mut Vec<String>,
    old: Option<&'v Value>,
    new: Option<&'v Value>,
) {
    let nothing = Map::new();
    let fields = |value: Option<&'v Value>| value.and_then(Value::as_object);
    match (old, new) {
        (old, new) if old == new => {}
        (_, Some(Value::Object(new))) => {
            let old = fields(old).unwrap_or(&nothing);
            let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                path.push(name.clone());
                walk(found, path, old.get(name), new.get(name));
                path.pop();
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for at in 0..old.len().max(new.len()) {
                path.push(at.to_string());
                items(found, path, old.get(at), new.get(at));
                path.pop();
            }
        }
        (_, Some(Value::Array(new))) => {
            for (at, item) in new.iter().enumerate() {
                path.push(at.to_string());
                found.push(field(path, None, Some(item)));
                path.pop();
            }
        }
        _ => found.push(field(path, old, new)),
    }
}

/// Items of lists differ as a whole, unless both are mappings.
fn items<'v>(
    found: &mut Vec<Field>,
    path: &mut Vec<String>,
    old: Option<&'v Value>,
    new: Option<&'v Value>,
) {
    match (old, new) {
        (Some(Value::Object(_)), Some(Value::Object(_))) => walk(found, path, old, new),
        _ if old == new => {}
        _ => found.push(field(path, old, new)),
    }
}

fn field(path: &[String], old: Option<&Value>, new: Option<&Value>) -> Field {
    let (last, above) = path
        .split_last()
        .map_or(("", path), |(last, above)| (last.as_str(), above));
    let old = old.filter(|value| !value.is_null());
    let new = new.filter(|value| !value.is_null());
    Field {
        path: joined(above),
        field: last.to_owned(),
        change: match (old, new) {
            (_, None) => "remove",
            (None, _) => "add",
            _ => "replace",
        },
        old_value: old.cloned(),
        new_value: new.cloned(),
    }
}

/// `spec.containers[0].image`
fn joined(path: &[String]) -> String {
    let mut text = String::new();
    for part in path.iter().filter(|part| !part.is_empty()) {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            text.push_str(&format!("[{part}]"));
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn item(content: &str) -> Item {
        Item {
            content: content.to_owned(),
            ..Item::default()
        }
    }

    #[test]
    fn fields_are_told_by_their_place() {
        let old = item("kind: A\nspec: {size: 1, gone: x, list: [a, {b: 1, c: 2}]}");
        let new = item("kind: A\nspec: {size: 2, new: {deep: v}, list: [a, {b: 1, c: 3}, z]}");
        let found = between(
            "d, w, A (v1)",
            Change::Modify,
            Some(&old),
            Some(&new),
            false,
        );
        let told: Vec<_> = found
            .changes
            .iter()
            .map(|f| format!("{} {} {}", f.path, f.field, f.change))
            .collect();
        assert_eq!(
            told,
            [
                "spec gone remove",
                "spec.list[1] c replace",
                "spec.list 2 add",
                "spec.new deep add",
                "spec size replace"
            ]
        );
        assert_eq!((&*found.namespace, &*found.name), ("d", "w"));
    }
}
