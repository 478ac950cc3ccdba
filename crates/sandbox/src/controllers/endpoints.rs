//! Endpoints and EndpointSlices: which pods are behind a Service.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, is_going, items, number, text};
use super::replica_set;
use crate::registry::Propagation;
use crate::select::LabelSelector;
use crate::state::{State, Task};

const SLICES: &str = "endpointslices.discovery.k8s.io";
const OWNER: &str = "kubernetes.io/service-name";
const CHANGED: &str = "endpoints.kubernetes.io/last-change-trigger-time";
const MANAGED: &str = "endpointslice-controller.k8s.io";

/// Services whose pods may have changed by a pod with these labels.
pub(super) fn services_of(state: &State, namespace: &str, pods: &[&Value]) -> Vec<String> {
    let selects = |service: &Value| {
        let selector = &service["spec"]["selector"];
        selector.as_object().is_some_and(|it| !it.is_empty())
            && pods.iter().any(|pod| matches(selector, pod))
    };
    let services = state
        .list("services", Some(namespace))
        .filter(|service| selects(service));
    services
        .map(|service| text(service, "/metadata/name").to_owned())
        .collect()
}

fn matches(selector: &Value, pod: &Value) -> bool {
    LabelSelector::of(&json!({"matchLabels": selector})).matches(&pod["metadata"]["labels"])
}

/// Writes what is behind a service.
pub(super) fn perform(state: &mut State, task: &Task) {
    let service = state
        .get("services", &task.namespace, &task.name)
        .map(Arc::clone);
    let Some(service) = service.filter(|service| !is_going(service)) else {
        clear(state, task);
        return;
    };
    let selector = service["spec"]["selector"].clone();
    if selector.as_object().is_none_or(|it| it.is_empty()) {
        return;
    }
    if text(&service, "/spec/type") == "ExternalName" {
        clear(state, task);
        return;
    }
    let mut pods = desk::all(state, "pods", &task.namespace);
    pods.retain(|pod| {
        let over = matches!(text(pod, "/status/phase"), "Succeeded" | "Failed");
        matches(&selector, pod) && !over && !text(pod, "/status/podIP").is_empty()
    });
    legacy(state, &service, &pods);
    slices(state, &service, &pods);
}

fn clear(state: &mut State, task: &Task) {
    if let Some(object) = state
        .get("endpoints", &task.namespace, &task.name)
        .map(Arc::clone)
        && object["metadata"]["labels"]["endpoints.kubernetes.io/managed-by"]
            == "endpoint-controller"
    {
        desk::delete(state, "endpoints", &object, Propagation::Background);
    }
    let mut slices = desk::all(state, SLICES, &task.namespace);
    slices.retain(|slice| slice["metadata"]["labels"][OWNER] == task.name.as_str());
    for slice in slices {
        desk::delete(state, SLICES, &slice, Propagation::Background);
    }
}

/// The port of a pod that a service's port leads to.
fn target(port: &Value, pod: &Value) -> Option<i64> {
    let told = &port["targetPort"];
    if let Some(number) = told.as_i64() {
        return Some(number);
    }
    let name = told.as_str()?;
    let containers = items(pod, "/spec/containers").iter();
    let mut ports = containers.flat_map(|container| items(container, "/ports"));
    let found = ports.find(|it| it["name"] == name && it["protocol"] == port["protocol"]);
    number(found?, "/containerPort")
}

fn serves(service: &Value, pod: &Value) -> bool {
    let early = service["spec"]["publishNotReadyAddresses"] == true;
    !is_going(pod) && (early || replica_set::is_ready(pod))
}

/// The ports of a pod behind a service; nothing where one of them cannot be told.
fn ports(service: &Value, pod: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    for port in items(service, "/spec/ports") {
        let Some(number) = target(port, pod) else {
            continue;
        };
        let mut made = json!({"port": number, "protocol": port["protocol"]});
        for key in ["name", "appProtocol"] {
            if !port[key].is_null() {
                made[key] = port[key].clone();
            }
        }
        out.push(made);
    }
    out
}

fn reference(pod: &Value) -> Value {
    json!({"kind": "Pod", "name": pod["metadata"]["name"],
        "namespace": pod["metadata"]["namespace"], "uid": pod["metadata"]["uid"]})
}

fn is_headless(service: &Value) -> bool {
    text(service, "/spec/clusterIP") == "None"
}

fn labels(service: &Value) -> Value {
    let mut labels = service["metadata"]["labels"].clone();
    if is_headless(service) {
        labels["service.kubernetes.io/headless"] = "".into();
    }
    labels
}

