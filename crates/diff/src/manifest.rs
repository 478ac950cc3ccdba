//! [`Index`]: the objects of a text of manifests, by name.
//!
//! Names are helm-diff's, which scripts look for: `default, web, Deployment (apps)`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use crate::yaml;

/// The annotation that stands for a name that changes with what is in the object.
const BASE_NAME: &str = "helm-diff/base-name";
const HOOK: &str = "helm.sh/hook";
const POLICY: &str = "helm.sh/resource-policy";

/// What `helm test` runs, as Helm 3 and Helm 2 mark it.
pub const TEST_HOOKS: &[&str] = &["test", "test-success"];

/// An object of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// `kind`
    pub kind: String,
    /// Its text.
    pub content: String,
    /// Whether it asks not to be deleted.
    pub is_kept: bool,
}

/// How a text is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading<'r> {
    /// The namespace of objects that name none.
    pub namespace: &'r str,
    /// Objects are written anew, so that only what they say counts.
    pub normalize: bool,
    /// Objects that are just these hooks are left out.
    pub without: &'r [&'r str],
}

/// Objects by name. Of several with one name the first is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// The objects.
    pub items: BTreeMap<String, Item>,
    /// Names that came again.
    pub repeated: Vec<String>,
}

/// A document is not YAML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("YAML unmarshal error: {message}\nCan't unmarshal {document}")]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// The document.
    pub document: String,
}

impl Index {
    /// Reads the objects of a text.
    ///
    /// # Errors
    /// The first document that is not YAML.
    pub fn read(text: &str, reading: Reading<'_>) -> Result<Self, Unreadable> {
        let mut index = Self::default();
        let text = format!("\n{text}");
        for document in text.split("\n---\n") {
            let document = document.trim();
            if document.is_empty() {
                continue;
            }
            let object = yaml::read(document).map_err(|message| Unreadable {
                message,
                document: document.to_owned(),
            })?;
            index.add(document, &object, reading);
        }
        Ok(index)
    }

    /// Adds an object; the items of a list each by itself.
    pub fn add(&mut self, document: &str, object: &Value, reading: Reading<'_>) {
        // Lists within lists are read as deep as they are: the reader of YAML has a limit.
        let kind = text(object, "/kind");
        if kind.is_empty() && text(object, "/apiVersion").is_empty() {
            return;
        }
        if kind.ends_with("List") {
            let items = object.pointer("/items").and_then(Value::as_array);
            for item in items.into_iter().flatten() {
                self.add(&yaml::write(item), item, reading);
            }
            return;
        }
        let annotation = |key: &str| object.pointer("/metadata/annotations")?.get(key)?.as_str();
        if annotation(HOOK).is_some_and(|hook| reading.without.contains(&hook)) {
            return;
        }
        let content = match reading.normalize {
            true => yaml::write(object),
            false => document.to_owned(),
        };
        let item = Item {
            kind,
            content,
            is_kept: annotation(POLICY) == Some("keep"),
        };
        let name = name(object, reading.namespace);
        match self.items.entry(name) {
            Entry::Occupied(taken) => self.repeated.push(taken.key().clone()),
            Entry::Vacant(free) => {
                free.insert(item);
            }
        }
    }

    /// The same objects by the templates that they come from, as the first line of each says; several of
    /// one template are counted.
    #[must_use]
    pub fn by_template(self) -> Self {
        let mut items: BTreeMap<String, Item> = BTreeMap::new();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for item in self.items.into_values() {
            let first = item.content.split('\n').next().unwrap_or_default();
            let source = first.replacen("# Source: ", "", 1);
            let count = counts.entry(source.clone()).or_default();
            let name = match *count {
                0 => source,
                n => format!("{source} {n}"),
            };
            *count += 1;
            items.insert(name, item);
        }
        Self {
            items,
            repeated: self.repeated,
        }
    }
}

/// `default, web, Deployment (apps)`; for the core group its version.
#[must_use]
pub fn name(object: &Value, namespace: &str) -> String {
    let version = text(object, "/apiVersion");
    let group = version
        .rsplit_once('/')
        .map_or(&*version, |(group, _)| group);
    let own = text(object, "/metadata/namespace");
    let namespace = if own.is_empty() { namespace } else { &own };
    let base = object
        .pointer("/metadata/annotations")
        .and_then(|all| all.get(BASE_NAME)?.as_str());
    let name = base.map_or_else(|| text(object, "/metadata/name"), str::to_owned);
    format!("{namespace}, {name}, {} ({group})", text(object, "/kind"))
}

/// A text within an object; numbers and the like as they are written.
fn text(object: &Value, path: &str) -> String {
    match object.pointer(path) {
        Some(Value::String(text)) => text.clone(),
        Some(other @ (Value::Number(_) | Value::Bool(_))) => other.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = "---\n# Source: c/templates/a.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\n# only a comment\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: other}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\n";

    fn names(index: &Index) -> Vec<&str> {
        index.items.keys().map(String::as_str).collect()
    }

    #[test]
    fn objects_are_found_by_name() {
        let reading = Reading {
            namespace: "default",
            without: TEST_HOOKS,
            ..Reading::default()
        };
        let index = Index::read(TEXT, reading).unwrap();
        assert_eq!(
            names(&index),
            [
                "default, web, Deployment (apps)",
                "other, web, Service (v1)"
            ]
        );
        let web = &index.items["default, web, Deployment (apps)"];
        assert!(web.content.starts_with("# Source: c/templates/a.yaml\n"));
    }

    #[test]
    fn the_first_of_a_name_counts_and_the_others_are_told() {
        let one = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
        let index = Index::read(&format!("{one}\n---\n{one}"), Reading::default()).unwrap();
        assert_eq!(index.repeated, [", a, Secret (v1)"]);
        assert_eq!(index.items.len(), 1);
    }

    #[test]
    fn items_of_lists_are_objects() {
        let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- {apiVersion: v1, kind: Secret, metadata: {name: b}}\n";
        let index = Index::read(list, Reading::default()).unwrap();
        assert_eq!(names(&index), [", a, Secret (v1)", ", b, Secret (v1)"]);
    }

    #[test]
    fn templates_are_names_too() {
        let one = |name| {
            format!(
                "---\n# Source: c/a.yaml\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\n"
            )
        };
        let text = [one("a"), one("b")].concat();
        let index = Index::read(&text, Reading::default())
            .unwrap()
            .by_template();
        assert_eq!(names(&index), ["c/a.yaml", "c/a.yaml 1"]);
    }

    #[test]
    fn what_is_no_yaml_is_told() {
        let error = Index::read("a: [", Reading::default()).unwrap_err();
        assert!(
            error.to_string().ends_with("\nCan't unmarshal a: ["),
            "{error}"
        );
    }
}
