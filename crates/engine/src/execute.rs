//! Carrying out the middle of a plan: the hooks before, the objects, stage by stage, waiting for them,
//! the hooks behind. What comes before (the record that is the fence) and after (the record of the outcome) is
//! the action's own.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use windlass_plan::ObjectRef;
use windlass_plan::journal::Phase;
use windlass_plan::plan::{Operation, Plan, StepId};
use windlass_release::{HookEvent, Release};

use crate::apply::{self, ApplyError, Create, Update, Updating};
use crate::engine::Engine;
use crate::error::Error;
use crate::hooks::Hooks;
use crate::notes::Notes;
use crate::objects::{Origin, Target};
use crate::options::{Strategy, Waiting};
use crate::ordering;
use crate::recovery;
use crate::wait::Waiter;

/// How the objects of a plan are brought to the cluster.
pub(crate) enum Bringing {
    /// None of them is there.
    Create(Create),
    /// They may be there; these are what they were.
    Update(Arc<Vec<Target>>, Update),
}

/// The part of a plan that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    HooksBefore,
    Objects,
    Waiting,
    HooksBehind,
}

/// Why a plan was not carried out to its end.
pub(crate) struct Stopped {
    pub(crate) part: Part,
    pub(crate) error: Error,
}

/// A plan under way.
pub(crate) struct Execution<'a> {
    pub(crate) engine: &'a Engine,
    /// Gives up the objects that it wants when they are brought, so that they are held once.
    pub(crate) plan: &'a mut Plan,
    pub(crate) notes: &'a Notes,
    pub(crate) before: HookEvent,
    pub(crate) behind: HookEvent,
    pub(crate) waiting: Waiting,
    /// Revisions that were interrupted, to be cleaned up behind.
    pub(crate) left: &'a [Release],
    pub(crate) bringing: Bringing,
    /// What was created so far: filled while it runs, and right also when it is cancelled.
    pub(crate) created: Vec<ObjectRef>,
}

impl Execution<'_> {
    /// Carries the plan out until something fails or the user has had enough.
    ///
    /// Dropping the future is safe at any point: what was written by then stays.
    pub(crate) async fn run(&mut self, release: &mut Release) -> Result<(), Stopped> {
        let settled = recovery::settle(self.engine, self.left).await;
        settled.map_err(|error| stopped(Part::Objects, error))?;
        let before = self.before.clone();
        self.hooks(release, &before)
            .await
            .map_err(|error| stopped(Part::HooksBefore, error))?;
        let targets = self.bring().await?;
        self.wait(&targets)
            .await
            .map_err(|error| stopped(Part::Waiting, error))?;
        let behind = self.behind.clone();
        self.hooks(release, &behind)
            .await
            .map_err(|error| stopped(Part::HooksBehind, error))
    }

    async fn hooks(&self, release: &mut Release, moment: &HookEvent) -> Result<(), Error> {
        let planned = |operation: &Operation| matches!(operation, Operation::Hook { moment: planned, .. } if planned == moment.as_str());
        if !self.plan.steps.iter().any(|step| planned(&step.operation)) {
            return Ok(());
        }
        self.notes.phase(Phase::Hooks {
            moment: moment.to_string(),
        });
        let hooks = Hooks {
            engine: self.engine,
            store: &*self.engine.store,
            waiter: Waiter::new(self.engine, self.waiting),
            server_side: self.plan.method.server_side,
        };
        hooks
            .run(release, moment)
            .await
            .map_err(|error| Error::Hook(Box::new(error)))
    }

    /// Brings the objects, stage by stage; they come back as the server has them, or by name alone where
    /// nobody waits for them.
    async fn bring(&mut self) -> Result<Vec<Target>, Stopped> {
        let recreated = recreated(self.plan);
        let (mut targets, parts) = wanted(self.plan);
        let names: Vec<Target> = targets.iter().map(apply::without_object).collect();
        // Only who waits for objects looks at what the server says of them.
        let brief = self.waiting.strategy == Strategy::HookOnly && parts.len() == 1;
        let mut bringing = match &self.bringing {
            Bringing::Create(how) => Under::Create(Create { brief, ..*how }),
            Bringing::Update(before, how) => {
                let how = Update { brief, ..*how };
                let mut updating = Updating::new(self.engine, before, how);
                updating.recreated = recreated;
                Under::Update(updating)
            }
        };
        let mut result = Ok(());
        for part in &parts {
            self.notes.phase(Phase::Apply);
            let brought = bringing.bring(self.engine, &mut targets[part.members.clone()]);
            result = brought.await;
            self.created.clear();
            self.created.extend_from_slice(bringing.created());
            if result.is_err() {
                break;
            }
            self.pass(&targets, part).await?;
        }
        if let (Ok(()), Under::Update(updating)) = (&result, &mut bringing) {
            result = updating.prune(&names).await;
        }
        match result {
            Ok(()) => Ok(targets),
            Err(error) => Err(stopped(Part::Objects, Error::Apply(error))),
        }
    }

    /// Waits for what the next part depends on.
    async fn pass(&self, targets: &[Target], part: &Members) -> Result<(), Stopped> {
        if part.awaited.is_empty() {
            return Ok(());
        }
        self.notes.phase(Phase::Wait);
        let awaited = part.awaited.iter().map(|index| targets[*index].clone());
        let awaited: Vec<Target> = awaited.collect();
        let waiter = Waiter::new(self.engine, ordering::gate(self.waiting));
        let ready = waiter.ready(&awaited).await;
        ready.map_err(|error| stopped(Part::Waiting, Error::Gate(error)))
    }

    async fn wait(&self, targets: &[Target]) -> Result<(), Error> {
        self.notes.phase(Phase::Wait);
        let waiter = Waiter::new(self.engine, self.waiting);
        waiter.ready(targets).await.map_err(Error::Wait)
    }
}

