//! Releases as commands show them: their status, tables of them, JSON and YAML.
//!
//! [`print_status`] is what install, upgrade, status and `get all` end with; [`Format`] is the flag
//! `-o`; [`Resources`] are a release's objects as the cluster has them. Not here: finding releases.

mod columns;
mod format;
mod palette;
mod resources;
mod status;

pub(crate) use format::{Format, json_line, yaml_of};
pub(crate) use palette::{Palette, paints};
pub(crate) use resources::Resources;
pub(crate) use status::{StatusOptions, print_status};
