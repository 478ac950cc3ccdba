//! What events tell that no object's status does: pods that could not be made, volumes that were not
//! mounted or made.

use serde_json::Value;

use super::{Cause, Certainty, Diagnosis, Subject, is_going, refusal};
use crate::field::{group, kind, text, unix};

/// When an event was last noted, in seconds after 1970.
#[must_use]
pub fn noted_at(event: &Value) -> Option<i64> {
    let times: [&[&str]; 4] = [
        &["series", "lastObservedTime"],
        &["lastTimestamp"],
        &["eventTime"],
        &["metadata", "creationTimestamp"],
    ];
    times
        .into_iter()
        .find_map(|path| unix(text(event, path, "")))
}

/// Pods which could not even be made.
pub(super) fn refusals<'a>(
    object: &'a Value,
    events: &'a [&'a Value],
) -> impl Iterator<Item = Diagnosis> + 'a {
    warnings(events).filter_map(move |event| {
        let about = about(event);
        if reason(event) != "FailedCreate" || !belongs(&about, object) {
            return None;
        }
        let message = text(event, &["message"], "");
        Some(Diagnosis {
            subject: about,
            cause: refusal(message),
            detail: message.to_owned(),
            certainty: Certainty::Persistent,
        })
    })
}

/// Volumes that pods wait for.
pub(super) fn mounts<'a>(
    object: &'a Value,
    pods: &'a [&'a Value],
    events: &'a [&'a Value],
) -> impl Iterator<Item = Diagnosis> + 'a {
    let own = (kind(object) == "Pod").then_some(object);
    warnings(events).filter_map(move |event| {
        if !matches!(reason(event), "FailedMount" | "FailedAttachVolume") {
            return None;
        }
        let about = about(event);
        let is_meant = |pod: &&Value| {
            about.kind == "Pod" && text(pod, &["metadata", "name"], "") == about.name
        };
        let pod = pods.iter().copied().chain(own).find(is_meant)?;
        // What was mounted after all is of the past.
        if is_going(pod) || text(pod, &["status", "phase"], "") != "Pending" {
            return None;
        }
        let message = text(event, &["message"], "");
        Some(Diagnosis {
            subject: about,
            cause: missing(message).unwrap_or(Cause::Mount),
            detail: message.to_owned(),
            certainty: Certainty::Persistent,
        })
    })
}

/// Claims for which no volume can be made.
pub(super) fn volumes<'a>(
    object: &'a Value,
    events: &'a [&'a Value],
) -> impl Iterator<Item = Diagnosis> + 'a {
    let waits = group(object).is_empty()
        && kind(object) == "PersistentVolumeClaim"
        && text(object, &["status", "phase"], "") != "Bound";
    let failed = move |event: &&Value| {
        waits
            && reason(event) == "ProvisioningFailed"
            && about(event).name == Subject::of(object).name
    };
    warnings(events).filter(failed).map(|event| Diagnosis {
        subject: about(event),
        cause: Cause::Unbound,
        detail: text(event, &["message"], "").to_owned(),
        certainty: Certainty::Persistent,
    })
}

/// A Secret, ConfigMap or claim of which a message says that it is not there.
pub(super) fn missing(message: &str) -> Option<Cause> {
    let (before, _) = message.split_once("\" not found")?;
    let (before, name) = before.rsplit_once('"')?;
    let kind = before.trim_end().rsplit([' ', ':']).next()?;
    let kinds = ["secret", "configmap", "persistentvolumeclaim"];
    kinds.contains(&kind).then(|| Cause::Missing {
        kind: kind.to_owned(),
        name: name.to_owned(),
    })
}

fn warnings<'a>(events: &'a [&'a Value]) -> impl Iterator<Item = &'a Value> {
    events
        .iter()
        .copied()
        .filter(|event| text(event, &["type"], "") == "Warning")
}

fn reason(event: &Value) -> &str {
    text(event, &["reason"], "")
}

fn about(event: &Value) -> Subject {
    let word = |name: &'static str| text(event, &["involvedObject", name], "").to_owned();
    Subject {
        kind: word("kind"),
        namespace: word("namespace"),
        name: word("name"),
        container: None,
    }
}

/// Whether an event is about an object or about what it makes pods by.
fn belongs(about: &Subject, object: &Value) -> bool {
    let own = Subject::of(object);
    if about.kind == own.kind {
        return about.name == own.name;
    }
    // A Deployment's pods are made by its ReplicaSets: its name, and a hash without dashes.
    let hash = about.name.strip_prefix(&own.name);
    let hash = hash.and_then(|rest| rest.strip_prefix('-'));
    own.kind == "Deployment"
        && about.kind == "ReplicaSet"
        && hash.is_some_and(|hash| !hash.is_empty() && !hash.contains('-'))
}
