//! gzip and Base64 around a record's JSON.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher as _;
use std::io::{ErrorKind, Read, Write};

use flate2::read::{GzDecoder, MultiGzDecoder};
use flate2::{Compress, Compression, Crc, FlushCompress, GzBuilder};
use windlass_value::base64;

use super::MAX_INFLATED;
use super::read::DecodeError;

const GZIP: [u8; 3] = [0x1F, 0x8B, 8];

/// What Go's `compress/gzip` names the system it runs on: unknown.
const UNKNOWN_SYSTEM: u8 = 255;

/// What XFL says of a stream that is packed as well as can be, as Helm's are.
const BEST: u8 = 2;

/// Effort and gain are well balanced here; the last hundredth costs a third of the time.
const LEVEL: u32 = 6;

/// A part that is shorter is packed as quickly as it is looked for.
const WORTH_KNOWING: usize = 4 << 10;

/// What is longer once packed comes near what a server takes: it is packed as well as can be.
const LONG: usize = 512 << 10;

/// So many parts are known at once.
const KNOWN: usize = 6;

/// Packs texts, and knows the last parts that it packed: an action stores its revision twice and the one before once more, all
/// of which most often have the same chart, and differ in a few words.
#[derive(Default)]
pub struct Packer {
    known: Vec<Part>,
}

/// A part of a text, packed without regard to what is before it.
struct Part {
    mark: (usize, u32, u64),
    packed: Vec<u8>,
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

impl Packer {
    /// Packs a text that is cut at these places.
    pub(super) fn pack(&mut self, json: &[u8], cuts: &[usize]) -> String {
        let mut packed = vec![
            GZIP[0],
            GZIP[1],
            GZIP[2],
            0,
            0,
            0,
            0,
            0,
            BEST,
            UNKNOWN_SYSTEM,
        ];
        let mut checksum = Crc::new();
        let ends = cuts.iter().copied().chain([json.len()]);
        let mut start = 0;
        for end in ends {
            self.append(&mut packed, &mut checksum, &json[start..end]);
            start = end;
        }
        if packed.len() > LONG {
            return text(&pack_well(json));
        }
        packed.extend_from_slice(&LAST_BLOCK);
        packed.extend_from_slice(&checksum.sum().to_le_bytes());
        packed.extend_from_slice(&checksum.amount().to_le_bytes());
        text(&packed)
    }

    fn append(&mut self, packed: &mut Vec<u8>, checksum: &mut Crc, part: &[u8]) {
        if part.is_empty() {
            return;
        }
        if part.len() < WORTH_KNOWING {
            checksum.update(part);
            deflate(part, packed);
            return;
        }
        let mut own = Crc::new();
        own.update(part);
        let mut hasher = DefaultHasher::new();
        hasher.write(part);
        let mark = (part.len(), own.sum(), hasher.finish());
        checksum.combine(&own);
        if let Some(known) = self.known.iter().find(|known| known.mark == mark) {
            packed.extend_from_slice(&known.packed);
            return;
        }
        let start = packed.len();
        deflate(part, packed);
        if self.known.len() == KNOWN {
            self.known.remove(0);
        }
        self.known.push(Part {
            mark,
            packed: packed[start..].to_vec(),
        });
    }
}

/// An empty block that is the last.
const LAST_BLOCK: [u8; 2] = [3, 0];

/// Appends a text as blocks of its own that end with a whole byte.
fn deflate(part: &[u8], packed: &mut Vec<u8>) {
    let mut deflate = Compress::new(Compression::new(LEVEL), false);
    let mut rest = part;
    loop {
        packed.reserve(rest.len() / 4 + 64);
        let (before, room) = (deflate.total_in(), packed.capacity() - packed.len());
        let written = deflate.total_out();
        deflate
            .compress_vec(rest, packed, FlushCompress::Sync)
            .expect("a stream that is not preset and not finished takes all that comes");
        let taken = usize::try_from(deflate.total_in() - before).unwrap_or(rest.len());
        rest = &rest[taken..];
        // What did not fill the room was flushed.
        let filled = deflate.total_out() - written == room as u64;
        if rest.is_empty() && !filled {
            return;
        }
    }
}

fn pack_well(json: &[u8]) -> Vec<u8> {
    let builder = GzBuilder::new().operating_system(UNKNOWN_SYSTEM);
    let mut writer = builder.write(Vec::with_capacity(json.len() / 4), Compression::best());
    let packed = writer.write_all(json).and_then(|()| writer.finish());
    packed.expect("writing to memory does not fail")
}

fn text(packed: &[u8]) -> String {
    String::from_utf8(base64::encode(packed)).expect("Base64 is text")
}

/// Records from before Helm packed them are plain JSON in Base64.
pub(super) fn unpack(data: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let bytes = base64::decode(data).map_err(DecodeError::Base64)?;
    if bytes.len() <= GZIP.len() || !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let said = size_said(&bytes);
    if said > MAX_INFLATED {
        return Err(DecodeError::TooLarge);
    }
    match inflate(&bytes, said) {
        Ok(json) if json.len() > MAX_INFLATED => Err(DecodeError::TooLarge),
        Ok(json) => Ok(json),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Err(DecodeError::Truncated),
        Err(e) => Err(DecodeError::Gzip(e)),
    }
}

/// Inflates up to one byte more than is allowed. A stream of several parts, or one that lies, is measured before there
/// is room made for it: room that doubles would be several times what is allowed.
fn inflate(packed: &[u8], said: usize) -> std::io::Result<Vec<u8>> {
    let mut rest = MultiGzDecoder::new(packed).take(MAX_INFLATED as u64 + 1);
    let mut json = Vec::with_capacity(said + 1);
    rest.by_ref().take(said as u64 + 1).read_to_end(&mut json)?;
    if json.len() > said {
        let mut again = MultiGzDecoder::new(packed).take(MAX_INFLATED as u64 + 1);
        let length = std::io::copy(&mut again, &mut std::io::sink())?;
        json.reserve_exact(usize::try_from(length).unwrap_or(MAX_INFLATED) + 1 - json.len());
        rest.read_to_end(&mut json)?;
    }
    Ok(json)
}

/// What the beginning of a stream inflates to, as far as it goes; what is not packed as it is.
pub(super) fn inflate_head(packed: &[u8]) -> Vec<u8> {
    if !packed.starts_with(&GZIP) {
        return packed.to_vec();
    }
    let mut json = Vec::new();
    let mut reader = GzDecoder::new(packed).take(MAX_HEAD);
    let mut piece = [0; 8 << 10];
    // The end of what is there is an error, before which all comes that can.
    while let Ok(count @ 1..) = reader.read(&mut piece) {
        json.extend_from_slice(&piece[..count]);
    }
    json
}

/// The most that the beginning of a stream may inflate to.
const MAX_HEAD: u64 = 4 << 20;

/// The length that the last part of a stream says it has.
fn size_said(packed: &[u8]) -> usize {
    packed
        .last_chunk::<4>()
        .map_or(0, |b| u32::from_le_bytes(*b) as usize)
}
