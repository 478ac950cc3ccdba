//! The API's table of contents: which path is answered by what.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::{Answer, Reply, Request};
use crate::catalog::Kind;
use crate::registry::{self, DeleteOptions, Deleted, Part, WriteOptions};
use crate::state::State;
use crate::status::Status;

pub(crate) fn route(state: &mut State, request: &Request) -> Result<Answer, Status> {
    let parts: Vec<&str> = request.path.split('/').filter(|p| !p.is_empty()).collect();
    let reply = match parts.as_slice() {
        ["healthz" | "livez" | "readyz"] => Reply::text(200, "ok"),
        ["api", version, rest @ ..] => resource(state, request, "", version, rest)?,
        ["apis", group, version, rest @ ..] => resource(state, request, group, version, rest)?,
        _ => Reply::text(404, "404 page not found\n"),
    };
    Ok(Answer::Full(reply))
}

fn resource(
    state: &mut State,
    request: &Request,
    group: &str,
    version: &str,
    rest: &[&str],
) -> Result<Reply, Status> {
    let (namespace, rest) = match rest {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        _ => ("", rest),
    };
    let Some(kind) = rest
        .first()
        .and_then(|plural| state.catalog.find(group, version, plural))
    else {
        return Ok(Reply::text(404, "404 page not found\n"));
    };
    let kind = Arc::clone(kind);
    object(state, request, &kind, namespace, &rest[1..])
}

fn object(
    state: &mut State,
    request: &Request,
    kind: &Kind,
    namespace: &str,
    rest: &[&str],
) -> Result<Reply, Status> {
    let options = WriteOptions::of("unknown");
    let body = || {
        serde_json::from_slice::<Value>(&request.body)
            .map_err(|e| Status::bad_request(e.to_string()))
    };
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let within = Some(namespace).filter(|ns| !ns.is_empty());
            let items: Vec<&Value> = state
                .list(&kind.resource, within)
                .map(|object| &**object)
                .collect();
            let list = json!({"kind": kind.list_kind, "apiVersion": kind.api_version(),
                "metadata": {"resourceVersion": state.revision().to_string()}, "items": items});
            Ok(Reply::json(200, &list))
        }
        (&Method::POST, []) => {
            let made = registry::create(state, kind, namespace, body()?, &options)?;
            Ok(Reply::json(201, &made))
        }
        (&Method::GET, [name]) => match state.get(&kind.resource, namespace, name) {
            Some(object) => Ok(Reply::json(200, object)),
            None => Err(Status::not_found(&kind.qualified_plural(), name)),
        },
        (&Method::PUT, [_]) => {
            let made = registry::update(state, kind, Part::Main, body()?, &options)?;
            Ok(Reply::json(200, &made))
        }
        (&Method::PUT, [_, "status"]) => {
            let made = registry::update(state, kind, Part::Status, body()?, &options)?;
            Ok(Reply::json(200, &made))
        }
        (&Method::DELETE, [name]) => {
            let how = DeleteOptions::default();
            let (Deleted::Gone(object) | Deleted::Marked(object)) =
                registry::delete(state, kind, namespace, name, &how)?;
            Ok(Reply::json(200, &object))
        }
        _ => Err(Status::method_not_allowed(
            "the server does not allow this method on the requested resource",
        )),
    }
}
