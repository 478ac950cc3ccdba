//! Admission: what the server's plugins refuse or fill in before validation.

use serde_json::Value;

use crate::catalog::Kind;
use crate::lifecycle::{OF_CLAIMS, OF_VOLUMES};
use crate::state::State;
use crate::status::Status;

/// What plugins fill in before a create.
pub(super) fn create(state: &State, kind: &Kind, object: &mut Value) -> Result<(), Status> {
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "persistentvolumeclaims") => {
            default_class(state, object);
            hold(object, OF_CLAIMS);
        }
        ("", "persistentvolumes") => hold(object, OF_VOLUMES),
        ("", "pods") => {
            super::limits::fill_in(state, object);
            priority(state, object)?;
            tolerate(object);
        }
        _ => {}
    }
    Ok(())
}

/// The namespace of a new object must be there, and stay.
pub(super) fn namespace(
    state: &State,
    kind: &Kind,
    namespace: &str,
    object: &Value,
) -> Result<(), Status> {
    if !kind.namespaced {
        return Ok(());
    }
    let Some(found) = state.get("namespaces", "", namespace) else {
        return Err(Status::not_found("namespaces", namespace));
    };
    if found["metadata"]["deletionTimestamp"].is_null() {
        return Ok(());
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let why = format!(
        "unable to create new content in namespace {namespace} because it is being terminated"
    );
    let mut status = Status::forbidden(&kind.qualified_plural(), name, &why);
    if let Some(details) = &mut status.details {
        details["causes"] = serde_json::json!([{
            "reason": "NamespaceTerminating",
            "message": format!("namespace {namespace} is being terminated"),
            "field": "metadata.namespace",
        }]);
    }
    Err(status)
}

/// A claim without a class gets the default one.
fn default_class(state: &State, object: &mut Value) {
    if !object["spec"]["storageClassName"].is_null() {
        return;
    }
    let is_default = |class: &&std::sync::Arc<Value>| {
        class["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
    };
    let class = state
        .list("storageclasses.storage.k8s.io", None)
        .find(is_default);
    if let Some(class) = class {
        object["spec"]["storageClassName"] = class["metadata"]["name"].clone();
    }
}

/// A pod carries the number of its priority class.
fn priority(state: &State, object: &mut Value) -> Result<(), Status> {
    let Some(class) = object["spec"]["priorityClassName"]
        .as_str()
        .filter(|c| !c.is_empty())
    else {
        object["spec"]["priority"] = 0.into();
        object["spec"]["preemptionPolicy"] = "PreemptLowerPriority".into();
        return Ok(());
    };
    let Some(found) = state.get("priorityclasses.scheduling.k8s.io", "", class) else {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let why = format!("no PriorityClass with name {class} was found");
        return Err(Status::forbidden("pods", name, &why));
    };
    let policy = found["preemptionPolicy"]
        .as_str()
        .unwrap_or("PreemptLowerPriority");
    object["spec"]["priority"] = found["value"].clone();
    object["spec"]["preemptionPolicy"] = policy.into();
    Ok(())
}

/// A finalizer that keeps what is in use.
fn hold(object: &mut Value, finalizer: &str) {
    let list = &mut object["metadata"]["finalizers"];
    match list.as_array_mut() {
        Some(list) if list.iter().any(|known| known == finalizer) => {}
        Some(list) => list.push(finalizer.into()),
        None => *list = serde_json::json!([finalizer]),
    }
}

/// A pod stays for five minutes on a node that does not answer, unless it says otherwise.
fn tolerate(object: &mut Value) {
    for key in [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ] {
        let tolerations = &mut object["spec"]["tolerations"];
        let list = tolerations.as_array().into_iter().flatten();
        let said = |known: &Value| {
            let keyed = known["key"] == key || known["key"].as_str().unwrap_or_default().is_empty();
            let effect = known["effect"].as_str().unwrap_or_default();
            keyed && (effect == "NoExecute" || effect.is_empty())
        };
        if list.clone().any(said) {
            continue;
        }
        let toleration = serde_json::json!({"key": key, "operator": "Exists",
            "effect": "NoExecute", "tolerationSeconds": 300});
        match tolerations.as_array_mut() {
            Some(list) => list.push(toleration),
            None => *tolerations = serde_json::json!([toleration]),
        }
    }
}
