//! `lookup` of templates: a synchronous call out of a render into the runtime.

use serde_json::Value as Json;
use tokio::runtime::Handle;
use windlass_plan::cluster::{Cluster, Error, ObjectRef, Selection};
use windlass_render::Wanted;
use windlass_value::{Heap, MapId, MapType, Str, Value};

use crate::client::Client;
use crate::list::select;

/// Looks objects up while templates are rendered.
///
/// A lookup blocks its thread until the server has answered: renders that may look up run on
/// threads for blocking work, never on those of the runtime.
#[derive(Debug, Clone)]
pub struct Lookup {
    client: Client,
    runtime: Handle,
}

impl Lookup {
    /// Lookups through a client, whose requests the given runtime carries.
    #[must_use]
    pub fn new(client: Client, runtime: Handle) -> Self {
        Self { client, runtime }
    }

    async fn find(&self, wanted: &Wanted<'_>) -> Result<Option<Json>, String> {
        let mapping = self
            .client
            .served_kind(wanted.api_version, wanted.kind)
            .await;
        let mapping = match mapping {
            Ok(mapping) => mapping,
            // A kind that a known version does not have is only not found.
            Err(Error::NoMatch { .. }) if self.is_served(wanted.api_version).await => {
                return Ok(None);
            }
            Err(error) => return Err(unserved(wanted, &error)),
        };
        let namespace = if mapping.namespaced {
            wanted.namespace
        } else {
            ""
        };
        let found = if wanted.name.is_empty() {
            let selection = Selection {
                namespace: Some(namespace.to_owned()),
                ..Selection::default()
            };
            self.client.object(&select(&mapping, &selection)).await
        } else {
            let target = ObjectRef {
                mapping,
                namespace: namespace.to_owned(),
                name: wanted.name.to_owned(),
            };
            self.client.get(&target).await
        };
        match found {
            Ok(object) => Ok(Some(complete(object))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn is_served(&self, api_version: &str) -> bool {
        let versions = self.client.served_versions().await;
        versions.is_ok_and(|all| all.iter().any(|served| served == api_version))
    }
}

impl windlass_render::Lookup for Lookup {
    fn lookup(&mut self, heap: &mut Heap, wanted: &Wanted<'_>) -> Result<MapId, String> {
        let found = self.runtime.block_on(self.find(wanted))?;
        let entries = match found {
            Some(Json::Object(entries)) => entries,
            _ => serde_json::Map::new(),
        };
        Ok(map(heap, entries))
    }
}

/// The words for a version that is not served: the kind as apimachinery writes it, and why.
fn unserved(wanted: &Wanted<'_>, error: &Error) -> String {
    let reason = match error {
        Error::NoMatch { .. } => "the server could not find the requested resource".to_owned(),
        other => other.to_string(),
    };
    let version = match wanted.api_version.split_once('/') {
        Some(_) => wanted.api_version.to_owned(),
        None => format!("/{}", wanted.api_version),
    };
    format!(
        "unable to get apiresource from unstructured: {version}, Kind={}: {reason}",
        wanted.kind
    )
}

/// The objects of a list say themselves what they are.
fn complete(mut object: Json) -> Json {
    let kind = object["kind"].as_str().unwrap_or_default();
    let Some(kind) = kind.strip_suffix("List").map(str::to_owned) else {
        return object;
    };
    let version = object["apiVersion"].clone();
    let items = object.get_mut("items").and_then(Json::as_array_mut);
    for item in items.into_iter().flatten().filter_map(Json::as_object_mut) {
        item.entry("apiVersion").or_insert_with(|| version.clone());
        item.entry("kind").or_insert_with(|| kind.clone().into());
    }
    object
}

/// A map as Go's dynamic client reads it: whole numbers are `int64`. Servers bound how deep objects are.
fn map(heap: &mut Heap, entries: serde_json::Map<String, Json>) -> MapId {
    let entries = entries.into_iter();
    let entries = entries
        .map(|(key, json)| (Str::from(key), value(heap, json)))
        .collect();
    heap.map_from(MapType::Any, entries)
}

fn value(heap: &mut Heap, json: Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::int64(whole),
            None => Value::float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::str(text),
        Json::Array(items) => {
            Value::list(items.into_iter().map(|item| value(heap, item)).collect())
        }
        Json::Object(entries) => Value::Map(map(heap, entries)),
    }
}
