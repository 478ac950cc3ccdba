//! CustomResourceDefinitions: served as soon as they are stored, and emptied when they go.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Value, json};
use windlass_kinds::schema::Schema;

use super::task;
use crate::catalog::{Catalog, Custom, Kind, Subresource, qualified};
use crate::registry::{self, DeleteOptions, Part, WriteOptions};
use crate::state::{Entry, Happening, State, identity};

const RESOURCE: &str = "customresourcedefinitions.apiextensions.k8s.io";
/// Holds a definition that is going until its objects are gone; it comes with the deletion.
pub(crate) const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

pub(super) fn heard(state: &mut State, entry: &Entry) {
    if &*entry.resource == RESOURCE {
        if entry.happening != Happening::Deleted {
            state
                .work
                .enqueue(task(RESOURCE, "", identity(&entry.object).1));
        }
        return;
    }
    // The last object of a definition that is going lets it go.
    if entry.happening == Happening::Deleted
        && let Some(kind) = state.catalog.storage(&entry.resource)
        && let Some(custom) = &kind.custom
    {
        let name = custom.definition.clone();
        state.work.enqueue(task(RESOURCE, "", &name));
    }
}

pub(super) fn perform(state: &mut State, name: &str) {
    let Some(definition) = state.get(RESOURCE, "", name).map(Arc::clone) else {
        return;
    };
    if definition["metadata"]["deletionTimestamp"].is_null() {
        establish(state, name);
    } else {
        clean_up(state, &definition, name);
    }
}

fn establish(state: &mut State, name: &str) {
    let by = WriteOptions::of("kube-apiserver");
    let now = state.now().rfc3339();
    let _ = registry::modify(state, RESOURCE, ("", name), Part::Status, &by, |object| {
        let spec = object["spec"].clone();
        let versions = spec["versions"].as_array().into_iter().flatten();
        let stored = versions.clone().find(|version| version["storage"] == true);
        let status = &mut object["status"];
        status["acceptedNames"] = spec["names"].clone();
        if let Some(stored) = stored.map(|version| version["name"].clone()) {
            match status["storedVersions"].as_array_mut() {
                Some(list) if !list.contains(&stored) => list.push(stored),
                Some(_) => {}
                None => status["storedVersions"] = json!([stored]),
            }
        }
        set(
            status,
            &now,
            "NamesAccepted",
            "NoConflicts",
            "no conflicts found",
        );
        set(
            status,
            &now,
            "Established",
            "InitialNamesAccepted",
            "the initial names have been accepted",
        );
    });
}

/// Makes a condition true, at `now` if it was not.
fn set(status: &mut Value, now: &str, kind: &str, reason: &str, message: &str) {
    let condition = json!({"type": kind, "status": "True", "reason": reason, "message": message,
        "lastTransitionTime": now});
    let Some(list) = status["conditions"].as_array_mut() else {
        status["conditions"] = json!([condition]);
        return;
    };
    match list.iter_mut().find(|known| known["type"] == kind) {
        Some(known) if known["status"] == "True" => {}
        Some(known) => *known = condition,
        None => list.push(condition),
    }
}

fn clean_up(state: &mut State, definition: &Value, name: &str) {
    let plural = definition["spec"]["names"]["plural"]
        .as_str()
        .unwrap_or_default();
    let group = definition["spec"]["group"].as_str().unwrap_or_default();
    let resource = qualified(plural, group);
    if let Some(kind) = state.catalog.storage(&resource).map(Arc::clone) {
        let objects: Vec<Arc<Value>> = state.list(&resource, None).map(Arc::clone).collect();
        for object in objects {
            let (namespace, name) = identity(&object);
            let options = DeleteOptions::default();
            let _ = registry::delete(state, &kind, namespace, name, &options);
        }
        if state.list(&resource, None).next().is_some() {
            return;
        }
    }
    let by = WriteOptions::of("kube-apiserver");
    let _ = registry::modify(state, RESOURCE, ("", name), Part::Main, &by, |object| {
        if let Some(list) = object["metadata"]["finalizers"].as_array_mut() {
            list.retain(|finalizer| finalizer != FINALIZER);
        }
    });
}

