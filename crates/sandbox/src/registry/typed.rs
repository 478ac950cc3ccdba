//! Objects as the server's own types read them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;
use windlass_kinds::form;
use windlass_kinds::schema::Schema;

use super::Strictness;
use crate::catalog::Kind;
use crate::status::Status;

/// What a client sent, read as an object of `kind`: fields that it does not have are dropped, and told
/// or refused.
pub(crate) fn decode(
    kind: &Kind,
    object: Value,
    _strictness: Strictness,
) -> Result<(Value, Vec<String>), Status> {
    Ok((written(kind, &object), Vec::new()))
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
pub(crate) fn schema(kind: &Kind) -> Schema {
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
