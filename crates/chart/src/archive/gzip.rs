//! Gzip around deflate: its headers and checksums, with Go's errors, and limits on what comes out.

use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use super::Error;

/// What came out of a gzip stream, and why no more did.
pub(super) struct Inflated {
    pub(super) data: Vec<u8>,
    /// What is met behind the data; `None` where the stream ends as it should.
    pub(super) error: Option<Error>,
    /// Whether the limit cut it off.
    pub(super) cut: bool,
}

/// Decompresses all members of a stream, but no more than `limit` bytes.
///
/// # Errors
/// Only if already the first header is bad. A later error matters only to who reads that far: it is
/// beside the data.
pub(super) fn inflate(input: &[u8], limit: usize) -> Result<Inflated, Error> {
    let mut rest = header(input)?;
    let mut out = Inflated {
        data: Vec::with_capacity(size_hint(input, limit)),
        error: None,
        cut: false,
    };
    loop {
        match member(rest, &mut out, limit) {
            Ok(after) if out.cut || after.is_empty() => return Ok(out),
            Ok(after) => match header(after) {
                Ok(next) => rest = next,
                Err(error) => {
                    return Ok(Inflated {
                        error: Some(error),
                        ..out
                    });
                }
            },
            Err(error) => {
                return Ok(Inflated {
                    error: Some(error),
                    ..out
                });
            }
        }
    }
}

/// The length the stream says it has, as far as one may trust it.
fn size_hint(input: &[u8], limit: usize) -> usize {
    const TRUSTED: usize = 16 * 1024 * 1024;
    let said = input
        .last_chunk::<4>()
        .map_or(0, |b| u32::from_le_bytes(*b) as usize);
    said.min(limit)
        .min(TRUSTED)
        .min(input.len().saturating_mul(1_100))
}

/// Decompresses one member behind its header; gives what follows its checksum.
fn member<'a>(input: &'a [u8], out: &mut Inflated, limit: usize) -> Result<&'a [u8], Error> {
    const STEP: usize = 64 * 1024;
    const LARGE: usize = 8 * 1024 * 1024;
    let start = out.data.len();
    let mut inflater = Decompress::new(false);
    let mut read = 0;
    loop {
        if out.data.len() >= limit {
            out.cut = true;
            return Ok(&[]);
        }
        if out.data.len() == out.data.capacity() {
            // Growing by copies would take the memory twice; what is only set aside takes none.
            let length = out.data.len();
            let more = if length < LARGE {
                length.clamp(STEP, limit)
            } else {
                limit - length
            };
            out.data.reserve_exact(more);
        }
        let written = out.data.len();
        let status = inflater.decompress_vec(&input[read..], &mut out.data, FlushDecompress::None);
        let before = read;
        read = usize::try_from(inflater.total_in()).unwrap_or(input.len());
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) if read > before || out.data.len() > written => {}
            Ok(_) => return Err(Error::Truncated),
            Err(_) => return Err(Error::Deflate(inflater.total_in())),
        }
    }
    let (trailer, after) = input[read..]
        .split_first_chunk::<8>()
        .ok_or(Error::Truncated)?;
    let mut crc = Crc::new();
    crc.update(&out.data[start..]);
    let [a, b, c, d, e, f, g, h] = *trailer;
    if crc.sum() != u32::from_le_bytes([a, b, c, d])
        || crc.amount() != u32::from_le_bytes([e, f, g, h])
    {
        return Err(Error::GzipChecksum);
    }
    Ok(after)
}

const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const HEADER_CRC: u8 = 1 << 1;

/// Reads a member's header; gives what follows it.
fn header(input: &[u8]) -> Result<&[u8], Error> {
    if input.is_empty() {
        return Err(Error::Empty);
    }
    let (fixed, mut rest) = input.split_first_chunk::<10>().ok_or(Error::Truncated)?;
    if fixed[..3] != [0x1F, 0x8B, 8] {
        return Err(Error::GzipHeader);
    }
    let flags = fixed[3];
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(Error::Truncated)?;
        rest = after
            .get(usize::from(u16::from_le_bytes(*length))..)
            .ok_or(Error::Truncated)?;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            rest = after_string(rest)?;
        }
    }
    if flags & HEADER_CRC != 0 {
        let length = input.len() - rest.len();
        let (sum, after) = rest.split_first_chunk::<2>().ok_or(Error::Truncated)?;
        let mut crc = Crc::new();
        crc.update(&input[..length]);
        if crc.sum() & 0xFFFF != u32::from(u16::from_le_bytes(*sum)) {
            return Err(Error::GzipHeader);
        }
        rest = after;
    }
    Ok(rest)
}

/// Skips a text that ends in NUL; Go takes no longer ones than this.
fn after_string(input: &[u8]) -> Result<&[u8], Error> {
    const LONGEST: usize = 512;
    match input.iter().take(LONGEST).position(|&b| b == 0) {
        Some(end) => Ok(&input[end + 1..]),
        None if input.len() >= LONGEST => Err(Error::GzipHeader),
        None => Err(Error::Truncated),
    }
}

/// Compresses into one member with an extra field and a comment.
pub(super) fn deflate(data: &[u8], extra: &[u8], comment: &str) -> Vec<u8> {
    const UNKNOWN_SYSTEM: u8 = 255;
    let mut out = vec![
        0x1F,
        0x8B,
        8,
        EXTRA | COMMENT,
        0,
        0,
        0,
        0,
        0,
        UNKNOWN_SYSTEM,
    ];
    out.extend_from_slice(&u16::try_from(extra.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(extra);
    out.extend_from_slice(comment.as_bytes());
    out.push(0);
    let mut deflater = Compress::new(Compression::default(), false);
    loop {
        let read = usize::try_from(deflater.total_in()).unwrap_or(data.len());
        out.reserve(data.len() / 2 + 1024);
        // Compressing in memory has no way to fail; an error would only mean misuse.
        match deflater.compress_vec(&data[read..], &mut out, FlushCompress::Finish) {
            Ok(Status::Ok | Status::BufError) => {}
            Ok(Status::StreamEnd) | Err(_) => break,
        }
    }
    let mut crc = Crc::new();
    crc.update(data);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    out.extend_from_slice(&crc.amount().to_le_bytes());
    out
}
