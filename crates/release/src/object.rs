//! The Secret or ConfigMap that holds a record.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use windlass_chart::compat::Compat;
use windlass_value::base64;

use crate::codec::{self, DecodeError, EncodeError};
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
) -> Result<Value, ObjectError> {
    object(kind, release, &labels::for_create(release, now), compat)
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
) -> Result<Value, ObjectError> {
    object(kind, release, &labels::for_update(release, now), compat)
}

fn object(
    kind: Kind,
    release: &Release,
    labels: &BTreeMap<String, String>,
    compat: Compat,
) -> Result<Value, ObjectError> {
    let packed = codec::encode(release, compat).map_err(ObjectError::Encode)?;
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
                "data": { "release": String::from_utf8_lossy(&data) },
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

/// Reads the record in an object, with all its labels.
///
/// # Errors
/// When there is none.
pub fn read(kind: Kind, object: &Value, detail: Detail) -> Result<Release, ObjectError> {
    let data = object.pointer("/data/release").and_then(Value::as_str);
    let data = data.unwrap_or_default().as_bytes();
    let release = match kind {
        Kind::Secret => base64::decode(data)
            .map_err(DecodeError::Base64)
            .and_then(|packed| codec::decode_to(&packed, detail)),
        Kind::ConfigMap => codec::decode_to(data, detail),
    };
    let mut release = release.map_err(ObjectError::Decode)?;
    if let Some(Value::Object(found)) = object.pointer("/metadata/labels") {
        let text = |(k, v): (&String, &Value)| Some((k.clone(), v.as_str()?.to_owned()));
        release.labels = found.iter().filter_map(text).collect();
    }
    if let Some(Value::Object(found)) = object.pointer("/metadata/annotations") {
        let holder = found.get(HOLDER).and_then(Value::as_str);
        release.holder = holder.unwrap_or_default().to_owned();
        let order = found.get(ORDER).and_then(Value::as_str);
        release.order = order.map(order::read).unwrap_or_default();
    }
    Ok(release)
}

/// Reads the record in an object that was asked for by name: with the user's own labels only.
///
/// # Errors
/// When there is none.
pub fn read_one(kind: Kind, object: &Value) -> Result<Release, ObjectError> {
    let mut release = read(kind, object, Detail::Full)?;
    release.labels = labels::custom(&release.labels);
    Ok(release)
}
