//! Base64 as goyaml reads and writes it in `!!binary` scalars.

/// Decodes Go's strict standard base64, which ignores line breaks.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let is_break = |b: &u8| matches!(b, b'\r' | b'\n');
    let text: Vec<u8> = text.iter().copied().filter(|b| !is_break(b)).collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text
        .iter()
        .rev()
        .take(2)
        .take_while(|&&b| b == b'=')
        .count();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0_u32;
    for (i, &b) in text[..text.len() - padding].iter().enumerate() {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        if i % 4 == 3 {
            bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
            bits = 0;
        }
    }
    match padding {
        1 => bytes.extend_from_slice(&(bits << 6).to_be_bytes()[1..3]),
        2 => bytes.push((bits << 12).to_be_bytes()[1]),
        _ => {}
    }
    Some(bytes)
}

/// Encodes in lines of 70 characters, each ended, or in one line without an end if it is shorter.
pub(crate) fn encode_in_lines(bytes: &[u8]) -> Vec<u8> {
    const LINE: usize = 70;
    let encoded = encode(bytes);
    let mut out = Vec::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    for line in encoded.chunks(LINE) {
        out.extend_from_slice(line);
        if encoded.len() >= LINE {
            out.push(b'\n');
        }
    }
    out
}

fn encode(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |n, &b| n << 8 | u32::from(b));
        let group = bits << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * i) & 0x3F) as usize];
            out.push(if i > chunk.len() { b'=' } else { digit });
        }
    }
    out
}