fn stopped(part: Part, error: Error) -> Stopped {
    Stopped { part, error }
}

/// How objects are being brought.
enum Under<'a> {
    Create(Create),
    Update(Updating<'a>),
}

impl Under<'_> {
    async fn bring(&mut self, engine: &Engine, targets: &mut [Target]) -> Result<(), ApplyError> {
        match self {
            Self::Create(_) if targets.is_empty() => Ok(()),
            Self::Create(how) => apply::create(engine, targets, *how).await,
            Self::Update(updating) => updating.bring(targets).await,
        }
    }

    fn created(&self) -> &[ObjectRef] {
        match self {
            Self::Create(_) => &[],
            Self::Update(updating) => &updating.outcome.created,
        }
    }
}

/// Objects of a plan that are brought without a wait between them, and those that what comes next
/// depends on.
#[derive(Default)]
struct Members {
    members: Range<usize>,
    awaited: Vec<usize>,
}

/// The objects that a plan wants, in its order, and the parts that it brings them in.
fn wanted(plan: &mut Plan) -> (Vec<Target>, Vec<Members>) {
    let mut targets = Vec::new();
    let mut places: HashMap<StepId, usize> = HashMap::new();
    let mut parts = Vec::new();
    let mut start = 0;
    for step in &mut plan.steps {
        match &mut step.operation {
            Operation::Apply { object, wanted, .. } => {
                places.insert(step.id, targets.len());
                targets.push(Target {
                    at: object.clone(),
                    object: std::mem::take(wanted),
                    origin: Origin::default(),
                });
            }
            Operation::Await { steps, .. } => {
                let awaited = steps.iter().filter_map(|id| places.get(id));
                parts.push(Members {
                    members: start..targets.len(),
                    awaited: awaited.copied().collect(),
                });
                start = targets.len();
            }
            _ => {}
        }
    }
    parts.push(Members {
        members: start..targets.len(),
        awaited: Vec::new(),
    });
    (targets, parts)
}

/// The objects that a plan allows to be made anew.
fn recreated(plan: &Plan) -> Vec<ObjectRef> {
    let object = |operation: &Operation| match operation {
        Operation::Apply {
            object,
            recreate: true,
            ..
        } => Some(object.clone()),
        _ => None,
    };
    let operations = plan.steps.iter().map(|step| &step.operation);
    operations.filter_map(object).collect()
}
