//! Defaulting: what the server fills in when a client leaves it out.
//!
//! The facts are those of Kubernetes 1.36 with its features as they are by default. Values that do not depend
//! on a default (addresses, names, uids) are not here but in [`crate::registry`].

mod admission;
mod network;
mod pod;
mod storage;
mod workload;

use serde_json::{Value, json};

/// Fills in the defaults of a built-in kind, on create and on every update. `group_version` is `apps/v1` or
/// `v1`. Kinds of CRDs never come here.
pub(crate) fn apply(group_version: &str, kind: &str, object: &mut Value) {
    let group = group_version
        .rsplit_once('/')
        .map_or("", |(group, _)| group);
    match (group, kind) {
        ("", "Pod") => pod::pod(object),
        ("", "PodTemplate") => pod::spec(&mut object["template"]["spec"]),
        ("", "Secret") => fill(object, "type", "Opaque"),
        ("", "Service") => network::service(object),
        ("", "Endpoints") => network::endpoints(object),
        ("", "ReplicationController") => workload::replication_controller(object),
        ("", "PersistentVolume") => storage::volume(object),
        ("", "PersistentVolumeClaim") => fill(&mut object["spec"], "volumeMode", "Filesystem"),
        ("", "LimitRange") => limit_range(object),
        ("", "Namespace") => namespace(object),
        ("apps", "Deployment") => workload::deployment(object),
        ("apps", "ReplicaSet") => workload::replica_set(object),
        ("apps", "StatefulSet") => workload::stateful_set(object),
        ("apps", "DaemonSet") => workload::daemon_set(object),
        ("batch", "Job") => workload::job(&mut object["spec"]),
        ("batch", "CronJob") => workload::cron_job(object),
        ("autoscaling", "HorizontalPodAutoscaler") => workload::autoscaler(object),
        ("networking.k8s.io", "NetworkPolicy") => network::policy(object),
        ("networking.k8s.io", "IngressClass") if object["spec"]["parameters"].is_object() => {
            fill(&mut object["spec"]["parameters"], "scope", "Cluster");
        }
        ("discovery.k8s.io", "EndpointSlice") => network::endpoint_slice(object),
        ("storage.k8s.io", "StorageClass") => storage::class(object),
        ("storage.k8s.io", "CSIDriver") => storage::driver(object),
        ("scheduling.k8s.io", "PriorityClass") => {
            fill(object, "preemptionPolicy", "PreemptLowerPriority");
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => binding(object),
        ("admissionregistration.k8s.io", _) => admission::apply(kind, object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object),
        ("apiregistration.k8s.io", "APIService") if object["spec"]["service"].is_object() => {
            fill(&mut object["spec"]["service"], "port", 443);
        }
        _ => {}
    }
}

/// Names that follow from the kind.
fn definition(object: &mut Value) {
    let names = &mut object["spec"]["names"];
    let kind = names["kind"].as_str().unwrap_or_default().to_owned();
    if !kind.is_empty() {
        fill_empty(names, "singular", kind.to_lowercase());
        fill_empty(names, "listKind", format!("{kind}List"));
    }
}

/// Sets a field that is not there.
fn fill(object: &mut Value, key: &str, default: impl Into<Value>) {
    if object[key].is_null() {
        object[key] = default.into();
    }
}

/// Sets a field that is not there, or says nothing.
fn fill_empty(object: &mut Value, key: &str, default: impl Into<Value>) {
    let empty = match &object[key] {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if empty {
        object[key] = default.into();
    }
}

/// The items of a list, if it is one.
fn items<'a>(object: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    let list = object.get_mut(key).and_then(Value::as_array_mut);
    list.into_iter().flatten()
}

/// A part of an object, if it is there.
fn part<'a>(object: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    object.get_mut(key).filter(|part| part.is_object())
}

fn namespace(object: &mut Value) {
    if let Some(name) = object["metadata"]["name"].as_str().map(str::to_owned) {
        object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name.into();
    }
}

fn binding(object: &mut Value) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    fill_empty(&mut object["roleRef"], "apiGroup", GROUP);
    for subject in items(object, "subjects") {
        if subject["kind"] == "User" || subject["kind"] == "Group" {
            fill_empty(subject, "apiGroup", GROUP);
        }
    }
}

fn limit_range(object: &mut Value) {
    for item in items(&mut object["spec"], "limits") {
        if item["type"] != "Container" {
            continue;
        }
        let mut default = taken(item, "default");
        let mut request = taken(item, "defaultRequest");
        inherit(&mut default, &item["max"]);
        inherit(&mut request, &default);
        inherit(&mut request, &item["min"]);
        for (key, value) in [("default", default), ("defaultRequest", request)] {
            if value.as_object().is_some_and(|it| !it.is_empty()) {
                item[key] = value;
            }
        }
    }
}

fn taken(object: &Value, key: &str) -> Value {
    let found = object.get(key).filter(|it| it.is_object());
    found.cloned().unwrap_or_else(|| json!({}))
}

fn inherit(into: &mut Value, from: &Value) {
    for (key, value) in from.as_object().into_iter().flatten() {
        fill(into, key, value.clone());
    }
}

#[cfg(test)]
mod tests;
