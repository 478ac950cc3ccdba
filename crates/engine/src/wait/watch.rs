//! Helm 4's watcher: objects are followed and judged by kstatus.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::future::{Fuse, FusedFuture, FutureExt};
use tokio::sync::mpsc::unbounded_channel;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Object, Selection};
use windlass_readiness::kstatus::{self, all_gone, all_settled};
use windlass_readiness::{Assessment, Purpose, Status};

use super::follow::{Sight, follow};
use super::hope::{Hope, TICK, look_around};
use super::{Bounds, Limit, Unsettled, WaitError, expire, now, selector};
use crate::engine::Engine;
use crate::event::Event;
use crate::logs::pods;
use crate::objects::Target;
use crate::options::FailFast;

/// How long a pod may be without a node before that counts as a failure.
const SCHEDULING: Duration = Duration::from_secs(15);

/// Waits until objects are as wanted for a purpose. Those that have failed are waited for no longer,
/// but the others still are.
pub(super) async fn until(
    engine: &Engine,
    targets: &[Target],
    purpose: Purpose,
    bounds: Bounds<'_>,
) -> Result<(), WaitError> {
    let awaited = |target: &&Target| match purpose {
        // Of other hooks only that they are there matters, and they were just created.
        Purpose::Hook => target.at.mapping.is("batch", "Job") || target.at.mapping.is("", "Pod"),
        _ => !kstatus::is_skipped(&target.object),
    };
    let objects: Vec<ObjectRef> = targets
        .iter()
        .filter(awaited)
        .map(|target| target.at.clone())
        .collect();
    let mut watch = Watch::new(engine, &objects, Aim::Ready(purpose), bounds.fail_fast);
    let expired = watch.run(bounds.limit).await?;
    bounds.note(watch.gave_up);
    let objects = watch.unsettled(|status| status == Status::Current);
    match objects.is_empty() && !expired {
        true => Ok(()),
        false => Err(WaitError::NotReady { objects, expired }),
    }
}

/// Waits until objects are gone.
pub(super) async fn until_gone(
    engine: &Engine,
    objects: &[ObjectRef],
    limit: Limit,
) -> Result<(), WaitError> {
    let mut watch = Watch::new(engine, objects, Aim::Gone, FailFast::Never);
    let expired = watch.run(limit).await?;
    let objects = watch.unsettled(|status| all_gone([status]));
    match objects.is_empty() && !expired {
        true => Ok(()),
        false => Err(WaitError::StillThere { objects, expired }),
    }
}

/// Ends when nothing is left to hope for, for those who tell readiness otherwise. What failed by its
/// own account is theirs to tell.
pub(super) async fn despair(
    engine: &Engine,
    objects: &[ObjectRef],
    purpose: Purpose,
    bounds: Bounds<'_>,
) {
    if bounds.fail_fast == FailFast::Never {
        return std::future::pending().await;
    }
    let mut watch = Watch::new(engine, objects, Aim::Quietly(purpose), bounds.fail_fast);
    match watch.run(None).await {
        Ok(true) => bounds.note(watch.gave_up),
        _ => std::future::pending().await,
    }
}

/// What is waited for.
#[derive(Clone, Copy)]
enum Aim {
    Ready(Purpose),
    /// The same, without telling of it.
    Quietly(Purpose),
    Gone,
}

struct Watch<'a> {
    engine: &'a Engine,
    objects: &'a [ObjectRef],
    aim: Aim,
    seen: Vec<Assessment>,
    /// Whether anything was seen of an object, be it that it is not there.
    looked: Vec<bool>,
    /// Pods without a node, to be judged again when their time is over.
    homeless: Vec<(usize, Object)>,
    hope: Hope<'a>,
    /// Whether nothing was left to hope for.
    gave_up: bool,
}

impl<'a> Watch<'a> {
    fn new(engine: &'a Engine, objects: &'a [ObjectRef], aim: Aim, fail_fast: FailFast) -> Self {
        Self {
            engine,
            objects,
            aim,
            seen: vec![Assessment::unknown(); objects.len()],
            looked: vec![false; objects.len()],
            homeless: Vec::new(),
            hope: Hope::new(engine, objects, fail_fast),
            gave_up: false,
        }
    }

