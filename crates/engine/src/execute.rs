//! Carrying out the middle of a plan: the hooks before, the objects, waiting for them, the hooks
//! behind. What comes before (the record that is the fence) and after (the record of the outcome) is
//! the action's own.

use windlass_plan::ObjectRef;
use windlass_plan::journal::Phase;
use windlass_plan::plan::{Operation, Plan};
use windlass_release::{HookEvent, Release};

use crate::apply::{self, Create, Update};
use crate::engine::Engine;
use crate::error::Error;
use crate::hooks::Hooks;
use crate::notes::Notes;
use crate::objects::Target;
use crate::options::Waiting;
use crate::wait::Waiter;

/// How the objects of a plan are brought to the cluster.
pub(crate) enum Bringing {
    /// None of them is there.
    Create(Create),
    /// They may be there; these are what they were.
    Update(Vec<Target>, Update),
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
    pub(crate) plan: &'a Plan,
    pub(crate) notes: &'a Notes,
    pub(crate) before: HookEvent,
    pub(crate) behind: HookEvent,
    pub(crate) waiting: Waiting,
    pub(crate) bringing: Bringing,
    /// What was created so far: filled while it runs, and right also when it is cancelled.
    pub(crate) created: Vec<ObjectRef>,
}

impl Execution<'_> {
    /// Carries the plan out until something fails or the user has had enough.
    ///
    /// Dropping the future is safe at any point: what was written by then stays.
    pub(crate) async fn run(&mut self, release: &mut Release) -> Result<(), Stopped> {
        let before = self.before.clone();
        self.hooks(release, &before)
            .await
            .map_err(|error| stopped(Part::HooksBefore, error))?;
        let targets = self.bring().await;
        let targets = targets.map_err(|error| stopped(Part::Objects, error))?;
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

    /// Brings the objects; they come back as the server has them.
    async fn bring(&mut self) -> Result<Vec<Target>, Error> {
        let mut targets = wanted(self.plan);
        self.notes.phase(Phase::Apply);
        match &self.bringing {
            Bringing::Create(_) if targets.is_empty() => {}
            Bringing::Create(how) => {
                let created = apply::create(self.engine, &mut targets, *how).await;
                created.map_err(Error::Apply)?;
            }
            Bringing::Update(before, how) => {
                let recreated = recreated(self.plan);
                let updated =
                    apply::update_or_recreate(self.engine, before, &mut targets, *how, &recreated);
                let (outcome, result) = updated.await;
                self.created = outcome.created;
                result.map_err(Error::Apply)?;
            }
        }
        Ok(targets)
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

/// The objects that a plan wants, in its order.
fn wanted(plan: &Plan) -> Vec<Target> {
    let target = |operation: &Operation| match operation {
        Operation::Apply { object, wanted, .. } => Some(Target {
            at: object.clone(),
            object: wanted.clone(),
        }),
        _ => None,
    };
    let operations = plan.steps.iter().map(|step| &step.operation);
    operations.filter_map(target).collect()
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
