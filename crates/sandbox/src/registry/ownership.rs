//! Who owns which field: `metadata.managedFields`, kept by every write.

use serde_json::Value;
use windlass_kinds::fields::Set;
use windlass_kinds::managed::{self, Applied, Error, Request};

use super::{WriteOptions, typed, update::Part};
use crate::catalog::Kind;
use crate::state::State;
use crate::status::Status;

/// Brings the managed fields of `object`, which replaces `old`, up to date after a plain write.
pub(super) fn track(
    state: &State,
    kind: &Kind,
    part: Part,
    old: Option<&Value>,
    object: &mut Value,
    options: &WriteOptions,
) {
    if options.tracked {
        return;
    }
    *object = with_request(state, kind, part, |request| {
        managed::update(request, old, object, &options.manager)
    });
}

/// Applies a configuration to `live`, or makes an object of it.
pub(super) fn apply(
    state: &State,
    kind: &Kind,
    part: Part,
    (live, applied): (Option<&Value>, &Value),
    options: &WriteOptions,
) -> Result<Applied, Status> {
    with_request(state, kind, part, |request| {
        managed::apply(request, live, applied, &options.manager, options.force)
    })
    .map_err(|error| refusal(&error))
}

fn with_request<T>(
    state: &State,
    kind: &Kind,
    part: Part,
    act: impl FnOnce(&Request<'_>) -> T,
) -> T {
    let reset = reset(kind, part);
    act(&Request {
        schema: &typed::schema(kind),
        api_version: &kind.api_version(),
        kind: &kind.kind,
        subresource: part.subresource(),
        reset: Some(&reset).filter(|set| !set.is_empty()),
        now: &state.now().rfc3339(),
    })
}

/// Fields that a write of this part cannot change, as the server's strategies list them.
fn reset(kind: &Kind, part: Part) -> Set {
    let paths: &[&[&str]] = match part {
        Part::Main if kind.has_status() => &[&["status"]],
        Part::Status if kind.custom.is_some() => &[&["metadata"], &["spec"]],
        Part::Status => match (kind.group.as_str(), kind.plural.as_str()) {
            ("apps", "deployments") => &[&["spec"], &["metadata", "labels"]],
            ("", "pods") => &[
                &["spec"],
                &["metadata", "deletionTimestamp"],
                &["metadata", "ownerReferences"],
            ],
            ("flowcontrol.apiserver.k8s.io" | "networking.k8s.io", "servicecidrs")
            | ("flowcontrol.apiserver.k8s.io", _)
            | ("storage.k8s.io", "volumeattachments")
            | ("resource.k8s.io", "resourceclaims") => &[&["metadata"], &["spec"]],
            _ => &[&["spec"]],
        },
        Part::Main | Part::Other(_) => &[],
    };
    Set::of_names(paths)
}

fn refusal(error: &Error) -> Status {
    match error {
        Error::Conflicts(conflicts) => {
            let causes: Vec<Value> = conflicts
                .0
                .iter()
                .map(|conflict| {
                    serde_json::json!({"reason": "FieldManagerConflict",
                        "message": conflict.message(), "field": conflict.field()})
                })
                .collect();
            let mut status = Status::new(409, "Conflict", error.to_string());
            status.details = Some(serde_json::json!({"causes": causes}));
            status
        }
        Error::ManagedFieldsGiven | Error::Version { .. } => Status::bad_request(error.to_string()),
        _ => Status::new(500, "", error.to_string()),
    }
}
