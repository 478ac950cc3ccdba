//! Failures of the operating system in Go's words.

use std::io;
use std::path::Path;

/// What Go says of a failed act on a file: `open /x: no such file or directory`.
pub(crate) fn failed(act: &str, path: &Path, error: &io::Error) -> String {
    format!("{act} {}: {}", path.display(), reason(error))
}

/// A failure as Go words its number: the C library's text in lower case, without the number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error ").next().unwrap_or_default();
    let mut characters = text.chars();
    match (error.raw_os_error(), characters.next()) {
        (Some(_), Some(first)) => first.to_lowercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}

/// Reads a file; a failure in Go's words, which tell a directory by the read that fails.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, (io::ErrorKind, String)> {
    std::fs::read(path).map_err(|error| {
        let act = match error.kind() {
            io::ErrorKind::IsADirectory => "read",
            _ => "open",
        };
        (error.kind(), failed(act, path, &error))
    })
}
