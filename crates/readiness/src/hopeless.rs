//! What will not become ready by itself, and why.
//!
//! Helm waits for such objects until its time is up and then says that they are not ready. What is
//! found here is for those who want to know at once: [`diagnose`] looks at an object and at the pods
//! and events that belong to it, and gives causes as data. Whether to wait on is the caller's decision;
//! [`Diagnosis::grace`] says how long each trouble may take to pass.

mod events;
mod grace;
mod pod;
mod words;

use serde_json::Value;

pub use events::noted_at;
pub use grace::Grace;

use crate::field::{at, group, kind, list, text};

/// Why an object does not become ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Whose trouble it is: the object itself, or a pod of it.
    pub subject: Subject,
    /// What the trouble is.
    pub cause: Cause,
    /// What the cluster says of it, as it says it.
    pub detail: String,
    /// How sure it is that waiting does not help.
    pub certainty: Certainty,
}

/// An object in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// `Pod`
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The container, if it is one's trouble.
    pub container: Option<String>,
}

/// A trouble that somebody has to do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// An image cannot be fetched.
    ImagePull {
        /// The image.
        image: String,
    },
    /// An image's name is none.
    ImageName {
        /// The image.
        image: String,
    },
    /// A container ends again and again.
    CrashLoop {
        /// How often it was started again.
        restarts: i64,
        /// How it ended last, if known.
        exit_code: Option<i64>,
        /// Why it ended last: `Error`, `OOMKilled`.
        reason: String,
    },
    /// A container cannot be made of what is asked for.
    ContainerConfig,
    /// A Secret, ConfigMap or claim that a pod refers to is not there.
    Missing {
        /// `secret`, `configmap`, `persistentvolumeclaim`, as the cluster says it.
        kind: String,
        /// Its name.
        name: String,
    },
    /// A volume cannot be attached or mounted.
    Mount,
    /// A container runs and does not get ready.
    Unready,
    /// A claim gets no volume.
    Unbound,
    /// A Service gets no address from outside.
    NoAddress,
    /// The object is to go, and somebody has yet to let it.
    Held {
        /// Its finalizers.
        finalizers: Vec<String>,
    },
    /// No node takes the pod.
    Unschedulable,
    /// A quota does not leave room.
    Quota,
    /// Something between us and the cluster refuses the object's pods.
    Refused,
    /// A Job has failed.
    JobFailed {
        /// `BackoffLimitExceeded`, `DeadlineExceeded`
        reason: String,
    },
    /// A pod has failed.
    PodFailed {
        /// `Evicted`, or empty.
        reason: String,
    },
    /// A roll-out made no progress in the time that it is given.
    NoProgress,
    /// The object's own controller has given up.
    Stalled {
        /// Its word for why.
        reason: String,
    },
}

/// How sure it is that waiting does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It may well be on its way: worth telling where time is up, and nothing more.
    Possible,
    /// It may yet pass: another node, a registry that comes back.
    Likely,
    /// The cluster tries again, and it has failed more than once.
    Persistent,
    /// Nothing is tried any more.
    Final,
}

/// What is wrong with an object, with its pods, and with what events say of it; the surest first.
/// `now` is in seconds after 1970.
#[must_use]
pub fn diagnose(object: &Value, pods: &[&Value], events: &[&Value], now: i64) -> Vec<Diagnosis> {
    let mut found: Vec<Diagnosis> = own(object).into_iter().chain(kept(object)).collect();
    found.extend(unserved(object));
    let others = pods.iter().copied().filter(|pod| !is_going(pod));
    found.extend(others.flat_map(|pod| pod::troubles(pod, now)));
    if group(object).is_empty() && kind(object) == "Pod" {
        found.extend(pod::troubles(object, now));
    }
    found.extend(events::refusals(object, events));
    found.extend(events::mounts(object, pods, events));
    found.extend(events::volumes(object, events));
    found.sort_by_key(|diagnosis| std::cmp::Reverse(diagnosis.certainty));
    let mut told: Vec<Diagnosis> = Vec::new();
    for diagnosis in found {
        if !told.contains(&diagnosis) {
            told.push(diagnosis);
        }
    }
    told
}

fn is_going(pod: &Value) -> bool {
    !text(pod, &["metadata", "deletionTimestamp"], "").is_empty()
}

impl Subject {
    fn of(object: &Value) -> Self {
        Self {
            kind: kind(object).to_owned(),
            namespace: text(object, &["metadata", "namespace"], "").to_owned(),
            name: text(object, &["metadata", "name"], "").to_owned(),
            container: None,
        }
    }
}

/// What the object's own conditions say.
fn own(object: &Value) -> Option<Diagnosis> {
    list(object, &["status", "conditions"])
        .iter()
        .find_map(|condition| {
            let word = |name: &str| text(condition, &[name], "");
            let is_true = word("status") == "True";
            let reason = word("reason").to_owned();
            let (cause, certainty) = match (group(object), kind(object), word("type")) {
                ("batch", "Job", "Failed") if is_true => {
                    (Cause::JobFailed { reason }, Certainty::Final)
                }
                ("apps", "Deployment", "Progressing") if reason == "ProgressDeadlineExceeded" => {
                    (Cause::NoProgress, Certainty::Persistent)
                }
                ("apps", _, "ReplicaFailure") if is_true => {
                    (refusal(word("message")), Certainty::Persistent)
                }
                (_, _, "Stalled") if is_true => (Cause::Stalled { reason }, Certainty::Final),
                _ => return None,
            };
            Some(Diagnosis {
                subject: Subject::of(object),
                cause,
                detail: word("message").to_owned(),
                certainty,
            })
        })
}

/// What keeps an object that is to go.
fn kept(object: &Value) -> Option<Diagnosis> {
    let finalizers = list(object, &["metadata", "finalizers"]).iter();
    let finalizers: Vec<String> = finalizers
        .filter_map(|f| Some(f.as_str()?.to_owned()))
        .collect();
    (is_going(object) && !finalizers.is_empty()).then(|| Diagnosis {
        subject: Subject::of(object),
        cause: Cause::Held { finalizers },
        detail: String::new(),
        certainty: Certainty::Possible,
    })
}

/// What somebody else has to give and does not: a volume, an address.
fn unserved(object: &Value) -> Option<Diagnosis> {
    let (cause, certainty) = match (group(object), kind(object)) {
        ("", "PersistentVolumeClaim")
            if text(object, &["status", "phase"], "") == "Pending"
                && text(object, &["spec", "storageClassName"], "").is_empty() =>
        {
            (Cause::Unbound, Certainty::Likely)
        }
        ("", "Service")
            if text(object, &["spec", "type"], "") == "LoadBalancer"
                && at(object, &["status", "loadBalancer", "ingress"]).is_none() =>
        {
            (Cause::NoAddress, Certainty::Possible)
        }
        _ => return None,
    };
    Some(Diagnosis {
        subject: Subject::of(object),
        cause,
        detail: String::new(),
        certainty,
    })
}

fn refusal(message: &str) -> Cause {
    if message.contains("exceeded quota") || message.contains("failed quota") {
        Cause::Quota
    } else {
        Cause::Refused
    }
}

#[cfg(test)]
mod tests;
