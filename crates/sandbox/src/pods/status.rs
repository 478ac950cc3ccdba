//! A pod's status, as a kubelet writes it.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::controllers::condition::{self, Condition};
use crate::controllers::desk::{self, items, number, text};
use crate::state::State;

/// Where a pod is.
pub(super) enum Phase<'a> {
    /// No container runs yet, and why.
    Waiting(&'a str, &'a str),
    /// The init container of this number runs.
    Initializing(usize),
    Running(Containers),
    /// Containers ended with a code and are started again after a pause.
    BackOff(i64, &'a str),
    /// Containers ended with a code, for good.
    Over(i64),
}

/// What running containers have come to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Containers {
    Started,
    Restarted,
    Ready,
}

/// How often the containers were started again.
pub(super) fn restarts(pod: &Value) -> i64 {
    number(pod, "/status/containerStatuses/0/restartCount").unwrap_or(0)
}

/// Writes the status of a pod that is in a phase.
pub(super) fn write(state: &mut State, pod: &Value, phase: &Phase<'_>) {
    let now = state.now();
    let mut status = pod["status"].clone();
    if status["startTime"].is_null() {
        status["startTime"] = now.rfc3339().into();
        let node = text(pod, "/spec/nodeName");
        let host = address_of(state, node);
        status["hostIP"] = host.clone().into();
        status["hostIPs"] = json!([{ "ip": host }]);
    }
    if !matches!(phase, Phase::Waiting(..)) && status["podIP"].is_null() {
        let address = if pod["spec"]["hostNetwork"] == true {
            text(&status, "/hostIP").to_owned()
        } else {
            free_address(state)
        };
        status["podIPs"] = json!([{ "ip": address }]);
        status["podIP"] = address.into();
    }
    status["phase"] = word(phase).into();
    containers(&mut status, pod, phase, now);
    conditions(&mut status, pod, phase, now);
    if let Some(generation) = pod["metadata"]["generation"].as_i64() {
        status["observedGeneration"] = generation.into();
    }
    desk::set_status(state, "pods", pod, status, "kubelet");
}

