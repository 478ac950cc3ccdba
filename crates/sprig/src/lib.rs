//! The Sprig function families and Helm's duration helpers, one module a family.
//!
//! Every family is a table of [`windlass_template::Function`]s with the types that the Go functions
//! declare, so that the template machine checks calls as Go does. [`functions`] adds them all, under
//! the names of Sprig 3.3.0's generic map without `env` and `expandenv`, which Helm removes.
//!
//! Not here: the functions Helm adds or replaces (`include`, `toYaml`, `lookup`, …; see
//! `windlass-render`) and the builtins of templates (`printf`, `index`, …; see `windlass-template`).

use windlass_template::Functions;

pub mod certs;
pub mod crypto;
pub mod date;
pub mod duration;

/// Adds all families to a set of functions.
#[must_use]
pub fn functions(functions: Functions) -> Functions {
    functions
        .with(certs::FUNCTIONS)
        .with(crypto::FUNCTIONS)
        .with(date::FUNCTIONS)
        .with(duration::FUNCTIONS)
}
