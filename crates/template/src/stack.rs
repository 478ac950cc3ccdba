//! Room on the native stack for what is recursive by nature.
//!
//! Parsing, compiling and printing nested nodes, and templates that functions call (`include`,
//! `tpl`), recurse on the native stack. All pass through [`with_room`], which moves on to a fresh
//! stack segment when the current one runs low; how deep they may go is limited elsewhere.

/// What must be free before a step of recursion: generous, since an unoptimized build has large
/// frames and a function in between may use some hundred kilobytes.
const RED_ZONE: usize = 256 << 10;

/// The size of a fresh segment.
const SEGMENT: usize = 4 << 20;

/// Runs something with at least [`RED_ZONE`] bytes of stack.
pub(crate) fn with_room<R>(f: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(RED_ZONE, SEGMENT, f)
}
