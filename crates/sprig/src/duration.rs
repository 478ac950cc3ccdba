//! The duration family; see the functions for what each does.

use windlass_template::Function;

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[];
