//! The pods of a StatefulSet: names, numbers, and claims.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{REVISION, SOURCE};
use crate::controllers::desk::{self, items, text};
use crate::controllers::{events, template};
use crate::state::State;

/// The pods of a set by their numbers.
pub(super) fn of(state: &State, set: &Value) -> BTreeMap<i64, Arc<Value>> {
    let prefix = format!("{}-", text(set, "/metadata/name"));
    let pods = desk::controlled(state, "pods", set).into_iter();
    pods.filter_map(|pod| {
        let ordinal = text(&pod, "/metadata/name")
            .strip_prefix(&prefix)?
            .parse()
            .ok()?;
        Some((ordinal, pod))
    })
    .collect()
}

/// Creates the pod of a number, and before it its claims.
pub(super) fn create(state: &mut State, set: &Value, ordinal: i64, revision: &str) {
    let name = format!("{}-{ordinal}", text(set, "/metadata/name"));
    let mut pod = template::pod(set);
    pod["metadata"]["name"] = name.clone().into();
    pod["metadata"]["generateName"] = format!("{}-", text(set, "/metadata/name")).into();
    for (key, value) in [
        ("statefulset.kubernetes.io/pod-name", name.clone()),
        ("apps.kubernetes.io/pod-index", ordinal.to_string()),
        (REVISION, revision.to_owned()),
    ] {
        pod["metadata"]["labels"][key] = value.into();
    }
    pod["spec"]["hostname"] = name.clone().into();
    let service = text(set, "/spec/serviceName");
    if !service.is_empty() {
        pod["spec"]["subdomain"] = service.into();
    }
    claims(state, set, &name, &mut pod);
    let namespace = text(set, "/metadata/namespace").to_owned();
    let set_name = text(set, "/metadata/name");
    match desk::create(state, "pods", &namespace, pod, desk::MANAGER) {
        Ok(_) => {
            let message = format!("Create Pod {name} in StatefulSet {set_name} successful");
            events::normal(state, SOURCE, set, "SuccessfulCreate", &message);
        }
        Err(status) => {
            let message = format!(
                "Create Pod {name} in StatefulSet {set_name} failed error: {}",
                status.message
            );
            events::warning(state, SOURCE, set, "FailedCreate", &message);
            desk::try_again(state, "statefulset", super::RESOURCE, set);
        }
    }
}

/// The claims of a pod, and the volumes that mount them.
fn claims(state: &mut State, set: &Value, pod_name: &str, pod: &mut Value) {
    let namespace = text(set, "/metadata/namespace");
    let set_name = text(set, "/metadata/name");
    for template in items(set, "/spec/volumeClaimTemplates") {
        let volume = text(template, "/metadata/name");
        let claim_name = format!("{volume}-{pod_name}");
        let mount = json!({"name": volume, "persistentVolumeClaim": {"claimName": claim_name}});
        match pod["spec"]["volumes"].as_array_mut() {
            Some(volumes) => {
                volumes.retain(|it| it["name"] != volume);
                volumes.push(mount);
            }
            None => pod["spec"]["volumes"] = json!([mount]),
        }
        if state
            .get("persistentvolumeclaims", namespace, &claim_name)
            .is_some()
        {
            continue;
        }
        let mut metadata = json!({"name": claim_name});
        let mut labels = template["metadata"]["labels"].clone();
        let selected = set["spec"]["selector"]["matchLabels"].as_object();
        for (key, value) in selected.into_iter().flatten() {
            labels[key] = value.clone();
        }
        metadata["labels"] = labels;
        if !template["metadata"]["annotations"].is_null() {
            metadata["annotations"] = template["metadata"]["annotations"].clone();
        }
        let claim = json!({"metadata": metadata, "spec": template["spec"]});
        let resource = "persistentvolumeclaims";
        if desk::create(state, resource, namespace, claim, desk::MANAGER).is_ok() {
            let message = format!(
                "Create Claim {claim_name} Pod {pod_name} in StatefulSet {set_name} success"
            );
            events::normal(state, SOURCE, set, "SuccessfulCreate", &message);
        }
    }
}
