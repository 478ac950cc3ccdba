//! The Sprig function families and Helm's duration helpers, one module a family.
//!
//! Every family is a table of [`windlass_template::Function`]s with the types that the Go functions
//! declare, so that the template machine checks calls as Go does. [`functions`] adds them all, under
//! the names of Sprig 3.3.0's generic map without `env` and `expandenv`, which Helm removes.
//!
//! Not here: the functions Helm adds or replaces (`include`, `toYaml`, `lookup`, …; see
//! `windlass-render`) and the builtins of templates (`printf`, `index`, …; see `windlass-template`).

use windlass_template::Functions;

mod call;
mod equality;
mod text;

pub mod certs;
pub mod crypto;
pub mod date;
pub mod defaults;
pub mod dicts;
pub mod duration;
pub mod encoding;
pub mod json;
pub mod lists;
pub mod network;
pub mod numbers;
pub mod paths;
pub mod random;
pub mod reflection;
pub mod regex;
pub mod semver;
pub mod strings;
pub mod url;

/// Adds all families of Sprig to a set of functions. Helm 4's [`duration`] is none of Sprig's.
#[must_use]
pub fn functions(functions: Functions) -> Functions {
    [
        certs::FUNCTIONS,
        crypto::FUNCTIONS,
        date::FUNCTIONS,
        defaults::FUNCTIONS,
        dicts::FUNCTIONS,
        encoding::FUNCTIONS,
        json::FUNCTIONS,
        lists::FUNCTIONS,
        network::FUNCTIONS,
        numbers::FUNCTIONS,
        paths::FUNCTIONS,
        random::FUNCTIONS,
        reflection::FUNCTIONS,
        regex::FUNCTIONS,
        semver::FUNCTIONS,
        strings::FUNCTIONS,
        url::FUNCTIONS,
    ]
    .into_iter()
    .fold(functions, Functions::with)
}
