//! Why a call to a cluster failed.

use serde_json::Value;

/// A `Status` that a server answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// The HTTP status.
    pub code: u16,
    /// `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`…; may be empty.
    pub reason: String,
    /// What the server says, as clients print it.
    pub message: String,
    /// `details.causes`
    pub causes: Vec<StatusCause>,
    /// `details.retryAfterSeconds`, or the header of that meaning.
    pub retry_after_seconds: Option<u32>,
}

/// One of several things that are wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusCause {
    /// `FieldManagerConflict`, `FieldValueInvalid`…
    pub reason: String,
    /// What is wrong.
    pub message: String,
    /// Where: `.spec.replicas`.
    pub field: String,
}

impl Status {
    /// Reads a `Status` object.
    #[must_use]
    pub fn from_object(object: &Value) -> Self {
        let text = |value: &Value, key: &str| {
            let found = value.get(key).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let details = object.get("details");
        let causes = details.and_then(|d| d.get("causes")?.as_array());
        let retry = details.and_then(|d| d.get("retryAfterSeconds")?.as_u64());
        Self {
            code: object
                .get("code")
                .and_then(Value::as_u64)
                .and_then(|code| code.try_into().ok())
                .unwrap_or_default(),
            reason: text(object, "reason"),
            message: text(object, "message"),
            causes: causes
                .into_iter()
                .flatten()
                .map(|cause| StatusCause {
                    reason: text(cause, "reason"),
                    message: text(cause, "message"),
                    field: text(cause, "field"),
                })
                .collect(),
            retry_after_seconds: retry.and_then(|s| s.try_into().ok()),
        }
    }
}

/// Why a call failed. Its text is what Go's client prints, since Helm passes that on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused.
    #[error("{}", .0.message)]
    Refused(Box<Status>),
    /// No such kind is served.
    #[error("no matches for kind \"{kind}\" in version \"{api_version}\"")]
    NoMatch {
        /// The version that was asked for.
        api_version: String,
        /// The kind that was asked for.
        kind: String,
    },
    /// The server was not reached, or went away within an answer.
    #[error("{message}")]
    Unreachable {
        /// `Get "https://…": dial tcp 127.0.0.1:6443: connect: connection refused`
        message: String,
    },
    /// There is no way to a server: a kubeconfig that cannot be used, credentials that cannot be had.
    #[error("{message}")]
    Configuration {
        /// What is wrong.
        message: String,
    },
    /// A request that would name no object; Go's client does not send such.
    #[error("resource name may not be empty")]
    Unnamed,
    /// An answer that makes no sense.
    #[error("{message}")]
    Answer {
        /// What is wrong with it.
        message: String,
    },
}

impl Error {
    /// The server's `Status`, where it answered with one.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Refused(status) => Some(status),
            _ => None,
        }
    }

    fn is(&self, code: u16, reason: &str) -> bool {
        self.status().is_some_and(|status| {
            status.reason == reason || (status.reason.is_empty() && status.code == code)
        })
    }

    /// There is no such object.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is(404, "NotFound")
    }

    /// The object is there already.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.is(409, "AlreadyExists")
    }

    /// Someone else changed the object, or owns its fields.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.is(409, "Conflict")
    }

    /// The user may not do that.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is(403, "Forbidden")
    }

    /// The object is wrong.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.is(422, "Invalid")
    }

    /// The server, or the way to it, has trouble: that says nothing of what it was asked for.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        match self {
            Self::Refused(status) => match status.code {
                // Objects that do not fit their kind's schema are refused with this code as well, and no
                // reason.
                500 => status.reason == "InternalError" || is_of_store(&status.message),
                code => matches!(code, 401 | 429 | 501..),
            },
            Self::Unreachable { .. } | Self::Answer { .. } => true,
            Self::NoMatch { .. } | Self::Configuration { .. } | Self::Unnamed => false,
        }
    }

    /// A resource version that the server no longer knows.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.is(410, "Expired") || self.is(410, "Gone")
    }
}

/// Whether the server's own store has trouble.
fn is_of_store(message: &str) -> bool {
    message.contains("etcdserver:") || message.contains("rpc error: code = Unavailable")
}
