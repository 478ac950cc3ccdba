//! Gzip around deflate: its headers and checksums, with Go's errors, and limits on what comes out.

use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use super::Error;

/// How much is decompressed at a time, unless more is asked for.
const STEP: usize = 64 * 1024;

/// What comes out of all members of a gzip stream, decompressed as it is asked for.
pub(super) struct Stream<'i> {
    /// What of the input was not read yet: the present member's data, or what follows it.
    input: &'i [u8],
    member: Option<Member>,
    /// What came out and was not consumed yet: all behind `start`.
    window: Vec<u8>,
    start: usize,
    /// How much may still come out.
    left: usize,
    /// What is met behind the data; `None` where the stream ends as it should, or goes on.
    error: Option<Error>,
    cut: bool,
}

/// A member that is being decompressed.
struct Member {
    inflater: Decompress,
    crc: Crc,
}

impl Member {
    fn new() -> Self {
        Self {
            inflater: Decompress::new(false),
            crc: Crc::new(),
        }
    }
}

impl<'i> Stream<'i> {
    /// Decompresses no more than `limit` bytes.
    ///
    /// # Errors
    /// If the first header is bad. A later error matters only to who reads that far.
    pub(super) fn new(input: &'i [u8], limit: usize) -> Result<Self, Error> {
        Ok(Self {
            input: header(input)?,
            member: Some(Member::new()),
            window: Vec::new(),
            start: 0,
            left: limit,
            error: None,
            cut: false,
        })
    }

    /// The next bytes: so many, or all there are.
    pub(super) fn peek(&mut self, wanted: usize) -> &[u8] {
        while self.window.len() - self.start < wanted && self.goes_on() {
            self.make_room(wanted);
            if let Err(error) = self.inflate() {
                self.member = None;
                self.error = Some(error);
            }
        }
        let end = self.start.saturating_add(wanted).min(self.window.len());
        &self.window[self.start..end]
    }

    /// Passes over so many of the bytes that [`Self::peek`] showed.
    pub(super) fn consume(&mut self, length: usize) {
        self.start = self.start.saturating_add(length).min(self.window.len());
    }

    /// Why no more comes out, once all was seen.
    pub(super) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Whether the limit cut the data off.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    fn goes_on(&mut self) -> bool {
        self.cut |= self.member.is_some() && self.left == 0;
        self.member.is_some() && !self.cut
    }

    /// Moves what is left to the front, and sets aside what is wanted and no more: what is large is
    /// wanted once.
    fn make_room(&mut self, wanted: usize) {
        if self.window.len() < self.window.capacity() {
            return;
        }
        self.window.drain(..self.start);
        self.start = 0;
        let room = wanted
            .max(STEP)
            .min(self.left.saturating_add(self.window.len()));
        self.window
            .reserve_exact(room.saturating_sub(self.window.len()).max(1));
    }

    /// Decompresses a step, or ends the member.
    fn inflate(&mut self) -> Result<(), Error> {
        let Some(member) = &mut self.member else {
            return Ok(());
        };
        let before = self.window.len();
        let read = member.inflater.total_in();
        let flush = FlushDecompress::None;
        let status = member
            .inflater
            .decompress_vec(self.input, &mut self.window, flush);
        let taken = usize::try_from(member.inflater.total_in() - read).unwrap_or(usize::MAX);
        self.input = self.input.get(taken..).unwrap_or(&[]);
        // The room may be larger than what may still come.
        let most = before.saturating_add(self.left);
        self.cut |= self.window.len() > most;
        self.window.truncate(most);
        let new = &self.window[before..];
        member.crc.update(new);
        self.left -= new.len();
        match status {
            Ok(Status::StreamEnd) => self.end_member(),
            Ok(_) if taken > 0 || self.window.len() > before => Ok(()),
            Ok(_) => Err(Error::Truncated),
            Err(_) => Err(Error::Deflate(member.inflater.total_in())),
        }
    }

    /// Checks the sums behind a member, and begins the next one.
    fn end_member(&mut self) -> Result<(), Error> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let trailer = self.input.split_first_chunk::<8>();
        let (trailer, after) = trailer.ok_or(Error::Truncated)?;
        let [a, b, c, d, e, f, g, h] = *trailer;
        if member.crc.sum() != u32::from_le_bytes([a, b, c, d])
            || member.crc.amount() != u32::from_le_bytes([e, f, g, h])
        {
            return Err(Error::GzipChecksum);
        }
        if !after.is_empty() {
            self.input = header(after)?;
            self.member = Some(Member::new());
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Bytes that do not repeat soon, so that they are many steps compressed too.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..length).map(|_| next()).collect()
    }

    fn read_in(pieces: &[usize], stream: &mut Stream<'_>) -> Vec<u8> {
        let mut read = Vec::new();
        for length in pieces.iter().cycle() {
            let piece = stream.peek(*length);
            if piece.is_empty() {
                break;
            }
            read.extend_from_slice(piece);
            let shown = piece.len();
            stream.consume(shown);
        }
        read
    }

    #[test]
    fn members_follow_each_other_whatever_is_asked_for_at_a_time() {
        let data = noise(3 * STEP);
        let (first, second) = data.split_at(STEP + 17);
        let packed = [deflate(first, b"", ""), deflate(second, b"", "")].concat();
        for pieces in [&[512][..], &[1, STEP], &[data.len()], &[STEP + 1, 7]] {
            let mut stream = Stream::new(&packed, usize::MAX).unwrap();
            assert_eq!(read_in(pieces, &mut stream), data, "{pieces:?}");
            assert!(stream.error().is_none() && !stream.is_cut());
        }
    }

    #[test]
    fn what_came_out_before_an_error_is_there() {
        let data = noise(2 * STEP);
        let mut packed = deflate(&data, b"", "");
        let length = packed.len();
        packed[length - 5] ^= 1;
        let mut stream = Stream::new(&packed, usize::MAX).unwrap();
        assert_eq!(read_in(&[512], &mut stream), data);
        assert_eq!(stream.error(), Some(&Error::GzipChecksum));
        let mut stream = Stream::new(&packed[..length / 2], usize::MAX).unwrap();
        let found = read_in(&[512], &mut stream);
        assert!(!found.is_empty() && data.starts_with(&found));
        assert_eq!(stream.error(), Some(&Error::Truncated));
    }

    #[test]
    fn no_more_than_the_limit_comes_out() {
        let packed = deflate(&vec![0; 10 * STEP], b"", "");
        let mut stream = Stream::new(&packed, STEP + 5).unwrap();
        assert_eq!(read_in(&[STEP], &mut stream).len(), STEP + 5);
        assert!(stream.is_cut());
    }
}
