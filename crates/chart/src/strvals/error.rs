//! What can be wrong with a text of the `--set` language, in Helm's words.

use thiserror::Error;

use super::MAX_NESTED_NAME_LEVEL;
use crate::schema::quote::{quote, quote_rune};

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The text ends within a key.
    #[error("key {} has no value", quote(key))]
    KeyWithoutValue {
        /// The part of the key after the last dot.
        key: String,
    },
    /// A key is followed by a comma.
    #[error("key {} has no value (cannot end with ,)", quote(key))]
    KeyBeforeComma {
        /// The part of the key after the last dot.
        key: String,
    },
    /// What is below a key came out empty.
    #[error("key map {} has no value", quote(key))]
    EmptyMap {
        /// The key.
        key: String,
    },
    /// A key has too many parts.
    #[error(
        "value name nested level is greater than maximum supported nested level of {}",
        MAX_NESTED_NAME_LEVEL
    )]
    TooManyNames,
    /// What stands in brackets is no index.
    #[error("error parsing index: {0}")]
    Index(IndexFault),
    /// An index below zero.
    #[error("negative {0} index not allowed")]
    NegativeIndex(i64),
    /// An index beyond the limit.
    #[error("index of {0} is greater than maximum supported index of {max}", max = super::MAX_INDEX)]
    IndexTooGreat(i64),
    /// Something other than `[`, `.` or `=` follows a closing bracket.
    #[error("unexpected data at end of array index: {}", rune_list(.0))]
    AfterIndex(String),
    /// A `{` without its `}`.
    #[error("list must terminate with '}}'")]
    OpenList,
    /// The key leads through a value that is neither a map nor a list, as the key wants it.
    #[error("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")]
    NotA {
        /// The Go type of the value that is there.
        found: &'static str,
        /// The Go type the key needs.
        wanted: &'static str,
    },
    /// The value is not JSON.
    #[error("{0}")]
    Json(String),
    /// A file could not be read.
    #[error("{0}")]
    File(String),
    /// Helm has no such bound; it keeps a hostile text from using up the stack.
    #[error("value nested level is greater than maximum supported nested level of {0}")]
    TooDeep(usize),
    /// Helm has no such bound; it keeps a hostile text from using up the memory.
    #[error("lists have more than {0} elements")]
    TooLarge(usize),
}

/// Why an index could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IndexFault {
    /// It is no integer of 64 bits.
    #[error("{0}")]
    NotANumber(String),
    /// There is no closing bracket.
    #[error("EOF")]
    Cut,
}

/// How Go prints a list of runes with `%q`.
fn rune_list(text: &str) -> String {
    let runes: Vec<String> = text.chars().map(quote_rune).collect();
    format!("[{}]", runes.join(" "))
}
