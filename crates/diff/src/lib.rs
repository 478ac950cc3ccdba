//! Two sets of manifests side by side.
//!
//! A text of manifests becomes a [`manifest::Index`]: its objects by their names. [`report`] compares two
//! of them as users of the helm-diff plugin know it: what was added, removed and changed, line by
//! line ([`lines`]), Secrets masked ([`secret`]), or field by field ([`fields`]).
//!
//! Not here: where manifests come from, words and colours.

pub mod fields;
pub mod lines;
pub mod manifest;
mod rename;
pub mod report;
pub mod secret;
pub mod yaml;

pub use lines::{Line, Side, lines};
pub use manifest::{Index, Item};
pub use report::{Change, Entry, Options, Report, Secrets, report};
