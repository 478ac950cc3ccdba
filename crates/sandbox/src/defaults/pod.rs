//! Defaults of pods, and of the templates that pods are made of.

use serde_json::{Value, json};

use super::{fill, fill_empty, items, part};

const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];
/// The mode of files in volumes: 0644.
const FILE_MODE: u32 = 420;

/// A pod: what templates get, and what only pods do.
pub(super) fn pod(object: &mut Value) {
    let pod = &mut object["spec"];
    spec(pod);
    fill(pod, "enableServiceLinks", true);
    for list in ["initContainers", "containers"] {
        for container in items(pod, list) {
            request_limits(container);
        }
    }
}

/// Requests that are not told are the limits.
fn request_limits(container: &mut Value) {
    let limits = container["resources"]["limits"].as_object().cloned();
    for (name, limit) in limits.into_iter().flatten() {
        fill(&mut container["resources"]["requests"], &name, limit);
    }
}

/// The spec of a pod or of a template.
pub(super) fn spec(spec: &mut Value) {
    if !spec.is_object() {
        *spec = json!({});
    }
    fill_empty(spec, "dnsPolicy", "ClusterFirst");
    fill_empty(spec, "restartPolicy", "Always");
    fill(spec, "securityContext", json!({}));
    fill(spec, "terminationGracePeriodSeconds", 30);
    fill_empty(spec, "schedulerName", "default-scheduler");
    same_account(spec);
    let on_host = spec["hostNetwork"] == true;
    for list in CONTAINERS {
        for container in items(spec, list) {
            self::container(container, on_host);
        }
    }
    for volume in items(spec, "volumes") {
        self::volume(volume);
    }
}

/// The account has two names; the older one follows the other.
fn same_account(spec: &mut Value) {
    match (
        spec["serviceAccountName"].as_str(),
        spec["serviceAccount"].as_str(),
    ) {
        (Some(name), _) if !name.is_empty() => spec["serviceAccount"] = name.to_owned().into(),
        (_, Some(name)) if !name.is_empty() => spec["serviceAccountName"] = name.to_owned().into(),
        _ => {}
    }
}

fn container(container: &mut Value, on_host: bool) {
    let image = container["image"].as_str().unwrap_or_default();
    let policy = pull_policy(image);
    fill_empty(container, "imagePullPolicy", policy);
    fill_empty(container, "terminationMessagePath", "/dev/termination-log");
    fill_empty(container, "terminationMessagePolicy", "File");
    for port in items(container, "ports") {
        fill_empty(port, "protocol", "TCP");
        if on_host {
            let number = port["containerPort"].clone();
            fill_empty(port, "hostPort", number);
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = part(container, probe) {
            self::probe(probe);
        }
    }
    if let Some(lifecycle) = part(container, "lifecycle") {
        for event in ["postStart", "preStop"] {
            if let Some(action) = part(lifecycle, event) {
                http(action);
            }
        }
    }
    for variable in items(container, "env") {
        if let Some(from) = part(variable, "valueFrom") {
            field(from);
        }
    }
}

/// `latest`, said or meant, is pulled always.
fn pull_policy(image: &str) -> &'static str {
    let (name, digest) = image
        .split_once('@')
        .map_or((image, false), |(name, _)| (name, true));
    let last = name.rsplit('/').next().unwrap_or_default();
    match last.split_once(':') {
        Some((_, "latest")) => "Always",
        Some(_) => "IfNotPresent",
        None if digest => "IfNotPresent",
        None => "Always",
    }
}

fn probe(probe: &mut Value) {
    fill_empty(probe, "timeoutSeconds", 1);
    fill_empty(probe, "periodSeconds", 10);
    fill_empty(probe, "successThreshold", 1);
    fill_empty(probe, "failureThreshold", 3);
    http(probe);
    if let Some(grpc) = part(probe, "grpc") {
        fill(grpc, "service", "");
    }
}

fn http(action: &mut Value) {
    if let Some(get) = part(action, "httpGet") {
        fill_empty(get, "path", "/");
        fill_empty(get, "scheme", "HTTP");
    }
}

fn field(from: &mut Value) {
    if let Some(field) = part(from, "fieldRef") {
        fill_empty(field, "apiVersion", "v1");
    }
}

fn volume(volume: &mut Value) {
    let sources = volume.as_object().map_or(0, |fields| {
        fields
            .iter()
            .filter(|(key, value)| *key != "name" && !value.is_null())
            .count()
    });
    if sources == 0 {
        volume["emptyDir"] = json!({});
    }
    for kind in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = part(volume, kind) {
            fill(source, "defaultMode", FILE_MODE);
        }
    }
    if let Some(source) = part(volume, "downwardAPI") {
        items(source, "items").for_each(field);
    }
    if let Some(source) = part(volume, "projected") {
        for source in items(source, "sources") {
            if let Some(token) = part(source, "serviceAccountToken") {
                fill(token, "expirationSeconds", 3600);
            }
            if let Some(source) = part(source, "downwardAPI") {
                items(source, "items").for_each(field);
            }
        }
    }
    if let Some(path) = part(volume, "hostPath") {
        fill(path, "type", "");
    }
    if let Some(image) = part(volume, "image") {
        let policy = pull_policy(image["reference"].as_str().unwrap_or_default());
        fill_empty(image, "pullPolicy", policy);
    }
    if let Some(claim) = part(volume, "ephemeral")
        && let Some(template) = part(claim, "volumeClaimTemplate")
    {
        fill(&mut template["spec"], "volumeMode", "Filesystem");
    }
    disks(volume);
}

/// Volumes of providers that live on for old manifests.
fn disks(volume: &mut Value) {
    if let Some(disk) = part(volume, "iscsi") {
        fill_empty(disk, "iscsiInterface", "default");
    }
    if let Some(disk) = part(volume, "rbd") {
        fill_empty(disk, "pool", "rbd");
        fill_empty(disk, "user", "admin");
        fill_empty(disk, "keyring", "/etc/ceph/keyring");
    }
    if let Some(disk) = part(volume, "azureDisk") {
        fill(disk, "cachingMode", "ReadWrite");
        fill(disk, "kind", "Shared");
        fill(disk, "fsType", "ext4");
        fill(disk, "readOnly", false);
    }
    if let Some(disk) = part(volume, "scaleIO") {
        fill_empty(disk, "storageMode", "ThinProvisioned");
        fill_empty(disk, "fsType", "xfs");
    }
}
