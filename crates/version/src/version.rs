//! [`Version`]: parsing, printing, order, increments.

use std::cmp::Ordering;
use std::fmt;

use windlass_value::fmt as go;

use crate::error::Error;
use crate::scan::{self, is_digit, is_identifier};

/// Longer texts are refused unread.
pub(crate) const MAX_LEN: usize = 256;

/// A semantic version.
///
/// Versions are equal and ordered by precedence, for which metadata does not count.
#[derive(Debug, Clone)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    pre: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Parses leniently: a leading `v`, leading zeros, and absent minor and patch numbers pass.
    ///
    /// # Errors
    /// When the text is no version even so.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = text.as_ref();
        if text.len() > MAX_LEN {
            return Err(Error::TooLong);
        }
        let parts = scan::version(text, is_digit).filter(|p| p.whole.len() == text.len());
        let parts = parts.ok_or(Error::Invalid)?;
        let segment = |digits: Option<&[u8]>| {
            digits.map_or(Ok(0), |d| {
                go::parse_uint(d, 10, 64).map_err(|e| Error::Segment(e.to_string()))
            })
        };
        let version = Self {
            major: segment(Some(parts.major))?,
            minor: segment(parts.minor)?,
            patch: segment(parts.patch)?,
            pre: ascii(parts.pre),
            metadata: ascii(parts.metadata),
            original: ascii(text),
        };
        if !version.pre.is_empty() {
            check_prerelease(parts.pre)?;
        }
        Ok(version)
    }

    /// Parses a text that must be a semantic version to the letter.
    ///
    /// # Errors
    /// When it is not.
    pub fn parse_strict(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = text.as_ref();
        if text.is_empty() {
            return Err(Error::Empty);
        }
        if text.len() > MAX_LEN {
            return Err(Error::TooLong);
        }
        let mut parts = text.splitn(3, |&c| c == b'.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::Invalid);
        };
        let (rest, metadata) = split_at_byte(rest, b'+');
        if let Some(metadata) = metadata {
            check_metadata(metadata)?;
        }
        let (patch, pre) = split_at_byte(rest, b'-');
        if let Some(pre) = pre {
            check_prerelease(pre)?;
        }
        for digits in [major, minor, patch] {
            if !digits.iter().all(|&c| is_digit(c)) {
                return Err(Error::Characters);
            }
            refuse_leading_zero(digits)?;
        }
        let number =
            |digits| go::parse_uint(digits, 10, 64).map_err(|e| Error::Number(e.to_string()));
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            pre: ascii(pre.unwrap_or_default()),
            metadata: ascii(metadata.unwrap_or_default()),
            original: ascii(text),
        })
    }

    /// The major number.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The minor number.
    #[must_use]
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The patch number.
    #[must_use]
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// The prerelease without its hyphen, or nothing.
    #[must_use]
    pub fn prerelease(&self) -> &str {
        &self.pre
    }

    /// The metadata without its plus, or nothing.
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The next major version.
    ///
    /// # Errors
    /// If there is no larger number.
    pub fn inc_major(&self) -> Result<Self, Error> {
        let major = self.major.checked_add(1).ok_or(Error::Overflow("major"))?;
        Ok(self.successor(major, 0, 0))
    }

    /// The next minor version.
    ///
    /// # Errors
    /// If there is no larger number.
    pub fn inc_minor(&self) -> Result<Self, Error> {
        let minor = self.minor.checked_add(1).ok_or(Error::Overflow("minor"))?;
        Ok(self.successor(self.major, minor, 0))
    }

    /// The next patch version: of a prerelease, the version it leads to.
    ///
    /// # Errors
    /// If there is no larger number.
    pub fn inc_patch(&self) -> Result<Self, Error> {
        let step = u64::from(self.pre.is_empty());
        let patch = self
            .patch
            .checked_add(step)
            .ok_or(Error::Overflow("patch"))?;
        Ok(self.successor(self.major, self.minor, patch))
    }

    /// The same version with another prerelease, or with none.
    ///
    /// # Errors
    /// If the text is no prerelease.
    pub fn with_prerelease(&self, pre: &str) -> Result<Self, Error> {
        if !pre.is_empty() {
            check_prerelease(pre.as_bytes())?;
        }
        let changed = Self {
            pre: pre.to_owned(),
            ..self.clone()
        };
        Ok(changed.renamed())
    }

    /// The same version with other metadata, or with none.
    ///
    /// # Errors
    /// If the text is no metadata.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata.as_bytes())?;
        }
        let changed = Self {
            metadata: metadata.to_owned(),
            ..self.clone()
        };
        Ok(changed.renamed())
    }

    fn successor(&self, major: u64, minor: u64, patch: u64) -> Self {
        let (pre, metadata) = (String::new(), String::new());
        let original = self.original.clone();
        let next = Self {
            major,
            minor,
            patch,
            pre,
            metadata,
            original,
        };
        next.renamed()
    }

    /// Makes the original text anew; only a leading `v` stays of the old one.
    fn renamed(self) -> Self {
        let prefix = if self.original.starts_with('v') {
            "v"
        } else {
            ""
        };
        let original = format!("{prefix}{self}");
        Self { original, ..self }
    }
}

/// Every text that gets here has been checked to be ASCII.
fn ascii(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// Splits at the first such byte.
fn split_at_byte(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&c| c == byte) {
        Some(i) => (&text[..i], Some(&text[i + 1..])),
        None => (text, None),
    }
}

fn refuse_leading_zero(digits: &[u8]) -> Result<(), Error> {
    match digits {
        [b'0', _, ..] => Err(Error::LeadingZero),
        _ => Ok(()),
    }
}

fn check_prerelease(pre: &[u8]) -> Result<(), Error> {
    for part in pre.split(|&c| c == b'.') {
        if part.is_empty() || !part.iter().all(|&c| is_identifier(c)) {
            return Err(Error::Prerelease);
        }
        if part.iter().all(|&c| is_digit(c)) {
            refuse_leading_zero(part)?;
        }
    }
    Ok(())
}

fn check_metadata(metadata: &[u8]) -> Result<(), Error> {
    let good = |part: &[u8]| !part.is_empty() && part.iter().all(|&c| is_identifier(c));
    if metadata.split(|&c| c == b'.').all(good) {
        Ok(())
    } else {
        Err(Error::Metadata)
    }
}

impl fmt::Display for Version {
    /// The version without a leading `v`, with all three numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |v: &Self| (v.major, v.minor, v.patch);
        let by_prerelease = || match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_prereleases(&self.pre, &other.pre),
        };
        numbers(self).cmp(&numbers(other)).then_with(by_prerelease)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

/// The order of prereleases, part by part; a missing part is less than any.
pub(crate) fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (left, right) = (a.next(), b.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = compare_parts(left.unwrap_or_default(), right.unwrap_or_default());
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn compare_parts(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return b.is_empty().cmp(&a.is_empty());
    }
    // A number too large for 64 bits counts as a word.
    let number = |s: &str| {
        s.bytes()
            .all(is_digit)
            .then(|| s.parse::<u64>().ok())
            .flatten()
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}
