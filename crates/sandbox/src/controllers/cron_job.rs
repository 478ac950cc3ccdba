//! CronJobs: a job each time the clock says so.

mod schedule;

use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, is_going, items, number, text};
use super::events::{self, Source};
use super::{condition, job};
use crate::clock::Moment;
use crate::registry::Propagation;
use crate::state::{State, Task};
use schedule::Schedule;

pub(super) const RESOURCE: &str = "cronjobs.batch";
const SOURCE: Source = Source("cronjob-controller");

/// Starts what is due, clears away what is old, and says when to look again.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(cron) = state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    if is_going(&cron) {
        return;
    }
    let mut status = cron["status"].clone();
    let jobs = desk::controlled(state, job::RESOURCE, &cron);
    note_finished(state, &cron, &jobs, &mut status);
    clear(state, &cron, &jobs);
    if cron["spec"]["suspend"] != true {
        start(state, task, &cron, &mut status);
    }
    desk::set_status(state, RESOURCE, &cron, status, desk::MANAGER);
}

fn note_finished(state: &mut State, cron: &Value, jobs: &[Arc<Value>], status: &mut Value) {
    let active: Vec<Value> = items(status, "/active").to_vec();
    let mut left = Vec::new();
    for reference in active {
        let found = jobs
            .iter()
            .find(|job| job["metadata"]["uid"] == reference["uid"]);
        match found {
            Some(job) if !job::is_finished(job) => left.push(reference),
            Some(job) => {
                let good = condition::is_true(&job["status"]["conditions"], "Complete");
                let word = if good { "Complete" } else { "Failed" };
                let name = text(job, "/metadata/name");
                let message = format!("Saw completed job: {name}, condition: {word}");
                events::normal(state, SOURCE, cron, "SawCompletedJob", &message);
                let at = text(job, "/status/completionTime");
                if good && text(status, "/lastSuccessfulTime") < at {
                    status["lastSuccessfulTime"] = at.into();
                }
            }
            None => {
                let message = format!("Active job went missing: {}", text(&reference, "/name"));
                events::normal(state, SOURCE, cron, "MissingJob", &message);
            }
        }
    }
    set_active(status, left);
}

fn set_active(status: &mut Value, active: Vec<Value>) {
    if active.is_empty() {
        drop(status.as_object_mut().map(|it| it.remove("active")));
    } else {
        status["active"] = active.into();
    }
}

/// Jobs that are over go, but for the last few.
fn clear(state: &mut State, cron: &Value, jobs: &[Arc<Value>]) {
    for (path, kind) in [
        ("/spec/successfulJobsHistoryLimit", "Complete"),
        ("/spec/failedJobsHistoryLimit", "Failed"),
    ] {
        let Some(limit) = number(cron, path).and_then(|n| usize::try_from(n).ok()) else {
            continue;
        };
        let mut over: Vec<&Arc<Value>> = jobs
            .iter()
            .filter(|job| condition::is_true(&job["status"]["conditions"], kind) && !is_going(job))
            .collect();
        over.sort_by_key(|job| text(job, "/status/startTime").to_owned());
        for job in over.iter().take(over.len().saturating_sub(limit)) {
            desk::delete(state, job::RESOURCE, job, Propagation::Background);
            let message = format!("Deleted job {}", text(job, "/metadata/name"));
            events::normal(state, SOURCE, cron, "SuccessfulDelete", &message);
        }
    }
}

fn start(state: &mut State, task: &Task, cron: &Value, status: &mut Value) {
    let told = text(cron, "/spec/schedule");
    let Some(schedule) = Schedule::parse(told) else {
        let message = format!(
            "unparseable schedule: {:?} : expected exactly 5 fields",
            told
        );
        events::warning(state, SOURCE, cron, "UnparseableSchedule", &message);
        return;
    };
    let now = state.now();
    let since = match text(status, "/lastScheduleTime") {
        "" => text(cron, "/metadata/creationTimestamp").to_owned(),
        last => last.to_owned(),
    };
    let since = Moment::parse(&since).unwrap_or(now);
    if let Some(next) = schedule.after(now) {
        state.work.schedule(next, task.clone());
    }
    let Some(due) = schedule.last_between(since, now) else {
        return;
    };
    if let Some(seconds) = number(cron, "/spec/startingDeadlineSeconds") {
        let seconds = u64::try_from(seconds).unwrap_or(0);
        if due.plus(std::time::Duration::from_secs(seconds)) < now {
            return;
        }
    }
    let active = items(status, "/active").to_vec();
    match text(cron, "/spec/concurrencyPolicy") {
        "Forbid" if !active.is_empty() => {
            let message = "Not starting job because prior execution is running and concurrency policy is Forbid";
            events::normal(state, SOURCE, cron, "JobAlreadyActive", message);
            return;
        }
        "Replace" => replace(state, cron, &active, status),
        _ => {}
    }
    create(state, cron, due, status);
}

fn replace(state: &mut State, cron: &Value, active: &[Value], status: &mut Value) {
    let namespace = text(cron, "/metadata/namespace");
    for reference in active {
        let name = text(reference, "/name");
        if let Some(job) = state.get(job::RESOURCE, namespace, name).map(Arc::clone) {
            desk::delete(state, job::RESOURCE, &job, Propagation::Background);
            events::normal(
                state,
                SOURCE,
                cron,
                "SuccessfulDelete",
                &format!("Deleted job {name}"),
            );
        }
    }
    set_active(status, Vec::new());
}

fn create(state: &mut State, cron: &Value, due: Moment, status: &mut Value) {
    let template = &cron["spec"]["jobTemplate"];
    let minute = due.0.div_euclid(60_000_000_000);
    let name = format!("{}-{minute}", text(cron, "/metadata/name"));
    let mut annotations = template["metadata"]["annotations"].clone();
    annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = due.rfc3339().into();
    let mut metadata = json!({
        "name": name, "annotations": annotations,
        "ownerReferences": [desk::controller_reference(cron)],
    });
    if !template["metadata"]["labels"].is_null() {
        metadata["labels"] = template["metadata"]["labels"].clone();
    }
    let job = json!({"metadata": metadata, "spec": template["spec"]});
    let namespace = text(cron, "/metadata/namespace").to_owned();
    match desk::create(state, job::RESOURCE, &namespace, job, desk::MANAGER) {
        Ok(made) => {
            let message = format!("Created job {name}");
            events::normal(state, SOURCE, cron, "SuccessfulCreate", &message);
            let mut active = items(status, "/active").to_vec();
            active.push(
                json!({"apiVersion": "batch/v1", "kind": "Job", "name": name,
                "namespace": namespace, "uid": made["metadata"]["uid"],
                "resourceVersion": made["metadata"]["resourceVersion"]}),
            );
            set_active(status, active);
        }
        Err(refused) if refused.reason == "AlreadyExists" => {}
        Err(refused) => {
            let message = format!("Error creating job: {}", refused.message);
            events::warning(state, SOURCE, cron, "FailedCreate", &message);
            return;
        }
    }
    status["lastScheduleTime"] = due.rfc3339().into();
}
