//! What lies around the objects that are waited for: their pods, the ReplicaSets between them, and what
//! the cluster warned of.

use std::collections::BTreeMap;

use windlass_plan::cluster::{Mapping, Object};

use crate::logs::pods;

/// What was seen around the objects of one namespace. What may not be seen is missing.
#[derive(Debug, Default)]
pub(super) struct Around {
    pods: BTreeMap<String, Object>,
    replica_sets: BTreeMap<String, Object>,
    warnings: BTreeMap<String, Object>,
}

/// A part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Pods,
    ReplicaSets,
    Warnings,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::Pods, Self::ReplicaSets, Self::Warnings];

    /// How it is served.
    pub(super) fn mapping(self) -> Mapping {
        match self {
            Self::Pods => pods(),
            Self::ReplicaSets => replica_sets(),
            Self::Warnings => Mapping {
                kind: "Event".to_owned(),
                plural: "events".to_owned(),
                ..pods()
            },
        }
    }

    /// Which of its objects matter.
    pub(super) fn fields(self) -> &'static str {
        match self {
            Self::Warnings => "type=Warning",
            _ => "",
        }
    }
}

/// How ReplicaSets are served.
pub(super) fn replica_sets() -> Mapping {
    Mapping {
        group: "apps".to_owned(),
        version: "v1".to_owned(),
        kind: "ReplicaSet".to_owned(),
        plural: "replicasets".to_owned(),
        namespaced: true,
    }
}

impl Around {
    fn part(&mut self, part: Part) -> &mut BTreeMap<String, Object> {
        match part {
            Part::Pods => &mut self.pods,
            Part::ReplicaSets => &mut self.replica_sets,
            Part::Warnings => &mut self.warnings,
        }
    }

    /// Takes in an object as it is now.
    pub(super) fn put(&mut self, part: Part, mut object: Object) {
        // The bulk of an object, and of no use here.
        if let Some(metadata) = object.get_mut("metadata").and_then(Object::as_object_mut) {
            metadata.remove("managedFields");
        }
        let name = text(&object, "/metadata/name").to_owned();
        self.part(part).insert(name, object);
    }

    /// Takes in all objects of a part.
    pub(super) fn put_all(&mut self, part: Part, objects: Vec<Object>) {
        self.part(part).clear();
        for object in objects {
            self.put(part, object);
        }
    }

    /// Forgets an object.
    pub(super) fn take(&mut self, part: Part, object: &Object) {
        self.part(part).remove(text(object, "/metadata/name"));
    }

    /// The pods of an object that are of its latest revision, as far as that can be told.
    pub(super) fn pods_of(&self, object: &Object) -> Vec<&Object> {
        let Some(selector) = object.pointer("/spec/selector") else {
            return Vec::new();
        };
        let revision = self.revision(object);
        let its_own = |pod: &&Object| {
            let labels = pod.pointer("/metadata/labels").unwrap_or(&Object::Null);
            let is_new = match &revision {
                Revision::Any => true,
                Revision::Label(key, value) => {
                    labels.get(*key).and_then(Object::as_str) == Some(value)
                }
                Revision::Unknown => false,
            };
            is_new && selects(selector, labels)
        };
        self.pods.values().filter(its_own).collect()
    }

    /// What the cluster warned of.
    pub(super) fn warnings(&self) -> Vec<&Object> {
        self.warnings.values().collect()
    }

    /// What tells pods of an object's latest revision from older ones.
    fn revision<'a>(&'a self, object: &'a Object) -> Revision<'a> {
        match (text(object, "/apiVersion"), text(object, "/kind")) {
            ("apps/v1", "Deployment") => self.of_deployment(object),
            ("apps/v1", "StatefulSet") => of_stateful_set(object),
            ("apps/v1", "DaemonSet") => {
                let generation = "/metadata/annotations/deprecated.daemonset.template.generation";
                match text(object, generation) {
                    "" => Revision::Any,
                    generation => Revision::Label("pod-template-generation", generation),
                }
            }
            _ => Revision::Any,
        }
    }

    fn of_deployment<'a>(&'a self, deployment: &Object) -> Revision<'a> {
        const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";
        let uid = text(deployment, "/metadata/uid");
        let owned = |set: &&Object| {
            let owners = set.pointer("/metadata/ownerReferences");
            let mut owners = owners.and_then(Object::as_array).into_iter().flatten();
            owners.any(|owner| text(owner, "/uid") == uid)
        };
        let wanted = text(deployment, REVISION);
        let mut sets = self.replica_sets.values().filter(owned);
        match sets.find(|set| text(set, REVISION) == wanted) {
            Some(set) => {
                const HASH: &str = "pod-template-hash";
                let hash = set.pointer("/metadata/labels").and_then(|l| l.get(HASH));
                Revision::Label(HASH, hash.and_then(Object::as_str).unwrap_or_default())
            }
            None => Revision::Unknown,
        }
    }
}

enum Revision<'a> {
    Any,
    Label(&'static str, &'a str),
    Unknown,
}

fn of_stateful_set(set: &Object) -> Revision<'_> {
    // One pod after the other: an old one that is broken holds up those behind it.
    let in_order = text(set, "/spec/podManagementPolicy") != "Parallel";
    match text(set, "/status/updateRevision") {
        revision if !in_order && !revision.is_empty() => {
            Revision::Label("controller-revision-hash", revision)
        }
        _ => Revision::Any,
    }
}

/// Whether a selector takes an object with these labels.
fn selects(selector: &Object, labels: &Object) -> bool {
    let Some(selector) = selector.as_object().filter(|s| !s.is_empty()) else {
        return false;
    };
    let plain = selector.values().all(Object::is_string);
    let label = |key: &str| labels.get(key).and_then(Object::as_str);
    let matching = match plain {
        true => Some(selector),
        false => selector.get("matchLabels").and_then(Object::as_object),
    };
    let mut pairs = matching.into_iter().flatten();
    let expressions = selector.get("matchExpressions").and_then(Object::as_array);
    pairs.all(|(key, value)| label(key) == value.as_str())
        && expressions
            .into_iter()
            .flatten()
            .all(|expression| holds(expression, label))
}

fn holds<'a>(expression: &Object, label: impl Fn(&str) -> Option<&'a str>) -> bool {
    let found = label(text(expression, "/key"));
    let values = expression.get("values").and_then(Object::as_array);
    let named = values
        .into_iter()
        .flatten()
        .any(|value| value.as_str() == found && found.is_some());
    match text(expression, "/operator") {
        "In" => named,
        "NotIn" => !named,
        "Exists" => found.is_some(),
        "DoesNotExist" => found.is_none(),
        _ => false,
    }
}

/// The text at a path, or none.
pub(super) fn text<'a>(object: &'a Object, path: &str) -> &'a str {
    object
        .pointer(path)
        .and_then(Object::as_str)
        .unwrap_or_default()
}
