//! What each kind's strategy does before a write: parts a client may not set, generations.

use serde_json::{Value, json};

use super::service_type;
use super::update::Part;
use crate::catalog::Kind;
use crate::state::State;

/// Kinds that count their generations, by group: a fact of the server's strategies.
const COUNTED: &[(&str, &[&str])] = &[
    ("", &["pods", "podtemplates", "replicationcontrollers"]),
    (
        "apps",
        &["daemonsets", "deployments", "replicasets", "statefulsets"],
    ),
    ("batch", &["cronjobs", "jobs"]),
    (
        "networking.k8s.io",
        &["ingressclasses", "ingresses", "networkpolicies"],
    ),
    ("policy", &["poddisruptionbudgets"]),
    ("scheduling.k8s.io", &["priorityclasses"]),
    ("discovery.k8s.io", &["endpointslices"]),
    ("resource.k8s.io", &["deviceclasses", "resourceslices"]),
    (
        "flowcontrol.apiserver.k8s.io",
        &["flowschemas", "prioritylevelconfigurations"],
    ),
    (
        "admissionregistration.k8s.io",
        &[
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "mutatingwebhookconfigurations",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            "validatingwebhookconfigurations",
        ],
    ),
    ("apiextensions.k8s.io", &["customresourcedefinitions"]),
];

/// Built-in kinds of whose status a create keeps what the client sent.
const STATUS_KEPT: &[&str] = &["nodes", "events"];

fn counts(kind: &Kind) -> bool {
    let listed = |(group, plurals): &(&str, &[&str])| {
        *group == kind.group && plurals.contains(&kind.plural.as_str())
    };
    kind.custom.is_some() || COUNTED.iter().any(listed)
}

/// Counts the templates of a DaemonSet: a field of an older version, kept as an annotation.
const TEMPLATE: &str = "deprecated.daemonset.template.generation";

/// What the server's conversions do as they read an object, before anyone comes to own a field.
pub(super) fn on_reading(kind: &Kind, object: &mut Value) {
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "namespaces") => {
            let name = object["metadata"]["name"].clone();
            if name.as_str().is_some_and(|name| !name.is_empty()) {
                object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
            }
        }
        ("", "secrets") => text_to_data(object),
        ("apiextensions.k8s.io", "customresourcedefinitions")
            if object["spec"]["conversion"].is_null() =>
        {
            object["spec"]["conversion"] = json!({"strategy": "None"});
        }
        ("apps", "daemonsets") if object["metadata"]["annotations"][TEMPLATE].is_null() => {
            object["metadata"]["annotations"][TEMPLATE] = "1".into();
        }
        _ => {}
    }
}

/// `stringData` is for writing only: it goes into `data`, and wins.
fn text_to_data(object: &mut Value) {
    let Some(Value::Object(texts)) = object.as_object_mut().and_then(|o| o.remove("stringData"))
    else {
        return;
    };
    for (key, text) in texts {
        let bytes = text.as_str().unwrap_or_default().as_bytes();
        object["data"][key] = crate::protobuf::base64(bytes).into();
    }
}

/// Before an object is stored for the first time.
pub(super) fn before_create(state: &State, kind: &Kind, object: &mut Value) {
    if counts(kind) {
        object["metadata"]["generation"] = 1.into();
    }
    if kind.has_status()
        && !STATUS_KEPT.contains(&kind.plural.as_str())
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("status");
    }
    if kind.group == "batch" && kind.plural == "jobs" {
        crate::controllers::select_pods(object);
        if object["metadata"]["labels"].is_null() {
            // As it is read back, a job without labels has those of its pods.
            object["metadata"]["labels"] = object["spec"]["template"]["metadata"]["labels"].clone();
        }
    }
    let status = match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "namespaces") => {
            object["spec"] = json!({"finalizers": ["kubernetes"]});
            json!({"phase": "Active"})
        }
        ("", "pods") => json!({"phase": "Pending", "qosClass": quality(&object["spec"])}),
        ("", "persistentvolumes") => {
            json!({"phase": "Pending", "lastPhaseTransitionTime": state.now().rfc3339()})
        }
        ("", "persistentvolumeclaims") => json!({"phase": "Pending"}),
        ("", "services") => json!({"loadBalancer": {}}),
        ("", "resourcequotas") => json!({}),
        ("", "replicationcontrollers") | ("apps", "replicasets") => json!({"replicas": 0}),
        ("apps", "statefulsets") => json!({"replicas": 0, "availableReplicas": 0}),
        ("apps", "daemonsets") => json!({"currentNumberScheduled": 0, "numberMisscheduled": 0,
            "desiredNumberScheduled": 0, "numberReady": 0}),
        ("networking.k8s.io", "ingresses") => json!({"loadBalancer": {}}),
        ("autoscaling", "horizontalpodautoscalers") => {
            json!({"desiredReplicas": 0, "currentMetrics": null})
        }
        ("policy", "poddisruptionbudgets") => json!({"disruptionsAllowed": 0,
            "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}),
        ("apiextensions.k8s.io", "customresourcedefinitions") => {
            if let Some(stored) = stored_version(object) {
                object["status"] = json!({"conditions": null, "storedVersions": [stored],
                    "acceptedNames": {"plural": "", "kind": ""}});
            }
            return;
        }
        ("apps", "deployments") | ("batch", "jobs" | "cronjobs") => json!({}),
        _ => return,
    };
    object["status"] = status;
}

