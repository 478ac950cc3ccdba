//! Events as lines of JSON, for programs that show progress themselves.

use serde_json::{Value, json};
use windlass_engine::Event;
use windlass_engine::event::Change;
use windlass_plan::ObjectRef;

/// An event's line; none for those that are told otherwise: the log and what hooks print.
pub(super) fn line(event: &Event) -> Option<String> {
    let mut told = match event {
        Event::Started(at) => about("started", at),
        Event::Done(at, change) => about(word(*change), at),
        Event::Waiting {
            object,
            status,
            message,
        } => with(
            about("waiting", object),
            &[("status", status), ("message", message)],
        ),
        Event::Trouble {
            object,
            code,
            summary,
        } => with(
            about("trouble", object),
            &[("code", code), ("message", summary)],
        ),
        Event::Ready(at) => about("ready", at),
        Event::Hook { moment, path } => {
            json!({"event": "hook", "moment": moment, "path": path})
        }
        Event::Log(_) | Event::HookOutput { .. } => return None,
    };
    told["time"] = time().into();
    Some(told.to_string())
}

/// The line about a failure.
pub(crate) fn failed(data: &Value) -> String {
    let mut told = data.clone();
    told["event"] = "failed".into();
    told["time"] = time().into();
    told.to_string()
}

fn about(event: &str, at: &ObjectRef) -> Value {
    json!({
        "event": event,
        "apiVersion": at.mapping.api_version(),
        "kind": at.mapping.kind,
        "namespace": at.namespace,
        "name": at.name,
    })
}

fn with(mut told: Value, fields: &[(&str, &str)]) -> Value {
    for (key, value) in fields {
        told[*key] = (*value).into();
    }
    told
}

fn word(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Updated => "updated",
        Change::Unchanged => "unchanged",
        Change::Deleted => "deleted",
        Change::Kept => "kept",
    }
}

fn time() -> String {
    crate::cluster::now().to_rfc3339().unwrap_or_default()
}
