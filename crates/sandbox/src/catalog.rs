//! Which resources are served, in which groups and versions: the built-in ones and those of CRDs.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A resource in one version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) list_kind: String,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) namespaced: bool,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) verbs: Vec<String>,
    /// `status`, `scale` and their like.
    pub(crate) subresources: Vec<String>,
    /// `plural.group` of the group the objects are stored under: another than this one's where two
    /// groups serve the same objects, as events.
    pub(crate) resource: Arc<str>,
    /// Whether a CRD made it.
    pub(crate) custom: bool,
}

impl Kind {
    /// `apps/v1`, or `v1` in the core group.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `deployments.apps`, as messages name it.
    pub(crate) fn qualified_plural(&self) -> String {
        qualified(&self.plural, &self.group)
    }

    /// `Deployment.apps`, as messages name it.
    pub(crate) fn qualified_kind(&self) -> String {
        qualified(&self.kind, &self.group)
    }

    pub(crate) fn has_subresource(&self, name: &str) -> bool {
        self.subresources.iter().any(|s| s == name)
    }
}

/// All that is served.
#[derive(Clone, Default)]
pub(crate) struct Catalog {
    /// By group, version and plural.
    kinds: BTreeMap<(String, String, String), Arc<Kind>>,
}

impl Catalog {
    /// What a server of this version has without CRDs.
    pub(crate) fn builtin() -> Self {
        let mut catalog = Self::default();
        for (group, version, kind, plural, short, namespaced, status) in BOOTSTRAP {
            catalog.add(Kind {
                group: (*group).to_owned(),
                version: (*version).to_owned(),
                kind: (*kind).to_owned(),
                list_kind: format!("{kind}List"),
                plural: (*plural).to_owned(),
                singular: kind.to_lowercase(),
                namespaced: *namespaced,
                short_names: short.split_whitespace().map(str::to_owned).collect(),
                categories: Vec::new(),
                verbs: "create delete deletecollection get list patch update watch"
                    .split(' ')
                    .map(str::to_owned)
                    .collect(),
                subresources: status.split_whitespace().map(str::to_owned).collect(),
                resource: qualified(plural, group).into(),
                custom: false,
            });
        }
        catalog
    }

    pub(crate) fn add(&mut self, kind: Kind) {
        let key = (
            kind.group.clone(),
            kind.version.clone(),
            kind.plural.clone(),
        );
        self.kinds.insert(key, Arc::new(kind));
    }

    /// By path: group, version, plural.
    pub(crate) fn find(&self, group: &str, version: &str, plural: &str) -> Option<&Arc<Kind>> {
        let key = (group.to_owned(), version.to_owned(), plural.to_owned());
        self.kinds.get(&key)
    }

    /// The kind in whose version the objects of `plural.group` are stored.
    pub(crate) fn storage(&self, resource: &str) -> Option<&Arc<Kind>> {
        self.kinds
            .values()
            .find(|kind| *kind.resource == *resource && kind.qualified_plural() == resource)
    }

    /// In the order of group, version, plural.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }
}

fn qualified(name: &str, group: &str) -> String {
    if group.is_empty() {
        name.to_owned()
    } else {
        format!("{name}.{group}")
    }
}

/// A first few kinds, until the generated table of `windlass-kinds` is there.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static str,
);
const BOOTSTRAP: &[Row] = &[
    (
        "",
        "v1",
        "Namespace",
        "namespaces",
        "ns",
        false,
        "status finalize",
    ),
    ("", "v1", "Node", "nodes", "no", false, "status"),
    ("", "v1", "Pod", "pods", "po", true, "status log"),
    ("", "v1", "Service", "services", "svc", true, "status"),
    (
        "",
        "v1",
        "ServiceAccount",
        "serviceaccounts",
        "sa",
        true,
        "token",
    ),
    ("", "v1", "ConfigMap", "configmaps", "cm", true, ""),
    ("", "v1", "Secret", "secrets", "", true, ""),
    ("", "v1", "Event", "events", "ev", true, ""),
    ("", "v1", "Endpoints", "endpoints", "ep", true, ""),
    (
        "",
        "v1",
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
        "pvc",
        true,
        "status",
    ),
    (
        "",
        "v1",
        "PersistentVolume",
        "persistentvolumes",
        "pv",
        false,
        "status",
    ),
    (
        "apps",
        "v1",
        "Deployment",
        "deployments",
        "deploy",
        true,
        "status scale",
    ),
    (
        "apps",
        "v1",
        "ReplicaSet",
        "replicasets",
        "rs",
        true,
        "status scale",
    ),
    (
        "apps",
        "v1",
        "StatefulSet",
        "statefulsets",
        "sts",
        true,
        "status scale",
    ),
    (
        "apps",
        "v1",
        "DaemonSet",
        "daemonsets",
        "ds",
        true,
        "status",
    ),
    ("batch", "v1", "Job", "jobs", "", true, "status"),
    ("batch", "v1", "CronJob", "cronjobs", "cj", true, "status"),
    (
        "discovery.k8s.io",
        "v1",
        "EndpointSlice",
        "endpointslices",
        "",
        true,
        "",
    ),
];
