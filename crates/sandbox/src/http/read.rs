//! get and list.

use std::sync::Arc;

use serde_json::{Value, json};

use super::accept::Accept;
use super::shape::{Include, Show};
use super::{Reply, Request};
use crate::catalog::Kind;
use crate::select::Selection;
use crate::state::State;
use crate::status::Status;

/// How this request wants to see objects of `kind`.
pub(super) fn show(
    state: &State,
    request: &Request,
    kind: &Arc<Kind>,
    accept: Accept,
) -> Result<Show, Status> {
    let include = match request.param("includeObject") {
        None | Some("" | "Metadata") => Include::Metadata,
        Some("None") => Include::None,
        Some("Object") => Include::Object,
        Some(other) => {
            return Err(Status::bad_request(format!(
                "unrecognized includeObject value: {other:?}"
            )));
        }
    };
    Ok(Show {
        kind: Arc::clone(kind),
        shape: accept.shape,
        include,
        now: state.now(),
    })
}

/// `GET …/NAME`
pub(super) fn get(
    state: &State,
    request: &Request,
    kind: &Arc<Kind>,
    namespace: &str,
    name: &str,
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    let Some(object) = state.get(&kind.resource, namespace, name) else {
        return Err(Status::not_found(&kind.qualified_plural(), name));
    };
    let shown = show(state, request, kind, accept)?.one(object);
    Ok(accept.reply(200, &shown).warned(&deprecation(kind)))
}

/// `GET …` of a whole collection, in one piece or in pages.
pub(super) fn list(
    state: &State,
    request: &Request,
    kind: &Arc<Kind>,
    namespace: &str,
) -> Result<Reply, Status> {
    let accept = Accept::of(request)?;
    let selection = Selection::of(request, kind, namespace, None)?;
    let page = Page::of(state, request)?;
    let within = selection.namespace.as_deref();
    let mut matching = state
        .list_after(&kind.resource, within, page.after.as_deref())
        .filter(|(_, object)| selection.matches(object));
    let (mut items, mut last): (Vec<&Value>, _) = (Vec::new(), None);
    for (key, object) in matching.by_ref() {
        items.push(object);
        last = Some(key);
        if items.len() == page.limit {
            break;
        }
    }
    let mut metadata = json!({"resourceVersion": page.revision.to_string()});
    if items.len() == page.limit {
        let remaining = matching.count();
        if remaining > 0 {
            let last = last.cloned().unwrap_or_default();
            metadata["continue"] = token(page.revision, &last).into();
            if selection.is_everything() {
                metadata["remainingItemCount"] = remaining.into();
            }
        }
    }
    let shown = show(state, request, kind, accept)?.list(items.into_iter(), &metadata);
    Ok(accept.reply(200, &shown).warned(&deprecation(kind)))
}

/// Which part of a list is wanted.
struct Page {
    limit: usize,
    after: Option<String>,
    revision: u64,
}

impl Page {
    fn of(state: &State, request: &Request) -> Result<Self, Status> {
        let number = |name: &str| -> Result<u64, Status> {
            match request.param(name) {
                None | Some("") => Ok(0),
                Some(text) => text.parse().map_err(|_| {
                    let why = |parser: &str| format!("strconv.{parser}: parsing {text:?}: invalid syntax");
                    Status::bad_request(if name == "limit" {
                        why("ParseInt")
                    } else {
                        format!("invalid resource version: resourceVersion: Invalid value: {text:?}: {}", why("ParseUint"))
                    })
                }),
            }
        };
        let wanted = number("resourceVersion")?;
        check_match(request, wanted)?;
        if wanted > state.revision() {
            return Err(too_large(wanted, state.revision()));
        }
        let limit = match usize::try_from(number("limit")?) {
            Ok(0) | Err(_) => usize::MAX,
            Ok(limit) => limit,
        };
        match request.param("continue") {
            None | Some("") => Ok(Self {
                limit,
                after: None,
                revision: state.revision(),
            }),
            Some(text) => {
                let (revision, after) = read_token(text).ok_or_else(|| {
                    Status::bad_request(
                        "invalid continue token: continue key is not valid: illegal data",
                    )
                })?;
                Ok(Self {
                    limit,
                    after: Some(after),
                    revision,
                })
            }
        }
    }
}

fn check_match(request: &Request, revision: u64) -> Result<(), Status> {
    let rule = request.param("resourceVersionMatch").unwrap_or_default();
    let forbidden = |why: &str| {
        let cause = crate::status::Cause {
            reason: "FieldValueForbidden",
            message: format!("Forbidden: {why}"),
            field: "resourceVersionMatch".to_owned(),
        };
        Err(Status::invalid("ListOptions.meta.k8s.io", "", &[cause]))
    };
    let given = request.param("resourceVersion").unwrap_or_default();
    match rule {
        "" => Ok(()),
        _ if given.is_empty() && !request.flag("sendInitialEvents") => {
            forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided")
        }
        "Exact" if revision == 0 => {
            forbidden("resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"")
        }
        _ => Ok(()),
    }
}

fn too_large(wanted: u64, current: u64) -> Status {
    let mut status = Status::new(
        504,
        "Timeout",
        format!("Timeout: Too large resource version: {wanted}, current: {current}"),
    );
    status.details = Some(json!({"retryAfterSeconds": 1, "causes": [
        {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]}));
    status
}

/// Opaque to clients: the revision of the first page, and the key of the last object.
fn token(revision: u64, last: &str) -> String {
    let text = format!("{revision}:{last}");
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn read_token(text: &str) -> Option<(u64, String)> {
    let bytes: Option<Vec<u8>> = text
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let text = String::from_utf8(bytes?).ok()?;
    let (revision, key) = text.split_once(':')?;
    Some((revision.parse().ok()?, key.to_owned()))
}

/// What whoever touches objects of a kind is warned of.
pub(super) fn deprecation(kind: &Kind) -> Vec<String> {
    let custom = kind.custom.as_ref();
    let custom = custom.and_then(|custom| custom.deprecation.clone());
    let builtin = match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "endpoints") => {
            Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        }
        ("", "componentstatuses") => Some("v1 ComponentStatus is deprecated in v1.19+"),
        _ => None,
    };
    custom
        .into_iter()
        .chain(builtin.map(str::to_owned))
        .collect()
}

/// Where an object lies, for messages and look-ups.
pub(super) fn found<'a>(
    state: &'a State,
    kind: &Kind,
    namespace: &str,
    name: &str,
) -> Result<&'a Arc<Value>, Status> {
    let found = state.get(&kind.resource, namespace, name);
    found.ok_or_else(|| Status::not_found(&kind.qualified_plural(), name))
}
