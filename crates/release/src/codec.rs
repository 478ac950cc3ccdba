//! The record as text: Go's JSON, gzip, Base64.
//!
//! [`encode`] writes what the driver of the chosen Helm writes, [`decode`] reads what any of them
//! ever wrote. Records come from a cluster and may be hostile: what inflates past
//! [`MAX_INFLATED`], or says more than [`MAX_VALUES`] things, is refused, and nothing here recurses over their depth.

mod fields;
mod pack;
mod read;
mod write;

use windlass_chart::compat::Compat;

use crate::json::Json;
use crate::release::Release;
use crate::store::Detail;

pub use pack::Packer;
pub use read::DecodeError;
pub use write::EncodeError;

/// No record may be larger than this once inflated. One that fits into an API object stays far below
/// it; only one made to exhaust memory does not.
pub const MAX_INFLATED: usize = 24 * 1024 * 1024;

/// No record may hold more values (texts, numbers, lists, maps) than this. A text costs what it is long, but an empty
/// map of two bytes a hundred times that.
pub const MAX_VALUES: usize = 600_000;

/// No list of hooks or files in a record may be longer than this.
pub const MAX_ITEMS: usize = 50_000;

/// The record as a driver stores it.
///
/// # Errors
/// When a time lies outside of what RFC 3339 can say.
pub fn encode(release: &Release, compat: Compat) -> Result<String, EncodeError> {
    encode_by(release, compat, &mut Packer::default())
}

/// The same by who may have packed parts of it before.
///
/// # Errors
/// As [`encode`].
pub fn encode_by(
    release: &Release,
    compat: Compat,
    packer: &mut Packer,
) -> Result<String, EncodeError> {
    let (json, cuts) = write::release_in_parts(release, compat)?;
    Ok(packer.pack(json.as_bytes(), &cuts))
}

/// The JSON inside of [`encode`].
///
/// # Errors
/// As [`encode`].
pub fn to_json(release: &Release, compat: Compat) -> Result<String, EncodeError> {
    write::release(release, compat, None)
}

/// What Helm prints of a release with `-o json`: its JSON, and in it what the cluster has of its
/// objects, by kind.
///
/// # Errors
/// As [`encode`].
pub fn to_json_with(
    release: &Release,
    resources: &Json,
    compat: Compat,
) -> Result<String, EncodeError> {
    write::release(release, compat, Some(resources))
}

/// What the beginning of a packed record inflates to, as far as it goes.
pub(crate) fn inflate_head(packed: &[u8]) -> Vec<u8> {
    pack::inflate_head(packed)
}

/// Reads what a driver stored. Labels are not part of it.
///
/// # Errors
/// [`DecodeError`], in Go's words where Helm would show them.
pub fn decode(data: &[u8]) -> Result<Release, DecodeError> {
    decode_to(data, Detail::Full)
}

/// Reads as much as is asked for.
///
/// # Errors
/// As [`decode`].
pub fn decode_to(data: &[u8], detail: Detail) -> Result<Release, DecodeError> {
    from_json(&pack::unpack(data)?, detail)
}

/// Reads the JSON inside of a record.
///
/// # Errors
/// As [`decode`].
pub fn from_json(json: &[u8], detail: Detail) -> Result<Release, DecodeError> {
    read::release(json, detail)
}

/// One text field of a document that is an object.
pub(crate) fn text_field(document: &Json, name: &str) -> Option<String> {
    let fields: fields::Fields<'_> = serde_json::from_str(document.as_str()).ok()?;
    serde_json::from_str(fields.get(name)?.get()).ok()
}

/// One field of a document that is an object.
pub(crate) fn field(document: &Json, name: &str) -> Option<Json> {
    let fields: fields::Fields<'_> = serde_json::from_str(document.as_str()).ok()?;
    fields.get(name).map(Json::from_raw)
}

#[cfg(test)]
mod tests;
