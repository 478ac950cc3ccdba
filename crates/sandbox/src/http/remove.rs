//! delete and deletecollection.

use std::sync::Arc;

use serde_json::{Value, json};

use super::accept::Accept;
use super::{Reply, Request, body, read};
use crate::catalog::Kind;
use crate::registry::{self, DeleteOptions, Deleted, Propagation};
use crate::select::Selection;
use crate::state::{State, identity};
use crate::status::{Cause, Status};

/// `DELETE …/NAME`
pub(super) fn one(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    let (options, explicit) = options(request)?;
    let deleted = registry::delete(state, kind, namespace, name, &options)?;
    let warnings = preserved(kind, explicit);
    let reply = match deleted {
        Deleted::Gone(object) if !answers_with_object(kind) => {
            let metadata = &object["metadata"];
            let mut details = json!({"name": name, "kind": kind.plural, "uid": metadata["uid"]});
            if !kind.group.is_empty() {
                details["group"] = kind.group.clone().into();
            }
            let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {},
                "status": "Success", "details": details});
            accept.reply(200, &status)
        }
        Deleted::Gone(object) | Deleted::Marked(object) => {
            let shown = read::show(state, request, kind, accept)?.one(&object);
            accept.reply(200, &shown)
        }
    };
    Ok(reply.warned(&warnings))
}

/// Kinds whose deletion is answered with what was deleted.
fn answers_with_object(kind: &Kind) -> bool {
    kind.group.is_empty()
        && matches!(
            kind.plural.as_str(),
            "pods"
                | "services"
                | "serviceaccounts"
                | "persistentvolumes"
                | "persistentvolumeclaims"
                | "podtemplates"
                | "resourcequotas"
        )
        || kind.group == "storage.k8s.io"
            && matches!(
                kind.plural.as_str(),
                "csidrivers" | "csinodes" | "storageclasses" | "volumeattachments"
            )
}

/// `DELETE …` of a whole collection.
pub(super) fn collection(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    namespace: &str,
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    let (options, explicit) = options(request)?;
    let selection = Selection::of(request, kind, namespace, None)?;
    let within = selection.namespace.as_deref();
    let chosen: Vec<Arc<Value>> = state
        .list(&kind.resource, within)
        .filter(|object| selection.matches(object))
        .map(Arc::clone)
        .collect();
    for object in &chosen {
        let (namespace, name) = identity(object);
        match registry::delete(state, kind, namespace, name, &options) {
            Err(status) if status.code != 404 => return Err(status),
            _ => {}
        }
    }
    let metadata = json!({"resourceVersion": state.revision().to_string()});
    let items = chosen.iter().map(|object| &**object);
    let shown = read::show(state, request, kind, accept)?.list(items, &metadata);
    Ok(accept.reply(200, &shown).warned(&preserved(kind, explicit)))
}

/// Jobs leave their pods behind unless told otherwise, and the server says so.
fn preserved(kind: &Kind, explicit: bool) -> Vec<String> {
    if explicit || kind.group != "batch" || kind.plural != "jobs" {
        return Vec::new();
    }
    vec![
        "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"
            .to_owned(),
    ]
}

/// Options of the body, or else of the query; and whether they say what becomes of dependents.
fn options(request: &Request) -> Result<(DeleteOptions, bool), Status> {
    let given = if request.body.is_empty() {
        let of = |name: &str| request.param(name);
        let mut given = json!({});
        for key in ["propagationPolicy"] {
            if let Some(value) = of(key) {
                given[key] = value.into();
            }
        }
        if let Some(seconds) = of("gracePeriodSeconds").and_then(|s| s.parse::<i64>().ok()) {
            given["gracePeriodSeconds"] = seconds.into();
        }
        if let Some(flag) = of("orphanDependents") {
            given["orphanDependents"] = (flag == "true").into();
        }
        let dry: Vec<&str> = request.params("dryRun").collect();
        given["dryRun"] = dry.into();
        given
    } else {
        body::options(request)?
    };
    let propagation = match given["propagationPolicy"].as_str() {
        None | Some("") => match given["orphanDependents"].as_bool() {
            Some(true) => Some(Propagation::Orphan),
            Some(false) => Some(Propagation::Background),
            None => None,
        },
        Some("Background") => Some(Propagation::Background),
        Some("Foreground") => Some(Propagation::Foreground),
        Some("Orphan") => Some(Propagation::Orphan),
        Some(other) => {
            let cause = Cause {
                reason: "FieldValueNotSupported",
                message: format!(
                    "Unsupported value: {other:?}: supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""
                ),
                field: "propagationPolicy".to_owned(),
            };
            return Err(Status::invalid("DeleteOptions.meta.k8s.io", "", &[cause]));
        }
    };
    let dry: Vec<&str> = given["dryRun"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if dry.iter().any(|value| *value != "All") {
        let cause = Cause {
            reason: "FieldValueNotSupported",
            message: format!("Unsupported value: {dry:?}: supported values: \"All\""),
            field: "dryRun".to_owned(),
        };
        return Err(Status::invalid("DeleteOptions.meta.k8s.io", "", &[cause]));
    }
    let precondition = |key: &str| given["preconditions"][key].as_str().map(str::to_owned);
    let options = DeleteOptions {
        propagation,
        grace_seconds: given["gracePeriodSeconds"].as_i64(),
        uid: precondition("uid"),
        resource_version: precondition("resourceVersion"),
        dry_run: !dry.is_empty(),
    };
    Ok((options, propagation.is_some()))
}
