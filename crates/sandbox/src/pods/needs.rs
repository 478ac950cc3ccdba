//! What a pod's containers need before they can be created: ConfigMaps and Secrets, and keys in them.

use serde_json::Value;

use crate::controllers::desk::{items, text};
use crate::state::State;

/// Something that is not there.
pub(super) enum Missing {
    Object {
        kind: &'static str,
        name: String,
    },
    Key {
        key: String,
        kind: &'static str,
        namespace: String,
        name: String,
    },
    Mount {
        volume: String,
        kind: &'static str,
        name: String,
    },
}

impl Missing {
    /// Why containers wait.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Mount { .. } => "ContainerCreating",
            _ => "CreateContainerConfigError",
        }
    }

    /// Whether a volume waits, rather than a container.
    pub(super) fn is_mounted(&self) -> bool {
        matches!(self, Self::Mount { .. })
    }

    /// The kubelet's words.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Object { kind, name } => format!("{kind} \"{name}\" not found"),
            Self::Key {
                key,
                kind,
                namespace,
                name,
            } => {
                let kind = if *kind == "secret" {
                    "Secret"
                } else {
                    "ConfigMap"
                };
                format!("couldn't find key {key} in {kind} {namespace}/{name}")
            }
            Self::Mount { volume, kind, name } => {
                format!(
                    "MountVolume.SetUp failed for volume \"{volume}\" : {kind} \"{name}\" not found"
                )
            }
        }
    }
}

/// The first thing that is not there.
pub(super) fn missing(state: &State, pod: &Value) -> Option<Missing> {
    let namespace = text(pod, "/metadata/namespace");
    for volume in items(pod, "/spec/volumes") {
        let found = of_volume(state, namespace, volume);
        if found.is_some() {
            return found;
        }
    }
    let containers = items(pod, "/spec/initContainers")
        .iter()
        .chain(items(pod, "/spec/containers"));
    containers
        .into_iter()
        .find_map(|container| of_container(state, namespace, container))
}

/// A volume is mounted when all that it is made of is there, but for what is optional.
fn of_volume(state: &State, namespace: &str, volume: &Value) -> Option<Missing> {
    let own = [
        ("secret", "secrets", &volume["secret"], "/secretName"),
        ("configmap", "configmaps", &volume["configMap"], "/name"),
    ];
    let parts = items(volume, "/projected/sources").iter().flat_map(|part| {
        [
            ("secret", "secrets", &part["secret"], "/name"),
            ("configmap", "configmaps", &part["configMap"], "/name"),
        ]
    });
    own.into_iter()
        .chain(parts)
        .find_map(|(kind, resource, source, path)| {
            let name = text(source, path);
            let needed = !name.is_empty() && source["optional"] != true;
            let missing = needed && state.get(resource, namespace, name).is_none();
            missing.then(|| Missing::Mount {
                volume: text(volume, "/name").to_owned(),
                kind,
                name: name.to_owned(),
            })
        })
}

fn of_container(state: &State, namespace: &str, container: &Value) -> Option<Missing> {
    let all = items(container, "/envFrom").iter().map(|from| {
        [
            ("secret", "secrets", &from["secretRef"]),
            ("configmap", "configmaps", &from["configMapRef"]),
        ]
    });
    for (kind, resource, reference) in all.flatten() {
        let found = referred(state, namespace, kind, resource, reference);
        if found.is_some() {
            return found;
        }
    }
    let single = items(container, "/env").iter().map(|variable| {
        let from = &variable["valueFrom"];
        [
            ("secret", "secrets", &from["secretKeyRef"]),
            ("configmap", "configmaps", &from["configMapKeyRef"]),
        ]
    });
    single.flatten().find_map(|(kind, resource, reference)| {
        referred(state, namespace, kind, resource, reference)
    })
}

fn referred(
    state: &State,
    namespace: &str,
    kind: &'static str,
    resource: &str,
    reference: &Value,
) -> Option<Missing> {
    let name = text(reference, "/name");
    if name.is_empty() || reference["optional"] == true {
        return None;
    }
    let Some(found) = state.get(resource, namespace, name) else {
        let name = name.to_owned();
        return Some(Missing::Object { kind, name });
    };
    let key = text(reference, "/key");
    let has = ["data", "binaryData"]
        .iter()
        .any(|part| !found[*part][key].is_null());
    (!key.is_empty() && !has).then(|| Missing::Key {
        key: key.to_owned(),
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    })
}
