//! What is wrong with a pod.

use serde_json::Value;

use super::{Cause, Certainty, Diagnosis, Subject, events};
use crate::field::{self, at, int, list, text};

/// How long a pod may wait for a node before that is worth telling.
const SCHEDULE_WINDOW: i64 = 15;

/// How often a container may end before that is taken for a habit.
const RESTARTS: i64 = 2;

pub(super) fn troubles(pod: &Value, now: i64) -> Vec<Diagnosis> {
    let mut found: Vec<Diagnosis> = unschedulable(pod, now).into_iter().collect();
    if text(pod, &["status", "phase"], "") == "Failed" {
        found.push(Diagnosis {
            subject: Subject::of(pod),
            cause: Cause::PodFailed {
                reason: text(pod, &["status", "reason"], "").to_owned(),
            },
            detail: text(pod, &["status", "message"], "").to_owned(),
            certainty: Certainty::Final,
        });
    }
    for statuses in ["initContainerStatuses", "containerStatuses"] {
        let statuses = list(pod, &["status", statuses]).iter();
        found.extend(statuses.filter_map(|status| container(pod, status)));
    }
    found
}

fn unschedulable(pod: &Value, now: i64) -> Option<Diagnosis> {
    let condition = list(pod, &["status", "conditions"]).iter().find(|c| {
        text(c, &["type"], "") == "PodScheduled"
            && text(c, &["status"], "") == "False"
            && text(c, &["reason"], "") == "Unschedulable"
    })?;
    let created = field::unix(text(pod, &["metadata", "creationTimestamp"], ""));
    if created.is_some_and(|created| now - created < SCHEDULE_WINDOW) {
        return None;
    }
    Some(Diagnosis {
        subject: Subject::of(pod),
        cause: Cause::Unschedulable,
        detail: text(condition, &["message"], "").to_owned(),
        certainty: Certainty::Likely,
    })
}

fn container(pod: &Value, status: &Value) -> Option<Diagnosis> {
    let image = || text(status, &["image"], "").to_owned();
    let Some(waiting) = at(status, &["state", "waiting"]) else {
        return started(pod, status);
    };
    let detail = text(waiting, &["message"], "");
    let (cause, certainty) = match text(waiting, &["reason"], "") {
        "ErrImagePull" => (Cause::ImagePull { image: image() }, Certainty::Likely),
        "ImagePullBackOff" => (Cause::ImagePull { image: image() }, Certainty::Persistent),
        "ErrImageNeverPull" => (Cause::ImagePull { image: image() }, Certainty::Final),
        "InvalidImageName" => (Cause::ImageName { image: image() }, Certainty::Final),
        "CrashLoopBackOff" => crash_loop(status),
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            let cause = events::missing(detail).unwrap_or(Cause::ContainerConfig);
            (cause, Certainty::Persistent)
        }
        _ => return None,
    };
    Some(of_container(pod, status, cause, detail, certainty))
}

/// A container that has run: it ended badly and will be started again, or it is not ready.
fn started(pod: &Value, status: &Value) -> Option<Diagnosis> {
    let phase = text(pod, &["status", "phase"], "");
    if !matches!(phase, "Running" | "Pending") {
        return None;
    }
    if let Some(ended) = at(status, &["state", "terminated"]) {
        let failed = int(ended, &["exitCode"], 0) != 0;
        return (failed && int(status, &["restartCount"], 0) > 0).then(|| {
            let (cause, certainty) = crash_loop(status);
            of_container(pod, status, cause, "", certainty)
        });
    }
    at(status, &["state", "running"])?;
    let unready = at(status, &["ready"]) == Some(&Value::Bool(false));
    unready.then(|| of_container(pod, status, Cause::Unready, "", Certainty::Possible))
}

fn of_container(
    pod: &Value,
    status: &Value,
    cause: Cause,
    detail: &str,
    certainty: Certainty,
) -> Diagnosis {
    let subject = Subject {
        container: Some(text(status, &["name"], "").to_owned()),
        ..Subject::of(pod)
    };
    Diagnosis {
        subject,
        cause,
        detail: detail.to_owned(),
        certainty,
    }
}

fn crash_loop(status: &Value) -> (Cause, Certainty) {
    let restarts = int(status, &["restartCount"], 0);
    let ended = at(status, &["state", "terminated"]);
    let ended = ended.or_else(|| at(status, &["lastState", "terminated"]));
    let cause = Cause::CrashLoop {
        restarts,
        exit_code: ended.and_then(|e| e.get("exitCode")?.as_i64()),
        reason: ended.map_or("", |e| text(e, &["reason"], "")).to_owned(),
    };
    let certainty = if restarts >= RESTARTS {
        Certainty::Persistent
    } else {
        Certainty::Likely
    };
    (cause, certainty)
}
