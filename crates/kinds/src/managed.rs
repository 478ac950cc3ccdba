//! Who owns which field: server-side apply, and the tracking of plain writes.
//!
//! An owner is a manager with an operation; what it owns is an entry of `metadata.managedFields`.
//!
//! - [`apply`]: a manager states what it wants. Fields that others own conflict unless forced, fields that
//!   it stated before and states no more go away unless others own them too.
//! - [`update`]: somebody wrote the object (create, update, any patch); whatever changed is theirs now.
//!
//! Assumptions: objects of built-in kinds are reckoned in the form in which Go writes them
//! ([`crate::form`]), so callers may hand in anything; entries of other API versions are read as if they
//! were of the version at hand, which holds for custom resources without conversion and for all built-in
//! fields that are named alike in both.

mod conflict;
mod entries;
mod last_applied;
mod own;
pub mod scale;

use serde_json::Value;

pub use conflict::{Conflict, Conflicts};
pub use entries::Undecodable;

use crate::fields::Set;
use crate::schema::Schema;
use crate::typed::{self, Findings};
use crate::{form, strict};
use entries::{Identity, Managed, Operation};

/// What a write is about.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The types of the object's fields.
    pub schema: &'a Schema,
    /// The API version that the request is made in: `v1`, `apps/v1`.
    pub api_version: &'a str,
    /// The kind of the object.
    pub kind: &'a str,
    /// The subresource written to; empty for the object itself.
    pub subresource: &'a str,
    /// Fields that such a request cannot change (`status`, or all but it): nobody comes to own them.
    pub reset: Option<&'a Set>,
    /// The time to the second, in RFC 3339 and UTC.
    pub now: &'a str,
}

/// What came of an apply.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The object, its managed fields up to date.
    pub object: Value,
    /// Whether anything but managed fields is different from before.
    pub changed: bool,
}

/// Why an apply was refused. Texts are the server's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Others own what it wants to change (409, with a cause for each).
    #[error("{0}")]
    Conflicts(Conflicts),
    /// The configuration brings managed fields along (400).
    #[error("metadata.managedFields must be nil")]
    ManagedFieldsGiven,
    /// The configuration is of another version (400).
    #[error(
        "Incorrect version specified in apply patch. Specified patch version: {given}, expected: {expected}"
    )]
    Version {
        /// As the configuration has it.
        given: String,
        /// As the request has it.
        expected: String,
    },
    /// The configuration has not its type (500, as the server has it).
    #[error("failed to create typed patch object ({object}): {findings}")]
    Patch {
        /// `namespace/name; group/version, Kind=kind`.
        object: String,
        /// What is wrong.
        findings: Findings,
    },
    /// The live object has not its type (500).
    #[error("failed to create typed live object ({object}): {findings}")]
    Live {
        /// `namespace/name; group/version, Kind=kind`.
        object: String,
        /// What is wrong.
        findings: Findings,
    },
    /// The same, of an object of which nothing was tracked yet (500).
    #[error(
        "failed to create manager for existing fields: failed to convert new object ({object}) to smd typed: {findings}"
    )]
    Existing {
        /// `namespace/name; group/version, Kind=kind`.
        object: String,
        /// What is wrong.
        findings: Findings,
    },
    /// What came of merging is no object of its kind: a quantity or time that is none (500).
    #[error(
        "failed to convert new object ({object}) to proper version: unable to convert unstructured object to {kind}: {reason}"
    )]
    Form {
        /// `namespace/name; group/version, Kind=kind`.
        object: String,
        /// `group/version, Kind=kind`.
        kind: String,
        /// What is wrong.
        reason: strict::Error,
    },
    /// Managed fields of the live object cannot be read (500).
    #[error("failed to decode managed fields: {0}")]
    Entries(Undecodable),
}

/// Applies a configuration to the live object; without one, it creates the object.
///
/// # Errors
/// See [`Error`]. Nothing is changed then.
pub fn apply(
    request: &Request<'_>,
    live: Option<&Value>,
    applied: &Value,
    manager: &str,
    force: bool,
) -> Result<Applied, Error> {
    let given = applied["apiVersion"].as_str().unwrap_or("");
    if given != request.api_version {
        return Err(Error::Version {
            given: given.to_owned(),
            expected: request.api_version.to_owned(),
        });
    }
    if !applied["metadata"]["managedFields"].is_null() {
        return Err(Error::ManagedFieldsGiven);
    }
    let (live, managed) = match live {
        Some(live) => (live.clone(), Managed::of(live).map_err(Error::Entries)?),
        None => (nothing(request), Managed::default()),
    };
    let mut live = form::written(request.schema, &live);
    entries::take(&mut live);
    let root = request.schema.root();
    let managed = if managed.fields.is_empty() {
        before_first_apply(request, &live)?
    } else {
        managed
    };
    typed::check(applied, root, false).map_err(|findings| Error::Patch {
        object: name_of(applied, request),
        findings,
    })?;
    typed::check(&live, root, true).map_err(|findings| Error::Live {
        object: name_of(&live, request),
        findings,
    })?;
    let result = last_applied::apply(request, &live, applied, managed, manager, force)?;
    let (mut object, changed) = match result.object {
        Some(object) => {
            strict::check(request.schema, &object).map_err(|reason| Error::Form {
                object: name_of(applied, request),
                kind: kind_of(applied, request),
                reason: reason.of_conversion(),
            })?;
            (form::written(request.schema, &object), true)
        }
        None => (live, false),
    };
    last_applied::refresh(&mut object, applied, manager);
    result.managed.write(&mut object);
    Ok(Applied { object, changed })
}

