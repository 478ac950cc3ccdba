//! Objects that hold records, read from answers: protobuf where the server has it, else JSON.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use windlass_plan::cluster::{Error, Result};
use windlass_release::object::{Kind, Payload};

use crate::protobuf;

/// What is asked for: whole objects.
pub(super) const WHOLE: &str = "application/vnd.kubernetes.protobuf,application/json";

/// What is asked for: metadata, where the server can tell them alone.
pub(super) const METADATA: &str = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,\
     application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,\
     application/json";

/// The key of a record in its object's data.
const KEY: &str = "release";

/// An object that holds a record.
pub(super) struct Stored<'a> {
    /// At least name, namespace, labels and annotations.
    pub(super) metadata: Value,
    data: Cow<'a, [u8]>,
    /// The kind, where the data is as JSON has it.
    in_json: Option<Kind>,
}

impl Stored<'_> {
    /// The record.
    pub(super) fn payload(&self) -> Payload<'_> {
        match (self.in_json, std::str::from_utf8(&self.data)) {
            (Some(kind), Ok(text)) => Payload::in_json(kind, text),
            _ => Payload::bytes(&self.data),
        }
    }
}

/// The token for what follows a list; empty at its end.
pub(super) fn next_page(body: &[u8]) -> Result<String> {
    if protobuf::is_message(body) {
        return protobuf::next_page(body).ok_or_else(damaged);
    }
    let list: Ends = parsed(body)?;
    Ok(list.metadata.next)
}

/// The objects of a list.
pub(super) fn many(kind: Kind, body: &[u8]) -> Result<Vec<Stored<'_>>> {
    if protobuf::is_message(body) {
        let found = protobuf::items(body, KEY).ok_or_else(damaged)?;
        return Ok(found.into_iter().map(of_message).collect());
    }
    let list: List<'_> = parsed(body)?;
    let items = list.items.unwrap_or_default().into_iter();
    Ok(items.map(|item| of_json(kind, item)).collect())
}

/// The object that an answer consists of.
pub(super) fn one(kind: Kind, body: &[u8]) -> Result<Stored<'_>> {
    match protobuf::is_message(body) {
        true => protobuf::one(body, KEY).map(of_message).ok_or_else(damaged),
        false => Ok(of_json(kind, parsed(body)?)),
    }
}

fn of_message(found: protobuf::Found<'_>) -> Stored<'_> {
    Stored {
        metadata: Value::Object(found.metadata),
        data: Cow::Borrowed(found.data.unwrap_or_default()),
        in_json: None,
    }
}

fn of_json(kind: Kind, item: Item<'_>) -> Stored<'_> {
    let data = item.data.and_then(|data| data.release);
    let data = data.map_or(Cow::Borrowed(""), |text| unquoted(text.get()));
    let mut metadata = item.metadata;
    // Who manages the fields would take most of the memory.
    metadata.remove("managedFields");
    Stored {
        metadata: Value::Object(metadata),
        data: match data {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        },
        in_json: Some(kind),
    }
}

/// A text of JSON; Base64 has nothing escaped.
fn unquoted(json: &str) -> Cow<'_, str> {
    let plain = json.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    match plain {
        Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
        _ => Cow::Owned(serde_json::from_str(json).unwrap_or_default()),
    }
}

#[derive(Deserialize)]
struct Ends {
    metadata: ListMetadata,
}

#[derive(Deserialize)]
struct ListMetadata {
    #[serde(default, rename = "continue")]
    next: String,
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    items: Option<Vec<Item<'a>>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    metadata: Map<String, Value>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    release: Option<&'a RawValue>,
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| Error::Answer {
        message: format!("couldn't get version/kind; json parse error: {error}"),
    })
}

fn damaged() -> Error {
    Error::Answer {
        message: "couldn't get version/kind; the answer is damaged protobuf".to_owned(),
    }
}
