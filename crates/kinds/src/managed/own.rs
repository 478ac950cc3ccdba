//! How ownership moves: the rules of structured merging.

use std::collections::BTreeMap;

use serde_json::Value;

use super::entries::{Identity, Managed, Owned};
use super::{Conflicts, Request};
use crate::fields::{self, Set};
use crate::typed::{self, Comparison};

/// What came of an apply: the object if it is another than before.
pub(super) struct Outcome {
    pub(super) object: Option<Value>,
    pub(super) managed: Managed,
}

/// A plain write: what changed belongs to [`Identity::current`], and to nobody else.
pub(super) fn update(
    request: &Request<'_>,
    live: &Value,
    new: &Value,
    managed: Managed,
) -> Managed {
    let mut managed = reconciled(request, managed);
    let this = Identity::current();
    let compared = compared(request, live, new);
    let taken = taken(&managed, &this, &compared);
    release(&mut managed, &this, &taken, &compared);
    let own = managed.fields.remove(&this).map(|own| own.set);
    let own = own.unwrap_or_default().difference(&compared.removed);
    let own = own.union(&compared.modified).union(&compared.added);
    let own = Owned {
        set: kept(request, own),
        api_version: request.api_version.to_owned(),
        applied: false,
    };
    if !own.set.is_empty() {
        managed.fields.insert(this.clone(), own);
    }
    strip(&mut managed, &this);
    managed
}

/// An apply by a manager.
pub(super) fn apply(
    request: &Request<'_>,
    live: &Value,
    applied: &Value,
    managed: Managed,
    manager: &Identity,
    force: bool,
) -> Result<Outcome, Conflicts> {
    let mut managed = reconciled(request, managed);
    let root = request.schema.root();
    let merged = typed::merge(live, applied, root).unwrap_or(Value::Null);
    let own = Owned {
        set: kept(request, typed::set_of(applied, root)),
        api_version: request.api_version.to_owned(),
        applied: true,
    };
    let last = managed.fields.insert(manager.clone(), own);
    let object = prune(request, merged, &managed, last.map(|last| last.set));
    let compared = compared(request, live, &object);
    let taken = taken(&managed, manager, &compared);
    if !force && !taken.is_empty() {
        return Err(Conflicts::of(&taken));
    }
    release(&mut managed, manager, &taken, &compared);
    managed.fields.retain(|_, owned| !owned.set.is_empty());
    strip(&mut managed, manager);
    let same = fields::equal(live, &object);
    if !same {
        managed
            .times
            .insert(manager.clone(), request.now.to_owned());
    }
    Ok(Outcome {
        object: (!same).then_some(object),
        managed,
    })
}

/// Entries as they would be had they been written under the schema of today.
fn reconciled(request: &Request<'_>, mut managed: Managed) -> Managed {
    for owned in managed.fields.values_mut() {
        if let Some(set) = typed::reconcile(&owned.set, request.schema.root()) {
            owned.set = set;
        }
    }
    managed
}

fn compared(request: &Request<'_>, live: &Value, new: &Value) -> Comparison {
    let compared = typed::compare(live, new, request.schema.root());
    match request.reset {
        Some(reset) => compared.without(reset),
        None => compared,
    }
}

fn kept(request: &Request<'_>, set: Set) -> Set {
    match request.reset {
        Some(reset) => set.without(reset),
        None => set,
    }
}

/// What others lose to this write.
fn taken(managed: &Managed, this: &Identity, compared: &Comparison) -> BTreeMap<Identity, Set> {
    let changed = compared.modified.union(&compared.added);
    managed
        .fields
        .iter()
        .filter(|(identity, _)| *identity != this)
        .map(|(identity, owned)| (identity.clone(), owned.set.intersection(&changed)))
        .filter(|(_, set)| !set.is_empty())
        .collect()
}

fn release(
    managed: &mut Managed,
    this: &Identity,
    taken: &BTreeMap<Identity, Set>,
    compared: &Comparison,
) {
    for (identity, owned) in &mut managed.fields {
        if let Some(taken) = taken.get(identity) {
            owned.set = owned.set.difference(taken);
        }
        if identity != this && !compared.removed.is_empty() {
            owned.set = owned.set.difference(&compared.removed);
        }
    }
    managed.fields.retain(|_, owned| !owned.set.is_empty());
}

/// Takes away what the manager stated last time, states no more, and nobody else owns.
fn prune(request: &Request<'_>, merged: Value, managed: &Managed, last: Option<Set>) -> Value {
    let Some(last) = last.filter(|last| !last.is_empty()) else {
        return merged;
    };
    let root = request.schema.root();
    let named = |set: &Set| set.with_named(Some(root));
    let set_of = |value: &Value| named(&typed::set_of(value, root));
    let last = named(&last);
    let pruned = typed::remove(&merged, &last, root);
    let merged_set = set_of(&merged);
    // Items that anybody owns come back.
    let mut owned = Set::default();
    for manager in managed.fields.values() {
        owned = owned.union(&manager.set);
    }
    let keep = set_of(&pruned).union(&named(&owned));
    let pruned = typed::remove(&merged, &merged_set.difference(&keep), root);
    // So does what went away below an item that was not the manager's.
    let gone = merged_set.difference(&set_of(&pruned));
    typed::remove(&merged, &gone.intersection(&last), root)
}

/// Nobody owns what makes an object this object.
fn strip(managed: &mut Managed, this: &Identity) {
    let Some(owned) = managed.fields.get_mut(this) else {
        return;
    };
    owned.set = owned.set.difference(&Set::of_names(&[
        &["apiVersion"],
        &["kind"],
        &["metadata"],
        &["metadata", "name"],
        &["metadata", "namespace"],
        &["metadata", "creationTimestamp"],
        &["metadata", "selfLink"],
        &["metadata", "uid"],
        &["metadata", "clusterName"],
        &["metadata", "generation"],
        &["metadata", "managedFields"],
        &["metadata", "resourceVersion"],
    ]));
    if owned.set.is_empty() {
        managed.fields.remove(this);
    }
}
