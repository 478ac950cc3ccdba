//! Pods: one word for the state of all their containers.

use serde_json::Value;

use super::cells::{Look, list, text};
use crate::clock::Moment;

pub(super) fn cells(look: Look<'_>) -> Vec<Value> {
    let mut seen = Seen {
        reason: look.text_or("status.reason", &look.text("status.phase")),
        ..Seen::default()
    };
    if gated(look) {
        seen.reason = "SchedulingGated".to_owned();
    }
    let initializing = seen.init(look);
    if !initializing || condition(look, "Initialized") {
        seen.main(look);
    }
    let over = matches!(look.text("status.phase").as_str(), "Succeeded" | "Failed");
    if !look.at("metadata.deletionTimestamp").is_null() {
        if look.text("status.reason") == "NodeLost" {
            seen.reason = "Unknown".to_owned();
        } else if !over {
            seen.reason = "Terminating".to_owned();
        }
    }
    let sidecars = look
        .list("spec.initContainers")
        .filter(|c| is_sidecar(c))
        .count();
    let total = look.size("spec.containers") + sidecars;
    let ip = look.list("status.podIPs").next().map(|ip| text(&ip["ip"]));
    vec![
        look.name(),
        format!("{}/{total}", seen.ready).into(),
        seen.reason.clone().into(),
        seen.restarts(look).into(),
        look.age(),
        ip.unwrap_or_else(|| "<none>".to_owned()).into(),
        look.text_or("spec.nodeName", "<none>").into(),
        look.text_or("status.nominatedNodeName", "<none>").into(),
        gates(look).into(),
    ]
}

#[derive(Default)]
struct Seen {
    reason: String,
    ready: usize,
    restarts: i64,
    /// When a container last ended before it was started again.
    last_end: Option<Moment>,
    sidecar_restarts: i64,
    last_sidecar_end: Option<Moment>,
}

impl Seen {
    /// Looks at init containers; says whether the pod is still busy with them.
    fn init(&mut self, look: Look<'_>) -> bool {
        let specs: Vec<&Value> = look.list("spec.initContainers").collect();
        for (index, status) in look.list("status.initContainerStatuses").enumerate() {
            let named = |spec: &&&Value| spec["name"] == status["name"];
            let sidecar = specs
                .iter()
                .find(named)
                .is_some_and(|spec| is_sidecar(spec));
            let restarts = status["restartCount"].as_i64().unwrap_or(0);
            let end = last_end(status);
            self.restarts += restarts;
            self.last_end = self.last_end.max(end);
            if sidecar {
                self.sidecar_restarts += restarts;
                self.last_sidecar_end = self.last_sidecar_end.max(end);
            }
            let terminated = &status["state"]["terminated"];
            if terminated.is_object() && terminated["exitCode"] == 0 {
                continue;
            }
            if sidecar && status["started"] == true {
                self.ready += usize::from(status["ready"] == true);
                continue;
            }
            let waiting = text(&status["state"]["waiting"]["reason"]);
            self.reason = if terminated.is_object() {
                format!("Init:{}", ended(terminated))
            } else if !waiting.is_empty() && waiting != "PodInitializing" {
                format!("Init:{waiting}")
            } else {
                format!("Init:{index}/{}", specs.len())
            };
            return true;
        }
        false
    }

    fn main(&mut self, look: Look<'_>) {
        self.restarts = self.sidecar_restarts;
        self.last_end = self.last_sidecar_end;
        let (mut running, mut failure) = (false, String::new());
        let statuses: Vec<&Value> = look.list("status.containerStatuses").collect();
        for status in statuses.into_iter().rev() {
            self.restarts += status["restartCount"].as_i64().unwrap_or(0);
            self.last_end = self.last_end.max(last_end(status));
            let state = &status["state"];
            let waiting = text(&state["waiting"]["reason"]);
            if !waiting.is_empty() {
                self.reason = waiting;
            } else if state["terminated"].is_object() {
                self.reason = ended(&state["terminated"]);
                if state["terminated"]["exitCode"] != 0 {
                    failure.clone_from(&self.reason);
                }
            } else if status["ready"] == true && state["running"].is_object() {
                running = true;
                self.ready += 1;
            }
        }
        if self.reason == "Completed" {
            if running && condition(look, "Ready") {
                self.reason = "Running".to_owned();
            } else if !failure.is_empty() {
                self.reason = failure;
            } else if running {
                self.reason = "NotReady".to_owned();
            }
        }
    }

    fn restarts(&self, look: Look<'_>) -> String {
        match self.last_end {
            Some(end) if self.restarts != 0 => {
                let ago = look.since(&end.rfc3339().into());
                format!("{} ({ago} ago)", self.restarts)
            }
            _ => self.restarts.to_string(),
        }
    }
}

fn is_sidecar(container: &Value) -> bool {
    container["restartPolicy"] == "Always"
}

fn last_end(status: &Value) -> Option<Moment> {
    let end = status["lastState"]["terminated"]["finishedAt"].as_str();
    end.and_then(Moment::parse)
}

fn ended(terminated: &Value) -> String {
    let reason = text(&terminated["reason"]);
    match (
        reason.is_empty(),
        terminated["signal"].as_i64().unwrap_or(0),
    ) {
        (false, _) => reason,
        (true, 0) => format!("ExitCode:{}", terminated["exitCode"]),
        (true, signal) => format!("Signal:{signal}"),
    }
}

fn condition(look: Look<'_>, kind: &str) -> bool {
    look.list("status.conditions")
        .any(|condition| condition["type"] == kind && condition["status"] == "True")
}

fn gated(look: Look<'_>) -> bool {
    look.list("status.conditions").any(|condition| {
        condition["type"] == "PodScheduled" && condition["reason"] == "SchedulingGated"
    })
}

fn gates(look: Look<'_>) -> String {
    let gates: Vec<&Value> = list(look.at("spec.readinessGates")).collect();
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let open = gates
        .iter()
        .filter(|gate| condition(look, gate["conditionType"].as_str().unwrap_or_default()))
        .count();
    format!("{open}/{}", gates.len())
}
