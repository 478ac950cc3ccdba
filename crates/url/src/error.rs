//! What can be wrong with a URL, in Go's words.

use windlass_value::fmt::quote;

use crate::address::AddressError;

/// Why a text is no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parse {}: {reason}", quote(.text))]
pub struct Error {
    /// The text, without its fragment unless that is at fault.
    pub text: Box<[u8]>,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words of each are its documentation")]
pub enum Reason {
    #[error("net/url: invalid control character in URL")]
    ControlCharacter,
    #[error("missing protocol scheme")]
    MissingScheme,
    #[error("first path segment in URL cannot contain colon")]
    ColonInFirstSegment,
    #[error("net/url: invalid userinfo")]
    UserInfo,
    #[error("invalid IP-literal")]
    IpLiteral,
    #[error("missing ']' in host")]
    MissingBracket,
    #[error("invalid port {} after host", quote(.0))]
    Port(Box<[u8]>),
    #[error("invalid URL escape {}", quote(.0))]
    Escape(Box<[u8]>),
    #[error("invalid character {} in host name", quote(&[*.0]))]
    HostCharacter(u8),
    #[error("invalid host: {0}")]
    Address(AddressError),
}
