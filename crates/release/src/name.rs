//! Names of releases and of the objects that hold their records.

/// What every record's name begins with; `v1` is the version of the format.
pub const PREFIX: &str = "sh.helm.release.v1";

/// The rule for names, as Helm's messages show it.
pub const RULE: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

const LONGEST: usize = 53;

/// A release may not be called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is no name.
    #[error("no name provided")]
    Missing,
    /// It is too long or has other characters than a DNS name.
    #[error(
        "invalid release name, must match regex {RULE} and the length must not be longer than 53"
    )]
    Invalid,
}

/// Checks a release's name.
///
/// # Errors
/// [`NameError`].
pub fn validate(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Missing);
    }
    if name.len() > LONGEST || !name.split('.').all(is_label) {
        return Err(NameError::Invalid);
    }
    Ok(())
}

fn is_label(label: &str) -> bool {
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = label.as_bytes();
    bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
        && bytes.iter().all(|b| plain(b) || *b == b'-')
}

/// The name of the object that holds a revision.
#[must_use]
pub fn key(name: &str, revision: i64) -> String {
    format!("{PREFIX}.{name}.v{revision}")
}

/// The release and revision of an object's name, if it is the name of a record.
#[must_use]
pub fn parse_key(key: &str) -> Option<(&str, i64)> {
    let rest = key.strip_prefix(PREFIX)?.strip_prefix('.')?;
    let (name, revision) = rest.rsplit_once(".v")?;
    Some((name, revision.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rule_for_dns_names() {
        for good in ["a", "a-b", "a.b-c.d", "0", &"x".repeat(53)] {
            assert_eq!(validate(good), Ok(()), "{good}");
        }
        for bad in ["A", "-a", "a-", "a..b", ".a", "a_b", "a\n", &"x".repeat(54)] {
            assert_eq!(validate(bad), Err(NameError::Invalid), "{bad}");
        }
        assert_eq!(validate(""), Err(NameError::Missing));
    }

    #[test]
    fn keys_come_back() {
        assert_eq!(key("a.v2", 10), "sh.helm.release.v1.a.v2.v10");
        assert_eq!(parse_key("sh.helm.release.v1.a.v2.v10"), Some(("a.v2", 10)));
        assert_eq!(parse_key("sh.helm.release.v1.a"), None);
        assert_eq!(parse_key("other"), None);
    }
}
