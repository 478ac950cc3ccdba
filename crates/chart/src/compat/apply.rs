//! What the two Helms do differently to a cluster: rows C15, G, H and I of the list of differences.

use super::Compat;

impl Compat {
    /// C15: several errors stand on lines of their own, rather than in a list with a count.
    #[must_use]
    pub fn joins_errors_by_line(self) -> bool {
        self.four()
    }

    /// G9: objects whose names the server makes up are told before anything is asked of them.
    #[must_use]
    pub fn tells_generated_names(self) -> bool {
        self.four()
    }

    /// G10: an object that cannot be pruned fails the upgrade.
    #[must_use]
    pub fn fails_on_pruning(self) -> bool {
        self.four()
    }

    /// G11: objects are created one at a time where the client applies.
    #[must_use]
    pub fn creates_one_at_a_time(self) -> bool {
        self.four()
    }

    /// An object that is there but not in the last revision is warned of when it is updated.
    #[must_use]
    pub fn warns_of_cluster_baseline(self) -> bool {
        self.four()
    }

    /// I5, H7: no timeout means a short one for the watcher, and none for the older way of waiting.
    #[must_use]
    pub fn reads_zero_timeout_as_default(self) -> bool {
        self.four()
    }

    /// A test suite's logs are those of each container of its pods, rather than of each hook.
    #[must_use]
    pub fn shows_logs_by_container(self) -> bool {
        self.four()
    }

    /// Objects that are replaced must have known fields only.
    #[must_use]
    pub fn replaces_strictly(self) -> bool {
        self.four()
    }

    /// H, I: objects are waited for by watching them.
    #[must_use]
    pub fn waits_by_watching(self) -> bool {
        self.four()
    }
}
