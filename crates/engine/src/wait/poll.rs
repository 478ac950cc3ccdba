//! Asking again and again, every two seconds: Helm 3's way, and `--wait=legacy`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Error, Mapping, Object, Selection};
use windlass_readiness::legacy::{self, Needs};
use windlass_readiness::{Purpose, Status, kstatus};

use super::around::replica_sets;
use super::{Bounds, Limit, WaitError, expire, now, selector};
use crate::engine::Engine;
use crate::event::{Event, Level};
use crate::logs::pods;
use crate::objects::{Target, get};

/// Between one round of questions and the next.
const INTERVAL: Duration = Duration::from_secs(2);

/// How often in a row an object may not be readable, where that can pass.
const FAILURES: usize = 30;

/// Waits until objects are ready. They are asked for in order, up to the first that is not.
pub(super) async fn ready(
    engine: &Engine,
    targets: &[Target],
    jobs: bool,
    bounds: Bounds<'_>,
) -> Result<(), WaitError> {
    let judged = |target: &&Target| legacy::is_judged(&target.object, jobs);
    let judged: Vec<&Target> = targets.iter().filter(judged).collect();
    if bounds.limit == Some(Duration::ZERO) && !judged.is_empty() {
        return Err(WaitError::Deadline);
    }
    let mut failures = vec![0; judged.len()];
    let objects: Vec<ObjectRef> = judged.iter().map(|target| target.at.clone()).collect();
    let ending = bounds.end(engine, &objects, purpose(jobs));
    let warned = AtomicBool::new(false);
    rounds(engine, ending, async || {
        for (target, failures) in judged.iter().zip(&mut failures) {
            match is_ready(engine, &target.at, jobs, &warned).await {
                Ok(ready) => {
                    *failures = 0;
                    if !ready {
                        return Ok(false);
                    }
                }
                Err(error) if error.may_pass() && *failures < FAILURES => {
                    *failures += 1;
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    })
    .await
}

/// Why an object was not judged, or for good.
enum Misread {
    Read(Error),
    Failed(String),
}

impl Misread {
    /// Whether asking again may help. Helm thinks so of all that is not a server's answer.
    fn may_pass(&self) -> bool {
        match self {
            Self::Failed(_) => true,
            Self::Read(error) => error.status().is_none_or(|status| {
                let code = status.code;
                matches!(code, 0 | 429) || (code >= 500 && code != 501)
            }),
        }
    }
}

impl From<Misread> for WaitError {
    fn from(misread: Misread) -> Self {
        match misread {
            Misread::Read(error) => Self::Read(error),
            Misread::Failed(text) => Self::Check(text),
        }
    }
}

async fn is_ready(
    engine: &Engine,
    at: &ObjectRef,
    jobs: bool,
    warned: &AtomicBool,
) -> Result<bool, Misread> {
    let object = get(&*engine.cluster, at).await.map_err(Misread::Read)?;
    let related = match legacy::needs(&object) {
        Needs::Nothing => Ok(Vec::new()),
        Needs::Pods => of_selector(engine, at, &object, &pods()).await,
        Needs::ReplicaSets => of_selector(engine, at, &object, &replica_sets()).await,
    };
    let related = match related {
        Err(Misread::Read(error)) if error.is_forbidden() => {
            return Ok(is_current(engine, at, &object, jobs, &error, warned));
        }
        other => other?,
    };
    let verdict = legacy::judge(&object, &related, jobs);
    let verdict = verdict.map_err(|failed| Misread::Failed(failed.to_string()))?;
    if verdict.ready {
        engine.tell(Event::Ready(at.clone()));
    } else {
        let message = verdict.note.as_ref().map_or("", |note| note.message);
        engine.tell(Event::Waiting {
            object: at.clone(),
            status: "InProgress".to_owned(),
            message: message.to_owned(),
        });
    }
    if let Some(note) = verdict.note {
        match engine.compat.logs_structured() {
            true => engine.log(Level::Debug, note.message, note.attributes),
            false => engine.log(Level::Debug, note.line, Vec::new()),
        }
    }
    Ok(verdict.ready)
}

/// The verdict by the object's own status, where what belongs to it may not be listed: said once.
fn is_current(
    engine: &Engine,
    at: &ObjectRef,
    object: &Object,
    jobs: bool,
    forbidden: &Error,
    warned: &AtomicBool,
) -> bool {
    if !warned.swap(true, Ordering::Relaxed) {
        let message =
            "pods and ReplicaSets cannot be listed, judging objects by their own status instead";
        let fields = vec![("error", forbidden.to_string())];
        engine.log(Level::Own, message, fields);
    }
    let seen = kstatus::assess(object, purpose(jobs), &[], now(engine));
    let ready = seen.status == Status::Current;
    engine.tell(match ready {
        true => Event::Ready(at.clone()),
        false => Event::Waiting {
            object: at.clone(),
            status: seen.status.as_str().to_owned(),
            message: seen.message,
        },
    });
    ready
}

fn purpose(jobs: bool) -> Purpose {
    match jobs {
        true => Purpose::ReadyWithJobs,
        false => Purpose::Ready,
    }
}

async fn of_selector(
    engine: &Engine,
    at: &ObjectRef,
    object: &Object,
    kind: &Mapping,
) -> Result<Vec<Object>, Misread> {
    let selection = Selection {
        namespace: Some(at.namespace.clone()),
        labels: selector(object).unwrap_or_default(),
        fields: String::new(),
    };
    let listed = engine.cluster.list(kind, &selection).await;
    listed.map(|listed| listed.items).map_err(Misread::Read)
}

/// Waits until objects are gone. They are asked for in order, up to the first that is there.
pub(super) async fn gone(
    engine: &Engine,
    objects: &[ObjectRef],
    limit: Limit,
) -> Result<(), WaitError> {
    let left = async || {
        for at in objects {
            match get(&*engine.cluster, at).await {
                Ok(_) => return Ok(Some(at)),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(WaitError::Read(error)),
            }
        }
        Ok(None)
    };
    rounds(engine, expire(engine, limit), async || {
        let Some(at) = left().await? else {
            return Ok(true);
        };
        engine.tell(Event::Waiting {
            object: at.clone(),
            status: "Terminating".to_owned(),
            message: String::new(),
        });
        Ok(false)
    })
    .await
}

/// Asks until the answer is yes or an error. One question is asked even where there is no time.
async fn rounds(
    engine: &Engine,
    ending: impl Future<Output = ()>,
    mut ask: impl AsyncFnMut() -> Result<bool, WaitError>,
) -> Result<(), WaitError> {
    tokio::pin!(ending);
    while !ask().await? {
        tokio::select! {
            biased;
            () = &mut ending => return Err(WaitError::Deadline),
            () = engine.cluster.sleep(INTERVAL) => {}
        }
    }
    Ok(())
}
