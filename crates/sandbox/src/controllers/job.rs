//! Jobs: pods that are to end well so many times.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::condition;
use super::desk::{self, is_going, items, number, text};
use super::events::{self, Source};
use super::{replica_set, template};
use crate::clock::Moment;
use crate::registry::Propagation;
use crate::state::{State, Task};

pub(super) const RESOURCE: &str = "jobs.batch";
const SOURCE: Source = Source("job-controller");
const INDEX: &str = "batch.kubernetes.io/job-completion-index";
/// The pause before a pod that failed is replaced, doubled each time. A real cluster's is ten seconds.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// What a job's pods have come to.
struct Tally {
    active: Vec<Arc<Value>>,
    going: usize,
    ready: usize,
    succeeded: i64,
    failed: i64,
    /// Numbers of indexed pods that ended well.
    indexes: Vec<i64>,
}

/// How a job ended.
struct End {
    good: bool,
    reason: &'static str,
    message: &'static str,
}

/// Takes a job on.
pub(super) fn perform(state: &mut State, task: &Task) {
    let Some(job) = state
        .get(RESOURCE, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    if is_finished(&job) {
        expire(state, task, &job);
        return;
    }
    let tally = tally(state, &job);
    let suspended = job["spec"]["suspend"] == true;
    let mut status = job["status"].clone();
    if status["startTime"].is_null() && !suspended {
        status["startTime"] = state.now().rfc3339().into();
    }
    let end = end(state, task, &job, &status, &tally);
    if let Some(end) = end {
        for pod in &tally.active {
            drop_pod(state, &job, pod);
        }
        finish(state, &job, &end, status);
        return;
    }
    if suspended {
        suspend(state, &job, &tally, &mut status);
    } else if !is_going(&job) {
        resume(state, &mut status);
        manage(state, task, &job, &tally);
    }
    let tally = self::tally(state, &job);
    numbers(&job, &mut status, &tally);
    desk::set_status(state, RESOURCE, &job, status, desk::MANAGER);
}

/// Whether a job is over, well or not.
pub(super) fn is_finished(job: &Value) -> bool {
    let conditions = &job["status"]["conditions"];
    condition::is_true(conditions, "Complete") || condition::is_true(conditions, "Failed")
}

fn is_indexed(job: &Value) -> bool {
    job["spec"]["completionMode"] == "Indexed"
}

fn index_of(pod: &Value) -> Option<i64> {
    desk::annotation(pod, INDEX).parse().ok()
}

fn tally(state: &State, job: &Value) -> Tally {
    let pods = desk::controlled(state, "pods", job);
    let phase = |pod: &Value, phase: &str| text(pod, "/status/phase") == phase;
    let mut indexes: Vec<i64> = pods
        .iter()
        .filter(|pod| phase(pod, "Succeeded"))
        .filter_map(|pod| index_of(pod))
        .collect();
    indexes.sort_unstable();
    indexes.dedup();
    let succeeded = pods.iter().filter(|pod| phase(pod, "Succeeded")).count();
    let failed = pods.iter().filter(|pod| phase(pod, "Failed")).count();
    let active: Vec<Arc<Value>> = pods
        .iter()
        .filter(|pod| replica_set::is_active(pod))
        .map(Arc::clone)
        .collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    Tally {
        going: pods.iter().filter(|pod| is_going(pod)).count(),
        ready: active
            .iter()
            .filter(|pod| replica_set::is_ready(pod))
            .count(),
        succeeded: if is_indexed(job) {
            count(indexes.len())
        } else {
            count(succeeded)
        },
        failed: count(failed),
        active,
        indexes,
    }
}

fn end(state: &mut State, task: &Task, job: &Value, status: &Value, tally: &Tally) -> Option<End> {
    let limit = number(job, "/spec/backoffLimit").unwrap_or(6);
    let restarts: i64 = if text(job, "/spec/template/spec/restartPolicy") == "OnFailure" {
        let all = tally
            .active
            .iter()
            .flat_map(|pod| items(pod, "/status/containerStatuses"));
        all.map(|status| number(status, "/restartCount").unwrap_or(0))
            .sum()
    } else {
        0
    };
    // A limit of nothing allows no restart; others as many as they say.
    let worn = if limit == 0 {
        restarts > 0
    } else {
        restarts >= limit
    };
    if tally.failed > limit || (restarts > 0 && worn) {
        return Some(End {
            good: false,
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
        });
    }
    if let Some(deadline) = number(job, "/spec/activeDeadlineSeconds")
        && let Some(started) = Moment::parse(text(status, "/startTime"))
        && job["spec"]["suspend"] != true
    {
        let at = started.plus(Duration::from_secs(u64::try_from(deadline).unwrap_or(0)));
        if state.now() >= at {
            return Some(End {
                good: false,
                reason: "DeadlineExceeded",
                message: "Job was active longer than specified deadline",
            });
        }
        state.work.schedule(at, task.clone());
    }
    let enough = match number(job, "/spec/completions") {
        Some(wanted) => tally.succeeded >= wanted,
        None => tally.succeeded > 0 && tally.active.is_empty(),
    };
    enough.then_some(End {
        good: true,
        reason: "CompletionsReached",
        message: "Reached expected number of succeeded pods",
    })
}

fn drop_pod(state: &mut State, job: &Value, pod: &Value) {
    desk::delete(state, "pods", pod, Propagation::Background);
    let message = format!("Deleted pod: {}", text(pod, "/metadata/name"));
    events::normal(state, SOURCE, job, "SuccessfulDelete", &message);
}

fn set(status: &mut Value, kind: &str, truth: &str, reason: &str, message: &str, now: Moment) {
    let now = now.rfc3339();
    let made = json!({"type": kind, "status": truth, "lastProbeTime": now,
        "lastTransitionTime": now, "reason": reason, "message": message});
    condition::remove(&mut status["conditions"], kind);
    match status["conditions"].as_array_mut() {
        Some(list) => list.push(made),
        None => status["conditions"] = json!([made]),
    }
}

fn finish(state: &mut State, job: &Value, end: &End, mut status: Value) {
    let now = state.now();
    let (first, last) = if end.good {
        ("SuccessCriteriaMet", "Complete")
    } else {
        ("FailureTarget", "Failed")
    };
    set(&mut status, first, "True", end.reason, end.message, now);
    set(&mut status, last, "True", end.reason, end.message, now);
    if end.good {
        status["completionTime"] = now.rfc3339().into();
    }
    let mut tally = tally(state, job);
    tally.active.clear();
    numbers(job, &mut status, &tally);
    desk::set_status(state, RESOURCE, job, status, desk::MANAGER);
    if end.good {
        events::normal(state, SOURCE, job, "Completed", "Job completed");
    } else {
        events::warning(state, SOURCE, job, end.reason, end.message);
    }
}

fn suspend(state: &mut State, job: &Value, tally: &Tally, status: &mut Value) {
    for pod in &tally.active {
        drop_pod(state, job, pod);
    }
    if !condition::is_true(&status["conditions"], "Suspended") {
        set(
            status,
            "Suspended",
            "True",
            "JobSuspended",
            "Job suspended",
            state.now(),
        );
        drop(status.as_object_mut().map(|it| it.remove("startTime")));
        events::normal(state, SOURCE, job, "Suspended", "Job suspended");
    }
}

fn resume(state: &State, status: &mut Value) {
    if condition::is_true(&status["conditions"], "Suspended") {
        set(
            status,
            "Suspended",
            "False",
            "JobResumed",
            "Job resumed",
            state.now(),
        );
        status["startTime"] = state.now().rfc3339().into();
    }
}

/// Makes the pods that are missing, after a pause where some failed.
fn manage(state: &mut State, task: &Task, job: &Value, tally: &Tally) {
    let parallel = number(job, "/spec/parallelism").unwrap_or(1);
    let active = i64::try_from(tally.active.len()).unwrap_or(0);
    let wanted = match number(job, "/spec/completions") {
        Some(completions) => parallel.min(completions - tally.succeeded),
        None if tally.succeeded > 0 => active.min(parallel),
        None => parallel,
    };
    if active > wanted {
        let surplus = usize::try_from(active - wanted.max(0)).unwrap_or(0);
        for pod in tally.active.iter().take(surplus) {
            drop_pod(state, job, pod);
        }
        return;
    }
    if active == wanted {
        return;
    }
    if let Some(at) = not_before(state, job, tally)
        && at > state.now()
    {
        state.work.schedule(at, task.clone());
        return;
    }
    let mut free = free_indexes(job, tally).into_iter();
    for _ in active..wanted {
        let index = free.next();
        if is_indexed(job) && index.is_none() {
            return;
        }
        create(state, job, index);
    }
}

/// When a pod that failed may be replaced.
fn not_before(state: &State, job: &Value, tally: &Tally) -> Option<Moment> {
    if tally.failed == 0 {
        return None;
    }
    let pods = desk::controlled(state, "pods", job);
    let ended = pods
        .iter()
        .filter(|pod| text(pod, "/status/phase") == "Failed")
        .filter_map(|pod| {
            Moment::parse(text(
                pod,
                "/status/containerStatuses/0/state/terminated/finishedAt",
            ))
        });
    let doubled = PAUSE * (1_u32 << u32::try_from(tally.failed - 1).unwrap_or(0).min(16));
    Some(ended.max()?.plus(doubled.min(LONGEST_PAUSE)))
}

fn free_indexes(job: &Value, tally: &Tally) -> Vec<i64> {
    if !is_indexed(job) {
        return Vec::new();
    }
    let taken: Vec<i64> = tally
        .active
        .iter()
        .filter_map(|pod| index_of(pod))
        .collect();
    let wanted = number(job, "/spec/completions").unwrap_or(0);
    (0..wanted)
        .filter(|index| !taken.contains(index) && !tally.indexes.contains(index))
        .collect()
}

fn create(state: &mut State, job: &Value, index: Option<i64>) {
    let mut pod = template::pod(job);
    if let Some(index) = index {
        let number = index.to_string();
        let name = text(job, "/metadata/name");
        pod["metadata"]["annotations"][INDEX] = number.clone().into();
        pod["metadata"]["labels"][INDEX] = number.into();
        pod["metadata"]["generateName"] = format!("{name}-{index}-").into();
        pod["spec"]["hostname"] = format!("{name}-{index}").into();
    }
    // What the server refuses is told as an event.
    if template::create(state, SOURCE, job, pod).is_err() {
        desk::try_again(state, "job", RESOURCE, job);
    }
}

fn numbers(job: &Value, status: &mut Value, tally: &Tally) {
    status["uncountedTerminatedPods"] = json!({});
    status["ready"] = tally.ready.into();
    status["terminating"] = tally.going.into();
    for (key, count) in [
        ("active", i64::try_from(tally.active.len()).unwrap_or(0)),
        ("succeeded", tally.succeeded),
        ("failed", tally.failed),
    ] {
        if count == 0 {
            drop(status.as_object_mut().map(|it| it.remove(key)));
        } else {
            status[key] = count.into();
        }
    }
    if is_indexed(job) {
        status["completedIndexes"] = ranges(&tally.indexes).into();
    }
}

/// `1,3-5`
fn ranges(indexes: &[i64]) -> String {
    let runs = indexes.chunk_by(|a, b| b - a == 1);
    let texts = runs.map(|run| match run {
        [one] => one.to_string(),
        [first, second] => format!("{first},{second}"),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    texts.collect::<Vec<_>>().join(",")
}

/// A job that is over goes when its time is up.
fn expire(state: &mut State, task: &Task, job: &Value) {
    let Some(seconds) = number(job, "/spec/ttlSecondsAfterFinished") else {
        return;
    };
    let over = items(job, "/status/conditions")
        .iter()
        .find(|it| it["status"] == "True" && (it["type"] == "Complete" || it["type"] == "Failed"));
    let Some(ended) = over.and_then(|it| Moment::parse(text(it, "/lastTransitionTime"))) else {
        return;
    };
    let at = ended.plus(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    if at > state.now() {
        state.work.schedule(at, task.clone());
    } else if !is_going(job) {
        desk::delete(state, RESOURCE, job, Propagation::Foreground);
    }
}

/// The selector and the labels by which a new job finds its pods.
pub(crate) fn select_pods(job: &mut Value) {
    let uid = job["metadata"]["uid"].clone();
    let name = job["metadata"]["name"].clone();
    if job["spec"]["manualSelector"] == true {
        return;
    }
    let labels = &mut job["spec"]["template"]["metadata"]["labels"];
    for key in ["batch.kubernetes.io/controller-uid", "controller-uid"] {
        labels[key] = uid.clone();
    }
    for key in ["batch.kubernetes.io/job-name", "job-name"] {
        labels[key] = name.clone();
    }
    job["spec"]["selector"]["matchLabels"]["batch.kubernetes.io/controller-uid"] = uid;
}
