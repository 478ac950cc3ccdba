//! [`Report`]: what linting found.

use std::fmt;

pub use windlass_diag::Severity;

/// A rule that the chart does not keep. `Display` is Helm's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub severity: Severity,
    /// The file or directory; sometimes empty, as in Helm.
    pub path: String,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        };
        write!(f, "[{severity}] {}: {}", self.path, self.text)
    }
}

/// Something that Helm logs while it lints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The directory was walked; its symbolic links are told each time.
    Walked,
    /// Loading the chart or merging its values warned.
    Chart(windlass_chart::Warning),
    /// `required` or `fail` was called.
    Render(windlass_render::Event),
}

/// What linting found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Broken rules in Helm's order.
    pub messages: Vec<Message>,
    /// What Helm logs, in order.
    pub events: Vec<Event>,
}
