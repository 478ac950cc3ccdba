//! [`Constraints`]: what versions are wanted, such as `>=1.2 <2 || ~3.1.0`.

mod check;
mod parse;

use std::fmt;

use crate::error::Error;
use crate::version::Version;
use check::Mismatch;

/// Longer texts are refused unread.
pub(crate) const MAX_LEN: usize = 512;
/// More alternatives are refused.
pub(crate) const MAX_GROUPS: usize = 32;

/// Alternatives (`||`), each of which asks for all of its parts (`,` or a blank).
#[derive(Debug, Clone)]
pub struct Constraints {
    groups: Vec<Group>,
}

#[derive(Debug, Clone)]
struct Group {
    parts: Vec<Constraint>,
    /// A part names a prerelease: only then prereleases are looked at.
    wants_prereleases: bool,
}

/// An operator and a version.
#[derive(Debug, Clone)]
struct Constraint {
    operator: Operator,
    version: Version,
    /// The version as written.
    written: String,
    wildcard: Wildcard,
}

/// Which number of the version was left out or an `x`; those after it are then so too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wildcard {
    None,
    Major,
    Minor,
    Patch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// Also no operator at all, which the flag tells.
    Equal {
        implied: bool,
    },
    NotEqual,
    Greater,
    Less,
    /// The flag: written `=>`.
    GreaterEqual {
        reversed: bool,
    },
    /// The flag: written `=<`.
    LessEqual {
        reversed: bool,
    },
    /// The flag: written `~>`.
    Tilde {
        arrow: bool,
    },
    Caret,
}

impl Operator {
    /// The operator as it was written.
    fn symbol(self) -> &'static str {
        match self {
            Self::Equal { implied: true } => "",
            Self::Equal { implied: false } => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::GreaterEqual { reversed: false } => ">=",
            Self::GreaterEqual { reversed: true } => "=>",
            Self::LessEqual { reversed: false } => "<=",
            Self::LessEqual { reversed: true } => "=<",
            Self::Tilde { arrow: false } => "~",
            Self::Tilde { arrow: true } => "~>",
            Self::Caret => "^",
        }
    }
}

impl Constraints {
    /// Parses a constraint.
    ///
    /// # Errors
    /// When the text does not follow the grammar.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        parse::constraints(text.as_ref())
    }

    /// Whether a version satisfies the constraint.
    #[must_use]
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            group
                .parts
                .iter()
                .all(|part| part.check(version, group.wants_prereleases).is_ok())
        })
    }

    /// Checks a version and tells why it does not satisfy the constraint.
    ///
    /// # Errors
    /// The reasons, alternative by alternative.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut told_prerelease = false;
        for group in &self.groups {
            let before = reasons.len();
            let ignored = !group.wants_prereleases && !version.prerelease().is_empty();
            if ignored {
                if !told_prerelease {
                    reasons.push(Mismatch::Prerelease.describe(version, ""));
                }
                told_prerelease = true;
                continue;
            }
            for part in &group.parts {
                if let Err(mismatch) = part.check(version, group.wants_prereleases) {
                    reasons.push(mismatch.describe(version, &part.written));
                }
            }
            if reasons.len() == before {
                return Ok(());
            }
        }
        Err(reasons)
    }
}

impl fmt::Display for Constraints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, group) in self.groups.iter().enumerate() {
            if i > 0 {
                f.write_str(" || ")?;
            }
            for (j, part) in group.parts.iter().enumerate() {
                if j > 0 {
                    f.write_str(" ")?;
                }
                write!(f, "{}{}", part.operator.symbol(), part.written)?;
            }
        }
        Ok(())
    }
}
