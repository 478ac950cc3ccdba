//! The orders of kinds in which Helm installs and uninstalls.

use windlass_chart::compat::Compat;

const INSTALL: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

const WEBHOOKS: &[&str] = &[
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

const UNINSTALL: &[&str] = &[
    "APIService",
    "Ingress",
    "IngressClass",
    "Service",
    "CronJob",
    "Job",
    "StatefulSet",
    "HorizontalPodAutoscaler",
    "Deployment",
    "ReplicaSet",
    "ReplicationController",
    "Pod",
    "DaemonSet",
    "RoleBindingList",
    "RoleBinding",
    "RoleList",
    "Role",
    "ClusterRoleBindingList",
    "ClusterRoleBinding",
    "ClusterRoleList",
    "ClusterRole",
    "CustomResourceDefinition",
    "PersistentVolumeClaim",
    "PersistentVolume",
    "StorageClass",
    "ConfigMap",
    "SecretList",
    "Secret",
    "ServiceAccount",
    "PodDisruptionBudget",
    "PodSecurityPolicy",
    "LimitRange",
    "ResourceQuota",
    "NetworkPolicy",
    "Namespace",
    "PriorityClass",
];

/// Where a kind stands: known kinds by their place, then unknown ones by name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank<'a> {
    Known(usize),
    Unknown(&'a str),
}

/// The rank of a kind at install. Sort stably by it: equal kinds keep their order.
pub(crate) fn install_rank(kind: &str, compat: Compat) -> Rank<'_> {
    if let Some(place) = INSTALL.iter().position(|k| *k == kind) {
        return Rank::Known(place);
    }
    match WEBHOOKS.iter().position(|k| *k == kind) {
        Some(place) if compat.orders_webhook_configurations() => Rank::Known(INSTALL.len() + place),
        _ => Rank::Unknown(kind),
    }
}

/// The rank of a kind at uninstall. Webhooks go first, those that validate before those that change,
/// so that none of them gets into the way.
pub(crate) fn uninstall_rank(kind: &str, compat: Compat) -> Rank<'_> {
    if let Some(place) = UNINSTALL.iter().position(|k| *k == kind) {
        return Rank::Known(WEBHOOKS.len() + place);
    }
    match WEBHOOKS.iter().rev().position(|k| *k == kind) {
        Some(place) if compat.orders_webhook_configurations() => Rank::Known(place),
        _ => Rank::Unknown(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kinds_come_last_by_name_and_webhooks_depend_on_the_dial() {
        let rank = |kind| install_rank(kind, Compat::Helm4);
        assert!(rank("Namespace") < rank("Deployment"));
        assert!(rank("Ingress") < rank("Alpha"));
        assert!(rank("Alpha") < rank("Beta"));
        assert!(rank("MutatingWebhookConfiguration") < rank("Alpha"));
        let old = install_rank("MutatingWebhookConfiguration", Compat::Helm3);
        assert!(old > install_rank("Alpha", Compat::Helm3));
    }
}
