//! The rules of kstatus, and how Helm 4 bends them.
//!
//! [`compute`] looks at one object. First come rules that hold for every kind (deletion, observed
//! generation, the conditions `Reconciling` and `Stalled`), then those of its kind, at last a condition
//! `Ready`. [`assess`] is what Helm waits by: it adds the pods of what makes pods, and the rules for
//! hooks and for Jobs that are waited for.

mod conditions;
mod rest;
mod workloads;

use serde_json::Value;

use crate::field::{self, Misfit, group, kind, strict_int, strict_text};
use conditions::{Basic, conditions};

/// How an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is as it should be.
    Current,
    /// It is on its way.
    InProgress,
    /// It will not get there by itself.
    Failed,
    /// It is being deleted.
    Terminating,
    /// It is not there.
    NotFound,
    /// It cannot be told.
    Unknown,
}

impl Status {
    /// Its name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "Current",
            Self::InProgress => "InProgress",
            Self::Failed => "Failed",
            Self::Terminating => "Terminating",
            Self::NotFound => "NotFound",
            Self::Unknown => "Unknown",
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A verdict on an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// How it stands.
    pub status: Status,
    /// Why, in a few words.
    pub message: String,
    /// Why, as standard conditions: none for what is as it should be.
    pub conditions: Vec<Condition>,
}

/// A condition that is true of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// `Reconciling` or `Stalled`
    pub kind: &'static str,
    /// One word.
    pub reason: String,
    /// A few words.
    pub message: String,
}

const RECONCILING: &str = "Reconciling";
const STALLED: &str = "Stalled";

impl Assessment {
    fn plain(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            conditions: Vec::new(),
        }
    }

    fn current(message: impl Into<String>) -> Self {
        Self::plain(Status::Current, message)
    }

    fn in_progress(reason: &str, message: impl Into<String>) -> Self {
        Self::with(Status::InProgress, RECONCILING, reason, message.into())
    }

    fn failed(reason: &str, message: impl Into<String>) -> Self {
        Self::with(Status::Failed, STALLED, reason, message.into())
    }

    fn with(status: Status, kind: &'static str, reason: &str, message: String) -> Self {
        let condition = Condition {
            kind,
            reason: reason.to_owned(),
            message: message.clone(),
        };
        Self {
            status,
            message,
            conditions: vec![condition],
        }
    }

    /// The verdict on an object that the server does not have.
    #[must_use]
    pub fn not_found() -> Self {
        Self::plain(Status::NotFound, "Resource not found")
    }

    /// The verdict on an object of which nothing was heard yet, or that makes no sense.
    #[must_use]
    pub fn unknown() -> Self {
        Self::plain(Status::Unknown, "")
    }

    /// Helm's line about an object that did not become ready.
    #[must_use]
    pub fn not_ready_text(&self, kind: &str, namespace: &str, name: &str) -> String {
        let Self {
            status, message, ..
        } = self;
        format!(
            "resource {kind}/{namespace}/{name} not ready. status: {status}, message: {message}"
        )
    }

    /// Helm's line about an object that should be gone.
    #[must_use]
    pub fn still_exists_text(&self, kind: &str, namespace: &str, name: &str) -> String {
        let Self {
            status, message, ..
        } = self;
        format!(
            "resource {kind}/{namespace}/{name} still exists. status: {status}, message: {message}"
        )
    }
}

/// An object makes no sense, so that its status is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A field is not of its type.
    #[error("looking up {what} from resource")]
    Field {
        /// The field.
        what: &'static str,
        /// What is wrong.
        #[source]
        cause: FieldError,
    },
    /// The conditions are not a list of conditions.
    #[error("status.conditions does not hold conditions")]
    Conditions,
    /// A pod is in a phase that there is not.
    #[error("unknown phase {0}")]
    Phase(String),
}

/// A field of another type than it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct FieldError(Misfit);

/// What an object is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// That it serves: a Job need only have begun.
    #[default]
    Ready,
    /// That it serves, and Jobs are complete.
    ReadyWithJobs,
    /// That a hook is done: a Job or pod has succeeded, anything else is there.
    Hook,
}

/// The verdict that Helm 4 waits by. `pods` are those that the object's selector finds, where
/// [`needs_pods`] says that they matter; `now` is in seconds after 1970.
#[must_use]
pub fn assess(object: &Value, purpose: Purpose, pods: &[Value], now: i64) -> Assessment {
    let verdict = match (purpose, group(object), kind(object)) {
        (Purpose::Hook | Purpose::ReadyWithJobs, "batch", "Job") => rest::finished_job(object),
        (Purpose::Hook, "", "Pod") => Ok(rest::finished_pod(object)),
        (Purpose::Hook, _, _) => return Assessment::current("Resource is current"),
        _ => compute(object, now),
    };
    let verdict = verdict.unwrap_or_else(|_| Assessment::unknown());
    if needs_pods(object, purpose) {
        workloads::with_pods(verdict, pods, now)
    } else {
        verdict
    }
}

