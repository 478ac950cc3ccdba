//! Whether there is anything left to hope for.
//!
//! While objects are waited for, what lies around them is looked at: their pods, and what the cluster
//! warned of. A trouble that somebody must do something about and that has lasted for its grace makes
//! an object hopeless. Waiting is given up when all that is not ready is hopeless; or when something
//! is, by itself, and nothing else has moved for a while.
//!
//! Waiting that is soon over looks at nothing of this: the first seconds are for what goes well.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::mpsc::UnboundedSender;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Object, Selection};
use windlass_readiness::Status;
use windlass_readiness::hopeless::{self, Diagnosis};

use super::around::{Around, Part, text};
use super::now;
use super::stream::{Sink, stream};
use crate::engine::Engine;
use crate::event::Event;
use crate::options::FailFast;

/// How often it is asked whether there is hope.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// From when on one looks around.
const START: Duration = Duration::from_secs(5);

/// How long nothing may have moved before one hopeless object ends the waiting for all.
const QUIET: Duration = Duration::from_secs(30);

/// How long a trouble may be out of sight and still be the same: between two attempts at something
/// there is a moment in which all looks well.
const LAPSE: Duration = Duration::from_secs(20);

/// By how much the clocks of the cluster and of this machine may differ, in seconds. What was noted
/// earlier is of an earlier action.
const SKEW: i64 = 60;

/// What is known of the troubles of objects that are waited for.
pub(super) struct Hope<'a> {
    engine: &'a Engine,
    objects: &'a [ObjectRef],
    fail_fast: FailFast,
    /// When waiting began, in seconds after 1970, and how long that is ago.
    began: i64,
    waited: Duration,
    around: HashMap<String, Around>,
    states: Vec<State>,
    /// When something last got further, and the pods that have.
    moved: Duration,
    arrived: HashSet<String>,
}

/// An object that is waited for.
#[derive(Default)]
struct State {
    /// As it was last seen, where it is not ready.
    object: Option<Object>,
    is_settled: bool,
    was_settled: bool,
    /// It has failed by its own account.
    failed: bool,
    /// By [`Diagnosis::code`].
    troubles: HashMap<&'static str, Lasting>,
}

/// A trouble that lasts.
struct Lasting {
    since: Duration,
    last: Duration,
    /// How often containers had been started again when it began.
    restarts: i64,
    /// Whether it has lasted too long.
    is_hopeless: bool,
    /// Whether it can pass as long as anything else is on its way.
    depends: bool,
}

/// What is seen around objects.
pub(super) enum Glimpse {
    All(Part, String, Vec<Object>),
    One(Part, String, Object),
    Gone(Part, String, Object),
}

impl<'a> Hope<'a> {
    pub(super) fn new(engine: &'a Engine, objects: &'a [ObjectRef], fail_fast: FailFast) -> Self {
        let states = objects.iter().map(|_| State::default()).collect();
        Self {
            engine,
            objects,
            fail_fast,
            began: now(engine),
            waited: Duration::ZERO,
            around: HashMap::new(),
            states,
            moved: Duration::ZERO,
            arrived: HashSet::new(),
        }
    }

    /// Whether it is ever given up.
    pub(super) fn is_on(&self) -> bool {
        self.fail_fast != FailFast::Never
    }

    /// How soon.
    pub(super) fn fail_fast(&self) -> FailFast {
        self.fail_fast
    }

    /// Takes in how an object stands.
    pub(super) fn saw(&mut self, at: usize, status: Status, object: Option<&Object>) {
        let state = &mut self.states[at];
        state.is_settled = status == Status::Current;
        state.failed = status == Status::Failed;
        state.object = object.filter(|_| !state.is_settled).cloned();
        if state.is_settled && !std::mem::replace(&mut state.was_settled, true) {
            self.moved = self.waited;
        }
    }

    /// Takes in what is seen around objects.
    pub(super) fn glimpse(&mut self, glimpse: Glimpse) {
        match glimpse {
            Glimpse::All(part, namespace, objects) => {
                self.around
                    .entry(namespace)
                    .or_default()
                    .put_all(part, objects);
            }
            Glimpse::One(part, namespace, object) => {
                self.around.entry(namespace).or_default().put(part, object);
            }
            Glimpse::Gone(part, namespace, object) => {
                self.around
                    .entry(namespace)
                    .or_default()
                    .take(part, &object);
            }
        }
    }

