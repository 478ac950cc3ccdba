//! What a render may use before it is stopped with a clear error.

/// Bounds of one run. The defaults let every sane chart through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Instructions executed.
    pub steps: u64,
    /// Depth of nested template calls, `include` and `tpl` counted.
    pub depth: u32,
    /// Bytes of output, of strings functions make, and of maps, together.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 100_000_000,
            depth: 100_000,
            bytes: 192 << 20,
        }
    }
}
