//! What lies below an object: its scale, its log, its eviction and the like.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::accept::Accept;
use super::{Answer, Reply, Request, body, change, read};
use crate::catalog::Kind;
use crate::pods::{self, LogOptions};
use crate::registry::{self, DeleteOptions, Part, WriteOptions};
use crate::select::LabelSelector;
use crate::state::State;
use crate::status::Status;

/// The log of a container that is followed.
pub(crate) struct Follow {
    namespace: String,
    name: String,
    options: LogOptions,
    /// How much of it has been sent.
    pub(crate) sent: usize,
}

impl Follow {
    /// What was printed since the last call, and whether no more will come.
    pub(crate) fn next(&mut self, state: &State) -> (Vec<u8>, bool) {
        let Some(pod) = state.get("pods", &self.namespace, &self.name) else {
            return (Vec::new(), true);
        };
        let log = pods::log(state, pod, &self.options).unwrap_or_default();
        let new = log.get(self.sent..).unwrap_or_default().to_vec();
        self.sent += new.len();
        let over = matches!(
            pod["status"]["phase"].as_str(),
            Some("Succeeded" | "Failed")
        );
        (new, over)
    }
}

/// Whether `VERB …/NAME/SUBRESOURCE` is offered, and what it answers.
pub(super) fn answer(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
    subresource: &str,
) -> Result<Answer, Status> {
    let Some(found) = kind.subresource(subresource) else {
        return Err(Status::no_such_resource());
    };
    let verb = match request.method {
        Method::GET => "get",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        _ => "",
    };
    if !found.verbs.iter().any(|v| v == verb) {
        return Err(Status::method_not_allowed());
    }
    let place = (namespace, name);
    let reply = match (subresource, verb) {
        ("status" | "ephemeralcontainers" | "resize" | "approval", "get") => {
            read::get(state, request, kind, namespace, name)?
        }
        ("status", "update") => change::update(state, request, kind, place, Part::Status)?,
        ("status", "patch") => change::patch(state, request, kind, place, Part::Status)?,
        ("ephemeralcontainers" | "resize" | "approval", _) => {
            let part = Part::Other(match subresource {
                "ephemeralcontainers" => "ephemeralcontainers",
                "resize" => "resize",
                _ => "approval",
            });
            match verb {
                "patch" => change::patch(state, request, kind, place, part)?,
                _ => change::update(state, request, kind, place, part)?,
            }
        }
        ("scale", "get") => {
            let object = read::found(state, kind, namespace, name)?;
            Accept::of(request)?.reply(200, &scale_of(kind, object))
        }
        ("scale", _) => scale(state, request, kind, place)?,
        ("finalize", _) => change::update(state, request, kind, place, Part::Other("finalize"))?,
        ("log", _) => return log(state, request, place),
        ("eviction", _) => evict(state, request, kind, place)?,
        ("token", _) => token(state, request, kind, place)?,
        ("binding", _) => bind(state, request, place)?,
        _ => {
            // exec, attach, portforward and proxy need a container.
            read::found(state, kind, namespace, name)?;
            let why = format!("{subresource} needs a running container, which the sandbox has not");
            return Err(Status::new(501, "NotImplemented", why));
        }
    };
    Ok(Answer::Full(reply))
}

/// Where replicas are told of in an object of this kind: wanted, there, and the selector.
fn scale_paths(kind: &Kind) -> (String, String, String) {
    let path = |scale: &Value, key: &str, default: &str| {
        let path = scale[key].as_str().unwrap_or(default);
        path.trim_start_matches('.').replace('.', "/")
    };
    let custom = kind.custom.as_ref().and_then(|custom| custom.scale.clone());
    let scale = custom.unwrap_or_default();
    (
        path(&scale, "specReplicasPath", ".spec.replicas"),
        path(&scale, "statusReplicasPath", ".status.replicas"),
        path(&scale, "labelSelectorPath", ""),
    )
}

fn scale_of(kind: &Kind, object: &Value) -> Value {
    let (wanted, there, selector) = scale_paths(kind);
    let at = |path: &str| object.pointer(&format!("/{path}"));
    let metadata = &object["metadata"];
    let mut scale = json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {},
        "spec": {}, "status": {"replicas": at(&there).and_then(Value::as_i64).unwrap_or(0)},
    });
    for key in [
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp",
    ] {
        if !metadata[key].is_null() {
            scale["metadata"][key] = metadata[key].clone();
        }
    }
    if let Some(count) = at(&wanted)
        .and_then(Value::as_i64)
        .filter(|count| *count != 0)
    {
        scale["spec"]["replicas"] = count.into();
    }
    let text = if kind.custom.is_some() {
        at(&selector)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    } else if kind.group.is_empty() {
        let labels = &object["spec"]["selector"];
        LabelSelector::of(&json!({"matchLabels": labels})).text()
    } else {
        LabelSelector::of(&object["spec"]["selector"]).text()
    };
    if !text.is_empty() {
        scale["status"]["selector"] = text.into();
    }
    scale
}

