//! What a deployment says of itself: numbers, and whether it gets on.

use std::time::Duration;

use serde_json::{Value, json};

use super::{RESOURCE, Sets, replicas, rolling};
use crate::clock::Moment;
use crate::controllers::condition::{self, Condition};
use crate::controllers::desk::{self, number, text};
use crate::registry::{self, Part, WriteOptions};
use crate::state::{State, Task, identity};

const PROGRESSING: &str = "Progressing";
/// A deployment with this deadline never times out.
const NO_DEADLINE: i64 = 2_147_483_647;

fn deadline(deployment: &Value) -> Option<i64> {
    number(deployment, "/spec/progressDeadlineSeconds").filter(|seconds| *seconds != NO_DEADLINE)
}

/// Says how it gets on, at once.
pub(super) fn say(
    state: &mut State,
    deployment: &Value,
    status: &str,
    reason: &str,
    message: &str,
) {
    if deadline(deployment).is_none() {
        return;
    }
    let now = state.now();
    let options = WriteOptions::of(desk::MANAGER);
    let condition = Condition {
        kind: PROGRESSING,
        status,
        reason,
        message,
    };
    let at = identity(deployment);
    let _ = registry::modify(state, RESOURCE, at, Part::Status, &options, |object| {
        condition::set(&mut object["status"]["conditions"], &condition, now, true);
    });
}

/// Says that it is paused, or no longer.
pub(super) fn pause(state: &mut State, deployment: &Value, paused: bool) {
    let known = condition::find(&deployment["status"]["conditions"], PROGRESSING);
    let reason = known.map_or("", |it| text(it, "/reason"));
    if reason == "ProgressDeadlineExceeded" {
        return;
    }
    let was = reason == "DeploymentPaused";
    if paused && !was {
        say(
            state,
            deployment,
            "Unknown",
            "DeploymentPaused",
            "Deployment is paused",
        );
    } else if !paused && was {
        say(
            state,
            deployment,
            "Unknown",
            "DeploymentResumed",
            "Deployment is resumed",
        );
    }
}

/// Whether all wanted pods are there, new, available, and no others.
pub(super) fn is_complete(deployment: &Value, status: &Value) -> bool {
    let wanted = replicas(deployment);
    let count = |key: &str| status[key].as_i64().unwrap_or(0);
    count("updatedReplicas") == wanted
        && count("replicas") == wanted
        && count("availableReplicas") == wanted
        && count("observedGeneration") >= number(deployment, "/metadata/generation").unwrap_or(0)
}

/// Writes the status that the sets come to.
pub(super) fn report(state: &mut State, task: &Task, deployment: &Value, sets: &Sets) {
    let now = state.now();
    let mut status = numbers(deployment, sets);
    let mut conditions = deployment["status"]["conditions"].clone();
    let available = number(&status, "/availableReplicas").unwrap_or(0);
    let enough = available >= replicas(deployment) - rolling::missing(deployment);
    let condition = if enough {
        Condition {
            kind: "Available",
            status: "True",
            reason: "MinimumReplicasAvailable",
            message: "Deployment has minimum availability.",
        }
    } else {
        Condition {
            kind: "Available",
            status: "False",
            reason: "MinimumReplicasUnavailable",
            message: "Deployment does not have minimum availability.",
        }
    };
    condition::set(&mut conditions, &condition, now, true);
    if deployment["spec"]["paused"] != true {
        get_on(state, task, deployment, sets, &status, &mut conditions);
    }
    failures(sets, &mut conditions, now);
    status["conditions"] = conditions;
    desk::set_status(state, RESOURCE, deployment, status, desk::MANAGER);
}

fn numbers(deployment: &Value, sets: &Sets) -> Value {
    let sum = |key: &str| -> i64 {
        sets.all()
            .map(|set| set["status"][key].as_i64().unwrap_or(0))
            .sum()
    };
    let total = sum("replicas");
    let available = sum("availableReplicas");
    let new = sets
        .new
        .as_ref()
        .map_or(0, |set| number(set, "/status/replicas").unwrap_or(0));
    let wanted: i64 = sets.all().map(|set| replicas(set)).sum();
    let mut status = json!({
        "observedGeneration": deployment["metadata"]["generation"],
        "terminatingReplicas": sum("terminatingReplicas"),
    });
    for (key, count) in [
        ("replicas", total),
        ("updatedReplicas", new),
        ("readyReplicas", sum("readyReplicas")),
        ("availableReplicas", available),
        ("unavailableReplicas", (wanted - available).max(0)),
    ] {
        if count != 0 {
            status[key] = count.into();
        }
    }
    if let Some(collisions) = number(deployment, "/status/collisionCount") {
        status["collisionCount"] = collisions.into();
    }
    status
}

