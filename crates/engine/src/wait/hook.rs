//! Waiting for hooks as Helm 3 does: each Job and pod by itself, with the whole time for each.

use std::sync::atomic::AtomicBool;

use tokio::sync::mpsc::unbounded_channel;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::Object;
use windlass_readiness::Purpose;

use super::follow::{Sight, follow};
use super::{Bounds, WaitError};
use crate::apply::{Joined, level};
use crate::engine::Engine;
use crate::event::{Event, Level};
use crate::objects::{MAX_IN_FLIGHT, Target};

/// Waits until Jobs and pods have succeeded. Other kinds are done when they are there.
pub(super) async fn completed(
    engine: &Engine,
    targets: &[Target],
    bounds: Bounds<'_>,
) -> Result<(), WaitError> {
    if targets.is_empty() {
        return Err(WaitError::NothingVisited);
    }
    let mut errors = Vec::new();
    for level in targets.chunk_by(|a, b| level::together(&a.at, &b.at)) {
        let calls = level.iter().map(|target| one(engine, &target.at, bounds));
        let results = level::run(calls.collect(), MAX_IN_FLIGHT).await;
        errors.extend(results.into_iter().filter_map(Result::err));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(WaitError::Several {
            errors,
            joined: Joined::of(engine.compat),
        }),
    }
}

async fn one(engine: &Engine, at: &ObjectRef, bounds: Bounds<'_>) -> Result<(), WaitError> {
    let verdict = match at.mapping.kind.as_str() {
        "Job" => job,
        "Pod" => pod,
        _ => return Ok(()),
    };
    let (tell, mut sights) = unbounded_channel();
    let alone = std::slice::from_ref(at);
    let following = follow(engine, alone, AtomicBool::new(false), tell);
    let expiring = bounds.end(engine, alone, Purpose::Hook);
    tokio::pin!(following, expiring);
    loop {
        let sight = tokio::select! {
            biased;
            Some(sight) = sights.recv() => sight,
            () = &mut expiring => return Err(WaitError::HookTimeout),
            () = &mut following => continue,
        };
        match sight {
            Sight::Absent { .. } => {}
            // Somebody took it away: there is nothing left to wait for.
            Sight::Gone { .. } => return Ok(()),
            Sight::Blind(error) => return Err(error),
            Sight::There { object, .. } => {
                let verdict = verdict(at, &object);
                if let Err(error) = &verdict {
                    log(engine, error);
                }
                if verdict? {
                    engine.tell(Event::Ready(at.clone()));
                    return Ok(());
                }
                engine.tell(Event::Waiting {
                    object: at.clone(),
                    status: "InProgress".to_owned(),
                    message: String::new(),
                });
            }
        }
    }
}

/// Helm 4 says it at once, and again in the end.
fn log(engine: &Engine, error: &WaitError) {
    let (message, fields) = match error {
        _ if !engine.compat.logs_structured() => return,
        WaitError::JobFailed { name, reason } => (
            "job failed",
            vec![("job", name.clone()), ("reason", reason.clone())],
        ),
        WaitError::PodFailed { name } => ("pod failed", vec![("pod", name.clone())]),
        _ => return,
    };
    engine.log(Level::Error, message, fields);
}

fn job(at: &ObjectRef, object: &Object) -> Result<bool, WaitError> {
    typed(at, "batch", "*batch.Job")?;
    let name = at.name.clone();
    let conditions = object
        .pointer("/status/conditions")
        .and_then(Object::as_array);
    for condition in conditions.into_iter().flatten() {
        let text = |key: &str| {
            condition
                .get(key)
                .and_then(Object::as_str)
                .unwrap_or_default()
        };
        match (text("type"), text("status")) {
            ("Complete", "True") => return Ok(true),
            ("Failed", "True") => {
                let reason = text("reason").to_owned();
                return Err(WaitError::JobFailed { name, reason });
            }
            _ => {}
        }
    }
    Ok(false)
}

fn pod(at: &ObjectRef, object: &Object) -> Result<bool, WaitError> {
    typed(at, "", "*v1.Pod")?;
    match object.pointer("/status/phase").and_then(Object::as_str) {
        Some("Succeeded") => Ok(true),
        Some("Failed") => Err(WaitError::PodFailed {
            name: at.name.clone(),
        }),
        _ => Ok(false),
    }
}

/// Helm goes by the kind's name, and then finds that a kind of another group is not what it meant.
fn typed(at: &ObjectRef, group: &str, wanted: &str) -> Result<(), WaitError> {
    match at.mapping.group == group {
        true => Ok(()),
        false => Err(WaitError::Check(format!(
            "expected {} to be a {wanted}, got *unstructured.Unstructured",
            at.name
        ))),
    }
}
