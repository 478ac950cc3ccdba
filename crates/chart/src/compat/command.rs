//! What the two Helms' commands do differently besides what they are asked to do: rows C, E and F of
//! the list of differences.

use super::Compat;

impl Compat {
    /// E1: `--dry-run` is looked at before the chart, and its switch-like values are warned of.
    #[must_use]
    pub fn checks_dry_run_first(self) -> bool {
        self.four()
    }

    /// `test` never shows notes; Helm 3 has a flag for it.
    #[must_use]
    pub fn hides_notes_of_tests(self) -> bool {
        self.four()
    }

    /// `test --logs` tells of tests that failed also where their logs cannot be had.
    #[must_use]
    pub fn joins_test_and_log_failures(self) -> bool {
        self.four()
    }

    /// E3: `template --dry-run=server` asks the cluster for its capabilities and validates.
    #[must_use]
    pub fn validates_server_dry_runs(self) -> bool {
        self.four()
    }
}
