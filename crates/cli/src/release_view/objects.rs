//! Asking the cluster for a release's objects, and for the pods that belong to them.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};
use serde_json::{Map, Value, json};
use windlass_engine::objects::{Check, Target, build};
use windlass_plan::cluster::{Mapping, Selection};
use windlass_plan::{Cluster, ObjectRef};

use super::found::NotRead;
use super::resources::Resources;

/// How many objects are asked for at once.
const AT_ONCE: usize = 16;

/// Where pods that belong to objects are listed.
const RELATED: &str = "v1/Pod(related)";

impl Resources {
    /// What a cluster has of the objects of a manifest: tables of them, or themselves. What cannot be
    /// read is left out, as Helm does; only a manifest that cannot be understood is an error.
    ///
    /// # Errors
    /// A kind that is not served, text that is not YAML.
    pub(crate) async fn of(
        cluster: &dyn Cluster,
        manifest: &str,
        namespace: &str,
        as_tables: bool,
    ) -> Result<Self, NotRead> {
        let built = build(cluster, manifest, namespace, Check::None).await;
        let targets = built.map_err(|e| NotRead::Text(text(&e)))?;
        let reads: Vec<_> = targets
            .iter()
            .map(|target| one(cluster, &target.at, as_tables))
            .collect();
        let found: Vec<Option<Value>> = stream::iter(reads).buffered(AT_ONCE).collect().await;
        let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut selectors = Vec::new();
        for (target, found) in targets.iter().zip(found) {
            let Some(object) = found else { continue };
            let Mapping { version, kind, .. } = &target.at.mapping;
            kinds
                .entry(format!("{version}/{kind}"))
                .or_default()
                .push(object);
            if let Some(selector) = selector(target)
                && !selectors.contains(&selector)
            {
                let pods = pods(cluster, &target.at.namespace, &selector, as_tables).await;
                kinds.entry(RELATED.to_owned()).or_default().extend(pods);
                selectors.push(selector);
            }
        }
        Ok(Self(kinds))
    }
}

fn text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}

async fn one(cluster: &dyn Cluster, at: &ObjectRef, as_table: bool) -> Option<Value> {
    let read = if as_table {
        cluster.get_table(at).await
    } else {
        cluster.get(at).await
    };
    read.ok()
}

/// The labels of the pods that belong to an object, by what the manifest says.
fn selector(target: &Target) -> Option<Map<String, Value>> {
    let path = match target.object.get("kind").and_then(Value::as_str)? {
        "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => {
            "/spec/selector/matchLabels"
        }
        "ReplicationController" => "/spec/selector",
        _ => return None,
    };
    let labels = target.object.pointer(path)?.as_object()?;
    labels
        .values()
        .all(Value::is_string)
        .then(|| labels.clone())
}

/// The pods with these labels, as one list or one table; nothing where they cannot be read.
async fn pods(
    cluster: &dyn Cluster,
    namespace: &str,
    labels: &Map<String, Value>,
    as_tables: bool,
) -> Option<Value> {
    let pair = |(key, value): (&String, &Value)| Some(format!("{key}={}", value.as_str()?));
    let pairs: Vec<String> = labels.iter().filter_map(pair).collect();
    let mapping = Mapping {
        group: String::new(),
        version: "v1".to_owned(),
        kind: "Pod".to_owned(),
        plural: "pods".to_owned(),
        namespaced: true,
    };
    let selection = Selection {
        namespace: Some(namespace.to_owned()),
        labels: pairs.join(","),
        fields: String::new(),
    };
    let listed = cluster.list(&mapping, &selection).await.ok()?;
    if !as_tables {
        return Some(json!({
            "apiVersion": "v1",
            "kind": "PodList",
            "metadata": { "resourceVersion": listed.resource_version },
            "items": listed.items,
        }));
    }
    let mut merged: Option<Value> = None;
    for pod in &listed.items {
        let name = pod.pointer("/metadata/name").and_then(Value::as_str);
        let at = ObjectRef {
            mapping: mapping.clone(),
            namespace: namespace.to_owned(),
            name: name.unwrap_or_default().to_owned(),
        };
        let Some(mut table) = one(cluster, &at, true).await else {
            continue;
        };
        match &mut merged {
            None => merged = Some(table),
            Some(whole) => {
                let rows = table.get_mut("rows").map(Value::take).unwrap_or(json!([]));
                if let (Some(Value::Array(into)), Value::Array(rows)) =
                    (whole.get_mut("rows"), rows)
                {
                    into.extend(rows);
                }
            }
        }
    }
    Some(merged.unwrap_or_else(|| json!({ "kind": "Table", "apiVersion": "meta.k8s.io/v1" })))
}
