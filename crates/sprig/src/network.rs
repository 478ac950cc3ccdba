//! `getHostByName`, without a network.
//!
//! Helm resolves names only when it is told to (`--enable-dns`) and gives `""` otherwise; so does
//! this. A renderer that is told to replaces the function.

use windlass_template::Function;
use windlass_value::func::Param::String;

use crate::call::fixed;

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[fixed("getHostByName", &[String], |_, _| Ok("".into()))];
