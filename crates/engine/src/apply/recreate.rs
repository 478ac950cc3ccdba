//! Objects that the server does not let be changed: deleted and created anew, where that is allowed. And
//! objects that are created while the former one of their name is still going.

use std::time::Duration;

use serde_json::Value;
use windlass_plan::cluster::{DeleteOptions, Object, Propagation};

use super::create::{create, create_one};
use super::{ApplyError, Create, Update};
use crate::engine::Engine;
use crate::event::Level;
use crate::objects::{Target, get};

/// How long an object may take to go.
const PATIENCE: Duration = Duration::from_mins(5);
/// What an object may take beyond the time that its pods have to end.
const SPARE: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Whether the server said that the object cannot be changed in that way. Servers have no code for that,
/// only words.
pub(crate) fn is_immutable(error: &ApplyError) -> bool {
    const WORDS: &[&str] = &[
        "immutable",
        "may not change once set",
        "may not be changed",
        "cannot be changed",
        "updates to statefulset spec for fields other than",
        "pod updates may not change fields other than",
        "updates to parameters are forbidden",
        "updates to provisioner are forbidden",
    ];
    let Some(status) = error.answer().and_then(|error| error.status()) else {
        return false;
    };
    let says = |text: &str| WORDS.iter().any(|word| text.contains(word));
    status.code == 422
        && (says(&status.message) || status.causes.iter().any(|cause| says(&cause.message)))
}

/// Deletes an object, waits until it is gone, and creates it. Pods of a StatefulSet stay meanwhile, for
/// the new one to adopt.
///
/// Dropping the future may leave the object deleted: the same command creates it then.
pub(super) async fn recreate(
    engine: &Engine,
    target: &mut Target,
    live: &Object,
    how: Update,
) -> Result<(), ApplyError> {
    let message = format!("deleting {} to create it anew", target.at);
    engine.log(Level::Debug, message, Vec::new());
    let uid = live.pointer("/metadata/uid").and_then(Value::as_str);
    let options = DeleteOptions {
        propagation: Some(match target.at.mapping.is("apps", "StatefulSet") {
            true => Propagation::Orphan,
            false => Propagation::Background,
        }),
        uid: uid.map(str::to_owned),
        ..DeleteOptions::default()
    };
    match engine.cluster.delete(&target.at, &options).await {
        Err(error) if !error.is_not_found() => {
            return Err(ApplyError::Recreate {
                object: Box::new(target.at.clone()),
                cause: error,
            });
        }
        _ => {}
    }
    until_gone(engine, target, uid, PATIENCE).await?;
    let how = Create {
        server_side: how.server_side,
        force_conflicts: how.force_conflicts,
        dry_run: false,
        ..Create::default()
    };
    create_one(engine, target, how).await
}

/// Creates objects, and once more those whose former one was still going: a server applies onto such an
/// object, and then it is gone. What does not go in time stays as it is.
///
/// # Errors
/// As [`create`].
pub(crate) async fn create_for_good(
    engine: &Engine,
    targets: &mut [Target],
    how: Create,
    limit: Option<Duration>,
) -> Result<(), ApplyError> {
    let wanted = targets.to_vec();
    create(engine, targets, how).await?;
    for (target, mut anew) in targets.iter_mut().zip(wanted) {
        let Some(patience) = going(&target.object) else {
            continue;
        };
        let patience = limit.map_or(patience, |limit| limit.min(patience));
        let uid = target.object.pointer("/metadata/uid");
        let uid = uid.and_then(Value::as_str).map(str::to_owned);
        if until_gone(engine, target, uid.as_deref(), patience)
            .await
            .is_ok()
        {
            create_one(engine, &mut anew, how).await?;
            *target = anew;
        }
    }
    Ok(())
}

/// How long an object that is being deleted may take to go.
fn going(object: &Object) -> Option<Duration> {
    object.pointer("/metadata/deletionTimestamp")?;
    let grace = object.pointer("/metadata/deletionGracePeriodSeconds");
    let grace = grace.and_then(Value::as_u64).unwrap_or_default();
    Some(Duration::from_secs(grace) + SPARE)
}

async fn until_gone(
    engine: &Engine,
    target: &Target,
    uid: Option<&str>,
    patience: Duration,
) -> Result<(), ApplyError> {
    let (mut pause, mut waited) = (FIRST_PAUSE, Duration::ZERO);
    loop {
        let still = match get(&*engine.cluster, &target.at).await {
            Ok(found) if found.pointer("/metadata/uid").and_then(Value::as_str) == uid => found,
            Ok(_) => return Ok(()),
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(ApplyError::Read(error)),
        };
        if waited >= patience {
            let finalizers = still.pointer("/metadata/finalizers");
            let finalizers = finalizers.and_then(Value::as_array).into_iter().flatten();
            let texts = finalizers.filter_map(|f| f.as_str().map(str::to_owned));
            return Err(ApplyError::StillThere {
                object: Box::new(target.at.clone()),
                seconds: patience.as_secs(),
                finalizers: texts.collect(),
            });
        }
        engine.cluster.sleep(pause).await;
        waited += pause;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
