//! Chart archives (.tgz): reading them safely from bytes, and writing them.
//!
//! [`read`] gives the files of an archive with the chart's own directory stripped, as
//! [`crate::load::load`] takes them; [`read_named`] first tells kindly that a file is no archive.
//! [`write`] packs a chart. Opening and storing files is the caller's business.

mod gzip;
mod read;
mod sniff;
mod tar;
mod write;

use windlass_value::fmt;

pub use read::{MAX_FILES, NamedError, read, read_named};
pub use sniff::{NotAnArchive, content_type, ensure_gzip};
pub use write::{WriteError, write};

/// How large a chart may be. What a single file may have is the compat dial's.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes in all files of one chart together.
    pub total_bytes: u64,
}

impl Default for Limits {
    /// Helm's limit, 100 MiB.
    fn default() -> Self {
        Self {
            total_bytes: 100 << 20,
        }
    }
}

/// An archive cannot be read; the texts are Helm's and its libraries'.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not gzip's.
    #[error("gzip: invalid header")]
    GzipHeader,
    /// The checksum or length behind the compressed data does not fit it.
    #[error("gzip: invalid checksum")]
    GzipChecksum,
    /// The compressed data is damaged.
    #[error("flate: corrupt input before offset {0}")]
    Deflate(u64),
    /// There is nothing at all.
    #[error("EOF")]
    Empty,
    /// The data ends too early.
    #[error("unexpected EOF")]
    Truncated,
    /// An entry's header is damaged.
    #[error("archive/tar: invalid tar header")]
    TarHeader,
    /// The extended header of an entry is larger than 1 MiB.
    #[error("archive/tar: header field too long")]
    TarField,
    /// A file with holes, which no packager of charts makes.
    #[error("sparse file {} in chart archive", quoted(.0))]
    Sparse(String),
    /// A name with an absolute path below the chart's directory.
    #[error("chart illegally contains absolute paths")]
    AbsolutePath,
    /// A file beside the chart's directory.
    #[error("chart illegally contains content outside the base directory: {}", quoted(.0))]
    OutsideBase(String),
    /// A name that leads out of the chart.
    #[error("chart illegally references parent directory")]
    ParentDirectory,
    /// A name that Windows takes for another drive.
    #[error("chart contains illegally named files")]
    IllegalName,
    /// The chart's files do not lie in a directory.
    #[error("chart yaml not in base directory")]
    NoBaseDirectory,
    /// All files together are too large.
    #[error("decompressed chart is larger than the maximum {}size {limit}", if *.file_word { "file " } else { "" })]
    ChartTooLarge {
        /// The limit in bytes.
        limit: u64,
        /// Whether the text says "file", as Helm 3 does.
        file_word: bool,
    },
    /// One file is too large.
    #[error("decompressed chart file {} is larger than the maximum file size {limit}", quoted(.name))]
    FileTooLarge {
        /// The file's name in the archive.
        name: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// More files than any chart has.
    #[error("chart has more than {MAX_FILES} files")]
    TooManyFiles,
    /// No file in it.
    #[error("no files in chart archive")]
    NoFiles,
}

fn quoted(text: &str) -> String {
    fmt::quote(text.as_bytes())
}
