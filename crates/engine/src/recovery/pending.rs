//! [`Pending`]: a revision that is under way, told to whoever it stands in the way of.

use windlass_diag::Diagnostic;

/// A revision that somebody is, or was, at work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Which.
    pub revision: i64,
    /// Its status: `pending-upgrade`, …
    pub status: String,
    /// When it was begun.
    pub since: String,
    /// Who made it; empty where it does not say, as Helm's do not.
    pub holder: String,
}

impl Pending {
    /// Who, when and what, and what to do.
    #[must_use]
    pub fn diagnostic(&self, release: &str) -> Diagnostic {
        let Self {
            revision,
            status,
            since,
            holder,
        } = self;
        let message = format!("revision {revision} of the release is {status} since {since}");
        let told = Diagnostic::error("release-pending", message);
        if holder.is_empty() {
            return told
                .note("its record does not say who is at work on it: Helm made it, and Helm may have been killed")
                .help(format!(
                    "if nobody is at work on it, `windlass recover {release}` brings it to a good end; \
                     --auto-recover does so within the next command"
                ));
        }
        told.note(format!(
            "{holder} (process@machine) is at work on it, and shows that it lives"
        ))
        .help("wait until it is over, or end that process; the next command then takes over")
    }
}
