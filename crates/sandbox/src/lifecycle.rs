//! What the API server itself does behind a write, beside the controllers: CRDs become served,
//! namespaces get their furniture and are emptied when they go, volumes in use are held.

mod definitions;
mod namespaces;
mod protection;
mod quotas;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::registry::{self, WriteOptions};
use crate::state::{Entry, State, Task};

pub(crate) use definitions::FINALIZER as FINALIZER_OF_DEFINITIONS;
pub(crate) use definitions::serve as serve_definitions;
pub(crate) use protection::{OF_CLAIMS, OF_VOLUMES};

/// The controller that tasks of this module name.
pub(crate) const CONTROLLER: &str = "lifecycle";

/// A write happened.
pub(crate) fn heard(state: &mut State, entry: &Entry) {
    namespaces::heard(state, entry);
    definitions::heard(state, entry);
    protection::heard(state, entry);
    quotas::heard(state, entry);
}

/// Does one piece of work.
pub(crate) fn perform(state: &mut State, task: &Task) {
    match task.resource.as_str() {
        "namespaces" => namespaces::perform(state, &task.name),
        quotas::RESOURCE => quotas::perform(state, &task.namespace, &task.name),
        protection::CLAIMS | protection::VOLUMES => {
            protection::perform(state, &task.resource, &task.namespace, &task.name);
        }
        _ => definitions::perform(state, &task.name),
    }
}

fn task(resource: &str, namespace: &str, name: &str) -> Task {
    Task {
        controller: CONTROLLER.to_owned(),
        resource: resource.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

/// Puts into an empty state what every cluster has.
pub(crate) fn furnish(state: &mut State) {
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
        make(state, "namespaces", "", json!({"metadata": {"name": name}}));
    }
    make(
        state,
        "services",
        "default",
        json!({
            "metadata": {"name": "kubernetes",
                "labels": {"component": "apiserver", "provider": "kubernetes"}},
            "spec": {"clusterIP": "10.96.0.1", "type": "ClusterIP", "sessionAffinity": "None",
                "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
                "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}]},
        }),
    );
    make(
        state,
        "storageclasses.storage.k8s.io",
        "",
        json!({
            "metadata": {"name": "standard",
                "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
            "provisioner": "kubernetes.io/host-path",
            "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate",
        }),
    );
    for (name, value, about) in [
        (
            "system-cluster-critical",
            2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
        ),
        (
            "system-node-critical",
            2_000_001_000,
            "Used for system critical pods that must not be moved from their current node.",
        ),
    ] {
        make(
            state,
            "priorityclasses.scheduling.k8s.io",
            "",
            json!({
                "metadata": {"name": name}, "value": value, "description": about,
                "preemptionPolicy": "PreemptLowerPriority",
            }),
        );
    }
    furnish_node(state);
}

fn furnish_node(state: &mut State) {
    let size = json!({"cpu": "64", "memory": "256Gi", "pods": "1000",
        "ephemeral-storage": "1Ti", "hugepages-2Mi": "0"});
    let now = state.now().rfc3339();
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({"type": kind, "status": status, "reason": reason, "message": message,
            "lastHeartbeatTime": now, "lastTransitionTime": now})
    };
    make(
        state,
        "nodes",
        "",
        json!({
            "metadata": {"name": "sandbox", "labels": {
                "kubernetes.io/hostname": "sandbox", "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64", "node-role.kubernetes.io/control-plane": "",
            }},
            "spec": {"podCIDR": "10.244.0.0/24", "podCIDRs": ["10.244.0.0/24"]},
            "status": {
                "capacity": size, "allocatable": size,
                "conditions": [
                    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                    condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
                ],
                "addresses": [{"type": "InternalIP", "address": "192.0.2.1"},
                    {"type": "Hostname", "address": "sandbox"}],
                "nodeInfo": {"architecture": "amd64", "bootID": "", "machineID": "", "systemUUID": "",
                    "containerRuntimeVersion": "sandbox://1.0", "kernelVersion": "6.12.0",
                    "kubeProxyVersion": "", "kubeletVersion": "v1.36.3", "operatingSystem": "linux",
                    "osImage": "Windlass sandbox"},
            },
        }),
    );
}

fn make(state: &mut State, resource: &str, namespace: &str, object: Value) {
    make_as("kube-apiserver", state, resource, namespace, object);
}

fn make_as(who: &str, state: &mut State, resource: &str, namespace: &str, object: Value) {
    let Some(kind) = state.catalog.storage(resource).map(Arc::clone) else {
        return;
    };
    let options = WriteOptions::of(who);
    // What is there already stays as it is.
    let _ = registry::create(state, &kind, namespace, object, &options);
}
