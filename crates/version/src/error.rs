//! What can be wrong with a version or a constraint, in the upstream library's words.

/// The error of a text, or of an increment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `ErrInvalidSemVer`
    #[error("invalid semantic version")]
    Invalid,
    /// `ErrEmptyString`
    #[error("version string empty")]
    Empty,
    /// `ErrVersionTooLong`
    #[error("version string is too long (max {} bytes)", crate::version::MAX_LEN)]
    TooLong,
    /// `ErrInvalidCharacters`
    #[error("invalid characters in version")]
    Characters,
    /// `ErrSegmentStartsZero`
    #[error("version segment starts with 0")]
    LeadingZero,
    /// `ErrInvalidPrerelease`
    #[error("invalid prerelease string")]
    Prerelease,
    /// `ErrInvalidMetadata`
    #[error("invalid metadata string")]
    Metadata,
    /// A number that fits no `uint64`, met by the lenient parser.
    #[error("error parsing version segment: {0}")]
    Segment(String),
    /// A number that fits no `uint64` or is missing, met by the strict parser.
    #[error("{0}")]
    Number(String),
    /// No larger number of the named segment exists.
    #[error("{0} version increment would overflow uint64")]
    Overflow(&'static str),
    /// A part of a constraint that does not follow the grammar, in quotes.
    #[error("improper constraint: {0}")]
    Improper(String),
    /// A constraint whose version is not one after all.
    #[error("constraint parser error")]
    Constraint,
    /// `ErrConstraintTooLong`
    #[error(
        "constraint string is too long (max {} bytes)",
        crate::constraint::MAX_LEN
    )]
    ConstraintTooLong,
    /// `ErrTooManyConstraintGroups`
    #[error("too many constraint groups (max {})", crate::constraint::MAX_GROUPS)]
    TooManyGroups,
}