/// Records a write of the whole object: `new` with its managed fields up to date.
///
/// `old` is `None` for a create. Managed fields that `new` brings along count, as the server lets
/// clients change them so; an empty list takes them all away.
#[must_use]
pub fn update(request: &Request<'_>, old: Option<&Value>, new: &Value, manager: &str) -> Value {
    let mut new = new.clone();
    let given = entries::take(&mut new);
    let managed = live_or_given(request, old, given.as_ref());
    let tracked = !managed.fields.is_empty() || old.is_none_or(|old| !has_uid(old));
    let managed = if tracked {
        let mut before = match old {
            Some(old) => form::written(request.schema, old),
            None => form::written(request.schema, &nothing(request)),
        };
        entries::take(&mut before);
        let after = form::written(request.schema, &new);
        // An object that has not its type is written all the same, but nobody owns any of it.
        tracked_update(request, &before, &after, managed, manager).unwrap_or_default()
    } else {
        managed
    };
    managed.write(&mut new);
    new
}

/// Puts back the old times where nothing but times of managed fields changed, so that a write without
/// effect is none. Says whether it did.
pub fn keep_times(old: &Value, new: &mut Value) -> bool {
    let (mut bare_old, mut bare_new) = (old.clone(), new.clone());
    let was = entries::take(&mut bare_old);
    let is = entries::take(&mut bare_new);
    if bare_old != bare_new || was.as_ref().map(without_times) != is.as_ref().map(without_times) {
        return false;
    }
    if let (Some(was), Some(metadata)) = (was, new["metadata"].as_object_mut()) {
        metadata.insert("managedFields".to_owned(), was);
    }
    true
}

fn without_times(entries: &Value) -> Value {
    let mut entries = entries.clone();
    for entry in entries.as_array_mut().into_iter().flatten() {
        if let Some(entry) = entry.as_object_mut() {
            entry.remove("time");
        }
    }
    entries
}

fn has_uid(object: &Value) -> bool {
    object["metadata"]["uid"]
        .as_str()
        .is_some_and(|uid| !uid.is_empty())
}

/// The managed fields that a write goes on from.
fn live_or_given(request: &Request<'_>, old: Option<&Value>, given: Option<&Value>) -> Managed {
    let live = || {
        old.and_then(|old| Managed::of(old).ok())
            .unwrap_or_default()
    };
    let Some(given) = given.filter(|_| request.subresource.is_empty()) else {
        return live();
    };
    let list = given.as_array().map(Vec::as_slice).unwrap_or_default();
    let reset = given.is_array()
        && match list {
            [] => true,
            [only] => only.as_object().is_some_and(serde_json::Map::is_empty),
            _ => false,
        };
    if reset {
        return Managed::default();
    }
    match Managed::decode(list) {
        Ok(managed) if !managed.fields.is_empty() => managed,
        _ => live(),
    }
}

/// An object that somebody made before anything was tracked belongs to a manager of its own.
fn before_first_apply(request: &Request<'_>, live: &Value) -> Result<Managed, Error> {
    typed::check(live, request.schema.root(), true).map_err(|findings| Error::Existing {
        object: name_of(live, request),
        findings,
    })?;
    let nothing = form::written(request.schema, &nothing(request));
    let manager = "before-first-apply";
    let managed = tracked_update(request, &nothing, live, Managed::default(), manager);
    Ok(managed.unwrap_or_default())
}

/// What a write leaves of the entries and adds to them; `None` if an object has not its type.
fn tracked_update(
    request: &Request<'_>,
    before: &Value,
    after: &Value,
    managed: Managed,
    manager: &str,
) -> Option<Managed> {
    let root = request.schema.root();
    typed::check(after, root, true).ok()?;
    typed::check(before, root, true).ok()?;
    let this = Identity::new(
        manager,
        Operation::Update,
        request.api_version,
        request.subresource,
    );
    let mut managed = own::update(request, before, after, managed);
    if let Some(own) = managed.fields.remove(&Identity::current()) {
        managed
            .fields
            .entry(this.clone())
            .and_modify(|known| {
                known.set = own.set.union(&known.set);
                known.api_version.clone_from(&own.api_version);
            })
            .or_insert(own);
        managed.times.insert(this, request.now.to_owned());
    }
    managed.cap();
    Some(managed)
}

/// What an object is before it is anything.
fn nothing(request: &Request<'_>) -> Value {
    serde_json::json!({"apiVersion": request.api_version, "kind": request.kind})
}

/// How messages name an object.
fn name_of(object: &Value, request: &Request<'_>) -> String {
    let meta = |key: &str| object["metadata"][key].as_str().unwrap_or("").to_owned();
    format!(
        "{}/{}; {}",
        meta("namespace"),
        meta("name"),
        kind_of(object, request)
    )
}

/// How messages name a kind.
fn kind_of(object: &Value, request: &Request<'_>) -> String {
    let version = request.api_version;
    let slash = if version.contains('/') { "" } else { "/" };
    let kind = object["kind"].as_str().unwrap_or(request.kind);
    format!("{slash}{version}, Kind={kind}")
}

#[cfg(test)]
mod tests;
