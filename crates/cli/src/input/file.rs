//! Reading files whose size nobody has promised: no more than a limit, and where a chart's file is
//! meant, nothing but a regular file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How much a file named on the command line may hold. Values files have some kilobytes.
pub(crate) const MAX_INPUT: u64 = 32 << 20;

/// Reads a file of at most `limit` bytes. It may be a pipe: shells give `-f <(command)` as one.
///
/// # Errors
/// What the system says, or [`io::ErrorKind::FileTooLarge`].
pub(crate) fn read(path: impl AsRef<Path>, limit: u64) -> io::Result<Vec<u8>> {
    read_from(File::open(path)?, limit)
}

/// [`read`], of a file that is one: no pipe that never ends, no device.
///
/// # Errors
/// As [`read`], and [`io::ErrorKind::InvalidInput`] for what is no regular file.
pub(crate) fn read_regular(path: impl AsRef<Path>, limit: u64) -> io::Result<Vec<u8>> {
    // Asked before it is opened, since opening a pipe waits for its other end.
    let kind = fs::metadata(&path)?;
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    read(path, limit)
}

/// Reads at most `limit` bytes to the end.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_from(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    source.take(limit + 1).read_to_end(&mut data)?;
    if data.len() as u64 > limit {
        let text = format!("larger than the maximum of {limit} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(data)
}