fn legacy(state: &mut State, service: &Value, pods: &[Arc<Value>]) {
    let mut subsets: BTreeMap<String, (Vec<Value>, [Vec<Value>; 2])> = BTreeMap::new();
    for pod in pods.iter().filter(|pod| !is_going(pod)) {
        let ports = ports(service, pod);
        let key = Value::from(ports.clone()).to_string();
        let mut address = json!({"ip": pod["status"]["podIP"],
            "nodeName": pod["spec"]["nodeName"], "targetRef": reference(pod)});
        if let Some(name) = host_name(service, pod) {
            address["hostname"] = name.into();
        }
        let entry = subsets
            .entry(key)
            .or_insert_with(|| (ports, [Vec::new(), Vec::new()]));
        entry.1[usize::from(!serves(service, pod))].push(address);
    }
    let subsets: Vec<Value> = subsets
        .into_values()
        .map(|(ports, [ready, unready])| {
            let mut subset = json!({});
            for (key, list) in [
                ("ports", ports),
                ("addresses", ready),
                ("notReadyAddresses", unready),
            ] {
                if !list.is_empty() {
                    subset[key] = list.into();
                }
            }
            subset
        })
        .collect();
    let mut labels = labels(service);
    labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller".into();
    let metadata = json!({"name": service["metadata"]["name"], "labels": labels});
    let mut object = json!({ "metadata": metadata });
    if !subsets.is_empty() {
        object["subsets"] = subsets.into();
    }
    let parts = ["subsets"];
    store(
        state,
        "endpoints",
        text(service, "/metadata/namespace"),
        object,
        &parts,
    );
}

/// The name of a pod that a headless service makes resolvable.
fn host_name(service: &Value, pod: &Value) -> Option<String> {
    let host = text(pod, "/spec/hostname");
    let same = text(pod, "/spec/subdomain") == text(service, "/metadata/name");
    (!host.is_empty() && same).then(|| host.to_owned())
}

fn slices(state: &mut State, service: &Value, pods: &[Arc<Value>]) {
    let namespace = text(service, "/metadata/namespace");
    let name = text(service, "/metadata/name");
    let endpoints: Vec<Value> = pods.iter().map(|pod| endpoint(service, pod)).collect();
    let ports = pods
        .first()
        .map_or_else(Vec::new, |pod| ports(service, pod));
    let mut labels = labels(service);
    labels[OWNER] = name.into();
    labels["endpointslice.kubernetes.io/managed-by"] = MANAGED.into();
    let mut known = desk::all(state, SLICES, namespace);
    known.retain(|slice| {
        slice["metadata"]["labels"][OWNER] == name
            && slice["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] == MANAGED
    });
    let mut metadata = json!({
        "labels": labels,
        "ownerReferences": [desk::controller_reference(service)],
    });
    match known.first() {
        Some(slice) => metadata["name"] = slice["metadata"]["name"].clone(),
        None => metadata["generateName"] = format!("{name}-").into(),
    }
    let object = json!({"metadata": metadata, "addressType": "IPv4",
        "endpoints": endpoints, "ports": ports});
    store(state, SLICES, namespace, object, &["endpoints", "ports"]);
}

fn endpoint(service: &Value, pod: &Value) -> Value {
    let ready = replica_set::is_ready(pod);
    let mut made = json!({
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": serves(service, pod), "serving": ready, "terminating": is_going(pod)},
        "nodeName": pod["spec"]["nodeName"], "targetRef": reference(pod),
    });
    if let Some(name) = host_name(service, pod) {
        made["hostname"] = name.into();
    }
    made
}

/// Creates an object, or makes these parts and the labels of the one that is there equal.
fn store(state: &mut State, resource: &str, namespace: &str, mut object: Value, parts: &[&str]) {
    let known = state
        .get(resource, namespace, text(&object, "/metadata/name"))
        .map(Arc::clone);
    let changed = |part: &&str| {
        known
            .as_ref()
            .is_none_or(|known| known.get(*part) != object.get(*part))
    };
    let changed = parts.iter().any(changed);
    let now = state.now().rfc3339();
    let Some(known) = known else {
        object["metadata"]["annotations"][CHANGED] = now.into();
        let _ = desk::create(state, resource, namespace, object, desk::MANAGER);
        return;
    };
    desk::change(state, resource, &known, |known| {
        known["metadata"]["labels"] = object["metadata"]["labels"].clone();
        if changed {
            known["metadata"]["annotations"][CHANGED] = now.into();
        }
        for part in parts {
            match object.get(*part) {
                Some(value) => known[*part] = value.clone(),
                None => drop(known.as_object_mut().map(|it| it.remove(*part))),
            }
        }
    });
}
