//! What a render may use before it is stopped with a clear error.

use std::time::Duration;

/// Bounds of one render: all executions of a [`crate::Session`] together. The defaults let every
/// sane chart through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Instructions executed; the call of a function counts as sixteen.
    pub steps: u64,
    /// Depth of `template` actions within one execution; past it, the error is Go's own.
    pub depth: u32,
    /// Depth of executions within executions (`include`, `tpl`), which need native stack. Helm
    /// stops the same name at 1000.
    pub nesting: u32,
    /// Bytes of output, of strings functions make, and of maps, together. What was freed again
    /// still counts.
    pub bytes: usize,
    /// Time from the session's beginning on, by [`Host::elapsed`](crate::Host::elapsed); `None` for no bound. Steps end
    /// a render at the same place on every machine; this stands behind them for what they count too low.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 50_000_000,
            depth: 100_000,
            nesting: 5_000,
            bytes: 64 << 20,
            time: Some(Duration::from_secs(120)),
        }
    }
}
