//! Deployments: one ReplicaSet for each template, rolled from one to the next.

mod progress;
mod revision;
mod rolling;

use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, is_going, number, text};
use super::events::{self, Source};
use super::{replica_set, template};
use crate::registry::Propagation;
use crate::state::{State, Task};

pub(super) const RESOURCE: &str = "deployments.apps";
const SOURCE: Source = Source("deployment-controller");
/// The label that tells the sets of a deployment apart.
const HASH: &str = "pod-template-hash";

/// The sets of a deployment.
struct Sets {
    /// The one of the present template.
    new: Option<Arc<Value>>,
    /// The others, oldest first.
    old: Vec<Arc<Value>>,
}

impl Sets {
    fn all(&self) -> impl Iterator<Item = &Arc<Value>> {
        self.old.iter().chain(self.new.iter())
    }
}

/// Takes a deployment one step on.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(deployment) = get(state, task) else {
        return;
    };
    if is_going(&deployment) {
        let sets = sets(state, &deployment);
        progress::report(state, task, &deployment, &sets);
        return;
    }
    let paused = deployment["spec"]["paused"] == true;
    progress::pause(state, &deployment, paused);
    let Some(deployment) = get(state, task) else {
        return;
    };
    let mut sets = sets(state, &deployment);
    let recreates = text(&deployment, "/spec/strategy/type") == "Recreate";
    // A set that comes only when the old ones are gone is made only then.
    let waits = recreates && sets.new.is_none() && rolling::has_old_pods(state, &sets);
    if !paused && !waits {
        revision::number(state, &deployment, &mut sets);
    }
    let Some(deployment) = get(state, task) else {
        return;
    };
    if paused || is_resized(&deployment, &sets) {
        rolling::resize(state, &deployment, &sets);
    } else if recreates {
        rolling::recreate(state, &deployment, &sets);
    } else {
        rolling::roll(state, &deployment, &sets);
    }
    let sets = self::sets(state, &deployment);
    if let Some(deployment) = get(state, task) {
        progress::report(state, task, &deployment, &sets);
    }
    if let Some(deployment) = get(state, task) {
        clean(state, &deployment, &sets);
    }
}

fn get(state: &State, task: &Task) -> Option<Arc<Value>> {
    state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
}

fn replicas(object: &Value) -> i64 {
    number(object, "/spec/replicas").unwrap_or(1)
}

fn sets(state: &State, deployment: &Value) -> Sets {
    let mut all = desk::controlled(state, replica_set::RESOURCE, deployment);
    all.sort_by_key(|set| {
        let created = text(set, "/metadata/creationTimestamp").to_owned();
        (created, revision::of(set))
    });
    let wanted = bare(&deployment["spec"]["template"]);
    let place = all
        .iter()
        .position(|set| bare(&set["spec"]["template"]) == wanted);
    let new = place.map(|place| all.remove(place));
    Sets { new, old: all }
}

/// A template without the label that its set gave it.
fn bare(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.remove(HASH);
        if labels.is_empty() {
            drop(
                template["metadata"]
                    .as_object_mut()
                    .map(|it| it.remove("labels")),
            );
        }
    }
    template
}

/// Whether the wanted number changed since the sets were last scaled.
fn is_resized(deployment: &Value, sets: &Sets) -> bool {
    let wanted = replicas(deployment).to_string();
    let active = sets.all().filter(|set| replicas(set) > 0);
    let mut told =
        active.map(|set| desk::annotation(set, "deployment.kubernetes.io/desired-replicas"));
    told.any(|told| !told.is_empty() && told != wanted)
}

/// Makes a set as large as wanted, and tells.
fn scale(state: &mut State, deployment: &Value, set: &Value, wanted: i64) -> bool {
    let before = replicas(set);
    let notes = notes(deployment);
    let stale = notes
        .iter()
        .any(|(key, value)| set["metadata"]["annotations"][key] != *value);
    if before == wanted && !stale {
        return false;
    }
    desk::change(state, replica_set::RESOURCE, set, |set| {
        set["spec"]["replicas"] = wanted.into();
        for (key, value) in notes {
            set["metadata"]["annotations"][key] = value.into();
        }
    });
    if before != wanted {
        let way = if before < wanted { "up" } else { "down" };
        let name = text(set, "/metadata/name");
        let message = format!("Scaled {way} replica set {name} from {before} to {wanted}");
        events::normal(state, SOURCE, deployment, "ScalingReplicaSet", &message);
    }
    before != wanted
}

/// What each scaled set remembers of the deployment.
fn notes(deployment: &Value) -> [(&'static str, String); 2] {
    let wanted = replicas(deployment);
    let most = wanted + rolling::surge(deployment);
    [
        (
            "deployment.kubernetes.io/desired-replicas",
            wanted.to_string(),
        ),
        ("deployment.kubernetes.io/max-replicas", most.to_string()),
    ]
}

/// Old sets go beyond the wanted history.
fn clean(state: &mut State, deployment: &Value, sets: &Sets) {
    let complete = progress::is_complete(deployment, &deployment["status"]);
    if !complete && deployment["spec"]["paused"] != true {
        return;
    }
    let limit = number(deployment, "/spec/revisionHistoryLimit").unwrap_or(10);
    let mut empty: Vec<&Arc<Value>> = sets
        .old
        .iter()
        .filter(|set| replicas(set) == 0 && number(set, "/status/replicas").unwrap_or(0) == 0)
        .collect();
    empty.sort_by_key(|set| revision::of(set));
    let count = empty
        .len()
        .saturating_sub(usize::try_from(limit).unwrap_or(0));
    for set in empty.into_iter().take(count) {
        desk::delete(state, replica_set::RESOURCE, set, Propagation::Background);
    }
}

/// A new set of the deployment's template.
fn new_set(deployment: &Value, hash: &str, wanted: i64) -> Value {
    let mut template = deployment["spec"]["template"].clone();
    template["metadata"]["labels"][HASH] = hash.into();
    let mut selector = deployment["spec"]["selector"].clone();
    selector["matchLabels"][HASH] = hash.into();
    let name = text(deployment, "/metadata/name");
    let mut spec = json!({"replicas": wanted, "selector": selector, "template": template});
    let patience = number(deployment, "/spec/minReadySeconds").unwrap_or(0);
    if patience != 0 {
        spec["minReadySeconds"] = patience.into();
    }
    json!({
        "metadata": {
            "name": format!("{name}-{hash}"),
            "labels": template["metadata"]["labels"],
            "annotations": revision::inherited(deployment),
            "ownerReferences": [desk::controller_reference(deployment)],
        },
        "spec": spec,
    })
}

fn hash_of(deployment: &Value) -> String {
    let collisions = number(deployment, "/status/collisionCount");
    template::number(&deployment["spec"]["template"], collisions)
}
