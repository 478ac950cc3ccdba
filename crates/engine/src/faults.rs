//! Deliberate faults, for builds with the feature `faults` only: conformance switches one on and
//! must notice it. `WINDLASS_FAULT` names it; without the feature nothing of this is there.

/// A fault that can be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Fault {
    SkipPrune,
    SwapHookOrder,
    WrongFieldManager,
    LostLabel,
    NoOwnershipAnnotations,
    WrongDescription,
    NoHistoryLimit,
    SkipHookDeletion,
    ForgetSupersede,
    IgnoreKeepPolicy,
    IgnoreHookWeights,
    ForgetReleaseLabels,
    ForgetLastManifest,
    ReuseNothing,
    AdoptAnything,
}

/// Whether a fault is switched on: never, but in builds for conformance.
#[cfg(not(feature = "faults"))]
#[must_use]
pub const fn on(_fault: Fault) -> bool {
    false
}

/// Whether a fault is switched on.
#[cfg(feature = "faults")]
#[must_use]
#[allow(
    clippy::disallowed_methods,
    reason = "builds for tests only: a fault must reach the engine through the command line as it is"
)]
pub fn on(fault: Fault) -> bool {
    std::env::var("WINDLASS_FAULT").is_ok_and(|wanted| wanted == fault.name())
}

impl Fault {
    /// All there are.
    pub const ALL: [Self; 15] = [
        Self::SkipPrune,
        Self::SwapHookOrder,
        Self::WrongFieldManager,
        Self::LostLabel,
        Self::NoOwnershipAnnotations,
        Self::WrongDescription,
        Self::NoHistoryLimit,
        Self::SkipHookDeletion,
        Self::ForgetSupersede,
        Self::IgnoreKeepPolicy,
        Self::IgnoreHookWeights,
        Self::ForgetReleaseLabels,
        Self::ForgetLastManifest,
        Self::ReuseNothing,
        Self::AdoptAnything,
    ];

    /// What `WINDLASS_FAULT` calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SkipPrune => "skip-prune",
            Self::SwapHookOrder => "swap-hook-order",
            Self::WrongFieldManager => "wrong-field-manager",
            Self::LostLabel => "lost-label",
            Self::NoOwnershipAnnotations => "no-ownership-annotations",
            Self::WrongDescription => "wrong-description",
            Self::NoHistoryLimit => "no-history-limit",
            Self::SkipHookDeletion => "skip-hook-deletion",
            Self::ForgetSupersede => "forget-supersede",
            Self::IgnoreKeepPolicy => "ignore-keep-policy",
            Self::IgnoreHookWeights => "ignore-hook-weights",
            Self::ForgetReleaseLabels => "forget-release-labels",
            Self::ForgetLastManifest => "forget-last-manifest",
            Self::ReuseNothing => "reuse-nothing",
            Self::AdoptAnything => "adopt-anything",
        }
    }
}
