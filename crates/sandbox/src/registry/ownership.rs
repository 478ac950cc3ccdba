//! Who owns which field: `metadata.managedFields`, kept by every write.

use serde_json::Value;

use super::{WriteOptions, update::Part};
use crate::catalog::Kind;
use crate::state::State;
use crate::status::Status;

/// Brings the managed fields of `object`, which replaces `old`, up to date after a plain write.
pub(super) fn track(
    _state: &State,
    _kind: &Kind,
    _part: Part,
    _old: Option<&Value>,
    _object: &mut Value,
    _options: &WriteOptions,
) -> Result<(), Status> {
    Ok(())
}
