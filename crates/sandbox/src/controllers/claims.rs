//! Claims: each gets a volume that is there, or one made for it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, is_going, items, text};
use super::events::{self, Source};
use crate::registry::Propagation;
use crate::state::{State, Task, identity};

pub(super) const RESOURCE: &str = "persistentvolumeclaims";
const VOLUMES: &str = "persistentvolumes";
const SOURCE: Source = Source("persistentvolume-controller");
const BOUND: &str = "pv.kubernetes.io/bound-by-controller";
const COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// On claims: who is to make their volume.
const PROVISIONER: [&str; 2] = [
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/storage-provisioner",
];

/// Binds a claim, if it does not wait for a pod.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(claim) = state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    if is_bound(&claim) || is_going(&claim) {
        return;
    }
    let class = class(state, &claim);
    if class
        .as_ref()
        .is_some_and(|class| class["volumeBindingMode"] == "WaitForFirstConsumer")
    {
        let message = "waiting for first consumer to be created before binding";
        events::normal(state, SOURCE, &claim, "WaitForFirstConsumer", message);
        return;
    }
    bind(state, &claim, class.as_deref());
}

/// Whether a claim has its volume.
pub(crate) fn is_bound(claim: &Value) -> bool {
    text(claim, "/status/phase") == "Bound"
}

/// Binds a claim that a pod mounts, and tells whether it could.
pub(crate) fn bind_for_pod(state: &mut State, claim: &Value) -> bool {
    let class = class(state, claim);
    bind(state, claim, class.as_deref())
}

/// The claims that a pod mounts.
pub(crate) fn mounted(pod: &Value) -> impl Iterator<Item = String> {
    items(pod, "/spec/volumes").iter().filter_map(|volume| {
        match text(volume, "/persistentVolumeClaim/claimName") {
            "" if volume["ephemeral"].is_object() => Some(format!(
                "{}-{}",
                text(pod, "/metadata/name"),
                text(volume, "/name")
            )),
            "" => None,
            name => Some(name.to_owned()),
        }
    })
}

/// Makes the claims that a pod brings along.
pub(crate) fn make_for(state: &mut State, pod: &Value) {
    let (namespace, pod_name) = identity(pod);
    for volume in items(pod, "/spec/volumes")
        .iter()
        .filter(|it| it["ephemeral"].is_object())
    {
        let name = format!("{pod_name}-{}", text(volume, "/name"));
        if state.get(RESOURCE, namespace, &name).is_some() {
            continue;
        }
        let template = &volume["ephemeral"]["volumeClaimTemplate"];
        let mut metadata =
            json!({"name": name, "ownerReferences": [desk::controller_reference(pod)]});
        for key in ["labels", "annotations"] {
            if !template["metadata"][key].is_null() {
                metadata[key] = template["metadata"][key].clone();
            }
        }
        let claim = json!({"metadata": metadata, "spec": template["spec"]});
        let _ = desk::create(state, RESOURCE, namespace, claim, desk::MANAGER);
    }
}

/// A claim is gone: its volume goes too, or is left released.
pub(super) fn release(state: &mut State, claim: &Value) {
    let name = text(claim, "/spec/volumeName");
    let Some(volume) = state.get(VOLUMES, "", name).map(Arc::clone) else {
        return;
    };
    if volume["spec"]["claimRef"]["uid"] != claim["metadata"]["uid"] {
        return;
    }
    phase(state, &volume, "Released");
    if text(&volume, "/spec/persistentVolumeReclaimPolicy") == "Delete" {
        desk::delete(state, VOLUMES, &volume, Propagation::Background);
    }
}

/// A volume that nobody claims is there to be had.
pub(super) fn offer(state: &mut State, volume: &Value) {
    if text(volume, "/status/phase") == "Pending" && volume["spec"]["claimRef"].is_null() {
        phase(state, volume, "Available");
    }
}

fn phase(state: &mut State, volume: &Value, phase: &str) {
    let mut status = volume["status"].clone();
    status["phase"] = phase.into();
    status["lastPhaseTransitionTime"] = state.now().rfc3339().into();
    desk::set_status(state, VOLUMES, volume, status, desk::MANAGER);
}

fn class(state: &State, claim: &Value) -> Option<Arc<Value>> {
    let name = text(claim, "/spec/storageClassName");
    state
        .get("storageclasses.storage.k8s.io", "", name)
        .map(Arc::clone)
}

