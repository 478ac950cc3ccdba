//! Objects of manifest texts, and who owns them.
//!
//! [`build`] reads a text as `kubectl` and Helm do and asks the cluster how each kind is served;
//! `build_stored` does so with what was applied once, of kinds that may be gone by now;
//! [`ownership`] marks objects as a release's and tells whose an object of the cluster is.
//!
//! Not here: writing anything.

mod build;
mod decode;
mod documents;
mod metadata;
pub mod ownership;
mod read;
mod stored;

use std::collections::HashMap;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Mapping, Object};

pub use build::{BuildError, Check, build};
pub(crate) use metadata::{annotations, generates_name};
pub(crate) use read::{MAX_IN_FLIGHT, get, get_all};
pub(crate) use stored::build_stored;

/// An object of a manifest, and how it is named to the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name to the server.
    pub at: ObjectRef,
    /// The object as wanted.
    pub object: Object,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an object comes from, and what it says of its place in the order of objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The template that made it, as its document says in a `# Source:` line; empty if it says none.
    pub source: String,
    /// The groups of objects that it waits for, as its annotation has them. No server takes that
    /// annotation, whose name has two slashes: so it is taken off the object.
    pub after: Option<String>,
}

impl Target {
    /// Takes an object as the server answered with it, and the name and namespace it has there.
    pub(crate) fn refresh(&mut self, object: Object) {
        if let Some(name) = metadata::text(&object, "name") {
            name.clone_into(&mut self.at.name);
        }
        self.at.namespace = metadata::text(&object, "namespace")
            .unwrap_or_default()
            .to_owned();
        self.object = object;
    }
}

/// Whether two references are to one object. Versions do not matter: the server keeps one object,
/// whichever version it is asked in, and a chart that moves on to a newer version of a kind must not
/// have its object pruned.
#[must_use]
pub fn same(a: &ObjectRef, b: &ObjectRef) -> bool {
    a.name == b.name
        && a.namespace == b.namespace
        && a.mapping.is(&b.mapping.group, &b.mapping.kind)
}

/// The target that is about the same object.
#[must_use]
pub fn find<'a>(targets: &'a [Target], at: &ObjectRef) -> Option<&'a Target> {
    targets.iter().find(|target| same(&target.at, at))
}

/// Targets by the objects that they are about, where many are looked for.
pub(crate) struct Index<'a>(HashMap<[&'a str; 4], &'a Target>);

impl<'a> Index<'a> {
    /// Of several targets about one object the first counts.
    pub(crate) fn of(targets: &'a [Target]) -> Self {
        let mut index = HashMap::with_capacity(targets.len());
        for target in targets {
            index.entry(identity(&target.at)).or_insert(target);
        }
        Self(index)
    }

    /// The target that is about the same object.
    pub(crate) fn find(&self, at: &ObjectRef) -> Option<&'a Target> {
        self.0.get(&identity(at)).copied()
    }
}

/// What [`same`] compares.
fn identity(at: &ObjectRef) -> [&str; 4] {
    let (group, kind) = (&at.mapping.group, &at.mapping.kind);
    [&at.name, &at.namespace, group, kind]
}

/// The targets that are about no object of the others.
#[must_use]
pub fn difference<'a>(targets: &'a [Target], others: &[Target]) -> Vec<&'a Target> {
    let others = Index::of(others);
    let gone = |target: &&Target| others.find(&target.at).is_none();
    targets.iter().filter(gone).collect()
}

/// A kind as Go prints it: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`.
#[must_use]
pub fn gvk(mapping: &Mapping) -> String {
    format!(
        "{}/{}, Kind={}",
        mapping.group, mapping.version, mapping.kind
    )
}

/// An object as Helm names it where it speaks of ownership.
#[must_use]
pub fn described(at: &ObjectRef) -> String {
    format!(
        "{} {} in namespace {}",
        at.mapping.kind,
        quoted(&at.name),
        quoted(&at.namespace)
    )
}

/// A text as Go's `%q` prints it.
pub(crate) fn quoted(text: &str) -> String {
    windlass_value::fmt::quote(text.as_bytes())
}

#[cfg(test)]
mod tests;
