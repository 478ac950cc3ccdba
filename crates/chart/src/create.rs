//! Names: what `create` accepts for a chart and what a release may be called.
//!
//! The files of a new chart are not here.

use windlass_value::fmt;

/// A name cannot be used; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// A chart's name has no or too many characters.
    #[error("chart name must be between 1 and {MAX_CHART_NAME} characters")]
    ChartLength,
    /// A chart's name has characters that it may not have.
    #[error(
        "chart name must match the regular expression {}",
        fmt::quote(CHART_NAME_PATTERN.as_bytes())
    )]
    ChartCharacters,
    /// No release name.
    #[error("no name provided")]
    NoReleaseName,
    /// A release name that Kubernetes would not take, or that is too long.
    #[error(
        "invalid release name, must match regex {RELEASE_NAME_PATTERN} and the length must not be \
         longer than 53"
    )]
    ReleaseName,
}

const MAX_CHART_NAME: usize = 250;
const CHART_NAME_PATTERN: &str = "^[a-zA-Z0-9._-]+$";
const MAX_RELEASE_NAME: usize = 53;
const RELEASE_NAME_PATTERN: &str =
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/// Checks the name of a new chart.
///
/// # Errors
/// [`NameError`]
pub fn check_chart_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() || name.len() > MAX_CHART_NAME {
        return Err(NameError::ChartLength);
    }
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if name.bytes().all(legal) {
        Ok(())
    } else {
        Err(NameError::ChartCharacters)
    }
}

/// Checks the name of a release: dot-separated labels of lower-case letters, digits and dashes.
///
/// # Errors
/// [`NameError`]
pub fn check_release_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::NoReleaseName);
    }
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let label =
        |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.bytes().all(legal);
    if name.len() <= MAX_RELEASE_NAME && name.split('.').all(label) {
        Ok(())
    } else {
        Err(NameError::ReleaseName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_releases_are_dns_labels_with_dots() {
        for good in ["a", "a-b.c0", "0", &"x".repeat(53)] {
            assert_eq!(check_release_name(good), Ok(()), "{good}");
        }
        for bad in ["A", "-a", "a-", "a..b", ".", "a_b", &"x".repeat(54)] {
            assert_eq!(
                check_release_name(bad),
                Err(NameError::ReleaseName),
                "{bad}"
            );
        }
        assert_eq!(
            check_release_name("").map_err(|e| e.to_string()),
            Err("no name provided".into())
        );
    }

    #[test]
    fn names_of_charts_may_be_looser() {
        assert_eq!(check_chart_name("My_chart.1-x"), Ok(()));
        assert_eq!(check_chart_name(""), Err(NameError::ChartLength));
        assert_eq!(
            check_chart_name("a/b").map_err(|e| e.to_string()),
            Err("chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\"".into())
        );
    }
}
