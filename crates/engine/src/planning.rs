//! Making plans: what is wanted and what was observed, put into operations in their order.

use std::collections::HashMap;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::Object;
use windlass_plan::plan::{
    Action, Method, Operation, Plan, Precondition, Reason, Revision, StepId,
};
use windlass_release::{Hook, HookEvent, Release, Status};

use crate::engine::Engine;
use crate::error::Error;
use crate::objects::{self, Index, Target, get_all};
use crate::options::{DryRun, Recreate, Strategy, Waiting};
use crate::ordering::{self, Stage};

/// Objects as they were observed, for what a kept plan must go on holding.
pub(crate) type Observed = HashMap<ObjectRef, Object>;

/// Looks at all objects that a plan is about, if the plan is to be kept. One that is carried out at once
/// need not ask twice: what holds is seen then. What cannot be read is left out.
pub(crate) async fn observe(
    engine: &Engine,
    dry_run: DryRun,
    targets: impl IntoIterator<Item = &Target>,
) -> Observed {
    if !dry_run.observes() {
        return Observed::default();
    }
    let mut all: Vec<ObjectRef> = targets.into_iter().map(|t| t.at.clone()).collect();
    all.sort();
    all.dedup();
    let answers = get_all(&*engine.cluster, &all).await;
    let found = all.into_iter().zip(answers);
    found
        .filter_map(|(at, answer)| Some((at, answer.ok()?)))
        .collect()
}

/// A plan for a revision, without steps.
pub(crate) fn plan(action: Action, release: &Release, method: Method) -> Plan {
    let revision = Revision {
        namespace: release.namespace.clone(),
        name: release.name.clone(),
        revision: release.version,
    };
    Plan::new(action, revision, method)
}

/// What is wanted of objects, and what was observed of them.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    /// What the release had before.
    pub(crate) before: &'a [Target],
    /// What it is to have.
    pub(crate) wanted: &'a [Target],
    /// New in the release, but in the cluster already.
    pub(crate) found: &'a [Target],
    /// Whether what was found may be somebody else's.
    pub(crate) take_ownership: bool,
    /// Objects as they were observed.
    pub(crate) observed: &'a Observed,
    /// Objects that may be made anew.
    pub(crate) recreate: &'a [Recreate],
    /// What is wanted, in stages.
    pub(crate) stages: &'a [Stage],
}

/// What is known of objects besides what is wanted.
struct Known<'a> {
    before: Index<'a>,
    found: Index<'a>,
}

impl Change<'_> {
    /// Adds the operations on objects, a level for each run of a kind, and then the prunings.
    pub(crate) fn add_to(&self, plan: &mut Plan, waiting: Waiting) {
        let mut steps: HashMap<usize, StepId> = HashMap::new();
        let known = Known {
            before: Index::of(self.before),
            found: Index::of(self.found),
        };
        for stage in self.stages {
            let kind = |index: &usize| &self.wanted[*index].at.mapping.kind;
            for level in stage.members.chunk_by(|a, b| kind(a) == kind(b)) {
                for (place, index) in level.iter().enumerate() {
                    steps.insert(*index, plan.step_to_be(place));
                }
                let one = |index: &usize| self.apply(&self.wanted[*index], &known);
                plan.then(level.iter().map(one));
            }
            let awaited = stage.awaited.iter().filter_map(|index| steps.get(index));
            add_gate(plan, awaited.copied().collect(), waiting);
        }
        let pruned: Vec<Operation> = objects::difference(self.before, self.wanted)
            .into_iter()
            .map(|target| Operation::Prune {
                object: target.at.clone(),
                reason: Reason::Removed,
                precondition: self.precondition(target),
            })
            .collect();
        if !pruned.is_empty() {
            plan.then(pruned);
        }
    }

    fn apply(&self, target: &Target, known: &Known<'_>) -> Operation {
        Operation::Apply {
            object: target.at.clone(),
            reason: self.reason(target, known),
            precondition: self.precondition(target),
            wanted: target.object.clone(),
            recreate: self.recreate.iter().any(|named| named.means(&target.at)),
        }
    }

    /// Checks that there is something of each name.
    pub(crate) fn check_recreate(&self) -> Result<(), Error> {
        let is_there = |named: &&Recreate| self.wanted.iter().any(|t| named.means(&t.at));
        match self.recreate.iter().find(|named| !is_there(named)) {
            Some(none) => Err(Error::NothingToRecreate(none.clone())),
            None => Ok(()),
        }
    }

    fn reason(&self, target: &Target, known: &Known<'_>) -> Reason {
        if target.at.name.is_empty() {
            return Reason::Generated;
        }
        if known.found.find(&target.at).is_some() {
            return match self.take_ownership {
                true => Reason::TakenOver,
                false => Reason::Adopted,
            };
        }
        match known.before.find(&target.at) {
            Some(before) if same_content(&before.object, &target.object) => Reason::Same,
            Some(_) => Reason::Changed,
            None => Reason::New,
        }
    }

    fn precondition(&self, target: &Target) -> Option<Precondition> {
        let observed = self.observed.get(&target.at)?;
        Some(Precondition::of(observed, &target.object))
    }
}

