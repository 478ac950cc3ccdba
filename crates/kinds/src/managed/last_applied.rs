//! The annotation of client-side `kubectl apply`, which `kubectl apply --server-side` takes over from.

use serde_json::Value;

use super::entries::{Identity, Managed, Operation};
use super::own::{self, Outcome};
use super::{Error, Request};
use crate::fields::Set;
use crate::{form, quote, typed};

/// The annotation.
const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Annotations of an object may have this many bytes.
const MOST_BYTES: usize = 256 * 1024;
/// The manager that this is for.
const KUBECTL: &str = "kubectl";

/// An apply. For `kubectl`, a conflict over what it set client-side itself is none.
pub(super) fn apply(
    request: &Request<'_>,
    live: &Value,
    applied: &Value,
    managed: Managed,
    manager: &str,
    force: bool,
) -> Result<Outcome, Error> {
    let identity = Identity::new(
        manager,
        Operation::Apply,
        request.api_version,
        request.subresource,
    );
    let again = (manager == KUBECTL && !force).then(|| managed.clone());
    let conflicts = match own::apply(request, live, applied, managed, &identity, force) {
        Ok(outcome) => return Ok(outcome),
        Err(conflicts) => conflicts,
    };
    let (Some(managed), Some(allowed)) = (again, allowed(request, live)) else {
        return Err(Error::Conflicts(conflicts));
    };
    let left = conflicts.outside(&allowed);
    if !left.0.is_empty() {
        return Err(Error::Conflicts(left));
    }
    own::apply(request, live, applied, managed, &identity, true).map_err(Error::Conflicts)
}

/// What the annotation says and still holds.
fn allowed(request: &Request<'_>, live: &Value) -> Option<Set> {
    let text = live["metadata"]["annotations"][ANNOTATION].as_str()?;
    let last: Value = serde_json::from_str(text).ok()?;
    if last["apiVersion"].as_str()? != request.api_version {
        return None;
    }
    let root = request.schema.root();
    let live = form::written(request.schema, live);
    typed::check(&live, root, false).ok()?;
    typed::check(&last, root, false).ok()?;
    let compared = typed::compare(&last, &live, root);
    let set = typed::set_of(&last, root);
    let set = set.difference(&compared.modified);
    Some(
        set.difference(&compared.added)
            .difference(&compared.removed),
    )
}

/// Where the annotation is, it follows what `kubectl` applies.
pub(super) fn refresh(object: &mut Value, applied: &Value, manager: &str) {
    let has = object["metadata"]["annotations"][ANNOTATION]
        .as_str()
        .is_some_and(|text| !text.is_empty());
    if manager != KUBECTL || !has {
        return;
    }
    let mut applied = applied.clone();
    if let Some(annotations) = applied["metadata"]
        .get_mut("annotations")
        .and_then(Value::as_object_mut)
    {
        annotations.remove(ANNOTATION);
    }
    let text = format!("{}\n", quote::json(&applied));
    let Some(annotations) = object["metadata"]["annotations"].as_object_mut() else {
        return;
    };
    annotations.insert(ANNOTATION.to_owned(), Value::String(text));
    let size: usize = annotations
        .iter()
        .map(|(key, value)| key.len() + value.as_str().map_or(0, str::len))
        .sum();
    if size > MOST_BYTES {
        annotations.remove(ANNOTATION);
    }
}
