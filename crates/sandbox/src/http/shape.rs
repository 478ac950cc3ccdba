//! Objects and lists in the shape a client asked for: whole, as a Table, or only their metadata.

use std::sync::Arc;

use serde_json::{Value, json};

use super::accept::Shape;
use crate::catalog::Kind;
use crate::clock::Moment;
use crate::convert;
use crate::table;

/// How to show what is stored.
#[derive(Clone)]
pub(crate) struct Show {
    pub(crate) kind: Arc<Kind>,
    pub(crate) shape: Shape,
    /// `includeObject` of a Table: `None`, `Metadata` or `Object`.
    pub(crate) include: Include,
    pub(crate) now: Moment,
}

/// How much of the object a row of a Table carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Include {
    None,
    #[default]
    Metadata,
    Object,
}

impl Show {
    /// One object.
    pub(crate) fn one(&self, object: &Value) -> Value {
        match self.shape {
            Shape::Whole => self.whole(object),
            Shape::Table(version) => {
                self.table(version, [object].into_iter(), &list_metadata(object), true)
            }
            Shape::Partial(version) => partial(object, version),
        }
    }

    /// A list with its metadata.
    pub(crate) fn list<'a>(
        &self,
        objects: impl Iterator<Item = &'a Value>,
        metadata: &Value,
    ) -> Value {
        match self.shape {
            Shape::Whole => {
                let items: Vec<Value> = objects.map(|object| self.item(object)).collect();
                json!({"kind": self.kind.list_kind, "apiVersion": self.kind.api_version(),
                    "metadata": metadata, "items": items})
            }
            Shape::Table(version) => self.table(version, objects, metadata, true),
            Shape::Partial(version) => {
                let items: Vec<Value> = objects.map(|object| partial(object, version)).collect();
                json!({"kind": "PartialObjectMetadataList", "apiVersion": version,
                    "metadata": metadata, "items": items})
            }
        }
    }

    /// The object of a watch event; only the first Table of a stream names its columns.
    pub(crate) fn event(&self, object: &Value, first: bool) -> Value {
        match self.shape {
            Shape::Table(version) => {
                self.table(version, [object].into_iter(), &list_metadata(object), first)
            }
            _ => self.one(object),
        }
    }

    /// The object of a bookmark: nothing but its revision.
    pub(crate) fn bookmark(&self, revision: u64, end_of_list: bool) -> Value {
        let mut metadata = json!({"resourceVersion": revision.to_string()});
        if end_of_list {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let (kind, version) = match self.shape {
            Shape::Table(version) => {
                metadata["creationTimestamp"] = Value::Null;
                return json!({"kind": "Table", "apiVersion": version, "columnDefinitions": [],
                    "metadata": {"resourceVersion": revision.to_string()},
                    "rows": [{"cells": [], "object": {"kind": "PartialObjectMetadata",
                        "apiVersion": "meta.k8s.io/v1", "metadata": metadata}}]});
            }
            Shape::Partial(version) => ("PartialObjectMetadata", version.to_owned()),
            Shape::Whole => (self.kind.kind.as_str(), self.kind.api_version()),
        };
        json!({"kind": kind, "apiVersion": version, "metadata": metadata})
    }

    fn whole(&self, object: &Value) -> Value {
        let mut object = convert::to_version(&self.kind, object);
        if self.kind.group.is_empty() && self.kind.plural == "services" {
            hide_policy(&mut object);
        }
        object
    }

    /// Within a list of a built-in kind, objects do not repeat what they are.
    fn item(&self, object: &Value) -> Value {
        let mut object = self.whole(object);
        if self.kind.custom.is_none()
            && let Some(fields) = object.as_object_mut()
        {
            fields.remove("kind");
            fields.remove("apiVersion");
        }
        object
    }

    fn table<'a>(
        &self,
        version: &str,
        objects: impl Iterator<Item = &'a Value>,
        metadata: &Value,
        columns: bool,
    ) -> Value {
        let rows: Vec<Value> = objects
            .map(|object| {
                let mut row = json!({"cells": table::cells(&self.kind, object, self.now)});
                match self.include {
                    Include::None => row["object"] = Value::Null,
                    Include::Metadata => row["object"] = partial(object, version),
                    Include::Object => row["object"] = self.whole(object),
                }
                row
            })
            .collect();
        let columns = match columns {
            true => table::columns(&self.kind),
            false => Value::Null,
        };
        json!({"kind": "Table", "apiVersion": version, "metadata": metadata,
            "columnDefinitions": columns, "rows": rows})
    }
}

/// A service that is a name elsewhere keeps the policy for its traffic from before, and does not show it.
fn hide_policy(service: &mut Value) {
    let spec = service.get_mut("spec").and_then(Value::as_object_mut);
    if let Some(spec) = spec.filter(|spec| spec.get("type") == Some(&json!("ExternalName"))) {
        spec.remove("internalTrafficPolicy");
    }
}

fn partial(object: &Value, version: &str) -> Value {
    json!({"kind": "PartialObjectMetadata", "apiVersion": version,
        "metadata": object["metadata"]})
}

fn list_metadata(object: &Value) -> Value {
    json!({"resourceVersion": object["metadata"]["resourceVersion"]})
}
