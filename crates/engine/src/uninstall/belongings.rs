//! A release's objects on the way out: which go, which stay, and what is said of those.

use std::collections::{HashMap, HashSet};

use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Error as ClusterError, Propagation};
use windlass_plan::plan::{Operation, Plan, Precondition, Reason};
use windlass_release::Release;
use windlass_render::manifest::{HeadError, Manifest, for_uninstall};

use crate::engine::Engine;
use crate::event::Level;
use crate::faults::{self, Fault};
use crate::objects::ownership::{self, Belongings, Owner};
use crate::objects::{BuildError, Target, build_stored, described};
use crate::options::Waiting;
use crate::ordering::{self, Stage};
use crate::planning::{self, Observed};

/// The annotation that keeps an object from being deleted, and what it must say.
const POLICY: &str = "helm.sh/resource-policy";
const KEEP: &str = "keep";

/// Why a release's manifest cannot be taken apart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum PartError {
    /// It is no manifest.
    #[error("corrupted release record. You must manually delete the resources")]
    Corrupt(#[source] HeadError),
    /// It does not make objects.
    #[error("unable to build kubernetes objects for delete")]
    Build(#[source] BuildError),
    /// The server has trouble, so that nobody knows whose an object is. (One that may not be read is no such
    /// case: it stays, and is told.)
    #[error("ownership of {object} could not be verified")]
    Unverified {
        /// The object.
        object: String,
        /// Why.
        #[source]
        cause: ClusterError,
    },
}

/// A release's objects, told apart.
#[derive(Debug)]
pub(super) struct Parting {
    /// Documents that ask to be kept: kind and name.
    kept: Vec<(String, String)>,
    found: Belongings,
    /// Those that go.
    stages: Vec<Stage>,
}

/// Objects that go together.
pub(super) struct Going {
    /// The objects.
    pub(super) objects: Vec<ObjectRef>,
    /// Those that must be gone before others go.
    pub(super) awaited: Vec<ObjectRef>,
}

/// Takes the manifest of a release apart and looks whose its objects are. Objects of the revisions
/// `beside` it go along: they may be there too.
pub(super) async fn part(
    engine: &Engine,
    release: &Release,
    beside: &[Release],
) -> Result<Parting, PartError> {
    let mut manifest = release.manifest.clone();
    for other in beside {
        manifest.push_str("\n---\n");
        manifest.push_str(&other.manifest);
    }
    let documents = for_uninstall(&manifest, engine.compat).map_err(PartError::Corrupt)?;
    let mut kept = Vec::new();
    let mut text = String::new();
    for document in documents {
        match policy(&document) {
            Some(policy) if policy == KEEP && !faults::on(Fault::IgnoreKeepPolicy) => {
                kept.push((document.head.kind, document.head.name));
            }
            // A policy that nobody knows: Helm neither deletes such an object nor tells of it.
            Some(policy) if policy != KEEP => {}
            _ => {
                text.push_str("\n---\n");
                text.push_str(&document.content);
            }
        }
    }
    let mut targets = build_stored(engine, &text)
        .await
        .map_err(PartError::Build)?;
    if !beside.is_empty() {
        let mut seen = HashSet::new();
        targets.retain(|target| seen.insert(target.at.clone()));
    }
    let owner = Owner::of(release);
    let found = match engine.compat.checks_owners_before_deleting() {
        true => ownership::belongings(engine, targets, owner).await,
        false => Belongings {
            owned: targets,
            ..Belongings::default()
        },
    };
    let unsure = found
        .unverified
        .iter()
        .find(|(_, error)| error.is_trouble());
    if let Some((target, cause)) = unsure {
        return Err(PartError::Unverified {
            object: described(&target.at),
            cause: cause.clone(),
        });
    }
    let stages = ordering::stages_on_record(engine, &found.owned, &release.order);
    let stages = ordering::reversed(stages);
    Ok(Parting {
        kept,
        found,
        stages,
    })
}

fn policy(document: &Manifest) -> Option<String> {
    let annotations = &document.head.annotations;
    let found = annotations.iter().find(|(key, _)| key == POLICY);
    found.map(|(_, value)| value.trim().to_lowercase())
}

impl Parting {
    /// The objects that go, as the manifest has them.
    pub(super) fn owned(&self) -> &[Target] {
        &self.found.owned
    }

    /// The objects that go, in the stages they go in: what depends on others goes first. With each those
    /// that must be gone before the next.
    pub(super) fn going(&self) -> Vec<Going> {
        let place = |index: &usize| self.found.owned[*index].at.clone();
        let places = |indices: &[usize]| indices.iter().map(place).collect();
        let going = self.stages.iter().map(|stage| Going {
            objects: places(&stage.members),
            awaited: places(&stage.awaited),
        });
        going.collect()
    }

    /// What stays because it asks to, as Helm tells it.
    pub(super) fn kept_by_policy(&self) -> String {
        if self.kept.is_empty() {
            return String::new();
        }
        let mut text = "These resources were kept due to the resource policy:\n".to_owned();
        for (kind, name) in &self.kept {
            text += &format!("[{kind}] {name}\n");
        }
        text
    }

    /// What stays and why, as Helm tells it.
    pub(super) fn info(&self) -> String {
        let mut text = self.kept_by_policy();
        let mut section = |count: usize, why: &str, lines: String| {
            if count > 0 {
                if !text.is_empty() {
                    text.push('\n');
                }
                text += &format!("{count} resource(s) were not deleted because {why}:\n{lines}");
            }
        };
        let foreign = self.found.foreign.iter();
        let foreign = foreign.map(|t| format!("[{}] {}\n", t.at.mapping.kind, t.at.name));
        section(
            self.found.foreign.len(),
            "they are not owned by this release",
            foreign.collect(),
        );
        let unverified = self.found.unverified.iter();
        let unverified =
            unverified.map(|(t, e)| format!("[{}] {}: {e}\n", t.at.mapping.kind, t.at.name));
        section(
            self.found.unverified.len(),
            "their ownership could not be verified",
            unverified.collect(),
        );
        text
    }

    /// Warns of what stays because it is not the release's.
    pub(super) fn tell_what_stays(&self, engine: &Engine, release: &str) {
        for target in &self.found.foreign {
            let mut fields = fields(target, None);
            fields.push(("release", release.to_owned()));
            let message = "skipping delete of resource not owned by this release";
            engine.log(Level::Warn, message, fields);
        }
        for (target, error) in &self.found.unverified {
            let mut fields = fields(target, None);
            fields.push(("release", release.to_owned()));
            fields.push(("error", error.to_string()));
            let message = "skipping delete of resource because ownership could not be verified";
            engine.log(Level::Warn, message, fields);
        }
    }

    /// The same for a dry run.
    pub(super) fn tell_what_would_be(&self, engine: &Engine, release: &str) {
        let head = |message: &str, count: usize, level| {
            let fields = vec![
                ("release", release.to_owned()),
                ("count", count.to_string()),
            ];
            engine.log(level, message, fields);
        };
        let (foreign, unverified) = (&self.found.foreign, &self.found.unverified);
        if !foreign.is_empty() {
            head(
                "dry-run: resources would be skipped because they are not owned by this release",
                foreign.len(),
                Level::Warn,
            );
        }
        for target in foreign {
            let message = "dry-run: would skip resource";
            engine.log(Level::Warn, message, fields(target, None));
        }
        if !unverified.is_empty() {
            head(
                "dry-run: resources would be skipped because their ownership could not be verified",
                unverified.len(),
                Level::Warn,
            );
        }
        for (target, error) in unverified {
            let message = "dry-run: would skip resource (ownership could not be verified)";
            engine.log(Level::Warn, message, fields(target, Some(error)));
        }
        if !self.found.owned.is_empty() {
            let count = self.found.owned.len();
            head("dry-run: resources would be deleted", count, Level::Debug);
        }
        for target in &self.found.owned {
            let message = "dry-run: would delete resource";
            engine.log(Level::Debug, message, fields(target, None));
        }
    }

    /// Adds what becomes of each object to a plan: deletions by level, in their order.
    pub(super) fn add_to(
        &self,
        plan: &mut Plan,
        propagation: Propagation,
        waiting: Waiting,
        observed: &Observed,
    ) {
        let keep = |object: Option<&ObjectRef>, kind: &str, name: &str, reason| Operation::Keep {
            object: object.cloned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            reason,
        };
        let kept = self.kept.iter();
        let kept = kept.map(|(kind, name)| keep(None, kind, name, Reason::KeepPolicy));
        let stays = |target: &Target, reason| {
            keep(
                Some(&target.at),
                &target.at.mapping.kind,
                &target.at.name,
                reason,
            )
        };
        let foreign = self.found.foreign.iter();
        let foreign = foreign.map(|target| stays(target, Reason::NotOwned));
        let unverified = self.found.unverified.iter();
        let unverified = unverified.map(|(target, _)| stays(target, Reason::Unverifiable));
        let staying: Vec<Operation> = kept.chain(foreign).chain(unverified).collect();
        plan.then(staying);
        let owned = &self.found.owned;
        let at = |index: usize| &owned[index].at;
        let same = |a: &usize, b: &usize| at(*a).mapping.kind == at(*b).mapping.kind;
        let mut steps = HashMap::new();
        for stage in &self.stages {
            for level in stage.members.chunk_by(same) {
                for (place, index) in level.iter().enumerate() {
                    steps.insert(*index, plan.step_to_be(place));
                }
                plan.then(level.iter().map(|index| {
                    Operation::Delete {
                        object: at(*index).clone(),
                        propagation,
                        precondition: observed
                            .get(at(*index))
                            .map(|live| Precondition::of(live, &owned[*index].object)),
                    }
                }));
            }
            let awaited = stage.awaited.iter().filter_map(|index| steps.get(index));
            planning::add_gate(plan, awaited.copied().collect(), waiting);
        }
    }
}

fn fields(target: &Target, error: Option<&ClusterError>) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("kind", target.at.mapping.kind.clone()),
        ("name", target.at.name.clone()),
        ("namespace", target.at.namespace.clone()),
    ];
    fields.extend(error.map(|error| ("error", error.to_string())));
    fields
}
