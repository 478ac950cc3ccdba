//! The kubelet: what a placed pod goes through, step by step, each at its own moment.
//!
//! A step is a task that carries the pod's uid in the place of the resource, so that one which outlives its pod
//! does nothing, and in its name how often containers were started, so that none happens twice.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::certificates;
use super::needs;
use super::script::{self, Fate, Script};
use super::status::{self, Containers, Phase};
use crate::controllers::desk::{self, is_going, items, text};
use crate::controllers::events::{self, Source};
use crate::registry::{self, DeleteOptions};
use crate::state::{State, Task, identity};

const SOURCE: Source = Source("kubelet");
/// From a node to the first container.
const PREPARE: Duration = Duration::from_millis(20);
/// How long an init container runs.
const INIT: Duration = Duration::from_millis(40);
/// From the first failure to pull an image to the next.
const PULL: Duration = Duration::from_millis(100);
/// How long containers take to stop.
const STOP: Duration = Duration::from_millis(50);
/// Restarts double their pause up to here; after so many the pause is a day, so that a sandbox that was closed
/// for a year catches up at once.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
const TIRED_AFTER: i64 = 20;
const DAY: Duration = Duration::from_secs(86_400);

/// The step of a pod that a task stands for.
pub(super) fn step(state: &mut State, task: &Task) {
    let Some(pod) = state
        .get("pods", &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    let step = task.controller.strip_prefix("pod:").unwrap_or_default();
    if text(&pod, "/metadata/uid") != task.resource {
        return;
    }
    if step == "gone" {
        gone(state, &pod);
        return;
    }
    if is_going(&pod) || is_over(&pod) {
        return;
    }
    match step.split_once('-').unwrap_or((step, "")) {
        ("prepare", _) => prepare(state, &pod),
        ("init", index) => init_ended(state, &pod, index.parse().unwrap_or(0)),
        ("unpulled", _) => unpulled(state, &pod),
        ("ready", starts) if starts == started(&pod) => ready(state, &pod),
        ("end", starts) if starts == started(&pod) => ended(state, &pod),
        ("again", starts) if starts == started(&pod) => run(state, &pod, true),
        _ => {}
    }
}

/// A pod has a node.
pub(super) fn placed(state: &mut State, pod: &Value) {
    if pod["status"]["startTime"].is_null() {
        status::write(state, pod, &Phase::Waiting("ContainerCreating", ""));
        later(state, pod, "prepare", PREPARE);
    }
}

/// A pod is to go: its containers are stopped, then it is gone.
pub(super) fn stop(state: &mut State, pod: &Value) {
    if !is_over(pod) {
        for container in items(pod, "/status/containerStatuses") {
            if container["state"]["running"].is_object() {
                let message = format!("Stopping container {}", text(container, "/name"));
                events::normal(state, SOURCE, pod, "Killing", &message);
            }
        }
    }
    later(state, pod, "gone", STOP);
}

fn is_over(pod: &Value) -> bool {
    matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")
}

/// How often the containers were started, as a word.
fn started(pod: &Value) -> String {
    status::restarts(pod).to_string()
}

fn later(state: &mut State, pod: &Value, step: &str, after: Duration) {
    let (namespace, name) = identity(pod);
    let task = Task {
        controller: format!("pod:{step}"),
        resource: text(pod, "/metadata/uid").to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    };
    let at = state.now().plus(after);
    state.work.schedule(at, task);
}

/// The first container is created, unless that happened or something is missing; what is missing wakes the pod
/// when it comes.
fn prepare(state: &mut State, pod: &Value) {
    let waits = |status: &Value| {
        matches!(
            text(status, "/state/waiting/reason"),
            "ContainerCreating" | "PodInitializing" | "CreateContainerConfigError"
        )
    };
    let statuses = ["/status/initContainerStatuses", "/status/containerStatuses"];
    if !statuses.iter().flat_map(|path| items(pod, path)).all(waits) {
        return;
    }
    if let Some(missing) = needs::missing(state, pod) {
        let reason = missing.reason();
        if missing.is_mounted() {
            events::warning(state, SOURCE, pod, "FailedMount", &missing.message());
        } else {
            status::write(state, pod, &Phase::Waiting(reason, &missing.message()));
            events::warning(
                state,
                SOURCE,
                pod,
                "Failed",
                &format!("Error: {}", missing.message()),
            );
        }
        return;
    }
    if Script::of(pod).fate == Fate::NoImage {
        for container in items(pod, "/spec/containers") {
            let image = text(container, "/image");
            events::normal(
                state,
                SOURCE,
                pod,
                "Pulling",
                &format!("Pulling image \"{image}\""),
            );
            let message = format!("Failed to pull image \"{image}\": {}", not_found(image));
            events::warning(state, SOURCE, pod, "Failed", &message);
            events::warning(state, SOURCE, pod, "Failed", "Error: ErrImagePull");
        }
        let image = text(pod, "/spec/containers/0/image");
        status::write(
            state,
            pod,
            &Phase::Waiting("ErrImagePull", &not_found(image)),
        );
        later(state, pod, "unpulled", PULL);
        return;
    }
    next_init(state, pod, 0);
}

fn not_found(image: &str) -> String {
    format!(
        "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": not found"
    )
}

fn unpulled(state: &mut State, pod: &Value) {
    for container in items(pod, "/spec/containers") {
        let message = format!("Back-off pulling image \"{}\"", text(container, "/image"));
        events::normal(state, SOURCE, pod, "BackOff", &message);
        events::warning(state, SOURCE, pod, "Failed", "Error: ImagePullBackOff");
    }
    let image = text(pod, "/spec/containers/0/image");
    let message = format!(
        "Back-off pulling image \"{image}\": ErrImagePull: {}",
        not_found(image)
    );
    status::write(state, pod, &Phase::Waiting("ImagePullBackOff", &message));
}

/// Starts the init container of this number; where there is none, the others.
fn next_init(state: &mut State, pod: &Value, index: usize) {
    let inits = items(pod, "/spec/initContainers");
    let Some(container) = inits.get(index) else {
        run(state, pod, false);
        return;
    };
    tell_started(state, pod, container, false);
    status::write(state, pod, &Phase::Initializing(index));
    later(state, pod, &format!("init-{index}"), INIT);
}

fn init_ended(state: &mut State, pod: &Value, index: usize) {
    let known = items(pod, "/status/initContainerStatuses").get(index);
    if known.is_some_and(|status| status["state"]["running"].is_object()) {
        next_init(state, pod, index + 1);
    }
}

fn tell_started(state: &mut State, pod: &Value, container: &Value, again: bool) {
    let (image, name) = (text(container, "/image"), text(container, "/name"));
    let pulled = if again || container["imagePullPolicy"] == "IfNotPresent" {
        format!("Container image \"{image}\" already present on machine")
    } else {
        let message = format!("Pulling image \"{image}\"");
        events::normal(state, SOURCE, pod, "Pulling", &message);
        format!(
            "Successfully pulled image \"{image}\" in 10ms (10ms including waiting). Image size: 1024 bytes."
        )
    };
    events::normal(state, SOURCE, pod, "Pulled", &pulled);
    events::normal(
        state,
        SOURCE,
        pod,
        "Created",
        &format!("Created container: {name}"),
    );
    events::normal(
        state,
        SOURCE,
        pod,
        "Started",
        &format!("Started container {name}"),
    );
}

/// Starts the containers.
fn run(state: &mut State, pod: &Value, again: bool) {
    let script = Script::of(pod);
    for container in items(pod, "/spec/containers") {
        tell_started(state, pod, container, again);
    }
    let containers = if again {
        Containers::Restarted
    } else {
        Containers::Started
    };
    status::write(state, pod, &Phase::Running(containers));
    let Some(pod) = state
        .get("pods", identity(pod).0, identity(pod).1)
        .map(Arc::clone)
    else {
        return;
    };
    let starts = started(&pod);
    match script.fate {
        Fate::Serves => later(state, &pod, &format!("ready-{starts}"), script.start),
        Fate::Ends(_) => later(state, &pod, &format!("end-{starts}"), script.run),
        Fate::CrashLoop => later(state, &pod, &format!("end-{starts}"), script.run),
        Fate::NeverReady | Fate::NoImage | Fate::NoNode => {}
    }
}

fn ready(state: &mut State, pod: &Value) {
    status::write(state, pod, &Phase::Running(Containers::Ready));
}

/// The containers ended; whether they are started again is for the restart policy to say.
fn ended(state: &mut State, pod: &Value) {
    let code = match Script::of(pod).fate {
        Fate::Ends(code) => code,
        _ => script::failure(pod),
    };
    if code == 0 {
        certificates::write(state, pod);
    }
    let over = match text(pod, "/spec/restartPolicy") {
        "Never" => true,
        "OnFailure" => code == 0,
        _ => false,
    };
    if over {
        status::write(state, pod, &Phase::Over(code));
        return;
    }
    let restarts = status::restarts(pod);
    let pause = pause(restarts);
    let (namespace, name) = identity(pod);
    let uid = text(pod, "/metadata/uid");
    let first = text(pod, "/spec/containers/0/name");
    let message = format!(
        "back-off {} restarting failed container={first} pod={name}_{namespace}({uid})",
        written(pause)
    );
    status::write(state, pod, &Phase::BackOff(code, &message));
    let message =
        format!("Back-off restarting failed container {first} in pod {name}_{namespace}({uid})");
    events::warning(state, SOURCE, pod, "BackOff", &message);
    later(state, pod, &format!("again-{restarts}"), pause);
}

fn pause(restarts: i64) -> Duration {
    if restarts >= TIRED_AFTER {
        return DAY;
    }
    let doubled = 1_u64 << restarts.clamp(0, 10);
    Duration::from_secs(doubled).min(LONGEST_PAUSE)
}

/// A pause as Go writes a duration of whole seconds.
fn written(pause: Duration) -> String {
    let seconds = pause.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest}s"),
        _ => format!("{hours}h{minutes}m{rest}s"),
    }
}

/// The containers are stopped: nothing keeps the pod but finalizers.
fn gone(state: &mut State, pod: &Value) {
    if !is_going(pod) {
        return;
    }
    let Some(kind) = state.catalog.storage("pods").map(Arc::clone) else {
        return;
    };
    if !is_over(pod) && !items(pod, "/metadata/finalizers").is_empty() {
        status::write(state, pod, &Phase::Over(0));
    }
    let (namespace, name) = identity(pod);
    let options = DeleteOptions {
        grace_seconds: Some(0),
        uid: Some(desk::text(pod, "/metadata/uid").to_owned()),
        ..DeleteOptions::default()
    };
    let _ = registry::delete(state, &kind, namespace, name, &options);
}
