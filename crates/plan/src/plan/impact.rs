//! What a change of an object means: whether pods restart, whether data may be lost.
//!
//! Rules over the object as it is and as it will be. They say what Kubernetes does by itself; what
//! operators do with their own kinds is theirs to tell.

use serde::Serialize;
use serde_json::Value;

use super::forecast::Fate;
use crate::cluster::Object;

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    /// What becomes of pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods: Option<Pods>,
    /// What may be lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<Loss>,
}

/// What becomes of a workload's pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(
    rename_all = "kebab-case",
    tag = "what",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Pods {
    /// They start.
    Start,
    /// They are replaced a few at a time.
    RestartInTurn,
    /// All end before new ones start.
    RestartAtOnce,
    /// Each is replaced when somebody deletes it.
    RestartWhenDeleted,
    /// Their number changes.
    Scale {
        /// How many there are wanted now.
        from: i64,
        /// How many will be.
        to: i64,
    },
    /// They end.
    Stop,
    /// They stay while what manages them is replaced, and are replaced in turn if they differ.
    Adopted,
}

/// What may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Loss {
    /// The volume of a claim, if its storage class reclaims volumes by deleting them.
    Volume,
    /// The claims of a StatefulSet, which asks for that.
    Claims,
    /// All objects of a kind.
    CustomResources,
    /// All that is in a namespace.
    Namespace,
}

/// What becomes of an object, in terms of what depends on it.
#[must_use]
pub fn of(fate: Fate, live: Option<&Object>, after: Option<&Object>) -> Impact {
    let Some(object) = live.or(after) else {
        return Impact::default();
    };
    let kind = object["kind"].as_str().unwrap_or_default();
    let pods = match fate {
        _ if !runs_pods(object, kind) => None,
        Fate::Create => Some(Pods::Start),
        Fate::Delete => Some(Pods::Stop),
        Fate::Replace if kind == "StatefulSet" => Some(Pods::Adopted),
        Fate::Replace => Some(Pods::RestartAtOnce),
        Fate::Update => live
            .zip(after)
            .and_then(|(live, after)| changed(kind, live, after)),
        Fate::Keep | Fate::Nothing => None,
    };
    let loss = match fate {
        Fate::Delete | Fate::Replace => loss(fate, kind, object),
        _ => None,
    };
    Impact { pods, loss }
}

fn runs_pods(object: &Object, kind: &str) -> bool {
    let version = object["apiVersion"].as_str().unwrap_or_default();
    match version {
        "v1" => matches!(kind, "Pod" | "ReplicationController"),
        "apps/v1" => matches!(
            kind,
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet"
        ),
        "batch/v1" => kind == "Job",
        _ => false,
    }
}

fn changed(kind: &str, live: &Object, after: &Object) -> Option<Pods> {
    let strategy = |path: &str| after.pointer(path).and_then(Value::as_str);
    let template = |object: &Object| object.pointer("/spec/template").cloned();
    if template(live) != template(after) {
        return match kind {
            "Deployment" if strategy("/spec/strategy/type") == Some("Recreate") => {
                Some(Pods::RestartAtOnce)
            }
            "StatefulSet" | "DaemonSet"
                if strategy("/spec/updateStrategy/type") == Some("OnDelete") =>
            {
                Some(Pods::RestartWhenDeleted)
            }
            "Deployment" | "StatefulSet" | "DaemonSet" => Some(Pods::RestartInTurn),
            "ReplicaSet" | "ReplicationController" => Some(Pods::RestartWhenDeleted),
            _ => None,
        };
    }
    let replicas = |object: &Object| object.pointer("/spec/replicas").and_then(Value::as_i64);
    let (from, to) = (replicas(live)?, replicas(after)?);
    (from != to).then_some(Pods::Scale { from, to })
}

fn loss(fate: Fate, kind: &str, object: &Object) -> Option<Loss> {
    let version = object["apiVersion"].as_str().unwrap_or_default();
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    match (group, kind) {
        ("", "PersistentVolumeClaim" | "PersistentVolume") => Some(Loss::Volume),
        ("", "Namespace") => Some(Loss::Namespace),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Some(Loss::CustomResources),
        // One that is replaced leaves its pods, and so its claims, behind.
        ("apps", "StatefulSet") if fate == Fate::Delete => {
            let policy = "/spec/persistentVolumeClaimRetentionPolicy/whenDeleted";
            let deletes = object.pointer(policy).and_then(Value::as_str) == Some("Delete");
            deletes.then_some(Loss::Claims)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn workload(kind: &str, spec: &Value) -> Object {
        json!({"apiVersion": "apps/v1", "kind": kind, "spec": spec})
    }

    fn pods(kind: &str, before: &Value, after: &Value) -> Option<Pods> {
        let (before, after) = (workload(kind, before), workload(kind, after));
        of(Fate::Update, Some(&before), Some(&after)).pods
    }

    #[test]
    fn pods_restart_where_their_template_changes() {
        let (a, b) = (json!({"template": 1}), json!({"template": 2}));
        assert_eq!(pods("Deployment", &a, &b), Some(Pods::RestartInTurn));
        assert_eq!(pods("Deployment", &a, &a), None);
        let at_once = json!({"template": 2, "strategy": {"type": "Recreate"}});
        assert_eq!(pods("Deployment", &a, &at_once), Some(Pods::RestartAtOnce));
        let later = json!({"template": 2, "updateStrategy": {"type": "OnDelete"}});
        assert_eq!(
            pods("StatefulSet", &a, &later),
            Some(Pods::RestartWhenDeleted)
        );
    }

    #[test]
    fn another_number_of_pods_restarts_none() {
        let (two, five) = (json!({"replicas": 2}), json!({"replicas": 5}));
        assert_eq!(
            pods("Deployment", &two, &five),
            Some(Pods::Scale { from: 2, to: 5 })
        );
    }

    #[test]
    fn what_goes_with_an_object_is_told() {
        let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim"});
        assert_eq!(
            of(Fate::Delete, Some(&claim), None).loss,
            Some(Loss::Volume)
        );
        assert_eq!(of(Fate::Update, Some(&claim), Some(&claim)).loss, None);
        let keeps = workload("StatefulSet", &json!({}));
        assert_eq!(of(Fate::Delete, Some(&keeps), None).loss, None);
        let policy = json!({"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}});
        let deletes = workload("StatefulSet", &policy);
        assert_eq!(
            of(Fate::Delete, Some(&deletes), None).loss,
            Some(Loss::Claims)
        );
        let replaced = of(Fate::Replace, Some(&deletes), Some(&deletes));
        assert_eq!((replaced.pods, replaced.loss), (Some(Pods::Adopted), None));
    }
}
