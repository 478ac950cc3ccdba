//! gzip and Base64 around a record's JSON.

use std::io::{ErrorKind, Read, Write};

use flate2::read::{GzDecoder, MultiGzDecoder};
use flate2::{Compression, GzBuilder};
use windlass_value::base64;

use super::MAX_INFLATED;
use super::read::DecodeError;

const GZIP: [u8; 3] = [0x1F, 0x8B, 8];

/// What Go's `compress/gzip` names the system it runs on: unknown.
const UNKNOWN_SYSTEM: u8 = 255;

pub(super) fn pack(json: &[u8]) -> String {
    let builder = GzBuilder::new().operating_system(UNKNOWN_SYSTEM);
    let mut writer = builder.write(Vec::with_capacity(json.len() / 4), Compression::best());
    let packed = writer.write_all(json).and_then(|()| writer.finish());
    let packed = packed.expect("writing to memory does not fail");
    String::from_utf8_lossy(&base64::encode(&packed)).into_owned()
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
