//! [`Hook`]: a document that Helm runs at some moment, and how its last run went.

use windlass_time::Time;

use crate::words::{DeletePolicy, HookEvent, HookPhase, OutputLogPolicy};

/// A hook of a release, in the record's form.
#[derive(Debug, Clone, Default)]
pub struct Hook {
    /// `metadata.name`
    pub name: String,
    /// `kind`
    pub kind: String,
    /// The template it came from.
    pub path: String,
    /// The document.
    pub manifest: String,
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// How it went last.
    pub last_run: HookExecution,
    /// Lower runs earlier.
    pub weight: i64,
    /// When its object is deleted.
    pub delete_policies: Vec<DeletePolicy>,
    /// When its logs are shown.
    pub output_log_policies: Vec<OutputLogPolicy>,
    /// Fields of a newer Helm: name and JSON, carried along.
    pub extra: Vec<(String, crate::Json)>,
}

/// A hook's last run.
#[derive(Debug, Clone, Default)]
pub struct HookExecution {
    /// When it began; zero if it never did.
    pub started_at: Time,
    /// When it ended; zero if it did not.
    pub completed_at: Time,
    /// How it went; an empty word if it never ran.
    pub phase: HookPhase,
}

impl Hook {
    /// Whether the hook runs at that moment.
    #[must_use]
    pub fn runs_at(&self, event: &HookEvent) -> bool {
        self.events.contains(event)
    }

    /// Whether its object is deleted by that rule.
    #[must_use]
    pub fn deletes_on(&self, policy: &DeletePolicy) -> bool {
        self.delete_policies.contains(policy)
    }
}
