//! Helm 3's readiness, which Helm 4 keeps as `--wait=legacy`.
//!
//! Every object is asked for anew and judged by rules of its kind; kinds without rules are ready.
//! [`needs`] says what else has to be read to judge one, [`judge`] judges. Both Helms note with `--debug`
//! why something is not ready: [`Note`] carries the words of each.

mod note;
mod pods;
mod workloads;

use serde_json::Value;

use crate::field::{at, int, list, text};
pub use note::Note;
use note::Subject;

/// What has to be read beside an object to judge it, by the object's selector and in its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// ReplicaSets.
    ReplicaSets,
    /// Pods.
    Pods,
}

/// A verdict on an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is ready.
    pub ready: bool,
    /// What is noted of it, if anything.
    pub note: Option<Note>,
}

impl Verdict {
    fn ready() -> Self {
        Self {
            ready: true,
            note: None,
        }
    }

    fn waits(note: Note) -> Self {
        Self {
            ready: false,
            note: Some(note),
        }
    }

    fn silent(ready: bool) -> Self {
        Self { ready, note: None }
    }
}

/// A Job has failed more often than it may: it cannot recover.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("job is failed: {namespace}/{name}")]
pub struct JobFailed {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// A kind that there are rules for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pod,
    Job,
    Deployment,
    VolumeClaim,
    Service,
    DaemonSet,
    Definition,
    StatefulSet,
    ReplicationController,
    ReplicaSet,
}

impl Kind {
    /// Helm 4 has no rules for versions that are served no more, and no server has objects of them.
    fn of(object: &Value) -> Option<Self> {
        Some(
            match (
                text(object, &["apiVersion"], ""),
                text(object, &["kind"], ""),
            ) {
                ("v1", "Pod") => Self::Pod,
                ("v1", "PersistentVolumeClaim") => Self::VolumeClaim,
                ("v1", "Service") => Self::Service,
                ("v1", "ReplicationController") => Self::ReplicationController,
                ("batch/v1", "Job") => Self::Job,
                (
                    "apiextensions.k8s.io/v1" | "apiextensions.k8s.io/v1beta1",
                    "CustomResourceDefinition",
                ) => Self::Definition,
                (APPS | "apps/v1beta1" | "apps/v1beta2" | "extensions/v1beta1", kind) => match kind
                {
                    "Deployment" => Self::Deployment,
                    "DaemonSet" => Self::DaemonSet,
                    "StatefulSet" => Self::StatefulSet,
                    "ReplicaSet" => Self::ReplicaSet,
                    _ => return None,
                },
                _ => return None,
            },
        )
    }
}

const APPS: &str = "apps/v1";

/// Whether an object has to be read at all, as the manifest has it: kinds without rules are ready unseen.
#[must_use]
pub fn is_judged(manifest: &Value, checks_jobs: bool) -> bool {
    Kind::of(manifest).is_some_and(|kind| checks_jobs || kind != Kind::Job)
}

/// What has to be read beside an object, as the server has it, to judge it.
#[must_use]
pub fn needs(object: &Value) -> Needs {
    match Kind::of(object) {
        Some(Kind::Deployment) if !is_paused(object) => Needs::ReplicaSets,
        Some(Kind::ReplicaSet | Kind::ReplicationController) => Needs::Pods,
        _ => Needs::Nothing,
    }
}

/// Judges an object, as the server has it, with what [`needs`] asked for. Jobs count only where they
/// are to be waited for.
///
/// # Errors
/// A Job that failed for good.
pub fn judge(object: &Value, related: &[Value], checks_jobs: bool) -> Result<Verdict, JobFailed> {
    let Some(kind) = Kind::of(object) else {
        return Ok(Verdict::ready());
    };
    Ok(match kind {
        Kind::Pod => pods::pod(object),
        Kind::Job if checks_jobs => return job(object),
        Kind::Job => Verdict::ready(),
        // Nobody waits for what was halted on purpose.
        Kind::Deployment if is_paused(object) => Verdict::ready(),
        Kind::Deployment => workloads::deployment(object, related),
        Kind::VolumeClaim => volume_claim(object),
        Kind::Service => service(object),
        Kind::DaemonSet => workloads::daemon_set(object),
        Kind::Definition => definition(object),
        Kind::StatefulSet => workloads::stateful_set(object),
        Kind::ReplicationController | Kind::ReplicaSet => {
            let observed = workloads::observed(object);
            if observed.ready {
                pods::all(related)
            } else {
                observed
            }
        }
    })
}

fn is_paused(object: &Value) -> bool {
    at(object, &["spec", "paused"]) == Some(&Value::Bool(true))
}

fn job(object: &Value) -> Result<Verdict, JobFailed> {
    let subject = Subject::of(object);
    let count = |path: &[&str]| int(object, path, 0);
    if count(&["status", "failed"]) > int(object, &["spec", "backoffLimit"], 6) {
        return Err(JobFailed {
            namespace: subject.namespace.to_owned(),
            name: subject.name.to_owned(),
        });
    }
    let wanted = at(object, &["spec", "completions"]).and_then(Value::as_i64);
    if wanted.is_some_and(|wanted| count(&["status", "succeeded"]) < wanted) {
        return Ok(Verdict::waits(subject.plain("Job is not completed")));
    }
    Ok(Verdict::ready())
}

fn volume_claim(object: &Value) -> Verdict {
    if text(object, &["status", "phase"], "") == "Bound" {
        return Verdict::ready();
    }
    Verdict::waits(Subject::of(object).plain("PersistentVolumeClaim is not bound"))
}

fn service(object: &Value) -> Verdict {
    let spec = |name: &str| text(object, &["spec", name], "");
    if spec("type") == "ExternalName" {
        return Verdict::ready();
    }
    let subject = Subject::of(object);
    if spec("clusterIP").is_empty() {
        return Verdict::waits(subject.plain("Service does not have cluster IP address"));
    }
    let is_open = !list(object, &["spec", "externalIPs"]).is_empty()
        || at(object, &["status", "loadBalancer", "ingress"]).is_some_and(|v| !v.is_null());
    if spec("type") == "LoadBalancer" && !is_open {
        let words = "Service does not have load balancer ingress IP address";
        return Verdict::waits(subject.plain(words));
    }
    Verdict::ready()
}

/// A name that is taken counts as ready: failing for that is not the waiter's part.
fn definition(object: &Value) -> Verdict {
    let settled = list(object, &["status", "conditions"])
        .iter()
        .any(|condition| {
            let word = |name: &str| text(condition, &[name], "");
            matches!(
                (word("type"), word("status")),
                ("Established", "True") | ("NamesAccepted", "False")
            )
        });
    Verdict::silent(settled)
}

#[cfg(test)]
mod tests;