    /// A second has passed: whether nothing is left to hope for.
    pub(super) async fn is_lost(&mut self) -> bool {
        self.waited += TICK;
        self.look_for_movement();
        for at in 0..self.states.len() {
            self.judge(at);
        }
        let waiting = || self.states.iter().filter(|state| !state.is_settled);
        let depends_on_none = |state: &State| state.is_hopeless(|trouble| !trouble.depends);
        let all = waiting().all(|state| state.is_hopeless(|_| true));
        let quiet = self.waited.saturating_sub(self.moved) >= self.patience(QUIET);
        let lost = waiting().count() > 0 && (all || (quiet && waiting().any(depends_on_none)));
        lost && !self.makes_room().await
    }

    fn patience(&self, usual: Duration) -> Duration {
        match self.fail_fast {
            FailFast::After(time) => time,
            _ => usual,
        }
    }

    /// A pod that gets ready, or ends well, for the first time is a step ahead.
    fn look_for_movement(&mut self) {
        let mut arrived = Vec::new();
        for (state, at) in self.states.iter().zip(self.objects) {
            let around = self.around.get(&at.namespace);
            let (Some(object), Some(around)) = (&state.object, around) else {
                continue;
            };
            let pods = around
                .pods_of(object)
                .into_iter()
                .filter(|pod| has_arrived(pod));
            arrived.extend(pods.map(|pod| text(pod, "/metadata/uid").to_owned()));
        }
        for uid in arrived {
            if self.arrived.insert(uid) {
                self.moved = self.waited;
            }
        }
    }

    fn judge(&mut self, at: usize) {
        let around = self.around.get(&self.objects[at].namespace);
        let (Some(object), Some(around)) = (&self.states[at].object, around) else {
            return;
        };
        let fresh = |event: &&Object| {
            hopeless::noted_at(event).is_none_or(|noted| noted >= self.began - SKEW)
        };
        let events: Vec<&Object> = around.warnings().into_iter().filter(fresh).collect();
        let pods = around.pods_of(object);
        let causes = hopeless::diagnose(object, &pods, &events, now(self.engine));
        let (waited, moved, fail_fast) = (self.waited, self.moved, self.fail_fast);
        let state = &mut self.states[at];
        for cause in &causes {
            if state.note(cause, waited, moved, fail_fast) {
                self.engine.tell(Event::Trouble {
                    object: self.objects[at].clone(),
                    code: cause.code(),
                    summary: cause.summary(),
                });
            }
        }
        state
            .troubles
            .retain(|_, trouble| waited.saturating_sub(trouble.last) < LAPSE);
    }

    /// Whether nodes are being made for pods that have none.
    async fn makes_room(&self) -> bool {
        let waits = |state: &State| state.troubles.contains_key("unschedulable");
        let pairs = self.states.iter().zip(self.objects);
        let namespaces: HashSet<&str> = pairs
            .filter(|(state, _)| waits(state))
            .map(|(_, at)| at.namespace.as_str())
            .collect();
        for namespace in namespaces {
            for reason in ["TriggeredScaleUp", "Nominated"] {
                let selection = Selection {
                    namespace: Some(namespace.to_owned()),
                    labels: String::new(),
                    fields: format!("reason={reason}"),
                };
                let events = Part::Warnings.mapping();
                let listed = self.engine.cluster.list(&events, &selection).await;
                let listed = listed.map(|listed| listed.items).unwrap_or_default();
                let fresh = |event: &Object| {
                    hopeless::noted_at(event).is_some_and(|noted| noted >= self.began - SKEW)
                };
                if listed.iter().any(fresh) {
                    return true;
                }
            }
        }
        false
    }
}

