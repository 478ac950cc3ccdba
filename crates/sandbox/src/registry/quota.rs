//! ResourceQuotas: what a namespace's objects come to, and the refusal of what would exceed it.
//!
//! Quotas with scopes are left alone: they are neither counted nor enforced.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::amount::{UNIT, read, shown, text};
use crate::catalog::Kind;
use crate::state::{State, identity};
use crate::status::Status;

/// Amounts in billionths, by the name a quota gives them.
type Amounts = BTreeMap<String, i128>;

/// Refuses a new object that a quota of its namespace has no room for.
pub(super) fn admit(
    state: &State,
    kind: &Kind,
    namespace: &str,
    object: &Value,
) -> Result<(), Status> {
    let asked = charges(&kind.resource, object);
    for quota in state.list("resourcequotas", Some(namespace)) {
        let Some(hard) = enforced(quota) else {
            continue;
        };
        let name = identity(quota).1;
        let refuse = |why: &str| {
            let own = identity(object).1;
            Err(Status::forbidden(&kind.qualified_plural(), own, why))
        };
        if &*kind.resource == "pods"
            && let Some(missing) = unsaid(hard, object)
        {
            return refuse(&format!("failed quota: {name}: must specify {missing}"));
        }
        let used = usage(state, namespace, hard);
        let (mut requested, mut taken, mut limited) = (Vec::new(), Vec::new(), Vec::new());
        for (resource, amount) in asked.iter().filter(|(_, amount)| **amount > 0) {
            let Some(most) = hard.get(resource) else {
                continue;
            };
            let there = used.get(resource).copied().unwrap_or(0);
            if there + amount > read(most) {
                requested.push(format!("{resource}={}", shown(*amount, most)));
                taken.push(format!("{resource}={}", shown(there, most)));
                limited.push(format!("{resource}={}", text(most)));
            }
        }
        if !requested.is_empty() {
            return refuse(&format!(
                "exceeded quota: {name}, requested: {}, used: {}, limited: {}",
                requested.join(","),
                taken.join(","),
                limited.join(",")
            ));
        }
    }
    Ok(())
}

/// The status of a quota: what it allows, and how much of that is used.
pub(crate) fn status(state: &State, quota: &Value) -> Option<Value> {
    let hard = enforced(quota)?;
    let used = usage(state, identity(quota).0, hard);
    let used: Map<String, Value> = hard
        .iter()
        .map(|(resource, most)| {
            let amount = used.get(resource).copied().unwrap_or(0);
            (resource.clone(), shown(amount, most).into())
        })
        .collect();
    Some(serde_json::json!({"hard": hard, "used": used}))
}

fn enforced(quota: &Value) -> Option<&Map<String, Value>> {
    let spec = &quota["spec"];
    let scoped = !spec["scopes"].is_null() || !spec["scopeSelector"].is_null();
    spec["hard"].as_object().filter(|_| !scoped)
}

fn usage(state: &State, namespace: &str, hard: &Map<String, Value>) -> Amounts {
    let mut sums = Amounts::new();
    let counted = |kind: &&std::sync::Arc<Kind>| kind.namespaced && concerns(hard, &kind.resource);
    for kind in state.catalog.stored().filter(counted) {
        for object in state.list(&kind.resource, Some(namespace)) {
            for (resource, amount) in charges(&kind.resource, object) {
                if hard.contains_key(&resource) {
                    *sums.entry(resource).or_default() += amount;
                }
            }
        }
    }
    sums
}

/// Whether what a quota limits has anything to do with objects of a resource.
pub(crate) fn concerns(hard: &Map<String, Value>, resource: &str) -> bool {
    matches!(
        resource,
        "pods"
            | "services"
            | "persistentvolumeclaims"
            | "secrets"
            | "configmaps"
            | "replicationcontrollers"
            | "resourcequotas"
    ) || hard.contains_key(&format!("count/{resource}"))
}

/// Whether a pod has ended, and takes nothing any more.
fn is_over(pod: &Value) -> bool {
    matches!(
        pod["status"]["phase"].as_str(),
        Some("Succeeded" | "Failed")
    )
}

/// What one object counts for.
fn charges(resource: &str, object: &Value) -> Amounts {
    let mut charged = Amounts::new();
    charged.insert(format!("count/{resource}"), UNIT);
    let spec = &object["spec"];
    match resource {
        "pods" if is_over(object) => {}
        "pods" => {
            charged.insert(resource.to_owned(), UNIT);
            pod(spec, &mut charged);
        }
        "services" => {
            charged.insert(resource.to_owned(), UNIT);
            let ports = spec["ports"].as_array().map_or(0, Vec::len);
            let balanced = spec["type"] == "LoadBalancer";
            if balanced || spec["type"] == "NodePort" {
                let ports = i128::try_from(ports).unwrap_or(0);
                charged.insert("services.nodeports".to_owned(), ports * UNIT);
            }
            if balanced {
                charged.insert("services.loadbalancers".to_owned(), UNIT);
            }
        }
        "persistentvolumeclaims" => {
            let storage = read(&spec["resources"]["requests"]["storage"]);
            charged.insert(resource.to_owned(), UNIT);
            charged.insert("requests.storage".to_owned(), storage);
            if let Some(class) = spec["storageClassName"].as_str() {
                let prefix = format!("{class}.storageclass.storage.k8s.io");
                charged.insert(format!("{prefix}/requests.storage"), storage);
                charged.insert(format!("{prefix}/persistentvolumeclaims"), UNIT);
            }
        }
        "secrets" | "configmaps" | "replicationcontrollers" | "resourcequotas" => {
            charged.insert(resource.to_owned(), UNIT);
        }
        _ => {}
    }
    charged
}

/// A pod needs what its containers need together, or what one of its init containers needs alone.
fn pod(spec: &Value, charged: &mut Amounts) {
    for (list, prefix) in [("requests", "requests."), ("limits", "limits.")] {
        for name in ["cpu", "memory", "ephemeral-storage"] {
            let of = |containers: &str| -> Vec<i128> {
                let containers = spec[containers].as_array().into_iter().flatten();
                containers
                    .map(|c| read(&c["resources"][list][name]))
                    .collect()
            };
            let together = of("containers").into_iter().sum::<i128>();
            let alone = of("initContainers").into_iter().max().unwrap_or(0);
            let amount = together.max(alone);
            charged.insert(format!("{prefix}{name}"), amount);
            if list == "requests" {
                charged.insert(name.to_owned(), amount);
            }
        }
    }
}

/// What a quota counts and containers of a pod do not say.
fn unsaid(hard: &Map<String, Value>, pod: &Value) -> Option<String> {
    let mut missing = Vec::new();
    for resource in hard.keys() {
        let (list, name) = match resource.as_str() {
            "cpu" | "memory" => ("requests", resource.as_str()),
            other => match other.split_once('.') {
                Some((list @ ("requests" | "limits"), name @ ("cpu" | "memory"))) => (list, name),
                _ => continue,
            },
        };
        let lists = ["containers", "initContainers"];
        let containers = lists
            .iter()
            .flat_map(|list| pod["spec"][*list].as_array().into_iter().flatten());
        let silent: Vec<String> = containers
            .filter(|container| container["resources"][list][name].is_null())
            .map(|container| text(&container["name"]))
            .collect();
        if !silent.is_empty() {
            missing.push(format!("{resource} for: {}", silent.join(",")));
        }
    }
    (!missing.is_empty()).then(|| missing.join("; "))
}
