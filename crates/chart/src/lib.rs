//! Charts as data: files, metadata, values, dependencies, schema, the `--set` language.
//!
//! Everything here works on bytes and values: reading a directory, an archive from disk or a
//! registry is the caller's business. A [`Chart`] belongs to the [`windlass_value::Heap`] it was
//! loaded into, since its default values live there.

pub mod archive;
mod chart;
pub mod compat;
pub mod create;
pub mod dependencies;
pub mod ignore;
pub mod load;
pub mod metadata;
pub mod path;
pub mod schema;
pub mod strvals;
pub mod values;
mod warning;

pub use chart::{Chart, Crd, File, Lock};
pub use metadata::{Dependency, Maintainer, Metadata};
pub use warning::{Failed, Structured, Warning};
