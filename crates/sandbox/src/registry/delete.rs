//! Removal of one object: at once, or marked until its finalizers and its grace period are over.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::catalog::Kind;
use crate::state::State;
use crate::status::Status;

/// What becomes of what an object owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Propagation {
    /// Collected afterwards.
    #[default]
    Background,
    /// Collected before the object itself goes.
    Foreground,
    /// Left behind.
    Orphan,
}

/// How to delete.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeleteOptions {
    pub(crate) propagation: Option<Propagation>,
    pub(crate) grace_seconds: Option<i64>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) dry_run: bool,
}

/// What a deletion came to.
#[derive(Clone, Debug)]
pub(crate) enum Deleted {
    /// Gone; as it was last.
    Gone(Arc<Value>),
    /// Marked; as it is now.
    Marked(Arc<Value>),
}

/// Deletes an object of `kind`.
pub(crate) fn delete(
    state: &mut State,
    kind: &Kind,
    namespace: &str,
    name: &str,
    options: &DeleteOptions,
) -> Result<Deleted, Status> {
    let Some(old) = state.get(&kind.resource, namespace, name).map(Arc::clone) else {
        return Err(Status::not_found(&kind.qualified_plural(), name));
    };
    check_preconditions(kind, &old, name, options)?;
    check_protected(kind, name)?;
    let mut object = Value::clone(&old);
    set_finalizers(kind, &mut object, options);
    let grace = grace(kind, &old, options);
    let held = !finalizers(&object).is_empty() || holds_content(kind, &object);
    if !held && grace == 0 {
        if options.dry_run {
            return Ok(Deleted::Gone(old));
        }
        let gone = state.remove(&kind.resource, namespace, name);
        return Ok(Deleted::Gone(gone.unwrap_or(old)));
    }
    mark(state, kind, &mut object, grace);
    if object == *old {
        return Ok(Deleted::Marked(old));
    }
    if options.dry_run {
        return Ok(Deleted::Marked(Arc::new(object)));
    }
    Ok(Deleted::Marked(state.put(&kind.resource, object)))
}

fn check_preconditions(
    kind: &Kind,
    old: &Value,
    name: &str,
    options: &DeleteOptions,
) -> Result<(), Status> {
    let kind = kind.qualified_kind();
    let differs = |what: &str, wanted: &Option<String>, key: &str| match wanted {
        Some(wanted) if old["metadata"][key] != **wanted => {
            let real = old["metadata"][key].as_str().unwrap_or_default();
            Err(Status::conflict(
                &kind,
                name,
                &format!(
                    "the {what} in the precondition ({wanted}) does not match the {what} in record ({real}). \
                 The object might have been {}",
                    if key == "uid" {
                        "deleted and then recreated"
                    } else {
                        "modified"
                    }
                ),
            ))
        }
        _ => Ok(()),
    };
    differs("UID", &options.uid, "uid")?;
    differs(
        "ResourceVersion",
        &options.resource_version,
        "resourceVersion",
    )
}

fn check_protected(kind: &Kind, name: &str) -> Result<(), Status> {
    let immortal = ["default", "kube-system", "kube-public"];
    if kind.group.is_empty() && kind.plural == "namespaces" && immortal.contains(&name) {
        let why = "this namespace may not be deleted";
        return Err(Status::forbidden("namespaces", name, why));
    }
    Ok(())
}

fn finalizers(object: &Value) -> Vec<String> {
    let list = object["metadata"]["finalizers"].as_array();
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// `orphan` and `foregroundDeletion` are finalizers that the garbage collector takes away.
fn set_finalizers(kind: &Kind, object: &mut Value, options: &DeleteOptions) {
    const ORPHAN: &str = "orphan";
    const FOREGROUND: &str = "foregroundDeletion";
    let before = finalizers(object);
    let preserved = kind.group == "batch" && kind.plural == "jobs"
        || kind.group.is_empty() && kind.plural == "replicationcontrollers";
    let asked = options.propagation.or_else(|| {
        // What an earlier request began goes on.
        if before.iter().any(|f| f == ORPHAN) {
            Some(Propagation::Orphan)
        } else if before.iter().any(|f| f == FOREGROUND) {
            Some(Propagation::Foreground)
        } else {
            preserved.then_some(Propagation::Orphan)
        }
    });
    let mut after: Vec<String> = before.clone();
    after.retain(|f| f != ORPHAN && f != FOREGROUND);
    let holds = crate::lifecycle::FINALIZER_OF_DEFINITIONS;
    if kind.plural == "customresourcedefinitions" && !after.iter().any(|f| f == holds) {
        after.push(holds.to_owned());
    }
    match asked {
        Some(Propagation::Orphan) => after.push(ORPHAN.to_owned()),
        Some(Propagation::Foreground) => after.push(FOREGROUND.to_owned()),
        Some(Propagation::Background) | None => {}
    }
    if after != before {
        object["metadata"]["finalizers"] = json!(after);
        if after.is_empty() {
            drop(
                object["metadata"]
                    .as_object_mut()
                    .map(|m| m.remove("finalizers")),
            );
        }
    }
}

/// How long the object is left to end by itself: only pods end by themselves.
fn grace(kind: &Kind, old: &Value, options: &DeleteOptions) -> i64 {
    if !(kind.group.is_empty() && kind.plural == "pods") {
        return 0;
    }
    let over = matches!(
        old["status"]["phase"].as_str(),
        Some("Succeeded" | "Failed")
    );
    let placed = old["spec"]["nodeName"]
        .as_str()
        .is_some_and(|node| !node.is_empty());
    if over || !placed {
        return 0;
    }
    let own = old["spec"]["terminationGracePeriodSeconds"].as_i64();
    let wanted = options.grace_seconds.or(own).unwrap_or(30).max(0);
    match old["metadata"]["deletionGracePeriodSeconds"].as_i64() {
        // A second request may only shorten what is left.
        Some(running) => wanted.min(running),
        None => wanted,
    }
}

fn holds_content(kind: &Kind, object: &Value) -> bool {
    kind.group.is_empty()
        && kind.plural == "namespaces"
        && object["spec"]["finalizers"]
            .as_array()
            .is_some_and(|f| !f.is_empty())
}

fn mark(state: &State, kind: &Kind, object: &mut Value, grace: i64) {
    let metadata = &mut object["metadata"];
    let running = metadata["deletionGracePeriodSeconds"].as_i64();
    if metadata["deletionTimestamp"].is_null() || running.is_some_and(|running| grace < running) {
        if metadata["deletionTimestamp"].is_null()
            && let Some(generation) = metadata["generation"].as_i64()
        {
            metadata["generation"] = (generation + 1).into();
        }
        let seconds = Duration::from_secs(u64::try_from(grace).unwrap_or(0));
        metadata["deletionTimestamp"] = state.now().plus(seconds).rfc3339().into();
        metadata["deletionGracePeriodSeconds"] = grace.into();
    }
    if holds_content(kind, object) {
        // Namespaces say so in their phase, and have no grace period.
        drop(
            object["metadata"]
                .as_object_mut()
                .map(|m| m.remove("deletionGracePeriodSeconds")),
        );
        object["status"]["phase"] = "Terminating".into();
    }
}
