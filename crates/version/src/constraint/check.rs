//! Whether a version satisfies one part of a constraint, and if not, why.

use std::cmp::Ordering;

use super::{Constraint, Operator, Wildcard};
use crate::version::{Version, compare_prereleases};

/// Why a version does not fit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mismatch {
    /// It is a prerelease, and none is wanted.
    Prerelease,
    /// The words between the version and the constraint, and those after it.
    Relation(&'static str, &'static str),
}

impl Mismatch {
    /// The reason in words; `written` is the constraint's version.
    pub(super) fn describe(self, version: &Version, written: &str) -> String {
        match self {
            Self::Prerelease => format!(
                "\"{version}\" is a prerelease version and the constraint is only looking for \
                 release versions"
            ),
            Self::Relation(relation, note) => {
                format!("\"{version}\" {relation} \"{written}\"{note}")
            }
        }
    }
}

type Check = Result<(), Mismatch>;

fn ensure(holds: bool, relation: &'static str) -> Check {
    ensure_noted(holds, relation, "")
}

fn ensure_noted(holds: bool, relation: &'static str, note: &'static str) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Mismatch::Relation(relation, note))
    }
}

impl Constraint {
    /// Checks a version; prereleases only fit if they are wanted.
    pub(super) fn check(&self, v: &Version, wants_prereleases: bool) -> Check {
        if !wants_prereleases && !v.prerelease().is_empty() {
            return Err(Mismatch::Prerelease);
        }
        match self.operator {
            Operator::Equal { .. } if self.wildcard == Wildcard::None => {
                ensure(*v == self.version, "is not equal to")
            }
            Operator::Equal { .. } | Operator::Tilde { .. } => self.tilde(v),
            Operator::NotEqual => ensure(self.differs(v), "is equal to"),
            Operator::Greater => ensure(self.is_below(v), "is less than or equal to"),
            Operator::Less => ensure(*v < self.version, "is greater than or equal to"),
            Operator::GreaterEqual { .. } => ensure(*v >= self.version, "is less than"),
            Operator::LessEqual { .. } => ensure(self.reaches(v), "is greater than"),
            Operator::Caret => self.caret(v),
        }
    }

    /// `!=`
    fn differs(&self, v: &Version) -> bool {
        let con = &self.version;
        if self.wildcard == Wildcard::None {
            return v != con;
        }
        if v.major() != con.major() {
            return true;
        }
        match self.wildcard {
            Wildcard::Minor => false,
            _ if v.minor() != con.minor() => true,
            Wildcard::Patch => {
                compare_prereleases(v.prerelease(), con.prerelease()) != Ordering::Equal
            }
            // A wildcard for the major number stands for 0.0.0 here.
            _ => v != con,
        }
    }

    /// `>`: a range such as `>11` is only passed by what lies beyond all of it.
    fn is_below(&self, v: &Version) -> bool {
        let con = &self.version;
        match (v.major().cmp(&con.major()), self.wildcard) {
            (_, Wildcard::None) => v > con,
            (Ordering::Greater, _) => true,
            (Ordering::Less, _) | (_, Wildcard::Minor) => false,
            (_, Wildcard::Patch) => v.minor() > con.minor(),
            (_, Wildcard::Major) => v > con,
        }
    }

    /// `<=`: a range such as `<=11` takes all of it.
    fn reaches(&self, v: &Version) -> bool {
        let con = &self.version;
        match (v.major().cmp(&con.major()), self.wildcard) {
            (_, Wildcard::None) => v <= con,
            (Ordering::Greater, _) => false,
            (Ordering::Less, _) | (_, Wildcard::Minor) => true,
            _ => v.minor() <= con.minor(),
        }
    }

    /// `~`: the last number that is given may grow, and those after it.
    fn tilde(&self, v: &Version) -> Check {
        let con = &self.version;
        ensure(v >= con, "is less than")?;
        let is_zero = (con.major(), con.minor(), con.patch()) == (0, 0, 0);
        if is_zero && matches!(self.wildcard, Wildcard::None | Wildcard::Major) {
            return Ok(());
        }
        ensure(
            v.major() == con.major(),
            "does not have same major version as",
        )?;
        ensure(
            v.minor() == con.minor() || self.wildcard == Wildcard::Minor,
            "does not have same major and minor version as",
        )
    }

    /// `^`: the first number that is not zero must stay.
    fn caret(&self, v: &Version) -> Check {
        let con = &self.version;
        ensure(v >= con, "is less than")?;
        ensure(
            v.major() == con.major(),
            "does not have same major version as",
        )?;
        if con.major() > 0 || self.wildcard == Wildcard::Minor {
            return Ok(());
        }
        if con.minor() > 0 || self.wildcard == Wildcard::Patch {
            return ensure_noted(
                v.minor() == con.minor(),
                "does not have same minor version as",
                ". Expected minor versions to match when constraint major version is 0",
            );
        }
        ensure(v.minor() == 0, "does not have same minor version as")?;
        ensure_noted(
            v.patch() == con.patch(),
            "does not equal",
            ". Expect version and constraint to equal when major and minor versions are 0",
        )
    }
}
