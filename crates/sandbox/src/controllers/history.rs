//! ControllerRevisions: what StatefulSets and DaemonSets remember of their templates.

use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, number, text};
use super::template;
use crate::registry::Propagation;
use crate::state::State;

const RESOURCE: &str = "controllerrevisions.apps";

/// The revisions of an owner, oldest first.
pub(super) fn all(state: &State, owner: &Value) -> Vec<Arc<Value>> {
    let mut all = desk::controlled(state, RESOURCE, owner);
    all.sort_by_key(|it| number(it, "/revision").unwrap_or(0));
    all
}

/// The revision of an owner's present template, made where there is none, and the last one.
pub(super) fn present(state: &mut State, owner: &Value) -> Option<Arc<Value>> {
    let known = all(state, owner);
    let data = json!({"spec": {"template": patch(&owner["spec"]["template"])}});
    let last = known
        .last()
        .map_or(0, |it| number(it, "/revision").unwrap_or(0));
    if let Some(same) = known.iter().find(|it| it["data"] == data) {
        if number(same, "/revision") == Some(last) {
            return Some(Arc::clone(same));
        }
        return desk::change(state, RESOURCE, same, |it| {
            it["revision"] = (last + 1).into();
        });
    }
    let hash = template::number(
        &owner["spec"]["template"],
        number(owner, "/status/collisionCount"),
    );
    let (namespace, name) = crate::state::identity(owner);
    let mut labels = owner["spec"]["template"]["metadata"]["labels"].clone();
    if owner["kind"] == "DaemonSet" {
        labels["controller-revision-hash"] = hash.clone().into();
    } else {
        labels["controller.kubernetes.io/hash"] = hash.clone().into();
    }
    let made = json!({
        "metadata": {"name": format!("{name}-{hash}"), "labels": labels,
            "ownerReferences": [desk::controller_reference(owner)]},
        "data": data, "revision": last + 1,
    });
    desk::create(state, RESOURCE, namespace, made, desk::MANAGER).ok()
}

/// A template as a patch that puts it in place of another.
fn patch(template: &Value) -> Value {
    let mut patch = template.clone();
    patch["$patch"] = "replace".into();
    patch
}

/// The hash in a revision's name.
pub(super) fn hash(revision: &Value) -> String {
    let name = text(revision, "/metadata/name");
    name.rsplit('-').next().unwrap_or_default().to_owned()
}

/// Takes away what lies beyond the wanted history, but nothing that is used.
pub(super) fn clean(state: &mut State, owner: &Value, used: &[String]) {
    let limit =
        usize::try_from(number(owner, "/spec/revisionHistoryLimit").unwrap_or(10)).unwrap_or(0);
    let known = all(state, owner);
    let idle: Vec<_> = known
        .iter()
        .filter(|it| !used.iter().any(|name| name == text(it, "/metadata/name")))
        .collect();
    for revision in idle.iter().take(idle.len().saturating_sub(limit)) {
        desk::delete(state, RESOURCE, revision, Propagation::Background);
    }
}
