//! What a namespace holds, as one JSON value: `Kind/name` to object, release records decoded.

use std::io::Read as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use super::mask;
use crate::api::Api;
use crate::cluster::pause;

/// Kinds that charts of the suite use, and those in which records are kept, by the paths of their groups.
const KINDS: &[(&str, &[&str])] = &[
    (
        "/api/v1",
        &[
            "configmaps",
            "secrets",
            "serviceaccounts",
            "services",
            "persistentvolumeclaims",
            "pods",
            "resourcequotas",
            "limitranges",
        ],
    ),
    (
        "/apis/apps/v1",
        &["deployments", "statefulsets", "daemonsets"],
    ),
    ("/apis/batch/v1", &["jobs", "cronjobs"]),
    (
        "/apis/rbac.authorization.k8s.io/v1",
        &["roles", "rolebindings"],
    ),
    (
        "/apis/networking.k8s.io/v1",
        &["networkpolicies", "ingresses"],
    ),
    ("/apis/policy/v1", &["poddisruptionbudgets"]),
    ("/apis/autoscaling/v2", &["horizontalpodautoscalers"]),
];

/// Kinds without a namespace; of these what belongs to the scenario counts.
const CLUSTER_KINDS: [&str; 5] = [
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "/api/v1/namespaces",
    "/apis/scheduling.k8s.io/v1/priorityclasses",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
];

/// Longer than it takes until a definition and what is of its kind are gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// The API group of the suite's own custom resources.
const GROUP: &str = ".conformance.windlass.dev";

/// Everything of a namespace, and of those whose names begin with its name.
pub(super) fn take(namespace: &str, api: &Api) -> Result<Value> {
    let mut found = Map::new();
    let mut namespaces = Vec::new();
    let mut kinds = Vec::new();
    for (group, names) in KINDS {
        kinds.extend(names.iter().map(|name| ((*group).to_owned(), *name)));
    }
    let definitions = api.list(CLUSTER_KINDS[0])?;
    for definition in &definitions {
        kinds.extend(defined(definition, api)?);
    }
    for path in CLUSTER_KINDS {
        for object in api.list(path)? {
            let (kind, name) = (text(&object, "/kind"), text(&object, "/metadata/name"));
            if kind == "Namespace" && name.starts_with(namespace) {
                namespaces.push(name.to_owned());
            }
            if name.contains(namespace) || name.ends_with(GROUP) {
                add(&mut found, object, "")?;
            }
        }
    }
    for name in namespaces {
        for (group, kind) in &kinds {
            for object in api.list(&format!("{group}/namespaces/{name}/{kind}"))? {
                add(&mut found, object, &name)?;
            }
        }
    }
    let text = serde_json::to_string(&found)?;
    Ok(serde_json::from_str(&mask::names(&text, namespace))?)
}

/// The path of the group and the plural of a kind of the suite's own, in the version that the server prefers.
fn defined<'a>(definition: &'a Value, api: &Api) -> Result<Option<(String, &'a str)>> {
    if !text(definition, "/metadata/name").ends_with(GROUP) {
        return Ok(None);
    }
    let group = format!("/apis/{}", text(definition, "/spec/group"));
    let told = api.get(&group)?;
    Ok(told.map(|told| {
        let version = text(&told, "/preferredVersion/version");
        let plural = text(definition, "/spec/names/plural");
        (format!("{group}/{version}"), plural)
    }))
}

/// Deletes what a scenario left outside its namespace.
pub(super) fn remove_cluster_scoped(namespace: &str, api: &Api) -> Result<()> {
    for kinds in CLUSTER_KINDS {
        for object in api.list(kinds)? {
            let name = text(&object, "/metadata/name");
            let ours = name.ends_with(GROUP) || name.contains(namespace) && name != namespace;
            if !ours || object.pointer("/metadata/deletionTimestamp").is_some() {
                continue;
            }
            let path = format!("{kinds}/{name}");
            api.delete(&path)?;
            // Namespaces have names of their own each time; other names come again.
            let start = Instant::now();
            while text(&object, "/kind") != "Namespace" && api.get(&path)?.is_some() {
                ensure!(start.elapsed() < PATIENCE, "{path} does not go");
                pause();
            }
        }
    }
    Ok(())
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn add(found: &mut Map<String, Value>, object: Value, namespace: &str) -> Result<()> {
    if !mask::counts(&object) {
        return Ok(());
    }
    let mut object = mask::generated_name(object, found.len())?;
    let key = format!(
        "{namespace}/{}/{}",
        text(&object, "/kind"),
        text(&object, "/metadata/name")
    );
    if object
        .pointer("/metadata/labels/owner")
        .and_then(Value::as_str)
        == Some("helm")
    {
        let record = decode(&object).with_context(|| key.clone())?;
        object["data"] = record;
    }
    mask::object(&mut object);
    found.insert(key.trim_start_matches('/').to_owned(), object);
    Ok(())
}

/// The release that a record holds. Secrets carry the text in base64 once more.
fn decode(object: &Value) -> Result<Value> {
    let mut bytes = text(object, "/data/release").as_bytes().to_vec();
    if text(object, "/kind") == "Secret" {
        bytes = STANDARD.decode(bytes)?;
    }
    let mut json = String::new();
    GzDecoder::new(STANDARD.decode(bytes)?.as_slice()).read_to_string(&mut json)?;
    Ok(serde_json::from_str(&json)?)
}
