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
const OVERHEAD: u64 = 64 * 1024 * 1024;

/// How much of an archive is decompressed at first. Hardly any is larger; of one that is, more is
/// decompressed only as long as nothing in the part before is too large already.
const FIRST: usize = 16 * 1024 * 1024;

/// How many files a chart may have; the largest public ones have some hundreds.
pub const MAX_FILES: usize = 50_000;

/// Reads the files of a chart archive. Names lose the first directory; directories and links'
/// targets are left out; byte order marks are cut.
///
/// # Errors
/// [`Error`], with the words of Helm and of the libraries below it.
pub fn read(archive: &[u8], limits: &Limits, compat: Compat) -> Result<Vec<File>, Error> {
    let whole = usize::try_from(limits.total_bytes.saturating_add(OVERHEAD)).unwrap_or(usize::MAX);
    let mut most = FIRST.min(whole);
    loop {
        let inflated = gzip::inflate(archive, most)?;
        let mut pass = Pass {
            limit: limits.total_bytes,
            file_limit: compat.max_chart_file_bytes(),
            more: inflated.cut && most < whole,
            kept: (most <= FIRST && !inflated.cut).then(Vec::new),
        };
        match pass.run(&inflated) {
            Ok(()) => {}
            Err(Stop::More) => {
                most = most.saturating_mul(4).min(whole);
                continue;
            }
            Err(Stop::Error(error)) => return Err(error),
        }
        if pass.kept.is_none() {
            // Now that they are known to be good, files are worth their memory.
            pass.kept = Some(Vec::new());
            if let Err(Stop::Error(error)) = pass.run(&inflated) {
                return Err(error);
            }
        }
        return Ok(pass.kept.unwrap_or_default());
    }
}

/// One look at the files of what was decompressed.
struct Pass {
    limit: u64,
    file_limit: Option<u64>,
    /// Whether there is more to decompress.
    more: bool,
    /// Where files go; without it they are only checked.
    kept: Option<Vec<File>>,
}

/// Why a [`Pass`] ended before its end.
enum Stop {
    /// More must be decompressed first.
    More,
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Pass {
    fn run(&mut self, inflated: &Inflated) -> Result<(), Stop> {
        let Inflated { data, error, cut } = inflated;
        let too_large = Error::ChartTooLarge {
            limit: self.limit,
            file_word: self.file_limit.is_some(),
        };
        let more = self.more;
        // What ended the stream early is met only by who reads to its end.
        let at_end = |found: Error| match error {
            _ if more && found == Error::Truncated => Stop::More,
            _ if *cut && found == Error::Truncated => Stop::Error(too_large.clone()),
            Some(error) if found == Error::Truncated => Stop::Error(error.clone()),
            _ => Stop::Error(found),
        };
        let (mut count, mut remaining) = (0, self.limit);
        let mut reader = tar::Reader::new(data);
        while let Some(entry) = reader.next().map_err(at_end)? {
            if entry.is_directory() || matches!(entry.kind, tar::GLOBAL | tar::EXTENDED) {
                continue;
            }
            let full_name = String::from_utf8_lossy(&entry.name);
            let name = checked_name(&full_name)?;
            if entry.size > remaining {
                return Err(too_large.into());
            }
            if let Some(limit) = self.file_limit.filter(|&limit| entry.size > limit) {
                let name = full_name.into_owned();
                return Err(Error::FileTooLarge { name, limit }.into());
            }
            if entry.kind == tar::SPARSE {
                return Err(Error::Sparse(full_name.into_owned()).into());
            }
            if entry.truncated {
                return Err(at_end(Error::Truncated));
            }
            let length = entry.data.len() as u64;
            remaining -= length;
            if length < entry.size || remaining == 0 {
                return Err(too_large.into());
            }
            count += 1;
            if count > MAX_FILES {
                return Err(Error::TooManyFiles.into());
            }
            if let Some(files) = &mut self.kept {
                files.push(file(name, &entry));
            }
        }
        if !reader.marked_end && (*cut || error.is_some()) {
            return Err(at_end(Error::Truncated));
        }
        if count == 0 {
            return Err(Error::NoFiles.into());
        }
        Ok(())
    }
}

fn file(name: String, entry: &tar::Entry<'_>) -> File {
    let data = entry.data;
    File {
        name,
        data: Str::from(data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data)),
        modified: Some(entry.modified),
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