/// Complete, getting on, or out of time.
fn get_on(
    state: &mut State,
    task: &Task,
    deployment: &Value,
    sets: &Sets,
    status: &Value,
    conditions: &mut Value,
) {
    let Some(deadline) = deadline(deployment) else {
        condition::remove(conditions, PROGRESSING);
        return;
    };
    let now = state.now();
    let known = condition::find(conditions, PROGRESSING).cloned();
    let count = |of: &Value, key: &str| of[key].as_i64().unwrap_or(0);
    let done = known
        .as_ref()
        .is_some_and(|it| it["reason"] == "NewReplicaSetAvailable");
    if done && count(status, "replicas") == count(status, "updatedReplicas") {
        return;
    }
    let subject = match &sets.new {
        Some(set) => format!("ReplicaSet \"{}\"", text(set, "/metadata/name")),
        None => format!("Deployment \"{}\"", text(deployment, "/metadata/name")),
    };
    let mut say = |status: &str, reason: &str, message: String| {
        let condition = Condition {
            kind: PROGRESSING,
            status,
            reason,
            message: &message,
        };
        condition::set(conditions, &condition, now, true);
    };
    if is_complete(deployment, status) {
        say(
            "True",
            "NewReplicaSetAvailable",
            format!("{subject} has successfully progressed."),
        );
        return;
    }
    let before = &deployment["status"];
    let old = |of: &Value| count(of, "replicas") - count(of, "updatedReplicas");
    let progressed = count(status, "updatedReplicas") > count(before, "updatedReplicas")
        || old(status) < old(before)
        || count(status, "readyReplicas") > count(before, "readyReplicas")
        || count(status, "availableReplicas") > count(before, "availableReplicas");
    if progressed {
        say(
            "True",
            "ReplicaSetUpdated",
            format!("{subject} is progressing."),
        );
        touch(conditions, now);
        wake(state, task, now, deadline);
        return;
    }
    let Some(known) = known else {
        return;
    };
    if known["reason"] == "ProgressDeadlineExceeded" {
        return;
    }
    let since = Moment::parse(text(&known, "/lastUpdateTime")).unwrap_or(now);
    if now > after(since, deadline) {
        say(
            "False",
            "ProgressDeadlineExceeded",
            format!("{subject} has timed out progressing."),
        );
    } else {
        wake(state, task, since, deadline);
    }
}

/// Progress of the same kind is told by its time alone, and by its place.
fn touch(conditions: &mut Value, now: Moment) {
    let Some(list) = conditions.as_array_mut() else {
        return;
    };
    if let Some(place) = list.iter().position(|it| it["type"] == PROGRESSING) {
        let mut condition = list.remove(place);
        condition["lastUpdateTime"] = now.rfc3339().into();
        list.push(condition);
    }
}

fn after(since: Moment, deadline: i64) -> Moment {
    since.plus(Duration::from_secs(u64::try_from(deadline).unwrap_or(0)))
}

/// Looks again when the time is up; times are told in whole seconds.
fn wake(state: &mut State, task: &Task, since: Moment, deadline: i64) {
    let at = after(since, deadline).plus(Duration::from_secs(1));
    state.work.schedule(at, task.clone());
}

/// That pods cannot be made is told by the sets.
fn failures(sets: &Sets, conditions: &mut Value, now: Moment) {
    let failure = |set: &&std::sync::Arc<Value>| {
        condition::find(&set["status"]["conditions"], "ReplicaFailure").is_some()
    };
    let failed = sets.new.iter().chain(&sets.old).find(failure);
    let Some(failed) = failed else {
        condition::remove(conditions, "ReplicaFailure");
        return;
    };
    if let Some(told) = condition::find(&failed["status"]["conditions"], "ReplicaFailure") {
        let condition = Condition {
            kind: "ReplicaFailure",
            status: text(told, "/status"),
            reason: text(told, "/reason"),
            message: text(told, "/message"),
        };
        condition::set(conditions, &condition, now, true);
    }
}