fn scale(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
) -> Result<Reply, Status> {
    let options = change::options(request, "UpdateOptions")?;
    let old = Arc::clone(read::found(state, kind, namespace, name)?);
    let wanted = if request.method == Method::PUT {
        body::object(request)?
    } else {
        let mut scale = scale_of(kind, &old);
        match body::media_type(request) {
            "application/json-patch+json" => {
                let patch = body::patch_json(request)?;
                windlass_kinds::patch::json::apply(&mut scale, &patch)
                    .map_err(|error| Status::new(422, "Invalid", error.to_string()))?;
            }
            "application/apply-patch+yaml" => {
                windlass_kinds::patch::merge::apply(&mut scale, &body::applied(request)?);
            }
            _ => windlass_kinds::patch::merge::apply(&mut scale, &body::patch_json(request)?),
        }
        scale
    };
    let count = wanted["spec"]["replicas"].as_i64().unwrap_or(0);
    if count < 0 {
        let cause = crate::status::Cause {
            reason: "FieldValueInvalid",
            message: format!("Invalid value: {count}: must be greater than or equal to 0"),
            field: "spec.replicas".to_owned(),
        };
        return Err(Status::invalid("Scale.autoscaling", name, &[cause]));
    }
    let mut object = Value::clone(&old);
    let (path, _, _) = scale_paths(kind);
    set(&mut object, &path, count.into());
    let revision = &wanted["metadata"]["resourceVersion"];
    object["metadata"]["resourceVersion"] = revision.as_str().unwrap_or_default().into();
    if revision.as_str().unwrap_or_default().is_empty() {
        object["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"].clone();
    }
    let (storage, object) = change::stored_form(state, kind, object);
    let made = registry::update(state, &storage, Part::Other("scale"), object, &options)?;
    Ok(Accept::of(request)?.reply(200, &scale_of(kind, &made)))
}

/// Puts a value at a path, through objects that need not be there; what is no object gives way.
fn set(object: &mut Value, path: &str, value: Value) {
    let mut slot = object;
    for key in path.split('/') {
        if !slot.is_object() {
            *slot = json!({});
        }
        slot = &mut slot[key];
    }
    *slot = value;
}

fn log(
    state: &State,
    request: &Request,
    (namespace, name): (&str, &str),
) -> Result<Answer, Status> {
    let Some(pod) = state.get("pods", namespace, name) else {
        return Err(Status::not_found("pods", name));
    };
    let number = |key: &str| request.param(key).and_then(|text| text.parse().ok());
    let options = LogOptions {
        container: request
            .param("container")
            .filter(|c| !c.is_empty())
            .map(str::to_owned),
        previous: request.flag("previous"),
        timestamps: request.flag("timestamps"),
        tail_lines: number("tailLines"),
        limit_bytes: number("limitBytes"),
        since_seconds: number("sinceSeconds"),
        since_time: request.param("sinceTime").map(str::to_owned),
    };
    let text = pods::log(state, pod, &options)?;
    if !request.flag("follow") {
        return Ok(Answer::Full(Reply::of(200, "text/plain", text)));
    }
    // The tail is counted once; what follows is sent whole.
    let whole = LogOptions {
        tail_lines: None,
        limit_bytes: None,
        since_seconds: None,
        since_time: None,
        ..options
    };
    let all = pods::log(state, pod, &whole)?;
    Ok(Answer::Follow(Box::new(Follow {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        sent: all.len().saturating_sub(text.len()),
        options: whole,
    })))
}

fn evict(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
) -> Result<Reply, Status> {
    let eviction = body::object(request)?;
    let pod = Arc::clone(read::found(state, kind, namespace, name)?);
    let budget = state
        .list("poddisruptionbudgets.policy", Some(namespace))
        .find(|budget| {
            let selector = LabelSelector::of(&budget["spec"]["selector"]);
            budget["spec"]["selector"].is_object() && selector.matches(&pod["metadata"]["labels"])
        });
    if let Some(budget) = budget
        && budget["status"]["disruptionsAllowed"].as_i64().unwrap_or(0) <= 0
    {
        let mut status = Status::new(
            429,
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
        );
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let count = |key: &str| budget["status"][key].as_i64().unwrap_or(0);
        status.details = Some(
            json!({"causes": [{"reason": "DisruptionBudget", "message": format!(
                "The disruption budget {} needs {} healthy pods and has {} currently",
                text(&budget["metadata"]["name"]), count("desiredHealthy"), count("currentHealthy")
            )}]}),
        );
        return Err(status);
    }
    let options = DeleteOptions {
        grace_seconds: eviction["deleteOptions"]["gracePeriodSeconds"].as_i64(),
        ..DeleteOptions::default()
    };
    registry::delete(state, kind, namespace, name, &options)?;
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"});
    Ok(Accept::of(request)?.reply(201, &status))
}

fn token(
    state: &mut State,
    request: &Request,
    kind: &Arc<Kind>,
    (namespace, name): (&str, &str),
) -> Result<Reply, Status> {
    let mut wanted = body::object(request)?;
    read::found(state, kind, namespace, name)?;
    let seconds = wanted["spec"]["expirationSeconds"].as_u64().unwrap_or(3600);
    let expiry = state.now().plus(std::time::Duration::from_secs(seconds));
    // Not a signed token: the sandbox takes any.
    let token = format!("sandbox.{namespace}.{name}.{:016x}", state.random.next());
    if !wanted["metadata"].is_object() {
        wanted["metadata"] = json!({});
    }
    wanted["kind"] = "TokenRequest".into();
    wanted["apiVersion"] = "authentication.k8s.io/v1".into();
    wanted["metadata"]["name"] = name.into();
    wanted["metadata"]["namespace"] = namespace.into();
    wanted["metadata"]["creationTimestamp"] = state.now().rfc3339().into();
    wanted["spec"]["expirationSeconds"] = seconds.into();
    wanted["status"] = json!({"token": token, "expirationTimestamp": expiry.rfc3339()});
    Ok(Accept::of(request)?.reply(201, &wanted))
}

fn bind(
    state: &mut State,
    request: &Request,
    (namespace, name): (&str, &str),
) -> Result<Reply, Status> {
    let binding = body::object(request)?;
    let node = binding["target"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let options = WriteOptions::of("kube-scheduler");
    let part = Part::Other("binding");
    registry::modify(state, "pods", (namespace, name), part, &options, |pod| {
        pod["spec"]["nodeName"] = node.into();
    })?;
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"});
    Ok(Accept::of(request)?.reply(201, &status))
}
