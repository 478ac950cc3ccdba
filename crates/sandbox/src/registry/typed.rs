//! Objects as the server's own types read them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;
use windlass_kinds::form;
use windlass_kinds::schema::Schema;
use windlass_kinds::strict::{self, Findings};

use super::Strictness;
use super::metadata::cause;
use crate::catalog::Kind;
use crate::status::Status;

/// An object, and what its sender should be warned of.
pub(crate) type Decoded = (Value, Vec<String>);

/// Reads a body in JSON as an object of `kind`.
pub(crate) fn decode(kind: &Kind, body: &[u8], strictness: Strictness) -> Result<Decoded, Status> {
    let refuse = |why: &dyn std::fmt::Display| {
        Status::bad_request(format!(
            "{} in version {:?} cannot be handled as a {}: {why}",
            kind.kind, kind.version, kind.kind
        ))
    };
    let (object, findings) = strict::decode(&schema(kind), body).map_err(|e| refuse(&e))?;
    let warnings = told(&findings, strictness).map_err(|e| refuse(&e))?;
    Ok((written(kind, &object), warnings))
}

/// Reads what a patch made. `shown` is what the server shows of it in a refusal.
pub(super) fn decode_patched(
    kind: &Kind,
    object: &Value,
    strictness: Strictness,
    shown: impl FnOnce() -> String,
) -> Result<Decoded, Status> {
    let checked = strict::check(&schema(kind), object);
    let checked = checked.map_err(|error| error.to_string());
    let warnings = checked
        .and_then(|findings| told(&findings, strictness).map_err(|findings| findings.to_string()));
    match warnings {
        Ok(warnings) => Ok((written(kind, object), warnings)),
        Err(why) => {
            let message = format!("Invalid value: {:?}: {why}", shown());
            let causes = [cause("FieldValueInvalid", "patch", message)];
            Err(Status::invalid("", "", &causes))
        }
    }
}

/// What becomes of findings: warnings, nothing, or a refusal with them.
fn told(findings: &Findings, strictness: Strictness) -> Result<Vec<String>, &Findings> {
    match strictness {
        Strictness::Ignore => Ok(Vec::new()),
        Strictness::Strict if !findings.0.is_empty() => Err(findings),
        Strictness::Strict | Strictness::Warn => {
            Ok(findings.0.iter().map(ToString::to_string).collect())
        }
    }
}

/// The object in the form in which the server writes it.
pub(super) fn written(kind: &Kind, object: &Value) -> Value {
    if kind.custom.is_some() {
        return object.clone();
    }
    let mut written = form::written(&schema(kind), object);
    written["apiVersion"] = kind.api_version().into();
    written["kind"] = kind.kind.clone().into();
    written
}

/// The types of the fields of a kind.
pub(super) fn schema(kind: &Kind) -> Schema {
    static BUILTIN: LazyLock<Mutex<HashMap<String, Schema>>> = LazyLock::new(Mutex::default);
    if let Some(custom) = &kind.custom {
        return custom.typed.clone();
    }
    let name = format!("{}/{}", kind.api_version(), kind.kind);
    let mut known = BUILTIN.lock().unwrap_or_else(PoisonError::into_inner);
    let schema = known.entry(name).or_insert_with(|| {
        Schema::builtin(&kind.group, &kind.version, &kind.kind).unwrap_or_else(Schema::deduced)
    });
    schema.clone()
}
