//! Creation of one object.

use std::sync::Arc;

use serde_json::{Value, json};

use super::WriteOptions;
use crate::catalog::Kind;
use crate::defaults;
use crate::state::State;
use crate::status::Status;

/// Creates an object of `kind` in `namespace` (empty where there are none).
pub(crate) fn create(
    state: &mut State,
    kind: &Kind,
    namespace: &str,
    mut object: Value,
    options: &WriteOptions,
) -> Result<Arc<Value>, Status> {
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.kind.clone().into();
    let prefix = object["metadata"]["generateName"]
        .as_str()
        .map(str::to_owned);
    if object["metadata"]["name"].as_str().unwrap_or("").is_empty()
        && let Some(prefix) = prefix
    {
        let name = format!("{prefix}{}", state.random.suffix(5));
        object["metadata"]["name"] = name.into();
    }
    let name = object["metadata"]["name"].as_str().unwrap_or("").to_owned();
    if state.get(&kind.resource, namespace, &name).is_some() {
        return Err(Status::already_exists(&kind.qualified_plural(), &name));
    }
    if kind.namespaced {
        object["metadata"]["namespace"] = namespace.into();
    }
    if !kind.custom {
        defaults::apply(&kind.api_version(), &kind.kind, &mut object);
    }
    object["metadata"]["uid"] = state.random.uid().into();
    object["metadata"]["creationTimestamp"] = state.now().rfc3339().into();
    object["metadata"]["generation"] = 1.into();
    if options.dry_run {
        return Ok(Arc::new(object));
    }
    Ok(state.put(&kind.resource, object))
}
