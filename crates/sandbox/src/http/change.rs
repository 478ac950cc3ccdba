//! create, update and patch.

use std::sync::Arc;

use serde_json::Value;

use super::accept::Accept;
use super::read::deprecation;
use super::{Reply, Request, body, read};
use crate::catalog::Kind;
use crate::convert;
use crate::registry::{self, Part, Strictness, WriteOptions};
use crate::state::State;
use crate::status::{Cause, Status};

/// The options that every write reads from its query. `what` is how the server calls them.
pub(super) fn options(request: &Request, what: &str) -> Result<WriteOptions, Status> {
    let mut causes = Vec::new();
    let dry: Vec<&str> = request.params("dryRun").filter(|v| !v.is_empty()).collect();
    if dry.iter().any(|value| *value != "All") {
        causes.push(Cause {
            reason: "FieldValueNotSupported",
            message: format!("Unsupported value: {dry:?}: supported values: \"All\""),
            field: "dryRun".to_owned(),
        });
    }
    let manager = request.param("fieldManager").unwrap_or_default();
    causes.extend(manager_complaint(manager));
    let strictness = match request.param("fieldValidation") {
        Some("Ignore") => Strictness::Ignore,
        Some("Strict") => Strictness::Strict,
        None | Some("" | "Warn") => Strictness::Warn,
        Some(other) => {
            causes.push(Cause {
                reason: "FieldValueNotSupported",
                message: format!(
                    "Unsupported value: {other:?}: supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""
                ),
                field: "fieldValidation".to_owned(),
            });
            Strictness::Warn
        }
    };
    if !causes.is_empty() {
        let kind = format!("{what}.meta.k8s.io");
        return Err(Status::invalid(&kind, "", &causes));
    }
    Ok(WriteOptions {
        manager: manager_or_agent(manager, request),
        dry_run: !dry.is_empty(),
        strictness,
        force: request.flag("force"),
        tracked: false,
    })
}

fn manager_complaint(manager: &str) -> Option<Cause> {
    let message = if manager.chars().count() > 128 {
        "Too long: may not be more than 128 bytes".to_owned()
    } else {
        let (at, bad) = manager.chars().enumerate().find(|(_, c)| c.is_control())?;
        format!(
            "Invalid value: {manager:?}: invalid character U+{:04X} (at position {at})",
            u32::from(bad)
        )
    };
    Some(Cause {
        reason: "FieldValueInvalid",
        message,
        field: "fieldManager".to_owned(),
    })
}

/// Without a field manager, the program's name in the user agent stands for it.
fn manager_or_agent(manager: &str, request: &Request) -> String {
    if !manager.is_empty() {
        return manager.to_owned();
    }
    let agent = request.header(http::header::USER_AGENT);
    let name = agent.split('/').next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(128).collect();
    if name.is_empty() {
        "unknown".to_owned()
    } else {
        name
    }
}

/// `POST …`
pub(super) fn create(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    namespace: &str,
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    let options = options(request, "CreateOptions")?;
    let (object, warnings) = body::object_of(request, kind, options.strictness)?;
    let (storage, object) = stored_form(state, kind, object);
    let made = registry::create(state, &storage, namespace, object, &options)?;
    let mut all = deprecation(kind);
    all.extend(warnings);
    let shown = read::show(state, request, kind, accept)?.one(&made);
    Ok(accept.reply(201, &shown).warned(&all))
}

/// `PUT …/NAME`, and of its parts.
pub(super) fn update(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
    part: Part,
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    let options = options(request, "UpdateOptions")?;
    let (mut object, warnings) = body::object_of(request, kind, options.strictness)?;
    check_name(&object, name)?;
    set_namespace(kind, &mut object, namespace)?;
    let (storage, object) = stored_form(state, kind, object);
    let exists = state.get(&storage.resource, namespace, name).is_some();
    let (code, made) = if !exists && part == Part::Main && created_by_update(kind) {
        (
            201,
            registry::create(state, &storage, namespace, object, &options)?,
        )
    } else {
        (
            200,
            registry::update(state, &storage, part, object, &options)?,
        )
    };
    let mut all = deprecation(kind);
    all.extend(warnings);
    let shown = read::show(state, request, kind, accept)?.one(&made);
    Ok(accept.reply(code, &shown).warned(&all))
}

