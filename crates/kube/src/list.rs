//! Lists, page after page.

use http::Method;
use serde_json::Value;
use windlass_plan::cluster::{Listed, Mapping, Result, Selection};

use crate::client::Client;
use crate::request::Request;

/// The objects of a page, as client-go's pager asks for them.
const PAGE: &str = "500";

impl Client {
    /// All objects of a selection. Where the server forgets a list half-way, the list is asked for anew, at once.
    pub(crate) async fn pages(&self, mapping: &Mapping, selection: &Selection) -> Result<Listed> {
        let mut listed = Listed::default();
        let mut from = String::new();
        let mut limit = PAGE;
        loop {
            let request = select(mapping, selection)
                .with("limit", limit)
                .with("continue", from.as_str());
            let mut told = match self.object(&request).await {
                Ok(told) => told,
                Err(error) if error.is_expired() && !from.is_empty() => {
                    (listed, from, limit) = (Listed::default(), String::new(), "");
                    continue;
                }
                Err(error) => return Err(error),
            };
            let meta = |key: &str| {
                told["metadata"][key]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            };
            from = meta("continue");
            listed.resource_version = meta("resourceVersion");
            if let Value::Array(items) = told["items"].take() {
                let items = items.into_iter().map(|item| complete(item, mapping));
                listed.items.extend(items);
            }
            if from.is_empty() {
                return Ok(listed);
            }
        }
    }
}

/// A request for the objects of a selection.
pub(crate) fn select(mapping: &Mapping, selection: &Selection) -> Request {
    let namespace = selection.namespace.as_deref().unwrap_or_default();
    Request::about(Method::GET, mapping, namespace, "")
        .with("labelSelector", selection.labels.as_str())
        .with("fieldSelector", selection.fields.as_str())
}

/// An object as it says itself what it is, which those in lists of built-in kinds do not.
fn complete(mut item: Value, mapping: &Mapping) -> Value {
    if let Some(object) = item.as_object_mut() {
        let version = || mapping.api_version().into();
        object.entry("apiVersion").or_insert_with(version);
        object
            .entry("kind")
            .or_insert_with(|| mapping.kind.clone().into());
    }
    item
}
