//! Tables: what `kubectl get` prints of an object.

use serde_json::{Value, json};

use crate::catalog::Kind;
use crate::clock::Moment;

/// `columnDefinitions`.
pub(crate) fn columns(_kind: &Kind) -> Value {
    json!([
        {"name": "Name", "type": "string", "format": "name", "description": "", "priority": 0},
        {"name": "Age", "type": "string", "format": "", "description": "", "priority": 0},
    ])
}

/// One row.
pub(crate) fn cells(_kind: &Kind, object: &Value, now: Moment) -> Value {
    json!([
        object["metadata"]["name"],
        age(&object["metadata"]["creationTimestamp"], now)
    ])
}

fn age(time: &Value, now: Moment) -> String {
    match time.as_str().and_then(Moment::parse) {
        Some(time) => human(now.since(time).as_secs()),
        None => "<unknown>".to_owned(),
    }
}

fn human(seconds: u64) -> String {
    format!("{seconds}s")
}
