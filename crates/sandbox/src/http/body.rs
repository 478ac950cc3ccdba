//! Bodies of requests as objects.

use serde_json::Value;
use windlass_value::Heap;

use super::Request;
use crate::catalog::Kind;
use crate::protobuf;
use crate::registry::{self, Decoded, Strictness};
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

/// The object in a body, in any encoding the server reads, whatever its kind.
pub(super) fn object(request: &Request) -> Result<Value, Status> {
    check_size(request)?;
    match media_type(request) {
        "" | "application/json" | "*/*" => json(&request.body),
        "application/yaml" => yaml(&request.body),
        "application/vnd.kubernetes.protobuf" => protobuf(&request.body),
        _ => Err(unknown_format()),
    }
}

/// The object in a body, which must be one of `kind` if it says what it is, and what its sender should
/// be warned of.
pub(super) fn object_of(
    request: &Request,
    kind: &Kind,
    strictness: Strictness,
) -> Result<Decoded, Status> {
    check_size(request)?;
    let plain = |bytes: &[u8]| {
        let bare = json(bytes).map_err(|status| unrecognized(kind, &status.message, bytes))?;
        check_kind(kind, &bare)?;
        registry::decode(kind, bytes, strictness)
    };
    match media_type(request) {
        "" | "application/json" | "*/*" => plain(&request.body),
        "application/yaml" => plain(yaml(&request.body)?.to_string().as_bytes()),
        "application/vnd.kubernetes.protobuf" => {
            let object = protobuf(&request.body)?;
            check_kind(kind, &object)?;
            Ok((object, Vec::new()))
        }
        _ => Err(unknown_format()),
    }
}

fn unrecognized(kind: &Kind, why: &str, body: &[u8]) -> Status {
    Status::bad_request(format!(
        "the object provided is unrecognized (must be of type {}): couldn't get version/kind; {why} ({})",
        kind.kind,
        summary(body)
    ))
}

/// Refuses an object that says that it is something else.
fn check_kind(kind: &Kind, object: &Value) -> Result<(), Status> {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    let (version, said) = (text("apiVersion"), text("kind"));
    if !object.is_object() {
        let why = format!(
            "json parse error: json: cannot unmarshal {} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}",
            go_kind(object)
        );
        return Err(unrecognized(kind, &why, object.to_string().as_bytes()));
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
    Ok(())
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
    serde_json::from_slice(&request.body).map_err(|error| {
        Status::bad_request(format!(
            "error decoding patch: {}",
            in_go(&request.body, &error)
        ))
    })
}

/// The configuration of a server-side apply: YAML, of which JSON is a part.
pub(super) fn applied(request: &Request) -> Result<Value, Status> {
    if let Ok(object) = serde_json::from_slice(&request.body) {
        return Ok(object);
    }
    yaml(&request.body).map_err(|mut status| {
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
        .map_err(|error| Status::bad_request(format!("json parse error: {}", in_go(bytes, &error))))
}

/// What Go says of broken JSON.
fn in_go(bytes: &[u8], error: &serde_json::Error) -> String {
    match windlass_value::json::unmarshal(&mut Heap::new(), bytes) {
        Err(in_go) => in_go.to_string(),
        // Go reads what we do not, such as deeper nesting.
        Ok(_) => error.to_string(),
    }
}

fn yaml(bytes: &[u8]) -> Result<Value, Status> {
    let mut heap = Heap::new();
    let refuse = |why: String| Status::bad_request(why);
    let value =
        windlass_yaml::parse(&mut heap, bytes).map_err(|error| refuse(error.to_string()))?;
    let text =
        windlass_value::json::marshal(&heap, &value).map_err(|error| refuse(error.to_string()))?;
    json(&text)
}

fn protobuf(bytes: &[u8]) -> Result<Value, Status> {
    protobuf::object(bytes).map_err(|error| Status::bad_request(error.to_string()))
}

fn unknown_format() -> Status {
    Status::new(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: \
         application/json, application/yaml, application/vnd.kubernetes.protobuf",
    )
}
