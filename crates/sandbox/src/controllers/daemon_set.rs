//! DaemonSets: a pod on each node that takes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, is_going, number, text};
use super::events::{self, Source};
use super::{history, replica_set, template};
use crate::registry::Propagation;
use crate::state::{State, Task};

pub(super) const RESOURCE: &str = "daemonsets.apps";
const SOURCE: Source = Source("daemonset-controller");
const REVISION: &str = "controller-revision-hash";
/// What pods of daemons bear, whatever happens to their node.
const BORNE: [(&str, &str); 6] = [
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
];

/// Brings a set's pods to all nodes that take them.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(set) = state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    let Some(revision) = history::present(state, &set) else {
        return;
    };
    let hash = history::hash(&revision);
    let nodes = nodes(state, &set);
    if !is_going(&set) {
        place(state, &set, &nodes, &hash);
        update(state, &set, &nodes, &hash);
    }
    report(state, task, &set, &nodes, &hash);
    let used = [text(&revision, "/metadata/name").to_owned()];
    history::clean(state, &set, &used);
}

/// The nodes that a set's template selects.
fn nodes(state: &State, set: &Value) -> Vec<String> {
    let wanted = set["spec"]["template"]["spec"]["nodeSelector"].as_object();
    let fits = |node: &Value| {
        let labels = &node["metadata"]["labels"];
        wanted
            .into_iter()
            .flatten()
            .all(|(key, value)| labels[key] == *value)
    };
    let nodes = state.list("nodes", None).filter(|node| fits(node));
    nodes
        .map(|node| text(node, "/metadata/name").to_owned())
        .collect()
}

/// The node that a pod is on, or is made for.
fn node_of(pod: &Value) -> &str {
    const TERM: &str = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution\
        /nodeSelectorTerms/0/matchFields/0/values/0";
    match text(pod, "/spec/nodeName") {
        "" => text(pod, TERM),
        node => node,
    }
}

fn by_node(state: &State, set: &Value) -> BTreeMap<String, Vec<Arc<Value>>> {
    let mut out: BTreeMap<String, Vec<Arc<Value>>> = BTreeMap::new();
    for pod in desk::controlled(state, "pods", set) {
        out.entry(node_of(&pod).to_owned()).or_default().push(pod);
    }
    out
}

fn place(state: &mut State, set: &Value, nodes: &[String], hash: &str) {
    let mut there = by_node(state, set);
    for node in nodes {
        let pods = there.remove(node).unwrap_or_default();
        for pod in pods
            .iter()
            .filter(|pod| !replica_set::is_active(pod) && !is_going(pod))
        {
            let name = text(pod, "/metadata/name");
            let message = format!(
                "Found failed daemon pod {}/{name} on node {node}, will try to kill it",
                text(set, "/metadata/namespace")
            );
            events::warning(state, SOURCE, set, "FailedDaemonPod", &message);
            drop_pod(state, set, pod);
        }
        if pods.is_empty() {
            let pod = pod(set, node, hash);
            // What the server refuses is told as an event.
            if template::create(state, SOURCE, set, pod).is_err() {
                desk::try_again(state, "daemonset", RESOURCE, set);
            }
        }
    }
    for pod in there.values().flatten().filter(|pod| !is_going(pod)) {
        drop_pod(state, set, pod);
    }
}

fn drop_pod(state: &mut State, set: &Value, pod: &Value) {
    desk::delete(state, "pods", pod, Propagation::Background);
    let message = format!("Deleted pod: {}", text(pod, "/metadata/name"));
    events::normal(state, SOURCE, set, "SuccessfulDelete", &message);
}

fn pod(set: &Value, node: &str, hash: &str) -> Value {
    let mut pod = template::pod(set);
    pod["metadata"]["labels"][REVISION] = hash.into();
    let generation = desk::annotation(set, "deprecated.daemonset.template.generation");
    pod["metadata"]["labels"]["pod-template-generation"] = generation.into();
    let field = json!({"key": "metadata.name", "operator": "In", "values": [node]});
    pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"] =
        json!({"nodeSelectorTerms": [{"matchFields": [field]}]});
    let borne =
        BORNE.map(|(key, effect)| json!({"key": key, "operator": "Exists", "effect": effect}));
    match pod["spec"]["tolerations"].as_array_mut() {
        Some(list) => list.extend(borne),
        None => pod["spec"]["tolerations"] = borne.to_vec().into(),
    }
    pod
}

/// Pods of other templates go, as many at a time as may be missing.
fn update(state: &mut State, set: &Value, nodes: &[String], hash: &str) {
    if text(set, "/spec/updateStrategy/type") == "OnDelete" {
        return;
    }
    let told = &set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"];
    let all = i64::try_from(nodes.len()).unwrap_or(0);
    let percent = told
        .as_str()
        .and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
    let most = percent
        .map_or(told.as_i64().unwrap_or(1), |part| (part * all + 99) / 100)
        .max(1);
    let there = by_node(state, set);
    let fit =
        |state: &State, pods: &[Arc<Value>]| pods.iter().any(|pod| is_available(state, set, pod));
    let missing = nodes
        .iter()
        .filter(|node| !there.get(*node).is_some_and(|pods| fit(state, pods)))
        .count();
    let mut free = most - i64::try_from(missing).unwrap_or(0);
    for pod in there.values().flatten() {
        let old = pod["metadata"]["labels"][REVISION] != hash;
        if !old || is_going(pod) {
            continue;
        }
        let served = is_available(state, set, pod);
        if served && free <= 0 {
            continue;
        }
        free -= i64::from(served);
        drop_pod(state, set, pod);
    }
}

fn is_available(state: &State, set: &Value, pod: &Value) -> bool {
    let patience = number(set, "/spec/minReadySeconds").unwrap_or(0);
    !is_going(pod) && replica_set::available_at(pod, patience).is_some_and(|at| at <= state.now())
}

fn report(state: &mut State, task: &Task, set: &Value, nodes: &[String], hash: &str) {
    let there = by_node(state, set);
    let patience = number(set, "/spec/minReadySeconds").unwrap_or(0);
    let [
        mut scheduled,
        mut ready,
        mut available,
        mut updated,
        mut astray,
    ] = [0_i64; 5];
    for (node, pods) in &there {
        let live: Vec<&Arc<Value>> = pods.iter().filter(|pod| !is_going(pod)).collect();
        if !nodes.contains(node) {
            astray += i64::from(!live.is_empty());
            continue;
        }
        let Some(pod) = live.first() else { continue };
        scheduled += 1;
        ready += i64::from(replica_set::is_ready(pod));
        updated += i64::from(pod["metadata"]["labels"][REVISION] == hash);
        match replica_set::available_at(pod, patience) {
            Some(at) if at <= state.now() => available += 1,
            Some(at) => state.work.schedule(at, task.clone()),
            None => {}
        }
    }
    let wanted = i64::try_from(nodes.len()).unwrap_or(0);
    let mut status = json!({
        "currentNumberScheduled": scheduled, "numberMisscheduled": astray,
        "desiredNumberScheduled": wanted, "numberReady": ready,
        "observedGeneration": set["metadata"]["generation"],
    });
    for (key, count) in [
        ("updatedNumberScheduled", updated),
        ("numberAvailable", available),
        ("numberUnavailable", wanted - available),
    ] {
        if count > 0 {
            status[key] = count.into();
        }
    }
    desk::set_status(state, RESOURCE, set, status, desk::MANAGER);
}
