//! Forecast: what a plan will do to each object, asked of the server by dry runs, several at a time.
//!
//! What depends on something else of the same plan cannot be asked yet (a namespace or a kind that it
//! creates, a service account): it counts as what is wanted. So does what a webhook cannot judge
//! without doing it.

use futures_util::stream::{self, StreamExt};
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Error as ClusterError, Object, StatusCause};
use windlass_plan::plan::forecast::{Fate, Forecast, Foreseen, Refusal};
use windlass_plan::plan::{Operation, Plan, Reason};

use crate::apply::{self, ApplyError, Predicted, Update};
use crate::engine::Engine;
use crate::error::{Error, text};
use crate::execute::Bringing;
use crate::objects::{MAX_IN_FLIGHT, Origin, Target, annotations, find, get, ownership};

/// The annotation that keeps an object from being deleted, and what it must say.
const POLICY: &str = "helm.sh/resource-policy";
const KEEP: &str = "keep";

/// Looks ahead.
pub(crate) async fn forecast(engine: &Engine, plan: &Plan, bringing: &Bringing) -> Forecast {
    let looking = Looking::new(engine, plan, bringing);
    let steps = plan.steps.iter().map(|step| &step.operation);
    let calls: Vec<_> = steps.map(|operation| looking.at(operation)).collect();
    let found: Vec<Option<Foreseen>> = stream::iter(calls).buffered(MAX_IN_FLIGHT).collect().await;
    Forecast {
        objects: found.into_iter().flatten().collect(),
    }
}

/// Sees whether the server will take all of a plan.
///
/// # Errors
/// [`Error::Preflight`] with all that it refuses.
pub(crate) async fn preflight(
    engine: &Engine,
    plan: &Plan,
    bringing: &Bringing,
) -> Result<(), Error> {
    check(&forecast(engine, plan, bringing).await)
}

/// Sees whether the server will take all that was looked at.
///
/// # Errors
/// [`Error::Preflight`] with all that it refuses.
pub(crate) fn check(forecast: &Forecast) -> Result<(), Error> {
    let refused = forecast.refused();
    let refused: Vec<_> = refused.map(|(o, r)| (o.clone(), r.clone())).collect();
    match refused.is_empty() {
        true => Ok(()),
        false => Err(Error::Preflight(refused)),
    }
}

/// What becomes of definitions of kinds, which are created where they are not there and else left.
pub(crate) async fn definitions(engine: &Engine, targets: &[Target]) -> Vec<Foreseen> {
    let one = async |target: &Target| {
        let live = get(&*engine.cluster, &target.at).await.ok();
        let (fate, reason) = match live {
            Some(_) => (Fate::Nothing, Reason::Same),
            None => (Fate::Create, Reason::New),
        };
        Foreseen {
            object: target.at.clone(),
            fate,
            reason,
            after: live.is_none().then(|| target.object.clone()),
            live,
            manifest: None,
            refusal: None,
            unchecked: None,
        }
    };
    let calls: Vec<_> = targets.iter().map(one).collect();
    stream::iter(calls).buffered(MAX_IN_FLIGHT).collect().await
}

struct Looking<'a> {
    engine: &'a Engine,
    /// What the release had before.
    before: &'a [Target],
    how: Update,
    /// What the plan brings, which other things may need.
    coming: Vec<String>,
}

impl<'a> Looking<'a> {
    fn new(engine: &'a Engine, plan: &Plan, bringing: &'a Bringing) -> Self {
        let (before, how) = match bringing {
            Bringing::Update(before, how) => (before.as_slice(), *how),
            Bringing::Create(how) => {
                let how = Update {
                    server_side: how.server_side,
                    force_conflicts: how.force_conflicts,
                    ..Update::default()
                };
                (&[][..], how)
            }
        };
        let name = |operation: &Operation| match operation {
            Operation::CreateNamespace { name } => Some(name.clone()),
            Operation::Apply { object, .. } => Some(object.name.clone()),
            _ => None,
        };
        let steps = plan.steps.iter();
        let coming = steps.filter_map(|step| name(&step.operation)).collect();
        Self {
            engine,
            before,
            how,
            coming,
        }
    }

    async fn at(&self, operation: &Operation) -> Option<Foreseen> {
        match operation {
            Operation::Apply {
                object,
                reason,
                wanted,
                recreate,
                ..
            } => {
                let target = Target {
                    at: object.clone(),
                    object: wanted.clone(),
                    origin: Origin::default(),
                };
                Some(self.bring(&target, *reason, *recreate).await)
            }
            Operation::Prune { object, reason, .. } => Some(self.prune(object, *reason).await),
            Operation::Delete { object, .. } => {
                Some(self.read(object, Reason::Removed, Fate::Delete).await)
            }
            Operation::Keep { object, reason, .. } => {
                let object = object.as_ref()?;
                Some(self.read(object, *reason, Fate::Keep).await)
            }
            _ => None,
        }
    }

    /// An object that goes or stays, as it is; what is not there needs nothing.
    async fn read(&self, object: &ObjectRef, reason: Reason, fate: Fate) -> Foreseen {
        let answer = get(&*self.engine.cluster, object).await;
        let mut found = Foreseen {
            object: object.clone(),
            fate,
            reason,
            manifest: None,
            live: None,
            after: None,
            refusal: None,
            unchecked: None,
        };
        match answer {
            Ok(live) => found.live = Some(live),
            Err(error) if error.is_not_found() => found.fate = Fate::Nothing,
            Err(error) => found.unchecked = Some(error.to_string()),
        }
        found
    }

