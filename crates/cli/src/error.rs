//! The one border at which failures become text and an exit status.

use serde_json::Value;
use windlass_diag::Diagnostic;

use crate::command::UsageError;
use crate::release_view::Format;

/// How a program ends that did what it was asked for.
pub(crate) const SUCCEEDED: u8 = 0;
/// How it ends that did not.
const FAILED: u8 = 1;
/// How it ends that was asked to say so and found differences.
pub(crate) const DIFFERENT: u8 = 2;

/// How a command ends.
pub(crate) type Outcome = Result<(), Failure>;

/// A command that failed. Off a terminal only `message` is printed, in Helm's words; on one, or
/// with `--explain`, the diagnostic follows.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What Helm prints after `Error: `.
    pub(crate) message: String,
    /// Whether the message is a line of the log, which stands without `Error: `.
    pub(crate) is_log_line: bool,
    /// Place, cause and remedy.
    pub(crate) diagnostic: Option<Box<Diagnostic>>,
    /// The failure as data, and how it is to be printed.
    pub(crate) data: Option<(Box<Value>, Format)>,
    /// The same of what failed beside it.
    pub(crate) more: Vec<Diagnostic>,
    /// How the program ends.
    pub(crate) status: u8,
}

impl Failure {
    /// A failure that is nothing but its message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_log_line: false,
            diagnostic: None,
            more: Vec::new(),
            data: None,
            status: FAILED,
        }
    }

    /// A failure that Helm logs before it ends at once.
    pub(crate) fn logged(line: impl Into<String>) -> Self {
        Self {
            is_log_line: true,
            ..Self::new(line)
        }
    }

    /// A failure with more to tell than Helm does.
    pub(crate) fn explained(message: impl Into<String>, diagnostic: Diagnostic) -> Self {
        Self {
            diagnostic: Some(Box::new(diagnostic)),
            ..Self::new(message)
        }
    }

    /// Adds what there is to tell beyond the message.
    pub(crate) fn with(mut self, diagnostic: Option<Diagnostic>) -> Self {
        self.diagnostic = diagnostic.map(Box::new).or(self.diagnostic);
        self
    }

    /// Adds what there is to tell of several things.
    pub(crate) fn with_more(mut self, found: impl IntoIterator<Item = Diagnostic>) -> Self {
        let mut found = found.into_iter();
        if self.diagnostic.is_none() {
            self.diagnostic = found.next().map(Box::new);
        }
        self.more.extend(found);
        self
    }

    /// Adds the failure as data.
    pub(crate) fn with_data(mut self, data: Value, format: Format) -> Self {
        self.data = Some((Box::new(data), format));
        self
    }

    /// All there is to tell beyond the message.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostic.as_deref().into_iter().chain(&self.more)
    }

    /// Ends the program in another way.
    pub(crate) fn with_status(self, status: u8) -> Self {
        Self { status, ..self }
    }

    /// Puts words before the message where a Helm does.
    pub(crate) fn context_if(self, wanted: bool, words: &str) -> Self {
        if wanted { self.context(words) } else { self }
    }

    /// Puts words before the message; a line of the log stays as it is.
    pub(crate) fn context(mut self, words: &str) -> Self {
        if self.is_log_line {
            return self;
        }
        self.message = format!("{words}: {}", self.message);
        self
    }
}

impl From<UsageError> for Failure {
    fn from(error: UsageError) -> Self {
        Self::new(error.0)
    }
}

/// Words an error of the operating system as Go does: `open PATH: no such file or directory`.
pub(crate) fn io_failure(act: &str, path: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{act} {path}: {}", io_reason(error)))
}

/// The reason alone, as Go's `syscall.Errno` names it.
pub(crate) fn io_reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "no such file or directory".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::IsADirectory => "is a directory".into(),
        ErrorKind::NotADirectory => "not a directory".into(),
        ErrorKind::AlreadyExists => "file exists".into(),
        _ => {
            let text = error.to_string();
            let reason = text.split(" (os error").next().unwrap_or_default();
            let mut chars = reason.chars();
            chars
                .next()
                .map(|c| c.to_lowercase().chain(chars).collect())
                .unwrap_or_default()
        }
    }
}