fn bind(state: &mut State, claim: &Value, class: Option<&Value>) -> bool {
    let class_to_ask =
        class.filter(|class| text(class, "/provisioner") != "kubernetes.io/no-provisioner");
    let (volume, provisioner) = match (fitting(state, claim), class_to_ask) {
        (None, Some(class)) => (
            provide(state, claim, class),
            Some(class["provisioner"].clone()),
        ),
        (fitting, _) => (fitting, None),
    };
    let Some(volume) = volume else {
        return refuse(state, claim, class.is_some());
    };
    let volume_name = text(&volume, "/metadata/name").to_owned();
    let (namespace, name) = identity(claim);
    let reference = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "namespace": namespace, "name": name, "uid": claim["metadata"]["uid"],
        "resourceVersion": claim["metadata"]["resourceVersion"]});
    let changed = desk::change(state, VOLUMES, &volume, |it| {
        it["spec"]["claimRef"] = reference;
    });
    if let Some(volume) = changed {
        phase(state, &volume, "Bound");
    }
    let changed = desk::change(state, RESOURCE, claim, |claim| {
        claim["spec"]["volumeName"] = volume_name.into();
        for key in [COMPLETED, BOUND] {
            claim["metadata"]["annotations"][key] = "yes".into();
        }
        if let Some(provisioner) = provisioner {
            for key in PROVISIONER {
                claim["metadata"]["annotations"][key] = provisioner.clone();
            }
        }
    });
    let Some(claim) = changed else {
        return false;
    };
    let status = json!({"phase": "Bound", "accessModes": claim["spec"]["accessModes"],
        "capacity": {"storage": volume["spec"]["capacity"]["storage"]}});
    desk::set_status(state, RESOURCE, &claim, status, desk::MANAGER);
    true
}

fn refuse(state: &mut State, claim: &Value, has_class: bool) -> bool {
    let class = text(claim, "/spec/storageClassName");
    if class.is_empty() || has_class {
        let message = "no persistent volumes available for this claim and no storage class is set";
        events::normal(state, SOURCE, claim, "FailedBinding", message);
    } else {
        let message = format!("storageclass.storage.k8s.io \"{class}\" not found");
        events::warning(state, SOURCE, claim, "ProvisioningFailed", &message);
    }
    false
}

/// A volume that is there: the one that the claim names, or a free one of its class that is large enough.
fn fitting(state: &State, claim: &Value) -> Option<Arc<Value>> {
    let named = text(claim, "/spec/volumeName");
    let size = |value: &Value| amount(value.as_str().unwrap_or_default());
    let wanted = size(&claim["spec"]["resources"]["requests"]["storage"])?;
    let modes = items(claim, "/spec/accessModes");
    let fits = |volume: &&Arc<Value>| {
        let free = text(volume, "/status/phase") == "Available";
        let name = text(volume, "/metadata/name");
        let has = size(&volume["spec"]["capacity"]["storage"]);
        let offered = items(volume, "/spec/accessModes");
        free && (named.is_empty() || named == name)
            && text(volume, "/spec/storageClassName") == text(claim, "/spec/storageClassName")
            && modes.iter().all(|mode| offered.contains(mode))
            && has.is_some_and(|has| has >= wanted)
    };
    state.list(VOLUMES, None).find(fits).map(Arc::clone)
}

fn provide(state: &mut State, claim: &Value, class: &Value) -> Option<Arc<Value>> {
    if !text(claim, "/spec/volumeName").is_empty() {
        return None;
    }
    let name = format!("pvc-{}", text(claim, "/metadata/uid"));
    let volume = json!({
        "metadata": {"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": class["provisioner"]}},
        "spec": {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"]["accessModes"], "volumeMode": claim["spec"]["volumeMode"],
            "persistentVolumeReclaimPolicy": class["reclaimPolicy"],
            "storageClassName": class["metadata"]["name"],
            "hostPath": {"path": format!("/var/lib/sandbox/{name}"), "type": ""},
        },
    });
    let made = desk::create(state, VOLUMES, "", volume, desk::MANAGER).ok()?;
    let provisioner = text(class, "/provisioner");
    let message = format!("Successfully provisioned volume {name} using {provisioner}");
    events::normal(state, SOURCE, claim, "ProvisioningSucceeded", &message);
    Some(made)
}

/// A quantity as a number, near enough to compare sizes.
fn amount(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 13] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    let unit = UNITS
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let (number, factor) = unit.unwrap_or((text, 1.0));
    Some(number.parse::<f64>().ok()? * factor)
}
