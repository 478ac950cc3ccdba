//! [`Error`]: what went wrong, in the very words of Helm's Go libraries.

use std::fmt;

use crate::mark::Mark;

/// The step that failed. Each wraps the message as `sigs.k8s.io/yaml` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Reading YAML by itself: `yaml: line 3: …`.
    Yaml,
    /// Reading YAML on the way to a value: `error converting YAML to JSON: …`.
    Convert,
    /// The JSON made of the YAML did not fit: `error unmarshaling JSON: while decoding JSON: …`.
    Json,
    /// A value that JSON cannot hold: `error marshaling into JSON: …`.
    Marshal,
    /// Splitting a stream into documents; the message stands alone.
    Split,
    /// Writing: what the library panics with rather than returns.
    Panic,
}

impl Stage {
    fn prefix(self) -> &'static str {
        match self {
            Self::Yaml | Self::Split | Self::Panic => "",
            Self::Convert => "error converting YAML to JSON: ",
            Self::Json => "error unmarshaling JSON: while decoding JSON: ",
            Self::Marshal => "error marshaling into JSON: ",
        }
    }
}

/// A failure to read or write YAML. `Display` is exactly the text of Go's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    stage: Stage,
    message: String,
    mark: Option<Mark>,
    too_large: bool,
}

impl Error {
    pub(crate) fn new(stage: Stage, message: impl Into<String>) -> Self {
        Self {
            stage,
            message: message.into(),
            mark: None,
            too_large: false,
        }
    }

    /// An error of the YAML library itself, which prefixes all of its messages.
    pub(crate) fn yaml(message: impl fmt::Display) -> Self {
        Self::new(Stage::Yaml, format!("yaml: {message}"))
    }

    pub(crate) fn too_deep(limit: usize) -> Self {
        Self::yaml(format_args!("exceeded max depth of {limit}"))
    }

    pub(crate) fn too_large() -> Self {
        Self {
            too_large: true,
            ..Self::yaml(format_args!(
                "the document would exceed {} bytes",
                crate::emit::MAX_OUTPUT
            ))
        }
    }

    /// What goyaml panics with for a kind of value that it does not know.
    pub(crate) fn unknown_kind(type_name: &str) -> Self {
        Self::new(Stage::Panic, format!("cannot marshal type: {type_name}"))
    }

    pub(crate) fn at(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }

    /// The same failure as met by a later step.
    pub(crate) fn during(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// The step that failed.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether a document that was being written passed the bound of what is written.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// The message without the wrapping of [`Stage`].
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where the text is wrong, if the failure has a place. This is the true place; the line that
    /// the message names is sometimes one less, as Go's is.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        self.mark
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stage.prefix())?;
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// The result of reading or writing YAML.
pub type Result<T, E = Error> = std::result::Result<T, E>;
