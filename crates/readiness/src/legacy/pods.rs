//! Pods, by themselves and as what others are made of.

use serde_json::Value;

use super::Verdict;
use super::note::Subject;
use crate::field::{list, text};

pub(super) fn pod(object: &Value) -> Verdict {
    let is_ready = list(object, &["status", "conditions"])
        .iter()
        .any(|c| text(c, &["type"], "") == "Ready" && text(c, &["status"], "") == "True");
    if is_ready {
        return Verdict::ready();
    }
    Verdict::waits(Subject::of(object).plain("Pod is not ready"))
}

pub(super) fn all(pods: &[Value]) -> Verdict {
    let waiting = pods.iter().map(pod).find(|verdict| !verdict.ready);
    waiting.unwrap_or_else(Verdict::ready)
}
