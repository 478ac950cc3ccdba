//! [`Error`]: what can go wrong in either direction.

/// Why a value cannot be written or a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The error that the Go functions return, in their words.
    #[error("{0}")]
    Returned(String),
    /// The Go functions panic: no caller gets to handle it, and a template's execution stops with
    /// this text.
    #[error("{0}")]
    Panicked(String),
    /// The value or the text nests deeper than we follow.
    #[error("toml: nested deeper than {} levels", crate::MAX_DEPTH)]
    TooDeep,
    /// The output is larger than any document has cause to be.
    #[error("toml: output larger than {} bytes", crate::encode::MAX_OUTPUT)]
    TooLarge,
}
