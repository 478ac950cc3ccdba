//! Changes to objects, in the formats in which clients send them.
//!
//! - [`json`]: a list of operations (RFC 6902);
//! - [`merge`]: an object laid over another (RFC 7386), and the making of such;
//! - [`strategic`]: Kubernetes' own, which knows how lists of built-in kinds merge.

pub mod json;
pub mod merge;
pub mod strategic;
