//! Plans in files: what is written is read back to the byte, or refused.
//!
//! A file has two lines. The first says which version of the format it is of and the SHA-256 of the second,
//! which holds everything else as JSON. A sum is no signature: it tells accidents, not forgers.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the format that is written here. It changes when a file of before could be
/// misunderstood.
pub const FORMAT: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    windlass_plan: u32,
    #[serde(default)]
    sha256: String,
}

/// What else a file says beside a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// What made it: `windlass 0.1.0`.
    pub made_by: String,
    /// When: RFC 3339.
    pub made_at: String,
    /// The Helm that was spoken.
    pub compat: String,
    /// The namespace of objects that name none, and of the release.
    pub namespace: String,
    /// The uid of the namespace `kube-system`, which tells clusters apart; empty where it may not be
    /// read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cluster: String,
}

#[derive(Serialize, Deserialize)]
struct Body<T> {
    #[serde(flatten)]
    origin: Origin,
    action: T,
}

/// A text is no file of a plan that could be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is something else.
    #[error("it is not the file of a plan")]
    Head(#[source] Option<serde_json::Error>),
    /// It is of a later version of the format.
    #[error(
        "it is of format {found}, and only formats up to {FORMAT} are understood here: it was made by a newer windlass"
    )]
    Newer {
        /// The version.
        found: u32,
    },
    /// It is not what was written.
    #[error("it is not as it was written: it was altered, or a part of it is missing")]
    Altered,
    /// It is what was written, and yet no plan.
    #[error("it cannot be understood")]
    Body(#[source] serde_json::Error),
}

/// The text of a file.
///
/// # Errors
/// None that a plan's own data could cause.
pub fn seal<T: Serialize>(origin: Origin, action: T) -> serde_json::Result<String> {
    let body = serde_json::to_string(&Body { origin, action })?;
    let head = serde_json::to_string(&Head {
        windlass_plan: FORMAT,
        sha256: sum(body.as_bytes()),
    })?;
    Ok(format!("{head}\n{body}\n"))
}

/// Reads the text of a file.
///
/// # Errors
/// [`OpenError`].
pub fn open<T: for<'de> Deserialize<'de>>(text: &str) -> Result<(Origin, T), OpenError> {
    let (head, body) = text.split_once('\n').unwrap_or((text, ""));
    let head: Head = serde_json::from_str(head).map_err(|e| OpenError::Head(Some(e)))?;
    match head.windlass_plan {
        0 => return Err(OpenError::Head(None)),
        found if found > FORMAT => return Err(OpenError::Newer { found }),
        _ => {}
    }
    // An end of line more or less is an editor's, and no harm.
    let body = body.trim_end_matches(['\n', '\r']);
    if sum(body.as_bytes()) != head.sha256 {
        return Err(OpenError::Altered);
    }
    let body: Body<T> = serde_json::from_str(body).map_err(OpenError::Body)?;
    Ok((body.origin, body.action))
}

fn sum(bytes: &[u8]) -> String {
    let digits = Sha256::digest(bytes);
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn text() -> String {
        let origin = Origin {
            namespace: "default".into(),
            ..Origin::default()
        };
        seal(origin, vec!["a", "b"]).unwrap()
    }

    fn read(text: &str) -> Result<(Origin, Vec<String>), OpenError> {
        open(text)
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (origin, action) = read(&text()).unwrap();
        assert_eq!(origin.namespace, "default");
        assert_eq!(action, ["a", "b"]);
        assert!(read(text().trim_end()).is_ok());
    }

    #[test]
    fn what_is_not_as_it_was_written_is_refused() {
        let text = text();
        let altered = |text: &str| matches!(read(text), Err(OpenError::Altered));
        assert!(altered(&text.replace("default", "other")));
        for length in text.find('\n').unwrap()..text.len() - 2 {
            assert!(altered(&text[..length]), "{length}");
        }
        assert!(matches!(read(&text[..5]), Err(OpenError::Head(_))));
        assert!(matches!(read("kind: Secret"), Err(OpenError::Head(_))));
    }

    #[test]
    fn a_newer_format_is_told_before_anything_else() {
        let newer = "{\"windlassPlan\":2,\"sum\":\"something else\"}\nwhatever";
        assert!(matches!(read(newer), Err(OpenError::Newer { found: 2 })));
    }
}