/// Whether two manifests want the same of an object. Marks of ownership are on the newer one only.
fn same_content(before: &Object, after: &Object) -> bool {
    use crate::objects::ownership::{MANAGED_BY, RELEASE_NAME, RELEASE_NAMESPACE};
    let plain = |object: &Object| {
        let mut object = object.clone();
        for (group, key) in [
            ("labels", MANAGED_BY),
            ("annotations", RELEASE_NAME),
            ("annotations", RELEASE_NAMESPACE),
        ] {
            let Some(metadata) = object.get_mut("metadata").and_then(Object::as_object_mut) else {
                continue;
            };
            if let Some(texts) = metadata.get_mut(group).and_then(Object::as_object_mut) {
                texts.remove(key);
                if texts.is_empty() {
                    metadata.remove(group);
                }
            }
        }
        object
    };
    plain(before) == plain(after)
}

/// The hooks of a moment, in the order in which they run.
pub(crate) fn hooks_of<'a>(hooks: &'a [Hook], moment: &HookEvent) -> Vec<&'a Hook> {
    let mut found: Vec<&Hook> = hooks.iter().filter(|hook| hook.runs_at(moment)).collect();
    found.sort_by(|a, b| (a.weight, &a.name).cmp(&(b.weight, &b.name)));
    found
}

/// What a new revision brings around the change of its objects.
#[derive(Debug)]
pub(crate) struct Course {
    /// When the hooks before it run.
    pub(crate) before: HookEvent,
    /// When the hooks behind it run.
    pub(crate) behind: HookEvent,
    /// Hooks do not run.
    pub(crate) disable_hooks: bool,
    /// What is waited for.
    pub(crate) waiting: Waiting,
}

impl Course {
    /// Adds the fence, hooks, objects, waiting and hooks.
    pub(crate) fn add_to(&self, plan: &mut Plan, release: &Release, change: &Change<'_>) {
        plan.then([Operation::Record {
            status: release.info.status.to_string(),
        }]);
        if !self.disable_hooks {
            add_hooks(plan, &release.hooks, &self.before);
        }
        change.add_to(plan, self.waiting);
        add_wait(plan, self.waiting);
        if !self.disable_hooks {
            add_hooks(plan, &release.hooks, &self.behind);
        }
    }
}

/// Adds that the revisions before give way, and the end.
pub(crate) fn add_succession(plan: &mut Plan, description: String) {
    plan.then([Operation::Supersede {
        revisions: Vec::new(),
    }]);
    add_finish(plan, description);
}

/// Adds that the revision is deployed.
pub(crate) fn add_finish(plan: &mut Plan, description: String) {
    plan.then([Operation::Finish {
        status: Status::Deployed.to_string(),
        description,
    }]);
}

/// Adds the hooks of a moment, one after the other.
pub(crate) fn add_hooks(plan: &mut Plan, hooks: &[Hook], moment: &HookEvent) {
    for hook in hooks_of(hooks, moment) {
        let policies = hook.delete_policies.iter().map(ToString::to_string);
        plan.then([Operation::Hook {
            moment: moment.to_string(),
            path: hook.path.clone(),
            name: hook.name.clone(),
            kind: hook.kind.clone(),
            weight: hook.weight,
            delete_policies: policies.collect(),
        }]);
    }
}

/// Adds waiting for what those steps did, since what comes next depends on it.
pub(crate) fn add_gate(plan: &mut Plan, steps: Vec<StepId>, waiting: Waiting) {
    if !steps.is_empty() {
        let waiting = ordering::gate(waiting);
        plan.then([Operation::Await {
            steps,
            strategy: waiting.strategy.name().to_owned(),
            jobs: waiting.jobs,
        }]);
    }
}

/// Adds waiting for what was applied.
fn add_wait(plan: &mut Plan, waiting: Waiting) {
    if waiting.strategy != Strategy::HookOnly {
        plan.then([Operation::Wait {
            strategy: waiting.strategy.name().to_owned(),
            jobs: waiting.jobs,
        }]);
    }
}

#[cfg(test)]
mod tests;