fn stored_version(definition: &Value) -> Option<&str> {
    let versions = definition["spec"]["versions"].as_array()?;
    let stored = versions.iter().find(|v| v["storage"] == true)?;
    stored["name"].as_str()
}

/// Before an object replaces `old`: keeps what this part of the object may not change, and counts.
pub(super) fn before_update(kind: &Kind, part: Part, old: &Value, object: &mut Value) {
    match part {
        Part::Main => keep(kind.has_status(), old, object, "status"),
        Part::Status => {
            let status = object["status"].take();
            let mut metadata = object["metadata"].take();
            if kind.custom.is_some() {
                // Only managed fields and the precondition come from the request.
                let fields = metadata["managedFields"].take();
                let revision = metadata["resourceVersion"].take();
                metadata = old["metadata"].clone();
                metadata["managedFields"] = fields;
                metadata["resourceVersion"] = revision;
            }
            *object = old.clone();
            object["metadata"] = metadata;
            object["status"] = status;
        }
        Part::Other(_) => {}
    }
    if kind.plural == "namespaces" && kind.group.is_empty() && part == Part::Main {
        keep(true, old, object, "spec");
    }
    if kind.plural == "services" && kind.group.is_empty() && part == Part::Main {
        service_type::drop_former(old, object);
    }
    if kind.group == "apps" && kind.plural == "daemonsets" {
        let before = old["metadata"]["annotations"][TEMPLATE].as_str();
        let before: i64 = before.and_then(|count| count.parse().ok()).unwrap_or(1);
        let step = i64::from(old["spec"]["template"] != object["spec"]["template"]);
        object["metadata"]["annotations"][TEMPLATE] = (before + step).to_string().into();
    }
    if !counts(kind) {
        match old["metadata"].get("generation") {
            Some(generation) => object["metadata"]["generation"] = generation.clone(),
            None => drop(
                object["metadata"]
                    .as_object_mut()
                    .map(|m| m.remove("generation")),
            ),
        }
        return;
    }
    let before = old["metadata"]["generation"].as_i64().unwrap_or(0);
    // That a pod got its node is no wish of anybody's.
    let wished = part != Part::Status && part != Part::Other("binding");
    let step = i64::from(wished && desired_changed(kind, old, object));
    object["metadata"]["generation"] = (before + step).into();
}

fn keep(really: bool, old: &Value, object: &mut Value, key: &str) {
    if !really {
        return;
    }
    match old.get(key) {
        Some(value) => object[key] = value.clone(),
        None => drop(object.as_object_mut().map(|fields| fields.remove(key))),
    }
}

/// Whether anything but metadata and status differs: what generations count.
fn desired_changed(kind: &Kind, old: &Value, new: &Value) -> bool {
    let desired = |object: &Value| {
        let mut object = object.clone();
        if let Some(fields) = object.as_object_mut() {
            fields.remove("metadata");
            if kind.has_status() || kind.custom.is_none() {
                fields.remove("status");
            }
        }
        object
    };
    desired(old) != desired(new)
}

/// The class of service that a pod's requests and limits make.
fn quality(spec: &Value) -> &'static str {
    let mut any = false;
    let mut guaranteed = true;
    let lists = ["containers", "initContainers"];
    for container in lists
        .iter()
        .flat_map(|list| spec[*list].as_array().into_iter().flatten())
    {
        let resources = &container["resources"];
        for name in ["cpu", "memory"] {
            let (request, limit) = (&resources["requests"][name], &resources["limits"][name]);
            any |= !request.is_null() || !limit.is_null();
            guaranteed &= !limit.is_null() && (request.is_null() || request == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}
