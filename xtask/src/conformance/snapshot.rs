//! What a namespace holds, as one JSON value: `Kind/name` to object, release records decoded.

use std::io::Read as _;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use super::mask;

/// Kinds that charts of the suite use, and those in which records are kept.
const KINDS: &str = "configmap,secret,serviceaccount,service,persistentvolumeclaim,pod,\
    deployment.apps,statefulset.apps,daemonset.apps,job.batch,cronjob.batch,\
    role.rbac.authorization.k8s.io,rolebinding.rbac.authorization.k8s.io,\
    resourcequota,limitrange,networkpolicy.networking.k8s.io,ingress.networking.k8s.io,poddisruptionbudget.policy,\
    horizontalpodautoscaler.autoscaling";

/// Kinds without a namespace; of these what belongs to the scenario counts.
const CLUSTER_KINDS: &str = "customresourcedefinition,namespace,priorityclass,\
    clusterrole.rbac.authorization.k8s.io,clusterrolebinding.rbac.authorization.k8s.io";

/// The API group of the suite's own custom resources.
const GROUP: &str = ".conformance.windlass.dev";

type Kubectl<'a> = dyn Fn(&[&str]) -> Result<String> + 'a;

/// Everything of a namespace, and of those whose names begin with its name.
pub(super) fn take(namespace: &str, kubectl: &Kubectl) -> Result<Value> {
    let mut found = Map::new();
    let mut namespaces = Vec::new();
    let mut kinds = KINDS.to_owned();
    for object in list(kubectl, &["get", CLUSTER_KINDS])? {
        let (kind, name) = (text(&object, "/kind"), text(&object, "/metadata/name"));
        if kind == "Namespace" && name.starts_with(namespace) {
            namespaces.push(name.to_owned());
        }
        if kind == "CustomResourceDefinition" && name.ends_with(GROUP) {
            kinds.push(',');
            kinds.push_str(name);
        }
        if name.contains(namespace) || name.ends_with(GROUP) {
            add(&mut found, object, "")?;
        }
    }
    for name in namespaces {
        for object in list(kubectl, &["get", &kinds, "--namespace", &name])? {
            add(&mut found, object, &name)?;
        }
    }
    let text = serde_json::to_string(&found)?;
    Ok(serde_json::from_str(&mask::names(&text, namespace))?)
}

/// Deletes what a scenario left outside its namespace.
pub(super) fn remove_cluster_scoped(namespace: &str, kubectl: &Kubectl) -> Result<()> {
    for object in list(kubectl, &["get", CLUSTER_KINDS])? {
        let (kind, name) = (text(&object, "/kind"), text(&object, "/metadata/name"));
        let ours = name.ends_with(GROUP) || name.contains(namespace) && name != namespace;
        if ours && object.pointer("/metadata/deletionTimestamp").is_none() {
            let wait = if kind == "Namespace" {
                "--wait=false"
            } else {
                "--wait"
            };
            kubectl(&["delete", kind, name, wait])?;
        }
    }
    Ok(())
}

fn list(kubectl: &Kubectl, args: &[&str]) -> Result<Vec<Value>> {
    let mut command = args.to_vec();
    command.extend([
        "--output=json",
        "--show-managed-fields",
        "--ignore-not-found",
    ]);
    let output = kubectl(&command)?;
    if output.is_empty() {
        return Ok(Vec::new());
    }
    let mut list: Value = serde_json::from_str(&output)?;
    match list["items"].take() {
        Value::Array(items) => Ok(items),
        _ => Ok(vec![list]),
    }
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
