//! Death at a request of one's choice, for builds with the feature `faults` only: `WINDLASS_KILL=before:7`
//! ends the process right before its seventh request is sent, `after:7` right after the answer came.
//! Nothing is flushed, dropped or told, as with SIGKILL. Tests of recovery go through all points so.

/// Where in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    Before,
    After,
}

/// Counts a request; its number is for [`at`].
#[cfg(not(feature = "faults"))]
pub(crate) const fn counted() -> usize {
    0
}

/// Ends the process if this is the point that was chosen: never, but in builds for tests.
#[cfg(not(feature = "faults"))]
pub(crate) const fn at(_point: Point, _number: usize) {}

/// Counts a request; its number is for [`at`].
#[cfg(feature = "faults")]
pub(crate) fn counted() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed) + 1
}

/// Ends the process if this is the point that was chosen.
#[cfg(feature = "faults")]
#[allow(
    clippy::disallowed_methods,
    reason = "builds for tests only: it must reach the client through the command line as it is"
)]
pub(crate) fn at(point: Point, number: usize) {
    let word = match point {
        Point::Before => "before",
        Point::After => "after",
    };
    if std::env::var("WINDLASS_KILL").is_ok_and(|wanted| wanted == format!("{word}:{number}")) {
        std::process::abort();
    }
}
