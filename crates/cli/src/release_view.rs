//! Releases as commands show them: their status, tables of them, JSON and YAML.
//!
//! [`print_status`] is what install, upgrade, status and `get all` end with; [`Format`] is the flag
//! `-o`; [`Resources`] are a release's objects as the cluster has them; [`named`]
//! finds the release a command is about. Not here: the tables of single commands.

mod columns;
mod format;
mod found;
mod line;
mod objects;
mod palette;
mod resources;
mod status;
#[cfg(test)]
mod tests;

pub(crate) use format::{Format, json_line, yaml_of, yaml_of_text};
pub(crate) use found::{NotRead, content, named, read};
pub(crate) use line::{Line, app_version, chart_name};
pub(crate) use palette::{Palette, paints};
pub(crate) use resources::Resources;
pub(crate) use status::{ANSIC, StatusOptions, computed, print_status};
