//! Charts as data: files, metadata, values, dependencies, schema, the `--set` language.
//!
//! Everything here works on bytes and values: reading a directory, an archive from disk or a
//! registry is the caller's business. A [`Chart`] belongs to the [`windlass_value::Heap`] it was
//! loaded into, since its default values live there.

mod chart;
pub mod compat;
pub mod schema;
pub mod strvals;

pub use chart::{Chart, Dependency, File, Lock, Maintainer, Metadata};
