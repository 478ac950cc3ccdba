//! One object in the versions that serve it: the few built-in kinds whose versions differ in more than
//! their name.

mod autoscaler;

use serde_json::{Map, Value};

use crate::catalog::Kind;

/// What is stored, as `kind`'s version shows it.
pub(crate) fn to_version(kind: &Kind, stored: &Value) -> Value {
    let mut object = stored.clone();
    let version = kind.api_version();
    if object["apiVersion"] == *version {
        return object;
    }
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("autoscaling", "horizontalpodautoscalers") => autoscaler::to_v1(&mut object),
        ("events.k8s.io", "events") => rename(&mut object, EVENTS, false),
        _ => {}
    }
    object["apiVersion"] = version.into();
    crate::registry::written(kind, &object)
}

/// What a client sent in `kind`'s version, as it is stored.
pub(crate) fn to_storage(kind: &Kind, storage: &Kind, mut object: Value) -> Value {
    let version = storage.api_version();
    if kind.api_version() == version {
        return object;
    }
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("autoscaling", "horizontalpodautoscalers") => autoscaler::to_v2(&mut object),
        ("events.k8s.io", "events") => rename(&mut object, EVENTS, true),
        _ => {}
    }
    object["apiVersion"] = version.into();
    object
}

/// Fields of core/v1 events, and what events.k8s.io/v1 calls them.
const EVENTS: &[(&str, &str)] = &[
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
];

fn rename(object: &mut Value, names: &[(&str, &str)], back: bool) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    let old: Map<String, Value> = std::mem::take(fields);
    for (key, value) in old {
        let renamed = names.iter().find_map(|(stored, shown)| match back {
            true => (key == *shown).then_some(*stored),
            false => (key == *stored).then_some(*shown),
        });
        fields.insert(renamed.map_or(key.clone(), str::to_owned), value);
    }
}
