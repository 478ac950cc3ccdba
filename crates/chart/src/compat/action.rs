//! What the two Helms' actions do differently: rows C, E, G and J of the list of differences.

use super::Compat;

impl Compat {
    /// C12: what is said of a name that is in use.
    #[must_use]
    pub fn name_in_use(self) -> &'static str {
        if self.four() {
            "cannot reuse a name that is still in use"
        } else {
            "cannot re-use a name that is still in use"
        }
    }

    /// C16: a failed upgrade is logged too.
    #[must_use]
    pub fn logs_failed_upgrades(self) -> bool {
        self.four()
    }

    /// C17: what the flag is called that undoes what failed.
    #[must_use]
    pub fn undoing_flag(self) -> &'static str {
        if self.four() {
            "rollback-on-failure"
        } else {
            "atomic"
        }
    }

    /// C18: that a dry run leaves CRDs out is warned of.
    #[must_use]
    pub fn warns_of_definitions(self) -> bool {
        self.four()
    }

    /// E2: an install with `--dry-run=client` asks no cluster.
    #[must_use]
    pub fn keeps_client_dry_run_offline(self) -> bool {
        self.four()
    }

    /// E6: a rollback's dry run still asks for the release.
    ///
    /// E12: an uninstall's dry run minds `--ignore-not-found`.
    #[must_use]
    pub fn ignores_not_found_on_dry_run(self) -> bool {
        self.four()
    }

    /// E9: the longest description of a rollback, where it may have one.
    #[must_use]
    pub fn max_rollback_description(self) -> usize {
        if self.four() { 256 } else { usize::MAX }
    }

    /// G1: objects can be applied by the server.
    #[must_use]
    pub fn applies_on_server(self) -> bool {
        self.four()
    }

    /// G7: a file of `crds/` without objects has an error of its own.
    #[must_use]
    pub fn names_empty_definitions(self) -> bool {
        self.four()
    }

    /// Tests are cleaned up only after their logs were read.
    #[must_use]
    pub fn reads_logs_before_cleaning_up(self) -> bool {
        self.four()
    }

    /// J1, J2: an uninstall deletes only what is the release's.
    #[must_use]
    pub fn checks_owners_before_deleting(self) -> bool {
        self.four()
    }

    /// J4: an uninstall's dry run tells what would be kept.
    #[must_use]
    pub fn tells_what_would_be_kept(self) -> bool {
        self.four()
    }

    /// J5: a rollback records the revision that it went back to.
    #[must_use]
    pub fn records_rollback_revision(self) -> bool {
        self.four()
    }

    /// The error of a failed clean-up after a rollback holds the rollback's own.
    #[must_use]
    pub fn repeats_error_after_clean_up(self) -> bool {
        !self.four()
    }
}