/// Whether the pods of an object decide on it too.
#[must_use]
pub fn needs_pods(object: &Value, purpose: Purpose) -> bool {
    purpose != Purpose::Hook
        && group(object) == "apps"
        && matches!(kind(object), "ReplicaSet" | "StatefulSet")
}

/// Whether Helm leaves an object, as the manifest has it, out of what it waits for.
#[must_use]
pub fn is_skipped(manifest: &Value) -> bool {
    field::text(manifest, &["apiVersion"], "") == "apps/v1"
        && kind(manifest) == "Deployment"
        && field::at(manifest, &["spec", "paused"]) == Some(&Value::Bool(true))
}

/// Whether waiting is over: all are current or failed.
#[must_use]
pub fn all_settled(statuses: impl IntoIterator<Item = Status>) -> bool {
    let settled = |status| matches!(status, Status::Current | Status::Failed);
    statuses.into_iter().all(settled)
}

/// Whether waiting for deletion is over: none is left that was ever there.
#[must_use]
pub fn all_gone(statuses: impl IntoIterator<Item = Status>) -> bool {
    let gone = |status| matches!(status, Status::NotFound | Status::Unknown);
    statuses.into_iter().all(gone)
}

/// The status of an object by its own fields; `now` is in seconds after 1970.
///
/// # Errors
/// When the object makes no sense.
pub fn compute(object: &Value, now: i64) -> Result<Assessment, Error> {
    if let Some(verdict) = generic(object)? {
        return Ok(verdict);
    }
    if let Some(verdict) = of_kind(object, now) {
        return verdict;
    }
    Ok(ready_condition(object)?.unwrap_or_else(|| Assessment::current("Resource is current")))
}

fn of_kind(object: &Value, now: i64) -> Option<Result<Assessment, Error>> {
    Some(match (group(object), kind(object)) {
        ("", "Service") => Ok(rest::service(object)),
        ("", "Pod") => rest::pod(object, now),
        ("", "Secret" | "ConfigMap") | ("batch", "CronJob") => {
            Ok(Assessment::current("Resource is always ready"))
        }
        ("", "PersistentVolumeClaim") => Ok(rest::volume_claim(object)),
        ("apps", "StatefulSet") => Ok(workloads::stateful_set(object)),
        ("apps" | "extensions", "DaemonSet") => workloads::daemon_set(object),
        ("apps" | "extensions", "Deployment") => workloads::deployment(object),
        ("apps" | "extensions", "ReplicaSet") => workloads::replica_set(object),
        ("policy", "PodDisruptionBudget") => {
            Ok(Assessment::current("AllowedDisruptions has been computed."))
        }
        ("batch", "Job") => rest::job(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => rest::definition(object),
        _ => return None,
    })
}

fn generic(object: &Value) -> Result<Option<Assessment>, Error> {
    const DELETION: &[&str] = &["metadata", "deletionTimestamp"];
    let deletion = strict_text(object, DELETION).map_err(|e| field_error(DELETION_NAME, e))?;
    if deletion.is_some_and(|time| !time.is_empty()) {
        let message = "Resource scheduled for deletion";
        return Ok(Some(Assessment::plain(Status::Terminating, message)));
    }
    if let Some(verdict) = unobserved(object)? {
        return Ok(Some(verdict));
    }
    for condition in conditions(object)? {
        if condition.is("Reconciling", "True") {
            return Ok(Some(condition.in_progress()));
        }
        if condition.is("Stalled", "True") {
            return Ok(Some(condition.failed()));
        }
    }
    Ok(None)
}

const DELETION_NAME: &str = "metadata.deletionTimestamp";
const GENERATION_NAME: &str = "metadata.generation";
const OBSERVED_NAME: &str = "status.observedGeneration";

fn field_error(what: &'static str, cause: Misfit) -> Error {
    Error::Field {
        what,
        cause: FieldError(cause),
    }
}

fn generation(object: &Value) -> Result<Option<i64>, Error> {
    let found = strict_int(object, &["metadata", "generation"]);
    found.map_err(|e| field_error(GENERATION_NAME, e))
}

fn observed_generation(object: &Value) -> Result<Option<i64>, Error> {
    let found = strict_int(object, &["status", "observedGeneration"]);
    found.map_err(|e| field_error(OBSERVED_NAME, e))
}

fn unobserved(object: &Value) -> Result<Option<Assessment>, Error> {
    let Some(generation) = generation(object)? else {
        return Ok(None);
    };
    match observed_generation(object)? {
        Some(observed) if observed != generation => {
            let message = format!(
                "{} generation is {generation}, but latest observed generation is {observed}",
                kind(object)
            );
            let reason = "LatestGenerationNotObserved";
            Ok(Some(Assessment::in_progress(reason, message)))
        }
        _ => Ok(None),
    }
}

fn ready_condition(object: &Value) -> Result<Option<Assessment>, Error> {
    let ready = |c: &Basic<'_>| match (c.kind, c.status) {
        ("Ready", "True") => Some(Assessment::current("Resource is Ready")),
        ("Ready", "False" | "Unknown") => Some(c.in_progress()),
        _ => None,
    };
    Ok(conditions(object)?.iter().find_map(ready))
}

#[cfg(test)]
mod tests;
