//! Waiting for objects: until they are ready, until hooks are done, until objects are gone.
//!
//! | | Helm 4 | Helm 3, and `--wait=legacy` |
//! |---|---|---|
//! | ready | watches, judged by kstatus | asks every two seconds, by Helm 3's own rules |
//! | hooks | watches, Jobs and pods must succeed | the same, with its own texts |
//! | gone | watches | asks every two seconds |
//! | no timeout | 30 seconds | none; for Helm 3, over at once, hooks aside |
//!
//! What cannot be watched for want of permission is read again and again, which a warning says once.
//! Where it is asked for, a [`Finding`] tells why objects did not become ready: it is put together as soon
//! as waiting fails, before anything is undone.
//!
//! Time passes through [`windlass_plan::Cluster::sleep`]. All futures here can be dropped at any point.

mod around;
mod diagnose;
mod error;
mod explain;
mod follow;
mod hook;
mod hope;
mod poll;
mod stream;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::Object;
use windlass_readiness::Purpose;

pub use diagnose::{Finding, LastLines, Trouble};
pub use error::{Explained, Unsettled, WaitError};

use diagnose::references;

use crate::engine::Engine;
use crate::objects::Target;
use crate::options::{Explain, FailFast, Strategy, Waiting};

/// What no timeout means to the watcher.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Waits as it was told to.
#[derive(Clone, Copy)]
pub struct Waiter<'a> {
    /// The ports.
    pub engine: &'a Engine,
    /// How, and for how long.
    pub waiting: Waiting,
}

/// How long there is to wait; `None` for as long as it takes.
type Limit = Option<Duration>;

impl<'a> Waiter<'a> {
    /// A waiter for an action.
    #[must_use]
    pub fn new(engine: &'a Engine, waiting: Waiting) -> Self {
        Self { engine, waiting }
    }

    /// Waits until a release's objects are ready; not at all if only hooks are waited for.
    ///
    /// # Errors
    /// What is not ready in time, or never will be.
    pub async fn ready(&self, targets: &[Target]) -> Result<(), WaitError> {
        let purpose = match self.waiting.jobs {
            true => Purpose::ReadyWithJobs,
            false => Purpose::Ready,
        };
        let early = AtomicBool::new(false);
        let bounds = self.bounds(self.limit(), &early);
        let waited = match self.waiting.strategy {
            Strategy::HookOnly => Ok(()),
            _ if self.watches() => watch::until(self.engine, targets, purpose, bounds).await,
            _ => poll::ready(self.engine, targets, self.waiting.jobs, bounds).await,
        };
        let early = early.into_inner();
        self.explained(waited, &references(targets), purpose, early)
            .await
    }

    /// Waits until a hook's objects have done their work: Jobs and pods have succeeded.
    ///
    /// # Errors
    /// What failed, or is not done in time.
    pub async fn completed(&self, targets: &[Target]) -> Result<(), WaitError> {
        let early = AtomicBool::new(false);
        let waited = if self.watches() {
            let bounds = self.bounds(self.limit(), &early);
            watch::until(self.engine, targets, Purpose::Hook, bounds).await
        } else {
            let limit = (!self.waiting.timeout.is_zero()).then_some(self.waiting.timeout);
            let bounds = self.bounds(limit, &early);
            hook::completed(self.engine, targets, bounds).await
        };
        let early = early.into_inner();
        self.explained(waited, &references(targets), Purpose::Hook, early)
            .await
    }

    /// Waits until a release's objects are gone; not at all if only hooks are waited for.
    ///
    /// # Errors
    /// What is still there in time.
    pub async fn gone(&self, objects: &[ObjectRef]) -> Result<(), WaitError> {
        let waited = match self.waiting.strategy {
            Strategy::HookOnly => Ok(()),
            _ if self.watches() => watch::until_gone(self.engine, objects, self.limit()).await,
            _ => poll::gone(self.engine, objects, self.limit()).await,
        };
        let objects: Vec<&ObjectRef> = objects.iter().collect();
        self.explained(waited, &objects, Purpose::Ready, false)
            .await
    }

