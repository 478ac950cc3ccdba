//! values.schema.json.

pub(crate) mod json;
pub(crate) mod quote;
