//! Values: reading them, merging them with charts' defaults, looking into them.
//!
//! [`coalesce`] makes what templates see; [`read`] reads values.yaml and `-f` files;
//! [`merge_maps`] puts one such file over another. The `--set` language is [`crate::strvals`].

pub(crate) mod coalesce;
mod named;
mod parse;
mod path;
pub(crate) mod tables;

pub use coalesce::{TypeMismatch, coalesce};
pub use named::named;
pub use parse::{ParseError, read};
pub use path::{PathError, path_value, table};
pub use tables::{coalesce_tables, merge_maps};