/// Makes the catalog serve exactly these definitions beside what is built in.
pub(crate) fn serve<'a>(catalog: &mut Catalog, definitions: impl Iterator<Item = &'a Arc<Value>>) {
    catalog.forget_custom();
    for definition in definitions {
        let spec = &definition["spec"];
        let group = spec["group"].as_str().unwrap_or_default();
        let versions = spec["versions"].as_array().into_iter().flatten();
        for version in versions.filter(|version| version["served"] == true) {
            let kind = kind(definition, version);
            let (group, plural, name) = (
                kind.group.clone(),
                kind.plural.clone(),
                kind.version.clone(),
            );
            catalog.add(kind);
            if version["storage"] == true
                && let Some(kind) = catalog.find(&group, &name, &plural).map(Arc::clone)
            {
                catalog.store_as(&kind);
            }
        }
        catalog.sort_versions(group, priority);
    }
}

fn kind(definition: &Value, version: &Value) -> Kind {
    let spec = &definition["spec"];
    let names = &spec["names"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| {
        let list = value.as_array().into_iter().flatten();
        list.map(text).collect::<Vec<String>>()
    };
    let (group, plural, name) = (
        text(&spec["group"]),
        text(&names["plural"]),
        text(&names["kind"]),
    );
    let list_kind = match names["listKind"].as_str() {
        Some(list_kind) if !list_kind.is_empty() => list_kind.to_owned(),
        _ => format!("{name}List"),
    };
    let singular = match names["singular"].as_str() {
        Some(singular) if !singular.is_empty() => singular.to_owned(),
        _ => name.to_lowercase(),
    };
    let verbs = |verbs: &[&str]| {
        verbs
            .iter()
            .map(|&verb| verb.to_owned())
            .collect::<Vec<_>>()
    };
    let mut subresources = Vec::new();
    let below = &version["subresources"];
    if below["status"].is_object() {
        subresources.push(Subresource {
            name: "status".to_owned(),
            kind: name.clone(),
            verbs: verbs(&["get", "patch", "update"]),
            ..Subresource::default()
        });
    }
    if below["scale"].is_object() {
        subresources.push(Subresource {
            name: "scale".to_owned(),
            group: "autoscaling".to_owned(),
            version: "v1".to_owned(),
            kind: "Scale".to_owned(),
            verbs: verbs(&["get", "patch", "update"]),
        });
    }
    let selectable = version["selectableFields"].as_array().into_iter().flatten();
    let selectable =
        selectable.map(|field| text(&field["jsonPath"]).trim_start_matches('.').to_owned());
    let schema = version["schema"]["openAPIV3Schema"].clone();
    let preserve_unknown = spec["preserveUnknownFields"] == true;
    let version_name = text(&version["name"]);
    let deprecation = (version["deprecated"] == true).then(|| {
        let own = version["deprecationWarning"].as_str();
        own.map_or_else(
            || format!("{group}/{version_name} {name} is deprecated"),
            str::to_owned,
        )
    });
    Kind {
        resource: qualified(&plural, &group).into(),
        version: version_name,
        list_kind,
        singular,
        namespaced: spec["scope"] != "Cluster",
        short_names: texts(&names["shortNames"]),
        categories: texts(&names["categories"]),
        verbs: verbs(&[
            "delete",
            "deletecollection",
            "get",
            "list",
            "patch",
            "create",
            "update",
            "watch",
        ]),
        subresources,
        custom: Some(Arc::new(Custom {
            definition: text(&definition["metadata"]["name"]),
            // A schema that cannot be used is as good as none.
            typed: Schema::of_openapi(&schema, preserve_unknown)
                .unwrap_or_else(|_| Schema::deduced()),
            schema,
            columns: version["additionalPrinterColumns"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
            selectable: selectable.collect(),
            scale: below["scale"].is_object().then(|| below["scale"].clone()),
            deprecation,
        })),
        group,
        kind: name,
        plural,
    }
}

/// Versions as Kubernetes ranks them, best first: v2, v1, v1beta2, v1alpha1, then others by name.
fn priority(a: &str, b: &str) -> Ordering {
    match (rank(a), rank(b)) {
        (Some(a), Some(b)) => b.cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Stability, major and minor of `v1beta2`.
fn rank(version: &str) -> Option<(u8, u64, u64)> {
    let rest = version.strip_prefix('v')?;
    for (word, stability) in [("alpha", 0), ("beta", 1)] {
        if let Some((major, minor)) = rest.split_once(word) {
            return Some((stability, major.parse().ok()?, minor.parse().ok()?));
        }
    }
    Some((2, rest.parse().ok()?, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_versions_come_first() {
        let mut versions = ["v1alpha1", "foo", "v1", "v1beta2", "v2", "v11", "v1beta1"];
        versions.sort_by(|a, b| priority(a, b));
        assert_eq!(
            versions,
            ["v11", "v2", "v1", "v1beta2", "v1beta1", "v1alpha1", "foo"]
        );
    }
}
