//! Bodies of requests as objects.

use serde_json::Value;

use super::Request;
use crate::catalog::Kind;
use crate::protobuf;
use crate::status::Status;

/// What a server of this kind reads at most.
const LIMIT: usize = 3 * 1024 * 1024;

/// The media type of the body, without parameters.
pub(super) fn media_type(request: &Request) -> &str {
    let header = request.header(http::header::CONTENT_TYPE);
    header.split(';').next().unwrap_or_default().trim()
}

/// Refuses bodies that are too large to be read.
pub(super) fn check_size(request: &Request) -> Result<(), Status> {
    if request.body.len() > LIMIT {
        let message = format!("Request entity too large: limit is {LIMIT}");
        return Err(Status::new(413, "RequestEntityTooLarge", message));
    }
    Ok(())
}

/// The object in a body, in any encoding the server reads.
pub(super) fn object(request: &Request) -> Result<Value, Status> {
    check_size(request)?;
    match media_type(request) {
        "" | "application/json" | "*/*" => json(&request.body),
        "application/vnd.kubernetes.protobuf" => {
            protobuf::object(&request.body).map_err(|error| Status::bad_request(error.to_string()))
        }
        _ => Err(unknown_format()),
    }
}

/// The object in a body, which must be one of `kind` if it says what it is.
pub(super) fn object_of(request: &Request, kind: &Kind) -> Result<Value, Status> {
    let object = object(request).map_err(|mut status| {
        if status.code == 400 {
            status.message = format!(
                "the object provided is unrecognized (must be of type {}): couldn't get version/kind; {} ({})",
                kind.kind,
                status.message,
                summary(&request.body)
            );
        }
        status
    })?;
    check_kind(kind, object)
}

/// Refuses an object that says that it is something else.
fn check_kind(kind: &Kind, object: Value) -> Result<Value, Status> {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    let (version, said) = (text("apiVersion"), text("kind"));
    if !object.is_object() {
        return Err(Status::bad_request(format!(
            "the object provided is unrecognized (must be of type {}): couldn't get version/kind; json parse error: json: cannot unmarshal {} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }} ({})",
            kind.kind,
            go_kind(&object),
            summary(object.to_string().as_bytes())
        )));
    }
    let own = kind.api_version();
    if !said.is_empty() && said != kind.kind {
        let short = version.rsplit('/').next().unwrap_or_default();
        let short = if short.is_empty() {
            &kind.version
        } else {
            short
        };
        return Err(Status::bad_request(format!(
            "{said} in version {short:?} cannot be handled as a {}: converting ({short}.{said}) to ({}.{}): unknown conversion",
            kind.kind,
            internal_package(kind),
            kind.kind
        )));
    }
    if !version.is_empty() && version != own {
        let short = version.rsplit('/').next().unwrap_or_default();
        if said.is_empty()
            || windlass_kinds::kind::all()
                .iter()
                .any(|k| k.api_version() == version)
        {
            return Err(Status::bad_request(format!(
                "the API version in the data ({version}) does not match the expected API version ({own})"
            )));
        }
        return Err(Status::bad_request(format!(
            "{said} in version {short:?} cannot be handled as a {}: no kind {said:?} is registered for version {version:?} in scheme \"pkg/runtime/scheme.go:111\"",
            kind.kind
        )));
    }
    Ok(object)
}

fn internal_package(kind: &Kind) -> &str {
    match kind.group.split('.').next().unwrap_or_default() {
        "" => "core",
        name => name,
    }
}

fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// The beginning of a body, as the server shows it: text, or else in hexadecimal.
fn summary(body: &[u8]) -> String {
    if body.first() == Some(&b'{') {
        let text = String::from_utf8_lossy(&body[..body.len().min(30)]);
        return if body.len() > 30 {
            format!("{text} ...")
        } else {
            text.into_owned()
        };
    }
    let shown = body
        .iter()
        .take(30)
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    if body.len() > 30 {
        format!("{shown} ...")
    } else {
        shown
    }
}

/// A patch that is written in JSON.
pub(super) fn patch_json(request: &Request) -> Result<Value, Status> {
    json(&request.body).map_err(|mut status| {
        status.message = format!("error decoding patch: {}", status.message);
        status
    })
}

/// The configuration of a server-side apply: YAML, of which JSON is a part.
pub(super) fn applied(request: &Request) -> Result<Value, Status> {
    json(&request.body).map_err(|mut status| {
        status.message = format!("error decoding YAML: {}", status.message);
        status
    })
}

/// The options of a delete.
pub(super) fn options(request: &Request) -> Result<Value, Status> {
    let options = object(request)?;
    let said = options["kind"].as_str().unwrap_or_default();
    if !said.is_empty() && said != "DeleteOptions" {
        let version = options["apiVersion"].as_str().unwrap_or_default();
        return Err(Status::bad_request(format!(
            "no kind {said:?} is registered for version {version:?} in scheme \"pkg/runtime/scheme.go:111\""
        )));
    }
    Ok(options)
}

fn json(bytes: &[u8]) -> Result<Value, Status> {
    serde_json::from_slice(bytes)
        .map_err(|error| Status::bad_request(format!("json parse error: {error}")))
}

fn unknown_format() -> Status {
    Status::new(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: \
         application/json, application/yaml, application/vnd.kubernetes.protobuf",
    )
}
