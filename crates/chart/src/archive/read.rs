//! The files of a chart archive, checked against every trick with names and sizes.

use windlass_value::Str;

use super::gzip::{self, Inflated};
use super::sniff::{NotAnArchive, ensure_gzip};
use super::{Error, Limits, tar};
use crate::chart::File;
use crate::compat::Compat;

/// A file that should be a chart archive cannot be read; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NamedError {
    /// It does not begin like one.
    #[error(transparent)]
    NotAnArchive(#[from] NotAnArchive),
    /// It begins like one, but its gzip header is none.
    #[error("file '{0}' does not appear to be a valid chart file (details: {1})")]
    Header(String, Error),
    /// It is damaged or has files that a chart may not have.
    #[error(transparent)]
    Archive(Error),
    /// The same, where Helm does not say what is wrong.
    #[error("unable to load chart archive")]
    Unspoken(#[source] Error),
    /// It has no Chart.yaml.
    #[error("unable to detect chart version, no Chart.yaml found")]
    NoChartfile,
}

/// Reads the files of a chart archive that lies in a file, after a look at what it is.
///
/// # Errors
/// [`NamedError`]
pub fn read_named(
    name: &str,
    archive: &[u8],
    limits: &Limits,
    compat: Compat,
) -> Result<Vec<File>, NamedError> {
    ensure_gzip(name, archive)?;
    let files = read(archive, limits, compat).map_err(|error| match error {
        Error::GzipHeader => NamedError::Header(name.to_owned(), error),
        error if compat.detects_charts_first() => NamedError::Unspoken(error),
        error => NamedError::Archive(error),
    })?;
    if compat.detects_charts_first() && !files.iter().any(|f| f.name == "Chart.yaml") {
        return Err(NamedError::NoChartfile);
    }
    Ok(files)
}

/// How much of a decompressed archive may be headers and padding beside files.
const OVERHEAD: u64 = 156 * 1024 * 1024;

/// Reads the files of a chart archive. Names lose the first directory; directories and links'
/// targets are left out; byte order marks are cut.
///
/// # Errors
/// [`Error`], with the words of Helm and of the libraries below it.
pub fn read(archive: &[u8], limits: &Limits, compat: Compat) -> Result<Vec<File>, Error> {
    let limit = limits.total_bytes;
    let file_limit = compat.max_chart_file_bytes();
    let most = usize::try_from(limit.saturating_add(OVERHEAD)).unwrap_or(usize::MAX);
    let Inflated { data, error, cut } = gzip::inflate(archive, most)?;
    let too_large = Error::ChartTooLarge {
        limit,
        file_word: file_limit.is_some(),
    };
    // What ended the stream early is met only by who reads to its end.
    let at_end = |found: Error| match &error {
        _ if cut => too_large.clone(),
        Some(error) if found == Error::Truncated => error.clone(),
        _ => found,
    };
    let mut files = Vec::new();
    let mut remaining = limit;
    let mut reader = tar::Reader::new(&data);
    while let Some(entry) = reader.next().map_err(at_end)? {
        if entry.is_directory() || matches!(entry.kind, tar::GLOBAL | tar::EXTENDED) {
            continue;
        }
        let full_name = String::from_utf8_lossy(&entry.name);
        let name = checked_name(&full_name)?;
        if entry.size > remaining {
            return Err(too_large);
        }
        if let Some(limit) = file_limit.filter(|&limit| entry.size > limit) {
            return Err(Error::FileTooLarge {
                name: full_name.into_owned(),
                limit,
            });
        }
        if entry.kind == tar::SPARSE {
            return Err(Error::Sparse(full_name.into_owned()));
        }
        if entry.truncated {
            return Err(at_end(Error::Truncated));
        }
        let length = entry.data.len() as u64;
        remaining -= length;
        if length < entry.size || remaining == 0 {
            return Err(too_large);
        }
        files.push(File {
            name,
            data: Str::from(
                entry
                    .data
                    .strip_prefix(b"\xEF\xBB\xBF")
                    .unwrap_or(entry.data),
            ),
            modified: Some(entry.modified),
        });
    }
    if !reader.marked_end && (cut || error.is_some()) {
        return Err(at_end(Error::Truncated));
    }
    if files.is_empty() {
        Err(Error::NoFiles)
    } else {
        Ok(files)
    }
}

/// A name without its first directory, if it stays inside the chart.
fn checked_name(full: &str) -> Result<String, Error> {
    // Archives made on Windows may have backslashes.
    let delimiter = if full.contains('\\') { '\\' } else { '/' };
    let (base, below) = full.split_once(delimiter).unwrap_or((full, ""));
    let below = below.replace(delimiter, "/");
    if below.starts_with('/') {
        return Err(Error::AbsolutePath);
    }
    let name = crate::path::clean(&below);
    if name == "." {
        return Err(Error::OutsideBase(full.to_owned()));
    }
    if name.starts_with("..") {
        return Err(Error::ParentDirectory);
    }
    if is_drive(&name) {
        return Err(Error::IllegalName);
    }
    if base == "Chart.yaml" {
        return Err(Error::NoBaseDirectory);
    }
    Ok(name)
}

fn is_drive(name: &str) -> bool {
    matches!(name.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}
