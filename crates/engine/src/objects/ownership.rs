//! Whose an object is: Helm's label and annotations, the check before something is taken over, and
//! the rule of what an uninstall may delete.

use windlass_plan::cluster::{Error, Object};
use windlass_release::Release;

use super::{Target, described, generates_name, get_all, metadata, quoted};
use crate::engine::Engine;
use crate::faults::{self, Fault};

/// The label that says which tool manages an object.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The annotation with the release's name.
pub const RELEASE_NAME: &str = "meta.helm.sh/release-name";
/// The annotation with the release's namespace.
pub const RELEASE_NAMESPACE: &str = "meta.helm.sh/release-namespace";

/// A release as objects name it.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// Its name.
    pub release: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
}

impl<'a> Owner<'a> {
    /// The release of a record.
    #[must_use]
    pub fn of(release: &'a Release) -> Self {
        Self {
            release: &release.name,
            namespace: &release.namespace,
        }
    }
}

/// Why objects cannot become a release's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnershipError {
    /// An object cannot be read.
    #[error("could not get information about the resource {object}")]
    Unreadable {
        /// The object.
        object: String,
        /// Why.
        #[source]
        cause: Error,
    },
    /// An object has a name and asks for a generated one.
    #[error("metadata.name and metadata.generateName cannot both be set")]
    TwoNames,
    /// An object is there and not the release's.
    #[error("{object} exists and cannot be imported into the current release: {fault}")]
    Foreign {
        /// The object.
        object: String,
        /// What is missing or other on it.
        fault: String,
    },
}

/// Marks objects as a release's, whatever they said before.
pub fn mark(targets: &mut [Target], owner: Owner<'_>) {
    for target in targets {
        if !faults::on(Fault::LostLabel) {
            label(&mut target.object);
        }
        if !faults::on(Fault::NoOwnershipAnnotations) {
            let annotations = [
                (RELEASE_NAME, owner.release),
                (RELEASE_NAMESPACE, owner.namespace),
            ];
            metadata::merge(&mut target.object, "annotations", &annotations);
        }
    }
}

/// Says of an object that a release manages it.
pub(crate) fn label(object: &mut Object) {
    metadata::merge(object, "labels", &[(MANAGED_BY, "Helm")]);
}

/// What is missing or other on an object that should be the release's; `None` if it is.
#[must_use]
pub fn fault(object: &Object, owner: Owner<'_>) -> Option<String> {
    let labels = metadata::texts(object, "labels");
    let annotations = metadata::annotations(object);
    let wanted = [
        ("label", &labels, MANAGED_BY, "Helm"),
        ("annotation", &annotations, RELEASE_NAME, owner.release),
        (
            "annotation",
            &annotations,
            RELEASE_NAMESPACE,
            owner.namespace,
        ),
    ];
    let faults: Vec<String> = wanted
        .into_iter()
        .filter_map(|(what, found, key, value)| {
            let fault = match found.get(key) {
                Some(found) if found == value => return None,
                Some(found) => format!(
                    "key {} must equal {}: current value is {}",
                    quoted(key),
                    quoted(value),
                    quoted(found)
                ),
                None => format!(
                    "missing key {}: must be set to {}",
                    quoted(key),
                    quoted(value)
                ),
            };
            Some(format!("{what} validation error: {fault}"))
        })
        .collect();
    (!faults.is_empty()).then(|| format!("invalid ownership metadata; {}", faults.join("; ")))
}

/// The objects that are there already and may become the release's: its own, or with
/// `--take-ownership` any.
///
/// # Errors
/// The first object, in order, that is someone else's, or that cannot be read.
pub async fn adoptable(
    engine: &Engine,
    targets: &[Target],
    owner: Owner<'_>,
    take: bool,
) -> Result<Vec<Target>, OwnershipError> {
    let mut asked = Vec::with_capacity(targets.len());
    let mut wrong = None;
    for target in targets {
        if engine.compat.tells_generated_names() && generates_name(&target.object) {
            if !target.at.name.is_empty() {
                wrong = Some(OwnershipError::TwoNames);
                break;
            }
            continue;
        }
        asked.push(target);
    }
    let answers = get_all(&*engine.cluster, asked.iter().map(|target| &target.at)).await;
    let mut there = Vec::new();
    for (target, answer) in asked.into_iter().zip(answers) {
        let object = described(&target.at);
        match answer {
            Ok(live) => {
                if !take
                    && !faults::on(Fault::AdoptAnything)
                    && let Some(fault) = fault(&live, owner)
                {
                    return Err(OwnershipError::Foreign { object, fault });
                }
                there.push(target.clone());
            }
            Err(error) if error.is_not_found() => {}
            Err(cause) => return Err(OwnershipError::Unreadable { object, cause }),
        }
    }
    wrong.map_or(Ok(there), Err)
}

/// What an uninstall finds of a release's objects. Those that are gone already are in no list.
#[derive(Debug, Default)]
pub struct Belongings {
    /// To be deleted.
    pub owned: Vec<Target>,
    /// There, but not the release's.
    pub foreign: Vec<Target>,
    /// Those that could not be read.
    pub unverified: Vec<(Target, Error)>,
}

/// Tells a release's objects from others' before they are deleted.
pub async fn belongings(engine: &Engine, targets: Vec<Target>, owner: Owner<'_>) -> Belongings {
    let answers = get_all(&*engine.cluster, targets.iter().map(|target| &target.at)).await;
    let mut found = Belongings::default();
    for (target, answer) in targets.into_iter().zip(answers) {
        match answer {
            Ok(live) if fault(&live, owner).is_none() => found.owned.push(target),
            Ok(_) => found.foreign.push(target),
            Err(error) if error.is_not_found() => {}
            Err(error) => found.unverified.push((target, error)),
        }
    }
    found
}
