//! [`Pattern`]: regular expressions in Go's syntax, with Go's words for what is wrong with one.
//!
//! Go's syntax is read here, into the tree of `regex-syntax`; matching is left to `regex-automata`.
//! Handing the text to the `regex` crate would not do: it takes more syntax than Go, and Unicode
//! where Go keeps to ASCII (`\d`, `\w`, `\b`). Only whether a text matches is of interest, so
//! captures and greediness are read and forgotten.

mod class;
mod parser;
mod unicode;

#[cfg(test)]
mod tests;

use std::fmt;

use regex_automata::meta;

/// Bound on a compiled expression, as a guard; Go allows its own form 128 MiB.
const SIZE_LIMIT: usize = 32 << 20;

/// A compiled regular expression.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: Box<str>,
    regex: meta::Regex,
}

impl Pattern {
    /// Compiles an expression.
    ///
    /// # Errors
    /// In Go's words.
    pub(crate) fn new(text: &str) -> Result<Self, PatternError> {
        let hir = parser::parse(text)?;
        // A pattern is matched a few times against short texts: building what pays off only over
        // long ones takes longer than the matches.
        let config = meta::Config::new()
            .nfa_size_limit(Some(SIZE_LIMIT))
            .hybrid(false)
            .dfa(false)
            .auto_prefilter(false);
        let regex = meta::Builder::new().configure(config).build_from_hir(&hir);
        match regex {
            Ok(regex) => Ok(Self {
                text: text.into(),
                regex,
            }),
            Err(_) => Err(PatternError {
                fault: Fault::Large,
                at: text.into(),
            }),
        }
    }

    /// Says what is wrong with an expression.
    ///
    /// # Errors
    /// In Go's words.
    pub(crate) fn check(text: &str) -> Result<(), PatternError> {
        parser::parse(text).map(|_| ())
    }

    /// Whether the expression matches anywhere in a text.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }

    /// The expression as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// What is wrong with an expression, and the part of it that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PatternError {
    pub(super) fault: Fault,
    pub(super) at: Box<str>,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "error parsing regexp: {}: `{}`",
            self.fault.text(),
            self.at
        )
    }
}

/// Go's kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Range,
    Escape,
    NamedCapture,
    PerlOperator,
    RepeatOperator,
    RepeatSize,
    MissingBracket,
    MissingParen,
    MissingRepeatArgument,
    TrailingBackslash,
    UnexpectedParen,
    Nesting,
    Large,
}

impl Fault {
    fn text(self) -> &'static str {
        match self {
            Self::Range => "invalid character class range",
            Self::Escape => "invalid escape sequence",
            Self::NamedCapture => "invalid named capture",
            Self::PerlOperator => "invalid or unsupported Perl syntax",
            Self::RepeatOperator => "invalid nested repetition operator",
            Self::RepeatSize => "invalid repeat count",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParen => "missing closing )",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParen => "unexpected )",
            Self::Nesting => "expression nests too deeply",
            Self::Large => "expression too large",
        }
    }

    /// The error of this kind about a part of the expression.
    pub(super) fn at(self, part: &str) -> PatternError {
        PatternError {
            fault: self,
            at: part.into(),
        }
    }
}