    /// Looks until all is settled; or until there is no more time, or no more hope: then true.
    async fn run(&mut self, limit: Limit) -> Result<bool, WaitError> {
        let (tell, mut sights) = unbounded_channel();
        let engine = self.engine;
        let objects = self.objects;
        let (look, mut glimpses) = unbounded_channel();
        let warned = AtomicBool::new(matches!(self.aim, Aim::Quietly(_)));
        let following = follow(engine, objects, warned, tell);
        let looking = look_around(engine, objects, self.hope.fail_fast(), look);
        let expiring = expire(engine, limit);
        let scheduling = Fuse::terminated();
        let mut tick = engine.cluster.sleep(TICK);
        tokio::pin!(following, looking, expiring, scheduling);
        while !self.is_settled() {
            if !self.homeless.is_empty() && scheduling.is_terminated() {
                scheduling.set(engine.cluster.sleep(SCHEDULING).fuse());
            }
            tokio::select! {
                biased;
                Some(sight) = sights.recv() => self.see(sight).await?,
                () = &mut expiring => return Ok(true),
                () = &mut scheduling, if !scheduling.is_terminated() => self.rejudge().await,
                Some(glimpse) = glimpses.recv() => self.hope.glimpse(glimpse),
                () = &mut tick, if self.hope.is_on() => {
                    tick = engine.cluster.sleep(TICK);
                    if self.hope.is_lost().await {
                        self.gave_up = true;
                        return Ok(true);
                    }
                }
                () = &mut following => {}
                () = &mut looking => {}
            }
        }
        Ok(false)
    }

    fn is_settled(&self) -> bool {
        let statuses = self.seen.iter().map(|seen| seen.status);
        match self.aim {
            Aim::Ready(_) | Aim::Quietly(_) => all_settled(statuses),
            Aim::Gone => self.looked.iter().all(|looked| *looked) && all_gone(statuses),
        }
    }

    async fn see(&mut self, sight: Sight) -> Result<(), WaitError> {
        match sight {
            Sight::There { at, object } => self.judge(at, object).await,
            Sight::Gone { at } => {
                self.hope.saw(at, Status::NotFound, None);
                self.note(at, Assessment::not_found());
            }
            Sight::Absent { at } => self.looked[at] = true,
            Sight::Blind(error) => return Err(error),
        }
        Ok(())
    }

    async fn judge(&mut self, at: usize, object: Object) {
        let purpose = match self.aim {
            Aim::Ready(purpose) | Aim::Quietly(purpose) => purpose,
            Aim::Gone => Purpose::Ready,
        };
        let mut pods = Vec::new();
        if kstatus::needs_pods(&object, purpose) {
            pods = self.pods_of(at, &object).await;
        }
        let seen = kstatus::assess(&object, purpose, &pods, now(self.engine));
        if self.hope.is_on() {
            let is_ours = matches!(self.aim, Aim::Ready(_));
            let status = match seen.status {
                Status::Failed if !is_ours => Status::InProgress,
                status => status,
            };
            self.hope.saw(at, status, Some(&object));
        }
        self.homeless.retain(|(other, _)| *other != at);
        if seen.status == Status::InProgress && is_homeless(&object) {
            self.homeless.push((at, object));
        }
        self.note(at, seen);
    }

    async fn rejudge(&mut self) {
        for (at, object) in std::mem::take(&mut self.homeless) {
            self.judge(at, object).await;
        }
    }

    /// The pods that an object's selector finds; none where they may not be seen.
    async fn pods_of(&self, at: usize, object: &Object) -> Vec<Object> {
        let Some(labels) = selector(object) else {
            return Vec::new();
        };
        let selection = Selection {
            namespace: Some(self.objects[at].namespace.clone()),
            labels,
            fields: String::new(),
        };
        let listed = self.engine.cluster.list(&pods(), &selection).await;
        listed.map(|listed| listed.items).unwrap_or_default()
    }

    fn note(&mut self, at: usize, seen: Assessment) {
        self.looked[at] = true;
        let before = std::mem::replace(&mut self.seen[at], seen);
        let seen = &self.seen[at];
        if before.status == seen.status && before.message == seen.message {
            return;
        }
        let wanted = match self.aim {
            Aim::Quietly(_) => return,
            Aim::Ready(_) => seen.status == Status::Current,
            Aim::Gone => seen.status == Status::NotFound,
        };
        let object = self.objects[at].clone();
        self.engine.tell(match wanted {
            true => Event::Ready(object),
            false => Event::Waiting {
                object,
                status: seen.status.as_str().to_owned(),
                message: seen.message.clone(),
            },
        });
    }

    fn unsettled(self, settled: impl Fn(Status) -> bool) -> Vec<Unsettled> {
        let objects = self.objects.iter().cloned().zip(self.seen);
        let unsettled = objects.filter(|(_, seen)| !settled(seen.status));
        unsettled.map(|(at, seen)| Unsettled { at, seen }).collect()
    }
}

/// Whether an object is a pod for which no node was found.
fn is_homeless(object: &Object) -> bool {
    let conditions = object
        .pointer("/status/conditions")
        .and_then(Object::as_array);
    let unschedulable = |condition: &Object| {
        let is =
            |key: &str, value: &str| condition.get(key).and_then(Object::as_str) == Some(value);
        is("type", "PodScheduled") && is("status", "False") && is("reason", "Unschedulable")
    };
    object.get("kind").and_then(Object::as_str) == Some("Pod")
        && conditions.into_iter().flatten().any(unschedulable)
}
