//! Progress on a terminal: what was done to which object, and what is being waited for, while a command
//! works on a cluster. Off a terminal there is none of it.
//!
//! What is done stays as a line; what is waited for is one line at the bottom that is drawn over.

use std::collections::BTreeMap;

use windlass_engine::Event;
use windlass_engine::event::Change;
use windlass_plan::ObjectRef;

/// How many waiting objects the line names.
const NAMED: usize = 3;

/// What was told so far.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// What is waited for and how it is doing.
    waiting: BTreeMap<String, String>,
}

impl Progress {
    /// Takes note of an event; the line to leave behind, if there is one.
    pub(crate) fn note(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Done(object, change) => {
                let name = name(object);
                if *change == Change::Deleted {
                    self.waiting.remove(&name);
                }
                word(*change).map(|word| format!("  {word} {name}"))
            }
            Event::Waiting {
                object,
                status,
                message,
            } => {
                let state = if message.is_empty() { status } else { message };
                self.waiting.insert(name(object), state.clone());
                None
            }
            Event::Ready(object) => {
                let name = name(object);
                self.waiting.remove(&name);
                Some(format!("  ready {name}"))
            }
            Event::Hook { moment, path } => Some(format!("  {moment} hook {path}")),
            _ => None,
        }
    }

    /// The line at the bottom, if anything is waited for.
    pub(crate) fn line(&self) -> Option<String> {
        let first = self.waiting.iter().take(NAMED);
        let mut parts: Vec<String> = first
            .map(|(name, state)| format!("{name}: {state}"))
            .collect();
        let more = self.waiting.len().saturating_sub(NAMED);
        if more > 0 {
            parts.push(format!("{more} more"));
        }
        (!parts.is_empty()).then(|| format!("  waiting for {}", parts.join("; ")))
    }
}

fn word(change: Change) -> Option<&'static str> {
    match change {
        Change::Created => Some("created"),
        Change::Updated => Some("updated"),
        Change::Deleted => Some("deleted"),
        Change::Kept => Some("kept"),
        Change::Unchanged => None,
    }
}

/// `Deployment/web`
fn name(object: &ObjectRef) -> String {
    format!("{}/{}", object.mapping.kind, object.name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use windlass_plan::Mapping;

    use super::*;

    fn object(name: &str) -> ObjectRef {
        ObjectRef {
            mapping: Mapping {
                group: "apps".to_owned(),
                version: "v1".to_owned(),
                kind: "Deployment".to_owned(),
                plural: "deployments".to_owned(),
                namespaced: true,
            },
            namespace: "default".to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn what_is_ready_is_no_longer_waited_for() {
        let mut progress = Progress::default();
        let waiting = Event::Waiting {
            object: object("web"),
            status: "InProgress".to_owned(),
            message: "1 of 3 ready".to_owned(),
        };
        assert_eq!(progress.note(&waiting), None);
        let line = progress.line().unwrap();
        assert_eq!(line, "  waiting for Deployment/web: 1 of 3 ready");
        let ready = progress.note(&Event::Ready(object("web"))).unwrap();
        assert_eq!(ready, "  ready Deployment/web");
        assert_eq!(progress.line(), None);
    }
}