    /// Waits until a hook's objects are gone. Helm 3 always does; Helm 4 only where it waits for a
    /// release's objects too.
    ///
    /// # Errors
    /// What is still there in time.
    pub async fn hook_gone(&self, objects: &[ObjectRef]) -> Result<(), WaitError> {
        match self.engine.compat.waits_by_watching() {
            true => self.gone(objects).await,
            false => poll::gone(self.engine, objects, self.limit()).await,
        }
    }

    /// Finds out why waiting failed, where that is asked for.
    async fn explained(
        &self,
        waited: Result<(), WaitError>,
        objects: &[&ObjectRef],
        purpose: Purpose,
        early: bool,
    ) -> Result<(), WaitError> {
        let error = match waited {
            Err(error) if self.waiting.explain != Explain::No => error,
            other => return other,
        };
        let finding = Finding {
            troubles: diagnose::diagnose(self.engine, objects, purpose, &error).await,
            early,
            is_for_record: self.waiting.explain == Explain::Record,
        };
        Err(WaitError::Explained(Box::new(Explained { error, finding })))
    }

    fn bounds<'b>(&self, limit: Limit, early: &'b AtomicBool) -> Bounds<'b> {
        Bounds {
            limit,
            fail_fast: self.waiting.fail_fast,
            early,
        }
    }

    fn watches(&self) -> bool {
        self.engine.compat.waits_by_watching() && self.waiting.strategy != Strategy::Legacy
    }

    pub(crate) fn limit(&self) -> Limit {
        let timeout = self.waiting.timeout;
        match timeout.is_zero() && self.engine.compat.reads_zero_timeout_as_default() {
            false => Some(timeout),
            true => self.watches().then_some(DEFAULT_TIMEOUT),
        }
    }
}

/// When waiting ends though things are not as wanted.
#[derive(Clone, Copy)]
struct Bounds<'a> {
    limit: Limit,
    fail_fast: FailFast,
    /// Told when it was for want of hope.
    early: &'a AtomicBool,
}

impl Bounds<'_> {
    fn note(&self, early: bool) {
        self.early.store(early, Ordering::Relaxed);
    }

    /// Ends when there is no more time, or nothing left to hope for.
    async fn end(&self, engine: &Engine, objects: &[ObjectRef], purpose: Purpose) {
        tokio::select! {
            () = expire(engine, self.limit) => {}
            () = watch::despair(engine, objects, purpose, *self) => {}
        }
    }
}

/// Ends when there is no more time.
async fn expire(engine: &Engine, limit: Limit) {
    match limit {
        Some(limit) => engine.cluster.sleep(limit).await,
        None => std::future::pending().await,
    }
}

/// Seconds after 1970.
fn now(engine: &Engine) -> i64 {
    engine.clock.now().unix()
}

/// A label selector in the form of queries, from an object's `spec.selector`: that of a
/// ReplicationController is its labels themselves.
fn selector(object: &Object) -> Option<String> {
    let selector = object.pointer("/spec/selector")?;
    let is_plain = selector
        .as_object()
        .is_some_and(|labels| labels.values().all(Object::is_string));
    let labels = match is_plain {
        true => Some(selector),
        false => selector.get("matchLabels"),
    };
    let mut terms = Vec::new();
    for (key, value) in labels.and_then(Object::as_object).into_iter().flatten() {
        terms.push(format!("{key}={}", value.as_str()?));
    }
    let expressions = selector.get("matchExpressions").and_then(Object::as_array);
    for expression in expressions.into_iter().flatten() {
        terms.push(term(expression)?);
    }
    Some(terms.join(","))
}

fn term(expression: &Object) -> Option<String> {
    let key = expression.get("key")?.as_str()?;
    let values = expression.get("values").and_then(Object::as_array);
    let values = values.into_iter().flatten().filter_map(Object::as_str);
    let values = values.collect::<Vec<_>>().join(",");
    Some(match expression.get("operator")?.as_str()? {
        "In" => format!("{key} in ({values})"),
        "NotIn" => format!("{key} notin ({values})"),
        "Exists" => key.to_owned(),
        "DoesNotExist" => format!("!{key}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
