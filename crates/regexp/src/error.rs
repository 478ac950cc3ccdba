//! What can be wrong with an expression, in Go's words.

use std::fmt;

/// Why an expression does not compile: the fault, and the part of the expression it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {fault}: `{}`", String::from_utf8_lossy(.part))]
pub struct Error {
    /// What is wrong.
    pub fault: Fault,
    /// Where: part of the expression or all of it.
    pub part: Box<[u8]>,
}

/// Go's kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of each are its documentation")]
pub enum Fault {
    Escape,
    Large,
    MissingBracket,
    MissingParen,
    MissingRepeatArgument,
    NamedCapture,
    Nesting,
    PerlSyntax,
    Range,
    RepeatOperator,
    RepeatSize,
    TrailingBackslash,
    UnexpectedParen,
    Utf8,
}

impl Fault {
    /// The error of this kind about a part of the expression.
    pub(crate) fn at(self, part: &[u8]) -> Error {
        Error {
            fault: self,
            part: part.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Escape => "invalid escape sequence",
            Self::Large => "expression too large",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParen => "missing closing )",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::NamedCapture => "invalid named capture",
            Self::Nesting => "expression nests too deeply",
            Self::PerlSyntax => "invalid or unsupported Perl syntax",
            Self::Range => "invalid character class range",
            Self::RepeatOperator => "invalid nested repetition operator",
            Self::RepeatSize => "invalid repeat count",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParen => "unexpected )",
            Self::Utf8 => "invalid UTF-8",
        })
    }
}
