//! URLs as Go's `net/url` reads, resolves and writes them.
//!
//! Everything is bytes, as Go's strings are. What templates do with URLs (`urlParse`) is in
//! `windlass-sprig`, what schemas do with them in `windlass-chart`.

mod address;
mod error;
mod escape;
mod parse;
mod resolve;
mod write;

#[cfg(test)]
mod tests;

pub use address::{Address, AddressError, parse_address};
pub use error::{Error, Reason};

use escape::{Part, escape, unescape};

/// A URL in its parts, decoded but for the query.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Url {
    /// The scheme in lower case.
    pub scheme: Vec<u8>,
    /// What follows a scheme without a slash.
    pub opaque: Vec<u8>,
    /// User and password.
    pub user: Option<User>,
    /// The host, its port included.
    pub host: Vec<u8>,
    /// The path, decoded.
    pub path: Vec<u8>,
    /// The path as written, where that is not its default escaping.
    pub raw_path: Vec<u8>,
    /// Whether there is a question mark without a query.
    pub force_query: bool,
    /// The query as written.
    pub query: Vec<u8>,
    /// The fragment, decoded.
    pub fragment: Vec<u8>,
    /// Whether a scheme is followed by one slash, not two.
    pub omit_host: bool,
}

/// User and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The user's name.
    pub name: Vec<u8>,
    /// The password, which may be empty or missing.
    pub password: Option<Vec<u8>>,
}

/// Go's `url.PathUnescape`.
///
/// # Errors
/// An escape that is none.
pub fn path_unescape(text: &[u8]) -> Result<Vec<u8>, Reason> {
    unescape(text, Part::Segment)
}

/// Go's `url.PathEscape`.
#[must_use]
pub fn path_escape(text: &[u8]) -> Vec<u8> {
    escape(text, Part::Segment)
}

/// Whether Go's `url.ParseRequestURI` takes a text and finds a scheme in it.
#[must_use]
pub fn is_request_url(text: &[u8]) -> bool {
    // Of a URL with a scheme the fragment alone is read differently: there is none in a request.
    Url::parse_main(text).is_ok_and(|url| !url.scheme.is_empty())
}