fn word(phase: &Phase<'_>) -> &'static str {
    match phase {
        Phase::Waiting(..) | Phase::Initializing(_) => "Pending",
        Phase::Running(_) | Phase::BackOff(..) => "Running",
        Phase::Over(0) => "Succeeded",
        Phase::Over(_) => "Failed",
    }
}

fn address_of(state: &State, node: &str) -> String {
    let node = state.get("nodes", "", node);
    let addresses = node.map_or(&[][..], |node| items(node, "/status/addresses"));
    let internal = addresses.iter().find(|it| it["type"] == "InternalIP");
    internal.map_or(String::new(), |it| text(it, "/address").to_owned())
}

/// The first address of 10.244.0.0/16 that no pod has.
fn free_address(state: &State) -> String {
    let taken: std::collections::HashSet<String> = state
        .list("pods", None)
        .map(|pod| text(pod, "/status/podIP").to_owned())
        .collect();
    let all = (2_u32..65_534).map(|n| format!("10.244.{}.{}", n >> 8, n & 255));
    all.into_iter()
        .find(|address| !taken.contains(address))
        .unwrap_or_default()
}

fn containers(status: &mut Value, pod: &Value, phase: &Phase<'_>, now: Moment) {
    let inits = items(pod, "/spec/initContainers");
    if !inits.is_empty() {
        let known = status["initContainerStatuses"].take();
        let made = inits.iter().enumerate().map(|(index, container)| {
            let known = &known[index];
            init(container, known, index, phase, now)
        });
        status["initContainerStatuses"] = made.collect();
    }
    let known = status["containerStatuses"].take();
    let made = items(pod, "/spec/containers")
        .iter()
        .enumerate()
        .map(|(index, container)| {
            let has_inits = !inits.is_empty();
            one(container, &known[index], phase, has_inits, now)
        });
    status["containerStatuses"] = made.collect();
}

fn blank(container: &Value, known: &Value) -> Value {
    if known.is_object() {
        return known.clone();
    }
    json!({
        "name": container["name"], "image": container["image"], "imageID": "", "ready": false,
        "restartCount": 0, "started": false, "state": {}, "lastState": {},
    })
}

/// The identifiers that a container has once it was created: made of its name.
fn create(status: &mut Value) {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text(status, "/image").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let digest = format!("{hash:016x}").repeat(4);
    let count = number(status, "/restartCount").unwrap_or(0);
    let image = text(status, "/image")
        .split(['@', ':'])
        .next()
        .unwrap_or_default()
        .to_owned();
    status["imageID"] = format!("{image}@sha256:{digest}").into();
    let id = format!(
        "{:016x}",
        hash.wrapping_add(u64::try_from(count).unwrap_or(0) + 1)
    )
    .repeat(4);
    status["containerID"] = format!("sandbox://{id}").into();
}

fn terminated(status: &Value, code: i64, now: Moment) -> Value {
    let reason = if code == 0 { "Completed" } else { "Error" };
    let started = status["state"]["running"]["startedAt"].clone();
    json!({"exitCode": code, "reason": reason, "startedAt": started,
        "finishedAt": now.rfc3339(), "containerID": status["containerID"]})
}

fn init(container: &Value, known: &Value, index: usize, phase: &Phase<'_>, now: Moment) -> Value {
    let mut status = blank(container, known);
    let stays = container["restartPolicy"] == "Always";
    let running = status["state"]["running"].is_object();
    match phase {
        Phase::Waiting(..) => {
            status["state"] = json!({"waiting": {"reason": "PodInitializing"}});
        }
        Phase::Initializing(now_running) if index > *now_running => {
            status["state"] = json!({"waiting": {"reason": "PodInitializing"}});
        }
        Phase::Initializing(now_running) if index == *now_running => {
            create(&mut status);
            status["state"] = json!({"running": {"startedAt": now.rfc3339()}});
            status["started"] = stays.into();
            status["ready"] = stays.into();
        }
        Phase::Over(_) if stays && running => {
            status["state"] = json!({"terminated": terminated(&status, 0, now)});
            status["ready"] = false.into();
            status["started"] = false.into();
        }
        _ if !stays && running => {
            status["state"] = json!({"terminated": terminated(&status, 0, now)});
            status["ready"] = true.into();
            status["started"] = false.into();
        }
        _ => {}
    }
    status
}

fn one(container: &Value, known: &Value, phase: &Phase<'_>, has_inits: bool, now: Moment) -> Value {
    let mut status = blank(container, known);
    match phase {
        Phase::Waiting("ContainerCreating", _) if has_inits => {
            status["state"] = json!({"waiting": {"reason": "PodInitializing"}});
        }
        Phase::Waiting(reason, message) => {
            status["state"] = json!({"waiting": {"reason": reason}});
            if !message.is_empty() {
                status["state"]["waiting"]["message"] = (*message).into();
            }
        }
        Phase::Initializing(_) => {
            status["state"] = json!({"waiting": {"reason": "PodInitializing"}});
        }
        Phase::Running(Containers::Ready) => status["ready"] = true.into(),
        Phase::Running(containers) => {
            if *containers == Containers::Restarted {
                let count = number(&status, "/restartCount").unwrap_or(0);
                status["restartCount"] = (count + 1).into();
            }
            create(&mut status);
            status["state"] = json!({"running": {"startedAt": now.rfc3339()}});
            status["started"] = true.into();
        }
        Phase::BackOff(code, message) => {
            status["lastState"] = json!({"terminated": terminated(&status, *code, now)});
            status["state"] =
                json!({"waiting": {"reason": "CrashLoopBackOff", "message": message}});
            status["ready"] = false.into();
            status["started"] = false.into();
        }
        Phase::Over(code) => {
            status["state"] = json!({"terminated": terminated(&status, *code, now)});
            status["ready"] = false.into();
            status["started"] = false.into();
        }
    }
    status
}

fn conditions(status: &mut Value, pod: &Value, phase: &Phase<'_>, now: Moment) {
    let all = |path: &str| -> String {
        let names = items(pod, path).iter().map(|it| text(it, "/name"));
        format!("[{}]", names.collect::<Vec<_>>().join(" "))
    };
    let sandboxed = !matches!(
        phase,
        Phase::Waiting("ContainerCreating", _) | Phase::Over(_)
    );
    let truth = |truth: bool| if truth { "True" } else { "False" };
    let mut list = status["conditions"].take();
    let mut set = |kind: &str, status: &str, reason: &str, message: &str| {
        let condition = Condition {
            kind,
            status,
            reason,
            message,
        };
        condition::set(&mut list, &condition, now, false);
    };
    set("PodReadyToStartContainers", truth(sandboxed), "", "");
    let inits = !items(pod, "/spec/initContainers").is_empty();
    let pending = matches!(phase, Phase::Waiting(..) | Phase::Initializing(_));
    match phase {
        Phase::Over(0) => set("Initialized", "True", "PodCompleted", ""),
        _ if inits && pending => {
            let message = format!(
                "containers with incomplete status: {}",
                all("/spec/initContainers")
            );
            set("Initialized", "False", "ContainersNotInitialized", &message);
        }
        _ => set("Initialized", "True", "", ""),
    }
    let unready = format!(
        "containers with unready status: {}",
        all("/spec/containers")
    );
    let (truth, reason, message) = match phase {
        Phase::Running(Containers::Ready) => ("True", "", ""),
        Phase::Over(0) => ("False", "PodCompleted", ""),
        Phase::Over(_) => ("False", "PodFailed", ""),
        _ => ("False", "ContainersNotReady", unready.as_str()),
    };
    set("Ready", truth, reason, message);
    set("ContainersReady", truth, reason, message);
    // The scheduler's word stands last.
    if let Some(list) = list.as_array_mut() {
        list.sort_by_key(|it| it["type"] == "PodScheduled");
    }
    status["conditions"] = list;
}
