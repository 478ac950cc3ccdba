//! Standard Base64 with padding, as Go's `encoding/base64` writes and reads it.
//!
//! A decoder of our own, since Go tells the exact place of an error and skips line ends anywhere.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const NO_DIGIT: u8 = 0xff;

/// The value of each byte as a digit, or [`NO_DIGIT`].
static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < DIGITS.len() {
        table[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    table
}

/// How many digits that many bytes become.
#[must_use]
pub const fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

/// The bytes as digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, bytes);
    out
}

/// Appends the bytes as digits.
pub fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(encoded_len(bytes.len()));
    let whole = bytes.chunks_exact(3);
    let rest = whole.remainder();
    for chunk in whole {
        let group = u32::from(chunk[0]) << 16 | u32::from(chunk[1]) << 8 | u32::from(chunk[2]);
        let digit = |shift: u32| DIGITS[(group >> shift) as usize & 63];
        out.extend_from_slice(&[digit(18), digit(12), digit(6), digit(0)]);
    }
    for chunk in rest.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |i: usize| {
            if i > chunk.len() {
                b'='
            } else {
                DIGITS[(group >> (18 - 6 * i)) as usize & 63]
            }
        };
        out.extend_from_slice(&[digit(0), digit(1), digit(2), digit(3)]);
    }
}

/// Reads digits. Bits left over at the end need not be zero.
///
/// # Errors
/// The offset at which Go says the text is corrupt.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = decode_groups(text, &mut out);
    loop {
        let (mut buffer, mut count) = (0_u32, 0);
        while count < 4 {
            let Some(byte) = text.get(at) else {
                return if count == 0 { Ok(out) } else { Err(at - count) };
            };
            at += 1;
            match (VALUES[usize::from(*byte)], byte) {
                (NO_DIGIT, b'\n' | b'\r') => {}
                (NO_DIGIT, b'=') if count >= 2 => {
                    check_padding(text, at, count)?;
                    let bytes = (buffer << (6 * (4 - count))).to_be_bytes();
                    out.extend_from_slice(&bytes[1..count]);
                    return Ok(out);
                }
                (NO_DIGIT, _) => return Err(at - 1),
                (value, _) => {
                    buffer = buffer << 6 | u32::from(value);
                    count += 1;
                }
            }
        }
        out.extend_from_slice(&buffer.to_be_bytes()[1..]);
    }
}

/// Reads whole groups of digits, up to the first that has something else in it; how far that is.
fn decode_groups(text: &[u8], out: &mut Vec<u8>) -> usize {
    let mut groups = 0;
    for group in text.chunks_exact(4) {
        let value = |i: usize| u32::from(VALUES[usize::from(group[i])]);
        let [a, b, c, d] = [value(0), value(1), value(2), value(3)];
        if (a | b | c | d) > 63 {
            break;
        }
        let bytes = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
        out.extend_from_slice(&bytes[1..]);
        groups += 1;
    }
    groups * 4
}

/// Checks what follows the first `=`, behind that many digits of the last group.
fn check_padding(text: &[u8], mut at: usize, digits: usize) -> Result<(), usize> {
    if digits == 2 {
        at = skip_line_ends(text, at);
        match text.get(at) {
            None => return Err(text.len()),
            Some(b'=') => at += 1,
            Some(_) => return Err(at - 1),
        }
    }
    at = skip_line_ends(text, at);
    if at < text.len() { Err(at) } else { Ok(()) }
}

fn skip_line_ends(text: &[u8], at: usize) -> usize {
    let line_ends = text[at..].iter().take_while(|b| matches!(b, b'\n' | b'\r'));
    at + line_ends.count()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn bytes_come_back() {
        for (bytes, digits) in [
            (&b""[..], &b""[..]),
            (b"f", b"Zg=="),
            (b"fo", b"Zm8="),
            (b"foo", b"Zm9v"),
            (b"\xff\xfe\xfd\xfc", b"//79/A=="),
        ] {
            assert_eq!(encode(bytes), digits);
            assert_eq!(decode(digits).as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn faults_are_where_go_sees_them() {
        for (digits, at) in [
            (&b"Zg"[..], 0),
            (b"Zg=", 3),
            (b"Zg=x", 2),
            (b"Zg==x", 4),
            (b"Z===", 1),
            (b"Zm9v!", 4),
            (b"Zm9vZ\n", 5),
        ] {
            assert_eq!(decode(digits), Err(at), "{}", digits.escape_ascii());
        }
        assert_eq!(decode(b"Z\nm\r8\n=\n").as_deref(), Ok(&b"fo"[..]));
    }
}
