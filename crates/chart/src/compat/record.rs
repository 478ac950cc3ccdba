//! What the two Helms keep of a release differently: row J5 of the list of differences.

use super::Compat;

impl Compat {
    /// J5: a time that never came is left out of a record, instead of being an empty text.
    #[must_use]
    pub fn omits_zero_times(self) -> bool {
        self.four()
    }

    /// J5: records know how they were applied and what they rolled back to, and when the chart's
    /// files were changed.
    #[must_use]
    pub fn records_apply_method(self) -> bool {
        self.four()
    }

    /// F3: a list shows releases in every state, not only those deployed or failed.
    #[must_use]
    pub fn lists_all_states(self) -> bool {
        self.four()
    }

    /// F1: what is printed of a release has its description.
    #[must_use]
    pub fn shows_description(self) -> bool {
        self.four()
    }

    /// F2: `status` asks the cluster for the release's objects without being told to.
    #[must_use]
    pub fn shows_resources(self) -> bool {
        self.four()
    }
}
