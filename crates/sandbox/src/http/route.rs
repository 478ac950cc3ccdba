//! The API's table of contents: which path is answered by what.

use std::sync::Arc;

use http::Method;

use super::accept::Accept;
use super::{
    Answer, Reply, Request, body, change, discovery, openapi, read, remove, review, subresource,
    watch,
};
use crate::catalog::Kind;
use crate::registry::Part;
use crate::state::State;
use crate::status::Status;

/// Finds what answers a request.
pub(super) fn route(state: &mut State, request: &Request) -> Result<Answer, Status> {
    let path = request.path.clone();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let catalog = &state.catalog;
    let found = |value: Option<serde_json::Value>| match value {
        Some(value) => Ok(Accept::of(request)?.reply(200, &value)),
        None => Ok(nowhere()),
    };
    let reply = match parts.as_slice() {
        [] => found(Some(discovery::paths(catalog)))?,
        ["healthz" | "livez" | "readyz", ..] => Reply::text(200, "ok"),
        ["version"] => found(Some(discovery::version()))?,
        ["api"] => discovery::root(catalog, request, true),
        ["apis"] => discovery::root(catalog, request, false),
        ["apis", group] => found(discovery::group(catalog, group))?,
        ["api", version] => found(discovery::resources(catalog, "", version))?,
        ["apis", group, version] => found(discovery::resources(catalog, group, version))?,
        ["api", version, rest @ ..] => return resource(state, request, ("", version), rest),
        ["apis", group, version, rest @ ..] => {
            return resource(state, request, (group, version), rest);
        }
        ["openapi", rest @ ..] => match openapi::answer(catalog, request, rest) {
            Some(reply) => reply,
            None => nowhere(),
        },
        _ => nowhere(),
    };
    Ok(Answer::Full(reply))
}

fn nowhere() -> Reply {
    Reply::text(404, "404 page not found\n")
}

/// Everything below a group and version.
fn resource(
    state: &mut State,
    request: &Request,
    (group, version): (&str, &str),
    rest: &[&str],
) -> Result<Answer, Status> {
    // The old form `/watch/…` says by its path what the query says today.
    let (watched, rest) = match rest {
        ["watch", rest @ ..] if !rest.is_empty() => (true, rest),
        _ => (false, rest),
    };
    let (namespace, rest) = match rest {
        ["namespaces", _, "status" | "finalize"] => ("", rest),
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        _ => ("", rest),
    };
    let kind = rest
        .first()
        .and_then(|plural| state.catalog.find(group, version, plural));
    let Some(kind) = kind.map(Arc::clone) else {
        let known = state.catalog.resources(group, version).next().is_some();
        return match known {
            true => Err(Status::no_such_resource()),
            false => Ok(Answer::Full(nowhere())),
        };
    };
    if !namespace.is_empty() && !kind.namespaced {
        return Err(Status::no_such_resource());
    }
    match &rest[1..] {
        [] => collection(state, request, &kind, namespace, watched),
        _ if kind.namespaced && namespace.is_empty() => Err(Status::no_such_resource()),
        [name] => object(state, request, &kind, (namespace, name), watched),
        [name, below, ..] => subresource::answer(state, request, &kind, (namespace, name), below),
    }
}

fn collection(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    namespace: &str,
    watched: bool,
) -> Result<Answer, Status> {
    let watched = watched || request.flag("watch");
    let everywhere = kind.namespaced && namespace.is_empty();
    let reply = match request.method {
        Method::GET | Method::HEAD if watched && kind.allows("watch") => {
            return watch::watch(state, request, kind, namespace, None);
        }
        Method::GET | Method::HEAD if kind.allows("list") => {
            read::list(state, request, kind, namespace)?
        }
        Method::POST if kind.allows("create") => {
            if !kind.allows("get") {
                let options = change::options(request, "CreateOptions")?;
                let (object, _) = body::object_of(request, kind, options.strictness)?;
                if let Some(answered) = review::answer(state, kind, object, &options.manager) {
                    return Ok(Answer::Full(Accept::of(request)?.reply(201, &answered)));
                }
            }
            if everywhere {
                return Err(Status::method_not_allowed());
            }
            change::create(state, request, kind, namespace)?
        }
        Method::DELETE if kind.allows("deletecollection") && !everywhere => {
            remove::collection(state, request, kind, namespace)?
        }
        _ => return Err(Status::method_not_allowed()),
    };
    Ok(Answer::Full(reply))
}

fn object(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
    watched: bool,
) -> Result<Answer, Status> {
    let place = (namespace, name);
    let reply = match request.method {
        Method::GET if (watched || request.flag("watch")) && kind.allows("watch") => {
            return watch::watch(state, request, kind, namespace, Some(name));
        }
        Method::GET | Method::HEAD if kind.allows("get") => {
            read::get(state, request, kind, namespace, name)?
        }
        Method::PUT if kind.allows("update") => {
            change::update(state, request, kind, place, Part::Main)?
        }
        Method::PATCH if kind.allows("patch") => {
            change::patch(state, request, kind, place, Part::Main)?
        }
        Method::DELETE if kind.allows("delete") => remove::one(state, request, kind, place)?,
        _ => return Err(Status::method_not_allowed()),
    };
    Ok(Answer::Full(reply))
}