/// `PATCH …/NAME`, and of its parts.
pub(super) fn patch(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
    part: Part,
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    body::check_size(request)?;
    let patch = match body::media_type(request) {
        "application/json-patch+json" => registry::Patch::Json(body::patch_json(request)?),
        "application/merge-patch+json" => registry::Patch::Merge(body::patch_json(request)?),
        "application/strategic-merge-patch+json" if kind.custom.is_none() => {
            registry::Patch::Strategic(body::patch_json(request)?)
        }
        "application/apply-patch+yaml" => registry::Patch::Apply(body::applied(request)?),
        _ if kind.custom.is_some() => return Err(Status::unknown_format()),
        _ => return Err(Status::unsupported_media_type()),
    };
    let apply = matches!(patch, registry::Patch::Apply(_));
    let options = options(request, "PatchOptions")?;
    check_patch_options(request, apply)?;
    let (made, created, warnings) =
        registry::patch(state, kind, (namespace, name), part, patch, &options)?;
    let code = if created { 201 } else { 200 };
    let mut all = deprecation(kind);
    all.extend(warnings);
    let shown = read::show(state, request, kind, accept)?.one(&made);
    Ok(accept.reply(code, &shown).warned(&all))
}

fn check_patch_options(request: &Request, apply: bool) -> Result<(), Status> {
    let mut causes = Vec::new();
    if apply && request.param("fieldManager").unwrap_or_default().is_empty() {
        causes.push(Cause {
            reason: "FieldValueRequired",
            message: "Required value: is required for apply patch".to_owned(),
            field: "fieldManager".to_owned(),
        });
    }
    if !apply && request.param("force").is_some() {
        causes.push(Cause {
            reason: "FieldValueForbidden",
            message: "Forbidden: may not be specified for non-apply patch".to_owned(),
            field: "force".to_owned(),
        });
    }
    if causes.is_empty() {
        return Ok(());
    }
    Err(Status::invalid("PatchOptions.meta.k8s.io", "", &causes))
}

/// The kind that objects of `kind` are stored as, and the object in its form.
pub(super) fn stored_form(state: &State, kind: &Arc<Kind>, object: Value) -> (Arc<Kind>, Value) {
    match state.catalog.storage(&kind.resource) {
        Some(storage) => {
            let storage = Arc::clone(storage);
            let object = convert::to_storage(kind, &storage, object);
            (storage, object)
        }
        None => (Arc::clone(kind), object),
    }
}

fn check_name(object: &Value, name: &str) -> Result<(), Status> {
    match object["metadata"]["name"].as_str().unwrap_or_default() {
        "" => Err(Status::bad_request(format!(
            "the name of the object ({name} based on URL) was undeterminable: name must be provided"
        ))),
        given if given != name => Err(Status::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({name})"
        ))),
        _ => Ok(()),
    }
}

fn set_namespace(kind: &Kind, object: &mut Value, namespace: &str) -> Result<(), Status> {
    let given = object["metadata"]["namespace"].as_str().unwrap_or_default();
    if !kind.namespaced {
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove("namespace");
        }
        return Ok(());
    }
    if !given.is_empty() && given != namespace {
        return Err(Status::bad_request(format!(
            "the namespace of the object ({given}) does not match the namespace on the URL ({namespace})"
        )));
    }
    object["metadata"]["namespace"] = namespace.into();
    Ok(())
}

/// Kinds that a PUT creates when they are not there.
fn created_by_update(kind: &Kind) -> bool {
    matches!(
        (kind.group.as_str(), kind.plural.as_str()),
        ("", "endpoints" | "events" | "limitranges" | "services")
            | ("events.k8s.io", "events")
            | ("coordination.k8s.io", "leases")
            | (
                "rbac.authorization.k8s.io",
                "roles" | "rolebindings" | "clusterroles" | "clusterrolebindings"
            )
            | ("node.k8s.io", "runtimeclasses")
    )
}
