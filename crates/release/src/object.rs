//! The Secret or ConfigMap that holds a record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use windlass_chart::compat::Compat;
use windlass_value::base64;

use crate::codec::{self, DecodeError, EncodeError, Packer};
use crate::labels;
use crate::order;
use crate::release::Release;
use crate::store::Detail;
use crate::summary::{self, SUMMARY};
use crate::words::Status;

/// The `type` of Secrets that hold records.
pub const SECRET_TYPE: &str = "helm.sh/release.v1";

/// The annotation that names who is bringing a revision about, or left off without finding a fault with
/// it. Whoever comes after a process that was killed finds it from the very moment the record is there.
pub const HOLDER: &str = "windlass.dev/holder";

/// The annotation that tells the order of a revision's objects, where its charts speak of one.
pub const ORDER: &str = "windlass.dev/order";

/// Which kind of object holds records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// `HELM_DRIVER=secret`, the default.
    #[default]
    Secret,
    /// `HELM_DRIVER=configmap`
    ConfigMap,
}

impl Kind {
    /// Its name in the API, which is also the driver's.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Secret => "Secret",
            Self::ConfigMap => "ConfigMap",
        }
    }
}

/// An object cannot be made or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// The record cannot be written.
    #[error(transparent)]
    Encode(EncodeError),
    /// The object does not hold a record.
    #[error(transparent)]
    Decode(DecodeError),
}

/// The object that creates a record, at so many seconds after 1970.
///
/// # Errors
/// When the record cannot be written.
pub fn for_create(
    kind: Kind,
    release: &Release,
    now: i64,
    compat: Compat,
    packer: &mut Packer,
) -> Result<Value, ObjectError> {
    let labels = labels::for_create(release, now);
    object(kind, release, &labels, compat, packer)
}

/// The object that writes a record again.
///
/// # Errors
/// When the record cannot be written.
pub fn for_update(
    kind: Kind,
    release: &Release,
    now: i64,
    compat: Compat,
    packer: &mut Packer,
) -> Result<Value, ObjectError> {
    let labels = labels::for_update(release, now);
    object(kind, release, &labels, compat, packer)
}

fn object(
    kind: Kind,
    release: &Release,
    labels: &BTreeMap<String, String>,
    compat: Compat,
    packer: &mut Packer,
) -> Result<Value, ObjectError> {
    let packed = codec::encode_by(release, compat, packer).map_err(ObjectError::Encode)?;
    let mut metadata = json!({ "name": release.key(), "labels": labels });
    let annotations = annotations(release);
    if !annotations.is_empty() {
        metadata["annotations"] = Value::Object(annotations);
    }
    Ok(match kind {
        Kind::Secret => {
            let data = base64::encode(packed.as_bytes());
            json!({
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": metadata,
                "type": SECRET_TYPE,
                "data": { "release": String::from_utf8(data).unwrap_or_default() },
            })
        }
        Kind::ConfigMap => json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata,
            "data": { "release": packed },
        }),
    })
}

/// What lies beside a record.
fn annotations(release: &Release) -> Map<String, Value> {
    let mut found = Map::new();
    let unfinished = release.is_under_way() || release.info.status == Status::Failed;
    if unfinished && !release.holder.is_empty() {
        found.insert(HOLDER.to_owned(), json!(release.holder));
    }
    if let Some(text) = summary::text(release) {
        found.insert(SUMMARY.to_owned(), json!(text));
    }
    if let Some(text) = order::text(&release.order) {
        found.insert(ORDER.to_owned(), json!(text));
    }
    found
}

/// The most bytes that a server takes in a Secret's or a ConfigMap's data.
pub const MAX_DATA: usize = 1 << 20;

/// The bytes of an object's data, as a server counts them.
#[must_use]
pub fn data_len(kind: Kind, object: &Value) -> usize {
    let data = object.pointer("/data/release").and_then(Value::as_str);
    let data = data.unwrap_or_default().as_bytes();
    match kind {
        Kind::Secret => {
            let padding = data.iter().rev().take_while(|byte| **byte == b'=').count();
            data.len() / 4 * 3 - padding
        }
        Kind::ConfigMap => data.len(),
    }
}

/// What an object holds of a record, as it came from a server.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    text: &'a [u8],
    /// Whether it is Base64 of what the driver wrote, which is how JSON has a Secret's bytes.
    coded: bool,
}

impl<'a> Payload<'a> {
    /// What an object of that kind has in JSON.
    #[must_use]
    pub fn in_json(kind: Kind, text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            coded: kind == Kind::Secret,
        }
    }

    /// The very bytes that the driver wrote.
    #[must_use]
    pub fn bytes(text: &'a [u8]) -> Self {
        Self { text, coded: false }
    }

    /// What the driver wrote.
    fn written(self) -> Result<Cow<'a, [u8]>, DecodeError> {
        match self.coded {
            true => base64::decode(self.text)
                .map(Cow::Owned)
                .map_err(DecodeError::Base64),
            false => Ok(Cow::Borrowed(self.text)),
        }
    }

    /// What the driver wrote, as much of it as so many bytes from here tell.
    pub(crate) fn beginning(self, bytes: usize) -> Option<Cow<'a, [u8]>> {
        let whole = self.text.len().min(bytes) / 4 * 4;
        let beginning = Self {
            text: &self.text[..whole],
            ..self
        };
        beginning.written().ok()
    }
}

/// Reads the record in an object, with all its labels.
///
/// # Errors
/// When there is none.
pub fn read(kind: Kind, object: &Value, detail: Detail) -> Result<Release, ObjectError> {
    let data = object.pointer("/data/release").and_then(Value::as_str);
    let payload = Payload::in_json(kind, data.unwrap_or_default());
    read_payload(&object["metadata"], payload, detail)
}

/// Reads the record in an object of which metadata and payload are known, with all its labels.
///
/// # Errors
/// When there is none.
pub fn read_payload(
    metadata: &Value,
    payload: Payload<'_>,
    detail: Detail,
) -> Result<Release, ObjectError> {
    let packed = payload.written().map_err(ObjectError::Decode)?;
    let mut release = codec::decode_to(&packed, detail).map_err(ObjectError::Decode)?;
    if let Some(Value::Object(found)) = metadata.get("labels") {
        let text = |(k, v): (&String, &Value)| Some((k.clone(), v.as_str()?.to_owned()));
        release.labels = found.iter().filter_map(text).collect();
    }
    if let Some(Value::Object(found)) = metadata.get("annotations") {
        let holder = found.get(HOLDER).and_then(Value::as_str);
        release.holder = holder.unwrap_or_default().to_owned();
        let order = found.get(ORDER).and_then(Value::as_str);
        release.order = order.map(order::read).unwrap_or_default();
    }
    Ok(release)
}

/// A record that was asked for by name has the user's own labels only.
#[must_use]
pub fn as_one(mut release: Release) -> Release {
    release.labels = labels::custom(&release.labels);
    release
}
