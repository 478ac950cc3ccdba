//! .helmignore: which files of a directory are no part of the chart.
//!
//! The walk over the directory is the caller's: it asks [`Rules::ignores`] for each path below the
//! chart's root, does not enter ignored directories, and leaves ignored files out. An archive is
//! not filtered.

mod glob;

pub use glob::{BadPattern, path_match};

use std::cell::Cell;

use crate::compat::Compat;
use crate::warning::Warning;

/// The name of the file with the rules.
pub const FILE_NAME: &str = ".helmignore";

/// The rules of one chart.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    patterns: Vec<Pattern>,
    wear: bool,
}

/// A .helmignore that cannot be used; the texts are Helm's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A rule contains `**`.
    #[error("double-star (**) syntax is not supported")]
    DoubleStar,
    /// A rule is not a well-formed pattern.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
    /// A line is longer than 64 KiB.
    #[error("bufio.Scanner: token too long")]
    LineTooLong,
    /// More rules than anybody writes: each file is held against each.
    #[error("more than {MAX_RULES} rules in .helmignore")]
    TooManyRules,
}

#[derive(Debug, Clone)]
struct Pattern {
    glob: Vec<u8>,
    shape: Shape,
    negated: bool,
    directories_only: bool,
    rooted: bool,
    /// Paths held against it so far, for the Helm that lets it wear down.
    tried: Cell<usize>,
    /// Without a slash, only the last element of a path is looked at.
    base_only: bool,
}

/// What a pattern amounts to. Nearly all are one of the first two, and each file of a chart is held
/// against each pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// No character has a special meaning.
    Literal,
    /// A star, then nothing special: `*.swp`.
    Suffix,
    Glob,
}

impl Shape {
    fn of(glob: &[u8]) -> Self {
        let is_literal = |s: &[u8]| !s.iter().any(|b| b"*?[\\".contains(b));
        match glob {
            [b'*', rest @ ..] if is_literal(rest) => Self::Suffix,
            _ if is_literal(glob) => Self::Literal,
            _ => Self::Glob,
        }
    }
}

/// The rules, and the bytes in all of them, that a .helmignore may have; the longest public ones have some
/// hundred.
const MAX_RULES: usize = 4096;
const MAX_BYTES: usize = 1 << 20;

/// Longest line Helm's scanner takes.
const MAX_LINE: usize = 64 * 1024;

impl Rules {
    /// No rules: nothing is ignored.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The rules of a .helmignore. Helm's own come in with [`Rules::add_defaults`].
    ///
    /// # Errors
    /// [`RuleError`], for the first bad line.
    pub fn parse(text: &[u8]) -> Result<Self, RuleError> {
        let mut rules = Self::default();
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut bytes = 0;
        for line in text.split(|&b| b == b'\n') {
            if line.len() >= MAX_LINE {
                return Err(RuleError::LineTooLong);
            }
            let before = rules.patterns.len();
            rules.add(line)?;
            if rules.patterns.len() > before {
                bytes += line.len();
            }
            if rules.patterns.len() > MAX_RULES || bytes > MAX_BYTES {
                return Err(RuleError::TooManyRules);
            }
        }
        Ok(rules)
    }

    /// The rules as a Helm goes about them; without this, as Helm 4 does.
    #[must_use]
    pub fn speaking(self, compat: Compat) -> Self {
        Self {
            wear: compat.wears_ignore_rules_down(),
            ..self
        }
    }

    /// Adds the rule every chart has: files in templates/ whose names begin with a dot.
    pub fn add_defaults(&mut self) {
        self.patterns.push(Pattern {
            glob: b"templates/.?*".to_vec(),
            shape: Shape::Glob,
            negated: false,
            directories_only: false,
            rooted: false,
            tried: Cell::new(0),
            base_only: false,
        });
    }

    fn add(&mut self, line: &[u8]) -> Result<(), RuleError> {
        let rule = trim(line);
        if rule.is_empty() || rule.starts_with(b"#") {
            return Ok(());
        }
        if rule.windows(2).any(|w| w == b"**") {
            return Err(RuleError::DoubleStar);
        }
        // The whole line must be a pattern, although only a part of it is matched later.
        glob::matches(rule, b"abc")?;
        let (rule, negated) = strip(rule, rule.strip_prefix(b"!"));
        let (rule, directories_only) = strip(rule, rule.strip_suffix(b"/"));
        let (rule, rooted) = strip(rule, rule.strip_prefix(b"/"));
        self.patterns.push(Pattern {
            glob: rule.to_vec(),
            shape: Shape::of(rule),
            negated,
            directories_only,
            rooted,
            tried: Cell::new(0),
            base_only: !rooted && !rule.contains(&b'/'),
        });
        Ok(())
    }

    /// Whether the rules take out a file or directory, its path relative to the chart with `/`.
    ///
    /// The first rule that matches decides; a negated rule takes out everything it does *not* match.
    #[must_use]
    pub fn ignores(&self, path: &str, is_dir: bool) -> bool {
        self.judge(path, is_dir, &mut Vec::new())
    }

    /// [`Rules::ignores`], telling also which patterns turn out to be malformed. A pattern is checked
    /// as it is read, but what stands behind the first mismatch is looked at only with a path that
    /// gets there.
    pub fn judge(&self, path: &str, is_dir: bool, warnings: &mut Vec<Warning>) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        self.patterns.iter().any(|p| {
            let applies = is_dir || !p.directories_only;
            let matches = applies
                && p.matches(path, self.wear).unwrap_or_else(|warning| {
                    warnings.push(warning);
                    false
                });
            matches != p.negated
        })
    }
}

fn strip<'a>(whole: &'a [u8], stripped: Option<&'a [u8]>) -> (&'a [u8], bool) {
    (stripped.unwrap_or(whole), stripped.is_some())
}

/// Cuts spaces as Go's `strings.TrimSpace` does.
fn trim(line: &[u8]) -> &[u8] {
    match std::str::from_utf8(line) {
        Ok(text) => text.trim().as_bytes(),
        Err(_) => line.trim_ascii(),
    }
}

impl Pattern {
    /// The pattern as it is now, for the Helm that lets it wear down.
    fn worn(&self) -> &[u8] {
        let slashes = self.glob.iter().take_while(|b| **b == b'/').count();
        let tried = self.tried.replace(self.tried.get() + 1);
        &self.glob[slashes.min(tried)..]
    }

    fn malformed(&self, glob: &[u8], error: BadPattern) -> Warning {
        Warning::MalformedIgnoreRule {
            rule: String::from_utf8_lossy(glob).into_owned(),
            error: error.to_string(),
            place: match (self.base_only, self.rooted) {
                (true, _) => "rules.go:202",
                (false, true) => "rules.go:180",
                (false, false) => "rules.go:190",
            },
        }
    }

    fn matches(&self, path: &str, wear: bool) -> Result<bool, Warning> {
        let name = if self.base_only {
            crate::path::base(path)
        } else {
            path
        };
        let name = name.as_bytes();
        let held = |glob| glob::matches(glob, name).map_err(|e| self.malformed(glob, e));
        if wear && self.rooted {
            return held(self.worn());
        }
        match self.shape {
            Shape::Literal => Ok(self.glob == name),
            // The star stops at slashes.
            Shape::Suffix => Ok(name
                .strip_suffix(&self.glob[1..])
                .is_some_and(|stem| !stem.contains(&b'/'))),
            Shape::Glob => held(&self.glob),
        }
    }
}
