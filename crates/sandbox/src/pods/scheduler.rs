//! The scheduler: finds a node for a pod, or says why there is none.

use std::sync::Arc;

use serde_json::{Value, json};

use super::script::{Fate, Script};
use crate::controllers::claims;
use crate::controllers::condition::{self, Condition};
use crate::controllers::desk::{items, text};
use crate::controllers::events::{self, Source};
use crate::registry::{self, Part, WriteOptions};
use crate::state::{State, identity};

const MANAGER: &str = "kube-scheduler";
const SOURCE: Source = Source("default-scheduler");

/// Places a pod. Whether it has a node now.
pub(super) fn place(state: &mut State, pod: &Value) -> bool {
    match find(state, pod) {
        Ok(node) => bind(state, pod, &node),
        Err(why) => {
            refuse(state, pod, &why);
            false
        }
    }
}

fn bind(state: &mut State, pod: &Value, node: &str) -> bool {
    let options = WriteOptions::of(MANAGER);
    let part = Part::Other("binding");
    let now = state.now();
    let bound = registry::modify(state, "pods", identity(pod), part, &options, |pod| {
        pod["spec"]["nodeName"] = node.into();
        let scheduled = Condition {
            kind: "PodScheduled",
            status: "True",
            reason: "",
            message: "",
        };
        condition::set(&mut pod["status"]["conditions"], &scheduled, now, false);
    });
    if bound.is_err() {
        return false;
    }
    let (namespace, name) = identity(pod);
    let message = format!("Successfully assigned {namespace}/{name} to {node}");
    events::normal(state, SOURCE, pod, "Scheduled", &message);
    true
}

fn refuse(state: &mut State, pod: &Value, why: &str) {
    let said = condition::find(&pod["status"]["conditions"], "PodScheduled");
    if said.is_some_and(|it| it["message"] == why) {
        return;
    }
    let options = WriteOptions::of(MANAGER);
    let now = state.now();
    let _ = registry::modify(
        state,
        "pods",
        identity(pod),
        Part::Status,
        &options,
        |pod| {
            let unschedulable = Condition {
                kind: "PodScheduled",
                status: "False",
                reason: "Unschedulable",
                message: why,
            };
            condition::set(&mut pod["status"]["conditions"], &unschedulable, now, false);
        },
    );
    events::warning(state, SOURCE, pod, "FailedScheduling", why);
}

fn find(state: &mut State, pod: &Value) -> Result<String, String> {
    volumes(state, pod)?;
    let nodes: Vec<Arc<Value>> = state.list("nodes", None).map(Arc::clone).collect();
    let count = nodes.len();
    let unfit = Script::of(pod).fate == Fate::NoNode;
    let mut reasons: Vec<&'static str> = Vec::new();
    for node in &nodes {
        if unfit {
            reasons.push("didn't match Pod's node affinity/selector");
        } else if let Some(reason) = mismatch(node, pod) {
            reasons.push(reason);
        } else {
            return Ok(text(node, "/metadata/name").to_owned());
        }
    }
    reasons.sort_unstable();
    let mut told: Vec<String> = Vec::new();
    for reason in reasons.chunk_by(|a, b| a == b) {
        told.push(format!("{} node(s) {}", reason.len(), reason[0]));
    }
    let told = told.join(", ");
    Err(format!(
        "0/{count} nodes are available: {told}. preemption: 0/{count} nodes are available: {count} Preemption is \
         not helpful for scheduling."
    ))
}

/// Why a node is not one for a pod.
fn mismatch(node: &Value, pod: &Value) -> Option<&'static str> {
    let labels = &node["metadata"]["labels"];
    let selector = pod["spec"]["nodeSelector"].as_object();
    let fits = selector
        .into_iter()
        .flatten()
        .all(|(key, value)| labels[key] == *value);
    if !fits || !affine(node, pod) {
        return Some("didn't match Pod's node affinity/selector");
    }
    if node["spec"]["unschedulable"] == true {
        return Some("were unschedulable");
    }
    let taints = items(node, "/spec/taints").iter();
    let mut hard = taints.filter(|taint| taint["effect"] != "PreferNoSchedule");
    let tolerations = items(pod, "/spec/tolerations");
    let tolerated = hard.all(|taint| tolerations.iter().any(|it| tolerates(it, taint)));
    (!tolerated).then_some("had untolerated taint(s)")
}

fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let effect = text(toleration, "/effect");
    let key = text(toleration, "/key");
    (effect.is_empty() || taint["effect"] == effect)
        && (key.is_empty() || taint["key"] == key)
        && (toleration["operator"] == "Exists"
            || text(toleration, "/value") == text(taint, "/value"))
}

fn affine(node: &Value, pod: &Value) -> bool {
    const REQUIRED: &str = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    let terms = items(pod, REQUIRED);
    terms.is_empty()
        || terms.iter().any(|term| {
            let selector = json!({"matchExpressions": term["matchExpressions"]});
            let fields = items(term, "/matchFields").iter();
            let named = |field: &Value| {
                field["key"] != "metadata.name"
                    || items(field, "/values").contains(&node["metadata"]["name"])
            };
            crate::select::LabelSelector::of(&selector).matches(&node["metadata"]["labels"])
                && fields.into_iter().all(named)
        })
}

/// The claims that a pod mounts must be bound; those are bound now that wait for a pod.
fn volumes(state: &mut State, pod: &Value) -> Result<(), String> {
    let namespace = text(pod, "/metadata/namespace");
    let count = state.list("nodes", None).count();
    for name in claims::mounted(pod) {
        let head = format!("0/{count} nodes are available:");
        let claim = state
            .get("persistentvolumeclaims", namespace, &name)
            .map(Arc::clone);
        let Some(claim) = claim else {
            return Err(format!(
                "{head} persistentvolumeclaim \"{name}\" not found. preemption: {head} {count} Preemption is \
                 not helpful for scheduling."
            ));
        };
        if !claims::is_bound(&claim) && !claims::bind_for_pod(state, &claim) {
            return Err(format!(
                "{head} pod has unbound immediate PersistentVolumeClaims. preemption: {head} {count} Preemption is \
                 not helpful for scheduling."
            ));
        }
    }
    Ok(())
}