    async fn prune(&self, object: &ObjectRef, reason: Reason) -> Foreseen {
        let mut found = self.read(object, reason, Fate::Delete).await;
        let policy = found.live.as_ref().map(annotations);
        if policy.is_some_and(|all| all.get(POLICY).is_some_and(|policy| policy == KEEP)) {
            (found.fate, found.reason) = (Fate::Keep, Reason::KeepPolicy);
        }
        found
    }

    async fn bring(&self, target: &Target, reason: Reason, recreate: bool) -> Foreseen {
        let named = !target.at.name.is_empty();
        let live = match named {
            true => get(&*self.engine.cluster, &target.at).await,
            false => Err(ClusterError::Unnamed),
        };
        let (live, unread) = match live {
            Ok(live) => (Some(live), None),
            Err(error) if !named || error.is_not_found() => (None, None),
            Err(error) => (None, Some(error)),
        };
        let original = find(self.before, &target.at);
        let predicted = match unread {
            Some(error) => Err(ApplyError::Read(error)),
            None => apply::predict(self.engine, original, target, live.as_ref(), self.how).await,
        };
        let mut found = Foreseen {
            object: target.at.clone(),
            fate: match live {
                Some(_) => Fate::Update,
                None => Fate::Create,
            },
            reason,
            manifest: None,
            live,
            after: None,
            refusal: None,
            unchecked: None,
        };
        match predicted {
            Ok(Predicted::Created) => found.after = Some(target.object.clone()),
            Ok(Predicted::Changed(after)) => take_change(&mut found, after),
            Ok(Predicted::Unchanged) => found.fate = Fate::Nothing,
            Err(error) if recreate && apply::is_immutable(&error) => {
                found.fate = Fate::Replace;
                found.manifest = original.map(as_brought);
                found.after = Some(target.object.clone());
            }
            Err(error) => match self.is_unsure(&error) {
                true => {
                    found.unchecked = Some(why(&error));
                    found.after = Some(target.object.clone());
                }
                false => {
                    found.manifest = original.map(as_brought);
                    found.after = Some(target.object.clone());
                    found.refusal = Some(Refusal {
                        message: why(&error),
                        is_immutable: apply::is_immutable(&error),
                        is_conflict: error.answer().is_some_and(ClusterError::is_conflict),
                    });
                }
            },
        }
        found
    }

    /// Whether what the server says holds for the dry run only.
    fn is_unsure(&self, error: &ApplyError) -> bool {
        let Some(answer) = error.answer() else {
            return false;
        };
        let told = answer.to_string();
        told.contains("does not support dry run") || self.is_to_come(answer, &told)
    }

    /// Whether all that is missing is something that the plan brings.
    fn is_to_come(&self, answer: &ClusterError, told: &str) -> bool {
        let is_missing =
            told.contains("not found") && (answer.is_not_found() || answer.is_forbidden());
        let named = |name: &String| !name.is_empty() && told.contains(&format!("\"{name}\""));
        is_missing && self.coming.iter().any(named)
    }
}

/// An object of the last manifest as it was brought: with the label that it got on the way.
fn as_brought(original: &Target) -> Object {
    let mut object = original.object.clone();
    ownership::label(&mut object);
    object
}

/// What the server says of an object that it refuses; the object is named elsewhere. What is wrong is told
/// place by place, without the objects that servers put into their answers.
fn why(error: &ApplyError) -> String {
    let Some(answer) = error.answer() else {
        return text(error);
    };
    let causes = answer.status().map(|status| status.causes.as_slice());
    let causes: Vec<String> = causes.unwrap_or_default().iter().map(cause).collect();
    match causes.is_empty() {
        true => answer.to_string(),
        false => causes.join("; "),
    }
}

fn cause(cause: &StatusCause) -> String {
    let message = &cause.message;
    let is_object =
        message.starts_with("Invalid value: {") || message.starts_with("Invalid value: [");
    let end = ["}: ", "]: "]
        .iter()
        .filter_map(|end| message.rfind(end))
        .max();
    let message = match end {
        Some(end) if is_object => &message[end + 3..],
        _ => message.as_str(),
    };
    match cause.field.as_str() {
        "" => message.to_owned(),
        field => format!("{field}: {message}"),
    }
}

/// Takes the server's answer. One that says what is there already is no change.
fn take_change(found: &mut Foreseen, after: Object) {
    let live = found.live.as_ref();
    if live.is_some_and(|live| same_but_for_books(live, &after)) {
        found.fate = Fate::Nothing;
    }
    found.after = Some(after);
}

/// Whether two states of an object differ in the server's bookkeeping only.
fn same_but_for_books(a: &Object, b: &Object) -> bool {
    let plain = |object: &Object| {
        let mut object = object.clone();
        if let Some(metadata) = object.get_mut("metadata").and_then(Object::as_object_mut) {
            for key in ["managedFields", "resourceVersion", "generation"] {
                metadata.remove(key);
            }
        }
        object
    };
    plain(a) == plain(b)
}
