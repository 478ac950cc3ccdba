//! Managed fields of the `scale` subresource, whose only field is the parent's number of replicas.

use serde_json::Value;

use super::entries::{Managed, Owned};
use super::{Undecodable, entries};
use crate::fields::{Element, Path, Set};

const SCALE_VERSION: &str = "autoscaling/v1";

/// The entries of the parent as the scale has them: those that own the replicas.
///
/// # Errors
/// The parent's entries cannot be read.
pub fn of_parent(parent: &Value, replicas: &[&str]) -> Result<Vec<Value>, Undecodable> {
    let managed = Managed::of(parent)?;
    let path = path(replicas);
    let mut out = Managed::default();
    for (identity, owned) in managed.fields {
        if owned.set.has(&path) {
            if let Some(time) = managed.times.get(&identity) {
                out.times.insert(identity.clone(), time.clone());
            }
            let owned = Owned {
                set: Set::of_names(&[&["spec", "replicas"]]),
                api_version: SCALE_VERSION.to_owned(),
                applied: owned.applied,
            };
            out.fields.insert(identity, owned);
        }
    }
    Ok(out.encode())
}

/// Brings what a write to the scale made of its entries back to the parent.
///
/// # Errors
/// Either's entries cannot be read.
pub fn to_parent(
    parent: &mut Value,
    scale: &Value,
    api_version: &str,
    replicas: &[&str],
) -> Result<(), Undecodable> {
    let path = path(replicas);
    let mut only = Set::default();
    only.insert(&path);
    let mut managed = Managed::of(parent)?;
    let mut of_scale = Managed::of(scale)?;
    managed.fields.retain(|identity, owned| {
        if owned.set.has(&path) && of_scale.fields.remove(identity).is_none() {
            owned.set = owned.set.difference(&only);
        }
        !owned.set.is_empty()
    });
    let in_scale = path_of_scale();
    for (identity, owned) in of_scale.fields {
        if !owned.set.has(&in_scale) {
            continue;
        }
        // The server gives such an entry the time it had in the parent: none, if it is new.
        let owned = Owned {
            set: only.clone(),
            api_version: api_version.to_owned(),
            applied: owned.applied,
        };
        managed.fields.insert(identity, owned);
    }
    entries::take(parent);
    managed.write(parent);
    Ok(())
}

fn path(names: &[&str]) -> Path {
    names.iter().map(|name| Element::field(name)).collect()
}

fn path_of_scale() -> Path {
    path(&["spec", "replicas"])
}
