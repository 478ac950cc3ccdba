//! The files of a chart archive, checked against every trick with names and sizes.

use windlass_value::Str;

use super::gzip::Stream;
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
const OVERHEAD: u64 = 64 * 1024 * 1024;

/// How many files a chart may have; the largest public ones have some hundreds.
pub const MAX_FILES: usize = 50_000;

/// Reads the files of a chart archive. Names lose the first directory; directories and links'
/// targets are left out; byte order marks are cut.
///
/// # Errors
/// [`Error`], with the words of Helm and of the libraries below it.
pub fn read(archive: &[u8], limits: &Limits, compat: Compat) -> Result<Vec<File>, Error> {
    let whole = usize::try_from(limits.total_bytes.saturating_add(OVERHEAD)).unwrap_or(usize::MAX);
    let mut reader = tar::Reader::new(Stream::new(archive, whole)?);
    let pass = Pass {
        limit: limits.total_bytes,
        file_limit: compat.max_chart_file_bytes(),
        files: Vec::new(),
    };
    pass.run(&mut reader)
}

/// One look at the files of an archive. Nothing is decompressed before its size was found bearable.
struct Pass {
    limit: u64,
    file_limit: Option<u64>,
    files: Vec<File>,
}

impl Pass {
    fn run(mut self, reader: &mut tar::Reader<'_>) -> Result<Vec<File>, Error> {
        let mut remaining = self.limit;
        loop {
            let next = reader.next();
            let Some(entry) = next.map_err(|found| self.at_end(found, reader))? else {
                break;
            };
            if entry.is_directory() || matches!(entry.kind, tar::GLOBAL | tar::EXTENDED) {
                continue;
            }
            let full_name = String::from_utf8_lossy(&entry.name);
            let name = checked_name(&full_name)?;
            if entry.size > remaining {
                return Err(self.too_large());
            }
            if let Some(limit) = self.file_limit.filter(|&limit| entry.size > limit) {
                let name = full_name.into_owned();
                return Err(Error::FileTooLarge { name, limit });
            }
            if entry.kind == tar::SPARSE {
                return Err(Error::Sparse(full_name.into_owned()));
            }
            let data = reader.data().map(content);
            let data = data.map_err(|found| self.at_end(found, reader))?;
            remaining -= entry.length as u64;
            if (entry.length as u64) < entry.size || remaining == 0 {
                return Err(self.too_large());
            }
            if self.files.len() == MAX_FILES {
                return Err(Error::TooManyFiles);
            }
            self.files.push(File {
                name,
                data,
                modified: Some(entry.modified),
            });
        }
        let source = &reader.source;
        if !reader.marked_end && (source.is_cut() || source.error().is_some()) {
            return Err(self.at_end(Error::Truncated, reader));
        }
        if self.files.is_empty() {
            return Err(Error::NoFiles);
        }
        Ok(self.files)
    }

    /// What ended the stream early is met only by who reads to its end.
    fn at_end(&self, found: Error, reader: &tar::Reader<'_>) -> Error {
        match reader.source.error() {
            _ if found != Error::Truncated => found,
            _ if reader.source.is_cut() => self.too_large(),
            Some(error) => error.clone(),
            None => found,
        }
    }

    fn too_large(&self) -> Error {
        Error::ChartTooLarge {
            limit: self.limit,
            file_word: self.file_limit.is_some(),
        }
    }
}

/// What a file holds, without a byte order mark.
fn content(data: &[u8]) -> Str {
    Str::from(data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data))
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
