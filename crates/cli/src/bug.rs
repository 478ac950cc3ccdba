//! A panic is our mistake, never the chart's: it becomes an error that asks to be told of.
//!
//! The text goes out through the command's own border, so that nothing of Rust's own report (which
//! names source files and asks for environment variables) is seen.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};

/// The exit status of a command that met a bug; errors of charts and usage have 1.
pub const EXIT: u8 = 2;

/// A caught panic; `Display` is what is told of it.
#[derive(Debug, thiserror::Error)]
#[error(
    "internal error: {what}\n\nThis is a bug in windlass {version}, not a mistake of yours. \
     Please report it, with the command\nand, if you may share it, the chart."
)]
pub struct Bug {
    /// The panic's message and its place in our source.
    what: String,
    version: &'static str,
}

/// Runs a command.
///
/// # Errors
/// [`Bug`], if it panics.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Bug> {
    let noted = Arc::new(Mutex::new(None));
    let note = Arc::clone(&noted);
    let outer = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or("no message");
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = format!("{message} ({place})");
        // Of several threads' panics the first is the cause.
        note.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(text);
    }));
    // What a panic leaves half done is not looked at any more, but for the streams, which only
    // hold bytes.
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    panic::set_hook(outer);
    result.map_err(|_| Bug {
        what: noted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_names_its_place() {
        let bug = caught(|| panic!("no such {}", "thing"))
            .map(|()| 0)
            .unwrap_err();
        let text = bug.to_string();
        assert!(
            text.starts_with("internal error: no such thing (crates/cli/src/bug.rs:"),
            "{text}"
        );
        assert!(text.contains("This is a bug in windlass"), "{text}");
        assert_eq!(caught(|| 7).unwrap(), 7);
    }
}
