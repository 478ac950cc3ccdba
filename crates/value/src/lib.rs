//! The one dynamic value of Windlass: what Go's `reflect.Value` is to Helm.
//!
//! Helm's templates see Go data: numbers of many kinds, byte strings, slices, *shared mutable* maps,
//! structs and named types with methods. [`Value`] is all of these. Strings and lists are immutable
//! and shared; a map is a handle ([`MapId`]) into a [`Heap`], so that two values that name the same
//! map see each other's changes exactly as two Go map values do, cycles do no harm, and the memory
//! a render uses is known. A value that holds maps means something only together with its heap.
//!
//! Start at [`Value`] and [`Heap`]; [`func`] has the signatures of callable things, [`fmt`] is Go's
//! `fmt` package over values, [`json`] Go's `encoding/json`,
//! [`unicode`] Go's classes and cases of characters, [`mod@base64`] its `encoding/base64`.
//!
//! Not here: templates, YAML, anything that reads a clock, a file or the environment.

pub mod base64;
pub mod cast;
pub mod fmt;
pub mod func;
mod heap;
pub mod json;
mod kind;
mod list;
pub mod object;
mod str;
pub mod unicode;
mod value;

pub use heap::{Elem, Heap, HeapMark, Map, MapId, MapType, NamedMap};
pub use kind::{FloatKind, IntKind, Kind, UintKind};
pub use list::{List, ListType};
pub use object::Object;
pub use str::Str;
pub use value::Value;