impl State {
    /// Takes in a trouble that is seen now; whether it is new.
    fn note(
        &mut self,
        cause: &Diagnosis,
        waited: Duration,
        moved: Duration,
        fail_fast: FailFast,
    ) -> bool {
        let Some(grace) = cause.grace() else {
            return false;
        };
        let is_new = !self.troubles.contains_key(cause.code());
        let restarts = cause.restarts();
        let trouble = self.troubles.entry(cause.code()).or_insert(Lasting {
            since: waited,
            last: waited,
            restarts,
            is_hopeless: false,
            depends: grace.depends,
        });
        trouble.last = waited;
        if grace.depends && moved > trouble.since {
            trouble.since = moved;
            trouble.restarts = restarts;
        }
        let lasted = waited.saturating_sub(trouble.since);
        trouble.is_hopeless = match fail_fast {
            FailFast::Never => false,
            FailFast::After(time) => lasted >= time,
            FailFast::Patiently => {
                let tried = !grace.depends || restarts > trouble.restarts;
                lasted >= grace.time && cause.is_habitual() && tried
            }
        };
        is_new
    }

    fn is_hopeless(&self, which: impl Fn(&Lasting) -> bool) -> bool {
        let lost = |trouble: &Lasting| trouble.is_hopeless && which(trouble);
        self.failed || self.troubles.values().any(lost)
    }
}

fn has_arrived(pod: &Object) -> bool {
    let conditions = pod.pointer("/status/conditions").and_then(Object::as_array);
    let mut conditions = conditions.into_iter().flatten();
    text(pod, "/status/phase") == "Succeeded"
        || conditions.any(|c| text(c, "/type") == "Ready" && text(c, "/status") == "True")
}

/// Looks around objects, once they have been waited for a while; without end.
pub(super) async fn look_around(
    engine: &Engine,
    objects: &[ObjectRef],
    fail_fast: FailFast,
    tell: UnboundedSender<Glimpse>,
) {
    let start = match fail_fast {
        FailFast::Never => return std::future::pending().await,
        FailFast::After(time) => time.min(START),
        FailFast::Patiently => START,
    };
    engine.cluster.sleep(start).await;
    let mut wanted: Vec<(Part, &str)> = Vec::new();
    for at in objects {
        for part in parts(at) {
            let pair = (*part, at.namespace.as_str());
            if !wanted.contains(&pair) {
                wanted.push(pair);
            }
        }
    }
    let tell = &tell;
    let lookouts = wanted.into_iter().map(|(part, namespace)| async move {
        let selection = Selection {
            namespace: Some(namespace.to_owned()),
            labels: String::new(),
            fields: part.fields().to_owned(),
        };
        let mut lookout = Lookout {
            part,
            namespace,
            tell,
        };
        // What may not be seen is not known, and nothing is given up for that.
        stream(&*engine.cluster, &part.mapping(), &selection, &mut lookout).await
    });
    join_all(lookouts).await;
    std::future::pending::<()>().await;
}

/// What has to be seen around an object.
fn parts(at: &ObjectRef) -> &'static [Part] {
    match (at.mapping.group.as_str(), at.mapping.kind.as_str()) {
        ("apps", "Deployment") => &Part::ALL,
        ("apps", "ReplicaSet" | "StatefulSet" | "DaemonSet")
        | ("batch", "Job")
        | ("", "ReplicationController") => &[Part::Pods, Part::Warnings],
        ("", "Pod" | "PersistentVolumeClaim") => &[Part::Warnings],
        _ => &[],
    }
}

struct Lookout<'a> {
    part: Part,
    namespace: &'a str,
    tell: &'a UnboundedSender<Glimpse>,
}

impl Lookout<'_> {
    fn tell(&self, glimpse: impl FnOnce(Part, String) -> Glimpse) {
        // Whoever no longer listens has seen enough.
        drop(
            self.tell
                .send(glimpse(self.part, self.namespace.to_owned())),
        );
    }
}

impl Sink for Lookout<'_> {
    fn all(&mut self, objects: Vec<Object>) {
        self.tell(|part, namespace| Glimpse::All(part, namespace, objects));
    }

    fn one(&mut self, object: Object) {
        self.tell(|part, namespace| Glimpse::One(part, namespace, object));
    }

    fn gone(&mut self, object: Object) {
        self.tell(|part, namespace| Glimpse::Gone(part, namespace, object));
    }
}

#[cfg(test)]
mod tests;
