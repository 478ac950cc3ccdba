//! Writing values: goyaml's emitters as `toYaml` and `toYamlPretty` use them.
//!
//! Both write block collections, indented by two, and differ in what stands for a value ([`v2`] sees
//! it after JSON, [`v3`] as it is in Go), in sequences inside of mappings (v3 indents them), in line
//! width and in some quotes. [`walk`] has what they share, [`writer`] and [`scalar`] the bytes.

mod analysis;
mod order;
mod scalar;
mod v2;
mod v3;
mod walk;
mod writer;

pub use v2::to_yaml;
pub use v3::to_yaml_pretty;

/// Documents larger than this are refused; no render is allowed as much.
pub(crate) const MAX_OUTPUT: usize = 104 << 20;
/// How deep values may nest. It is what libyaml allows when it reads them back.
const MAX_DEPTH: usize = 10_000;
