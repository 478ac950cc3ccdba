//! TOML read and written exactly as BurntSushi/toml 1.6.0, which Helm uses, reads and writes it.
//!
//! [`encode`] is its `Encoder` with the default indentation, [`decode`] its `Unmarshal` into a
//! `map[string]interface {}`. Published TOML crates know neither its layout, nor its messages, nor
//! where it departs from the specification.
//!
//! Not here: what Helm makes of an error (`toToml` prints it, `fromToml` puts it under `Error`).

mod decode;
mod encode;
mod error;
mod key;

pub use decode::decode;
pub use encode::encode;
pub use error::Error;

/// How deep values and keys may nest. Go would go on until its stack of a gigabyte is full.
const MAX_DEPTH: usize = 400;
