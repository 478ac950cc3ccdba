//! Revisions of a deployment: the set of the present template has the highest number.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{SOURCE, Sets, hash_of, new_set, notes, progress, rolling};
use crate::controllers::desk::{self, annotation, number as count, text};
use crate::controllers::{events, replica_set};
use crate::registry::{self, Part, WriteOptions};
use crate::state::{State, identity};

const REVISION: &str = "deployment.kubernetes.io/revision";
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// Annotations of a deployment that its sets do not get.
const OWN: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    HISTORY,
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

/// The number of a set.
pub(super) fn of(set: &Value) -> i64 {
    annotation(set, REVISION).parse().unwrap_or(0)
}

/// The annotations of a deployment that its sets get.
pub(super) fn inherited(deployment: &Value) -> Value {
    let all = deployment["metadata"]["annotations"].as_object();
    let all = all
        .into_iter()
        .flatten()
        .filter(|(key, _)| !OWN.contains(&key.as_str()));
    Value::Object(
        all.map(|(key, value)| (key.clone(), value.clone()))
            .collect::<Map<_, _>>(),
    )
}

/// Makes sure that there is a set of the present template, and that it has the highest number.
pub(super) fn number(state: &mut State, deployment: &Value, sets: &mut Sets) {
    let next = sets.old.iter().map(|set| of(set)).max().unwrap_or(0) + 1;
    match sets.new.take() {
        Some(set) => sets.new = Some(renumber(state, deployment, set, next)),
        None => sets.new = create(state, deployment, sets, next),
    }
}

fn renumber(state: &mut State, deployment: &Value, set: Arc<Value>, next: i64) -> Arc<Value> {
    let before = of(&set);
    let wanted = inherited(deployment);
    let missing = wanted.as_object().is_some_and(|all| {
        all.iter()
            .any(|(key, value)| set["metadata"]["annotations"][key] != *value)
    });
    let patience = count(deployment, "/spec/minReadySeconds").unwrap_or(0);
    let other_patience = count(&set, "/spec/minReadySeconds").unwrap_or(0) != patience;
    let mut set = set;
    if before < next || missing || other_patience {
        let changed = desk::change(state, replica_set::RESOURCE, &set, |set| {
            for (key, value) in wanted.as_object().into_iter().flatten() {
                set["metadata"]["annotations"][key] = value.clone();
            }
            if before < next {
                remember(set, before, next);
            }
            if other_patience {
                set["spec"]["minReadySeconds"] = patience.into();
            }
        });
        set = changed.unwrap_or(set);
    }
    tell(state, deployment, of(&set), None);
    let known =
        crate::controllers::condition::find(&deployment["status"]["conditions"], "Progressing");
    if known.is_none() {
        let message = format!("Found new replica set \"{}\"", text(&set, "/metadata/name"));
        progress::say(state, deployment, "True", "FoundNewReplicaSet", &message);
    }
    set
}

/// A set that is rolled back to keeps the numbers that it had.
fn remember(set: &mut Value, before: i64, next: i64) {
    set["metadata"]["annotations"][REVISION] = next.to_string().into();
    if before == 0 {
        return;
    }
    let known = annotation(set, HISTORY);
    let history = if known.is_empty() {
        before.to_string()
    } else {
        format!("{known},{before}")
    };
    set["metadata"]["annotations"][HISTORY] = history.into();
}

fn create(state: &mut State, deployment: &Value, sets: &Sets, next: i64) -> Option<Arc<Value>> {
    let wanted = rolling::first_size(deployment, sets);
    let mut set = new_set(deployment, &hash_of(deployment), wanted);
    set["metadata"]["annotations"][REVISION] = next.to_string().into();
    for (key, value) in notes(deployment) {
        set["metadata"]["annotations"][key] = value.into();
    }
    let name = text(&set, "/metadata/name").to_owned();
    let namespace = text(deployment, "/metadata/namespace");
    match desk::create(state, replica_set::RESOURCE, namespace, set, desk::MANAGER) {
        Ok(made) => {
            if wanted > 0 {
                let message = format!("Scaled up replica set {name} from 0 to {wanted}");
                events::normal(state, SOURCE, deployment, "ScalingReplicaSet", &message);
            }
            let message = format!("Created new replica set \"{name}\"");
            tell(state, deployment, next, Some(&message));
            Some(made)
        }
        Err(status) if status.reason == "AlreadyExists" => {
            collide(state, deployment);
            None
        }
        Err(status) => {
            let message = format!(
                "Failed to create new replica set \"{name}\": {}",
                status.message
            );
            progress::say(
                state,
                deployment,
                "False",
                "ReplicaSetCreateError",
                &message,
            );
            events::warning(state, SOURCE, deployment, "ReplicaSetCreateError", &message);
            None
        }
    }
}

/// The name belongs to somebody else: the next look finds another.
fn collide(state: &mut State, deployment: &Value) {
    let mut status = deployment["status"].clone();
    let known = count(deployment, "/status/collisionCount").unwrap_or(0);
    status["collisionCount"] = json!(known + 1);
    desk::set_status(state, super::RESOURCE, deployment, status, desk::MANAGER);
}

/// The deployment says which revision it has, and that it got a new set.
fn tell(state: &mut State, deployment: &Value, revision: i64, created: Option<&str>) {
    let revision = revision.to_string();
    if annotation(deployment, REVISION) != revision {
        // The real controller writes both with the status.
        let options = WriteOptions::of(desk::MANAGER);
        let at = identity(deployment);
        let _ = registry::modify(
            state,
            super::RESOURCE,
            at,
            Part::Status,
            &options,
            |object| {
                object["metadata"]["annotations"][REVISION] = revision.into();
            },
        );
    }
    if let Some(message) = created {
        progress::say(state, deployment, "True", "NewReplicaSetCreated", message);
    }
}
