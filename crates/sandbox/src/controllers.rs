//! What a real cluster's controllers do, as plain functions over the state.
//!
//! The engine (`crate::engine`) calls [`heard`] once for every write, in order, after the request that
//! made it was answered; there a controller maps the write to tasks (`state.work.enqueue`). Then it calls
//! [`perform`] for each task, and again whenever a deadline (`state.work.schedule`) comes due, with
//! `state.now()` set to that deadline. Nothing here runs on a thread or asks a clock.
//!
//! Objects are read through `State::get` and `State::list`, and written through [`crate::registry`],
//! whose functions apply the server's own rules and keep managed fields.

pub(crate) mod claims;
pub(crate) mod condition;
mod cron_job;
mod daemon_set;
mod deployment;
pub(crate) mod desk;
mod endpoints;
pub(crate) mod events;
mod garbage;
mod history;
mod job;
mod replica_set;
mod scaling;
mod stateful_set;
mod template;

use serde_json::Value;

use crate::pods;
use crate::state::{Entry, Happening, State, Task, identity};
use desk::{controller_of, task, text};

pub(crate) use job::select_pods;

/// A write happened: asks for the work that follows from it.
pub(crate) fn heard(state: &mut State, entry: &Entry) {
    garbage::heard(state, entry);
    pods::heard(state, entry);
    own(state, entry);
    owners(state, entry);
    match &*entry.resource {
        "pods" => pod_changed(state, entry),
        "nodes" => nodes_changed(state),
        claims::RESOURCE if entry.happening == Happening::Deleted => {
            claims::release(state, &entry.object);
        }
        "persistentvolumes" if entry.happening != Happening::Deleted => {
            claims::offer(state, &entry.object);
            claims_wait(state);
        }
        _ => {}
    }
}

/// The controller of a resource looks at the object.
fn own(state: &mut State, entry: &Entry) {
    let resource = &*entry.resource;
    let gone = entry.happening == Happening::Deleted;
    let controller = match resource {
        deployment::RESOURCE => "deployment",
        replica_set::RESOURCE => "replicaset",
        stateful_set::RESOURCE => "statefulset",
        daemon_set::RESOURCE => "daemonset",
        job::RESOURCE => "job",
        cron_job::RESOURCE => "cronjob",
        claims::RESOURCE => "claim",
        scaling::AUTOSCALERS => "autoscaler",
        scaling::BUDGETS => "budget",
        "services" => "endpoints",
        _ => return,
    };
    if !gone || controller == "endpoints" {
        let (namespace, name) = identity(&entry.object);
        state
            .work
            .enqueue(task(controller, resource, namespace, name));
    }
}

/// What controls an object looks at it, and what controlled it before.
fn owners(state: &mut State, entry: &Entry) {
    let (namespace, _) = identity(&entry.object);
    let both = std::iter::once(&entry.object).chain(&entry.previous);
    let mut seen: Option<&Value> = None;
    for object in both {
        let Some(owner) = controller_of(object) else {
            continue;
        };
        if seen.is_some_and(|seen| seen["uid"] == owner["uid"]) {
            continue;
        }
        seen = Some(owner);
        let (controller, resource) = match text(owner, "/kind") {
            "Deployment" => ("deployment", deployment::RESOURCE),
            "ReplicaSet" => ("replicaset", replica_set::RESOURCE),
            "StatefulSet" => ("statefulset", stateful_set::RESOURCE),
            "DaemonSet" => ("daemonset", daemon_set::RESOURCE),
            "Job" => ("job", job::RESOURCE),
            "CronJob" => ("cronjob", cron_job::RESOURCE),
            _ => continue,
        };
        state
            .work
            .enqueue(task(controller, resource, namespace, text(owner, "/name")));
    }
}

/// Services and budgets of a pod look at it; so does the deployment that waits for pods to be gone.
fn pod_changed(state: &mut State, entry: &Entry) {
    let (namespace, _) = identity(&entry.object);
    let mut both: Vec<&Value> = vec![&*entry.object];
    both.extend(entry.previous.as_deref());
    for service in endpoints::services_of(state, namespace, &both) {
        state
            .work
            .enqueue(task("endpoints", "services", namespace, &service));
    }
    for budget in scaling::budgets_of(state, namespace) {
        state
            .work
            .enqueue(task("budget", scaling::BUDGETS, namespace, &budget));
    }
    if entry.happening == Happening::Deleted
        && let Some(owner) = controller_of(&entry.object)
        && let Some(set) = state.get(replica_set::RESOURCE, namespace, text(owner, "/name"))
        && let Some(deployment) = controller_of(set)
    {
        let name = text(deployment, "/name").to_owned();
        state
            .work
            .enqueue(task("deployment", deployment::RESOURCE, namespace, &name));
    }
}

/// Claims without a volume look again.
fn claims_wait(state: &mut State) {
    let waiting = state
        .list(claims::RESOURCE, None)
        .filter(|claim| !claims::is_bound(claim));
    let tasks = waiting.map(|claim| {
        let (namespace, name) = identity(claim);
        task("claim", claims::RESOURCE, namespace, name)
    });
    for task in tasks.collect::<Vec<_>>() {
        state.work.enqueue(task);
    }
}

fn nodes_changed(state: &mut State) {
    let sets = state.list(daemon_set::RESOURCE, None).map(|set| {
        let (namespace, name) = identity(set);
        task("daemonset", daemon_set::RESOURCE, namespace, name)
    });
    for task in sets.collect::<Vec<_>>() {
        state.work.enqueue(task);
    }
}

/// Does one piece of work. What cannot be done yet is asked for again with a deadline.
pub(crate) fn perform(state: &mut State, task: &Task) {
    match task.controller.as_str() {
        "deployment" => deployment::perform(state, task),
        "replicaset" => replica_set::perform(state, task),
        "statefulset" => stateful_set::perform(state, task),
        "daemonset" => daemon_set::perform(state, task),
        "job" => job::perform(state, task),
        "cronjob" => cron_job::perform(state, task),
        "claim" => claims::perform(state, task),
        "endpoints" => endpoints::perform(state, task),
        "autoscaler" => scaling::autoscale(state, task),
        "budget" => scaling::budget(state, task),
        controller if controller.starts_with("garbage:") => garbage::perform(state, task),
        controller if controller.starts_with("pod") => pods::perform(state, task),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
