//! Events: what components tell about objects, counted where it is told again.

use serde_json::{Value, json};

use super::desk::{self, text};
use crate::registry::{self, Part, WriteOptions};
use crate::state::{State, identity};

/// Who tells.
#[derive(Clone, Copy)]
pub(crate) struct Source(pub(crate) &'static str);

/// Tells that something is as it should be.
pub(crate) fn normal(
    state: &mut State,
    source: Source,
    about: &Value,
    reason: &str,
    message: &str,
) {
    record(state, source, about, "Normal", reason, message);
}

/// Tells that something is not.
pub(crate) fn warning(
    state: &mut State,
    source: Source,
    about: &Value,
    reason: &str,
    message: &str,
) {
    record(state, source, about, "Warning", reason, message);
}

fn record(
    state: &mut State,
    source: Source,
    about: &Value,
    kind: &str,
    reason: &str,
    message: &str,
) {
    let (namespace, name) = identity(about);
    let namespace = if namespace.is_empty() {
        "default"
    } else {
        namespace
    };
    let now = state.now().rfc3339();
    let same = |event: &&std::sync::Arc<Value>| {
        event["involvedObject"]["uid"] == about["metadata"]["uid"]
            && event["reason"] == reason
            && event["message"] == message
            && event["source"]["component"] == source.0
    };
    let known = state.list("events", Some(namespace)).find(same);
    let known = known.map(|event| identity(event).1.to_owned());
    if let Some(known) = known {
        let options = WriteOptions::of(source.0);
        let at = (namespace, known.as_str());
        let _ = registry::modify(state, "events", at, Part::Main, &options, |event| {
            event["count"] = (event["count"].as_i64().unwrap_or(1) + 1).into();
            event["lastTimestamp"] = now.into();
        });
        return;
    }
    let event_name = free_name(state, namespace, name);
    let mut object = json!({
        "apiVersion": about["apiVersion"], "kind": about["kind"], "name": name,
        "uid": about["metadata"]["uid"],
        "resourceVersion": about["metadata"]["resourceVersion"],
    });
    let place = text(about, "/metadata/namespace");
    if !place.is_empty() {
        object["namespace"] = place.into();
    }
    let mut origin = json!({"component": source.0});
    if source.0 == "kubelet" {
        origin["host"] = about["spec"]["nodeName"].clone();
    }
    let event = json!({
        "metadata": {"name": event_name},
        "involvedObject": object, "reason": reason, "message": message, "source": origin,
        "firstTimestamp": now, "lastTimestamp": now, "count": 1, "type": kind,
        "eventTime": null, "reportingComponent": source.0, "reportingInstance": origin["host"],
    });
    let namespace = namespace.to_owned();
    // A namespace that is going takes no events.
    let _ = desk::create(state, "events", &namespace, event, source.0);
}

/// The name of a new event: what it is about, and the moment, so that events lie in their order.
fn free_name(state: &State, namespace: &str, about: &str) -> String {
    let now = state.now().0;
    let names = (now..).map(|moment| format!("{about}.{moment:016x}"));
    let mut free = names.filter(|name| state.get("events", namespace, name).is_none());
    free.next().unwrap_or_default()
}
