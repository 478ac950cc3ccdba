//! Pods, Jobs, Services, claims, definitions of kinds.

use serde_json::Value;

use super::conditions::conditions;
use super::{Assessment, Error};
use crate::field::{self, int, list, text};

/// How long a pod may wait for a node before that counts as a failure.
const SCHEDULE_WINDOW: i64 = 15;

pub(super) fn pod(object: &Value, now: i64) -> Result<Assessment, Error> {
    let conditions = conditions(object)?;
    Ok(match text(object, &["status", "phase"], "") {
        "Succeeded" => Assessment::current("Pod has completed successfully"),
        "Failed" => Assessment::current("Pod has completed, but not successfully"),
        "Running" if conditions.iter().any(|c| c.is("Ready", "True")) => {
            Assessment::current("Pod is Ready")
        }
        "Running" => running(object),
        "Pending" => {
            let scheduled = conditions.iter().find(|c| c.is("PodScheduled", "False"));
            if scheduled.is_none_or(|c| c.reason != "Unschedulable") {
                Assessment::in_progress("PodPending", "Pod is in the Pending phase")
            } else if is_young(object, now) {
                Assessment::in_progress("PodNotScheduled", "Pod has not been scheduled")
            } else {
                Assessment::failed("PodUnschedulable", "Pod could not be scheduled")
            }
        }
        "" => Assessment::in_progress("PodNotObserved", "Pod phase not available"),
        phase => return Err(Error::Phase(phase.to_owned())),
    })
}

fn is_young(object: &Value, now: i64) -> bool {
    let created = text(object, &["metadata", "creationTimestamp"], "");
    field::unix(created).is_some_and(|created| now - SCHEDULE_WINDOW < created)
}

fn running(object: &Value) -> Assessment {
    let crashes =
        |status: &&Value| text(status, &["state", "waiting", "reason"], "") == "CrashLoopBackOff";
    let names: Vec<&str> = list(object, &["status", "containerStatuses"])
        .iter()
        .filter(crashes)
        .filter_map(|status| status.get("name")?.as_str())
        .collect();
    if names.is_empty() {
        return Assessment::in_progress("PodRunningNotReady", "Pod is running but is not Ready");
    }
    let message = format!("Containers in CrashLoop state: {}", names.join(","));
    Assessment::failed("ContainerCrashLooping", message)
}

/// Counts that messages about a Job show.
struct Counts {
    succeeded: i64,
    failed: i64,
    wanted: i64,
}

impl Counts {
    fn of(object: &Value) -> Self {
        let parallelism = int(object, &["spec", "parallelism"], 1);
        Self {
            succeeded: int(object, &["status", "succeeded"], 0),
            failed: int(object, &["status", "failed"], 0),
            wanted: int(object, &["spec", "completions"], parallelism),
        }
    }
}

/// The verdict on a Job that has come to an end.
fn ended_job(object: &Value, counts: &Counts) -> Result<Option<Assessment>, Error> {
    let Counts {
        succeeded,
        failed,
        wanted,
    } = counts;
    for condition in conditions(object)? {
        if condition.is("Complete", "True") {
            let message = format!("Job Completed. succeeded: {succeeded}/{wanted}");
            return Ok(Some(Assessment::current(message)));
        }
        if condition.is("Failed", "True") {
            let message = format!("Job Failed. failed: {failed}/{wanted}");
            return Ok(Some(Assessment::failed("JobFailed", message)));
        }
    }
    Ok(None)
}

/// A Job that has begun is as it should be.
pub(super) fn job(object: &Value) -> Result<Assessment, Error> {
    let counts = Counts::of(object);
    if let Some(verdict) = ended_job(object, &counts)? {
        return Ok(verdict);
    }
    if text(object, &["status", "startTime"], "").is_empty() {
        return Ok(Assessment::in_progress("JobNotStarted", "Job not started"));
    }
    let active = int(object, &["status", "active"], 0);
    let Counts {
        succeeded, failed, ..
    } = counts;
    Ok(Assessment::current(format!(
        "Job in progress. success:{succeeded}, active: {active}, failed: {failed}"
    )))
}

/// A Job that is waited for until its end.
pub(super) fn finished_job(object: &Value) -> Result<Assessment, Error> {
    let ended = ended_job(object, &Counts::of(object))?;
    Ok(ended.unwrap_or_else(|| Assessment::in_progress("JobInProgress", "Job in progress")))
}

/// A pod that is waited for until its end, as a hook.
pub(super) fn finished_pod(object: &Value) -> Assessment {
    let name = text(object, &["metadata", "name"], "");
    match text(object, &["status", "phase"], "") {
        "Succeeded" => {
            let mut verdict = Assessment::failed("", format!("pod {name} succeeded"));
            verdict.status = super::Status::Current;
            verdict
        }
        "Failed" => Assessment::failed("PodFailed", format!("pod {name} failed")),
        _ => Assessment::in_progress("PodInProgress", "Pod in progress"),
    }
}

pub(super) fn service(object: &Value) -> Assessment {
    let spec = |name: &str, default| text(object, &["spec", name], default);
    if spec("type", "ClusterIP") == "LoadBalancer" && spec("clusterIP", "").is_empty() {
        let message = "ClusterIP not set. Service type: LoadBalancer";
        return Assessment::in_progress("NoIPAssigned", message);
    }
    Assessment::current("Service is ready")
}

pub(super) fn volume_claim(object: &Value) -> Assessment {
    match text(object, &["status", "phase"], "unknown") {
        "Bound" => Assessment::current("PVC is Bound"),
        phase => Assessment::in_progress("NotBound", format!("PVC is not Bound. phase: {phase}")),
    }
}

pub(super) fn definition(object: &Value) -> Result<Assessment, Error> {
    for condition in conditions(object)? {
        let refused = condition.is("NamesAccepted", "False")
            || condition.is("Established", "False") && condition.reason != "Installing";
        if refused {
            return Ok(condition.failed());
        }
        if condition.is("Established", "True") {
            return Ok(Assessment::current("CRD is established"));
        }
    }
    let message = "Install in progress";
    Ok(Assessment::in_progress("Installing", message))
}
