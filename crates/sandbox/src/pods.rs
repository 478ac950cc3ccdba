//! Pods: placed by a scheduler, brought up by a kubelet, and what is asked of them rather than of their
//! objects: logs.
//!
//! There are no containers. What becomes of a pod is written in its annotations ([`script`]).

mod certificates;
mod kubelet;
mod needs;
mod scheduler;
mod script;
mod status;

pub(crate) use script::duration;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::clock::Moment;
use crate::controllers::claims;
use crate::controllers::desk::{is_going, items, task, text};
use crate::state::{Entry, Happening, State, Task, identity};
use crate::status::Status;

/// The query of `pods/log`, as given.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogOptions {
    pub(crate) container: Option<String>,
    pub(crate) previous: bool,
    pub(crate) timestamps: bool,
    pub(crate) tail_lines: Option<u64>,
    pub(crate) limit_bytes: Option<u64>,
    pub(crate) since_seconds: Option<u64>,
    /// RFC 3339.
    pub(crate) since_time: Option<String>,
}

/// A write happened: asks for what follows from it for pods.
pub(crate) fn heard(state: &mut State, entry: &Entry) {
    let (namespace, name) = identity(&entry.object);
    let fresh = entry.happening == Happening::Added;
    match &*entry.resource {
        "pods" if entry.happening != Happening::Deleted => {
            state.work.enqueue(task("pod", "pods", namespace, name));
        }
        "configmaps" | "secrets" if fresh => wake(state, Some(namespace)),
        "persistentvolumeclaims" if entry.happening != Happening::Deleted => {
            wake(state, Some(namespace));
        }
        "nodes" if fresh => wake(state, None),
        _ => {}
    }
}

/// Pods that wait look again.
fn wake(state: &mut State, namespace: Option<&str>) {
    let waiting = state
        .list("pods", namespace)
        .filter(|pod| text(pod, "/status/phase") == "Pending");
    let waiting: Vec<Task> = waiting
        .map(|pod| {
            let (namespace, name) = identity(pod);
            if text(pod, "/spec/nodeName").is_empty() {
                task("pod", "pods", namespace, name)
            } else {
                task("pod:prepare", text(pod, "/metadata/uid"), namespace, name)
            }
        })
        .collect();
    for task in waiting {
        state.work.enqueue(task);
    }
}

/// Does one piece of work for a pod.
pub(crate) fn perform(state: &mut State, task: &Task) {
    if task.controller != "pod" {
        kubelet::step(state, task);
        return;
    }
    let Some(pod) = state
        .get("pods", &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    if is_going(&pod) {
        kubelet::stop(state, &pod);
        return;
    }
    let placed = !text(&pod, "/spec/nodeName").is_empty();
    if !placed {
        claims::make_for(state, &pod);
    }
    if !placed && !scheduler::place(state, &pod) {
        return;
    }
    let Some(pod) = state
        .get("pods", &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    kubelet::placed(state, &pod);
}

/// What the pod's container has printed by `state.now()`. Following is the caller's: it asks again
/// when the state has moved, and sends what is new.
pub(crate) fn log(state: &State, pod: &Value, options: &LogOptions) -> Result<Vec<u8>, Status> {
    let name = container_name(pod, options)?;
    let lists = ["/status/containerStatuses", "/status/initContainerStatuses"];
    let mut statuses = lists.iter().flat_map(|list| items(pod, list));
    let status = statuses.find(|status| text(status, "/name") == name);
    let pod_name = identity(pod).1;
    let waiting = |reason: &str| {
        Status::bad_request(format!(
            "container \"{name}\" in pod \"{pod_name}\" is waiting to start: {reason}"
        ))
    };
    let Some(status) = status else {
        return Err(waiting("ContainerCreating"));
    };
    let ran = !status["state"]["running"].is_null() || !status["state"]["terminated"].is_null();
    let before = !status["lastState"]["terminated"].is_null();
    if options.previous && !before {
        return Err(Status::bad_request(format!(
            "previous terminated container \"{name}\" in pod \"{pod_name}\" not found"
        )));
    }
    if !ran && !before {
        return Err(waiting(text(status, "/state/waiting/reason")));
    }
    let started = match text(status, "/state/running/startedAt") {
        "" => text(status, "/state/terminated/startedAt"),
        at => at,
    };
    if is_before(state, started, options) {
        return Ok(Vec::new());
    }
    Ok(cut(&script::log(pod), started, options))
}

fn container_name(pod: &Value, options: &LogOptions) -> Result<String, Status> {
    let pod_name = identity(pod).1;
    let names: Vec<&str> = items(pod, "/spec/containers")
        .iter()
        .map(|c| text(c, "/name"))
        .collect();
    let inits: Vec<&str> = items(pod, "/spec/initContainers")
        .iter()
        .map(|c| text(c, "/name"))
        .collect();
    match options.container.as_deref().filter(|name| !name.is_empty()) {
        Some(name) if names.contains(&name) || inits.contains(&name) => Ok(name.to_owned()),
        Some(name) => Err(Status::bad_request(format!(
            "container {name} is not valid for pod {pod_name}"
        ))),
        None if names.len() == 1 => Ok(names[0].to_owned()),
        None => {
            let also = if inits.is_empty() {
                String::new()
            } else {
                format!(" or one of the init containers: [{}]", inits.join(" "))
            };
            Err(Status::bad_request(format!(
                "a container name must be specified for pod {pod_name}, choose one of: [{}]{also}",
                names.join(" ")
            )))
        }
    }
}

/// Whether all was printed before the time that is asked for: a container prints when it starts.
fn is_before(state: &State, started: &str, options: &LogOptions) -> bool {
    let Some(started) = Moment::parse(started) else {
        return false;
    };
    let seconds = options.since_seconds.map(Duration::from_secs);
    let long_ago = seconds.is_some_and(|seconds| state.now().since(started) > seconds);
    let told = options.since_time.as_deref().and_then(Moment::parse);
    long_ago || told.is_some_and(|told| started < told)
}

/// As much of a log as is asked for.
fn cut(log: &str, started: &str, options: &LogOptions) -> Vec<u8> {
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let keep = options.tail_lines.and_then(|n| usize::try_from(n).ok());
    let from = keep.map_or(0, |keep| lines.len().saturating_sub(keep));
    let mut out = String::new();
    for line in &lines[from..] {
        if options.timestamps {
            out.push_str(started);
            out.push(' ');
        }
        out.push_str(line);
    }
    let mut bytes = out.into_bytes();
    if let Some(limit) = options.limit_bytes.and_then(|n| usize::try_from(n).ok()) {
        bytes.truncate(limit);
    }
    bytes
}
