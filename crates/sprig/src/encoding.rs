//! Base64 and Base32, with Go's errors: what cannot be decoded gives the error's text as result.
//!
//! Own decoders, since Go tells the exact place of an error and skips line ends anywhere.

use windlass_template::{Context, Function};
use windlass_value::Value;
use windlass_value::func::Param::String;

use crate::call::{Out, fixed, reserve_string, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("b64enc", &[String], |ctx, args| encode(ctx, args, &BASE64)),
    fixed("b64dec", &[String], |_, args| {
        decoded(decode64(string(args, 0)?).map_err(|at| ("base64", at)))
    }),
    fixed("b32enc", &[String], |ctx, args| encode(ctx, args, &BASE32)),
    fixed("b32dec", &[String], |_, args| {
        decoded(decode32(string(args, 0)?).map_err(|at| ("base32", at)))
    }),
];

/// Standard Base64 with padding, as Helm's own functions need it too.
#[must_use]
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    BASE64.encode(bytes)
}

/// How bytes are cut into digits.
struct Alphabet {
    digits: &'static [u8],
    /// Bits of a digit.
    bits: usize,
    /// Digits of a group, which is a whole number of bytes.
    group: usize,
}

const BASE64: Alphabet = Alphabet {
    digits: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    bits: 6,
    group: 4,
};
const BASE32: Alphabet = Alphabet {
    digits: b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    bits: 5,
    group: 8,
};

impl Alphabet {
    const fn value(&self, digit: u8) -> Option<u8> {
        let mut i = 0;
        while i < self.digits.len() {
            if self.digits[i] == digit {
                return Some(i as u8);
            }
            i += 1;
        }
        None
    }

    const fn group_bytes(&self) -> usize {
        self.group * self.bits / 8
    }

    /// How many digits the bytes become.
    const fn size(&self, bytes: &[u8]) -> usize {
        bytes.len().div_ceil(self.group_bytes()) * self.group
    }

    fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let size = self.size(bytes);
        let mask = self.digits.len() - 1;
        let mut out = Vec::with_capacity(size);
        for chunk in bytes.chunks(self.group_bytes()) {
            let start = out.len();
            let (mut buffer, mut bits) = (0_usize, 0);
            for byte in chunk {
                buffer = buffer << 8 | usize::from(*byte);
                bits += 8;
                while bits >= self.bits {
                    bits -= self.bits;
                    out.push(self.digits[buffer >> bits & mask]);
                }
            }
            if bits > 0 {
                out.push(self.digits[buffer << (self.bits - bits) & mask]);
            }
            out.resize(start + self.group, b'=');
        }
        out
    }

    /// The value of each byte as a digit, or [`NO_DIGIT`].
    const fn values(&self) -> [u8; 256] {
        let mut table = [NO_DIGIT; 256];
        let mut byte = 0;
        while byte < 256 {
            if let Some(value) = self.value(byte as u8) {
                table[byte] = value;
            }
            byte += 1;
        }
        table
    }
}

const NO_DIGIT: u8 = 0xff;
static VALUES64: [u8; 256] = BASE64.values();
static VALUES32: [u8; 256] = BASE32.values();

fn encode(ctx: &mut dyn Context, args: &[Value], alphabet: &Alphabet) -> Out {
    let s = string(args, 0)?;
    reserve_string(ctx, alphabet.size(s))?;
    Ok(Value::str(alphabet.encode(s)))
}

/// The bytes, or Go's words for a corrupt place.
fn decoded(result: Result<Vec<u8>, (&str, usize)>) -> Out {
    Ok(match result {
        Ok(bytes) => Value::str(bytes),
        Err((encoding, at)) => format!("illegal {encoding} data at input byte {at}").into(),
    })
}

/// Decodes padded Base64; the error is the offset Go names.
pub(crate) fn decode64(s: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(s.len() / 4 * 3);
    let mut at = 0;
    let skip_line_ends = |mut at: usize| {
        while matches!(s.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    loop {
        let (mut buffer, mut count) = (0_u32, 0);
        while count < 4 {
            let Some(byte) = s.get(at) else {
                return if count == 0 { Ok(out) } else { Err(at - count) };
            };
            at += 1;
            match VALUES64[usize::from(*byte)] {
                NO_DIGIT => {}
                value => {
                    buffer = buffer << 6 | u32::from(value);
                    count += 1;
                    continue;
                }
            }
            match byte {
                b'\n' | b'\r' => continue,
                b'=' if count >= 2 => {}
                _ => return Err(at - 1),
            }
            if count == 2 {
                at = skip_line_ends(at);
                match s.get(at) {
                    None => return Err(s.len()),
                    Some(b'=') => at += 1,
                    Some(_) => return Err(at - 1),
                }
            }
            at = skip_line_ends(at);
            if at < s.len() {
                return Err(at);
            }
            let bytes = (buffer << (6 * (4 - count))).to_be_bytes();
            out.extend_from_slice(&bytes[1..count]);
            return Ok(out);
        }
        out.extend_from_slice(&buffer.to_be_bytes()[1..]);
    }
}

/// Decodes padded Base32; the error is the offset Go names, line ends not counted.
fn decode32(s: &[u8]) -> Result<Vec<u8>, usize> {
    let s: Vec<u8> = s
        .iter()
        .copied()
        .filter(|b| !matches!(b, b'\n' | b'\r'))
        .collect();
    let mut out = Vec::with_capacity(s.len() / 8 * 5);
    let mut at = 0;
    while at < s.len() {
        let (mut buffer, mut count) = (0_u64, 0);
        while count < 8 {
            let Some(byte) = s.get(at) else {
                return Err(s.len() - count);
            };
            at += 1;
            let rest = &s[at..];
            if *byte == b'=' && count >= 2 && rest.len() < 8 {
                check_padding(&s, rest, at, count)?;
                buffer <<= 5 * (8 - count);
                out.extend_from_slice(&buffer.to_be_bytes()[3..3 + count * 5 / 8]);
                return Ok(out);
            }
            match VALUES32[usize::from(*byte)] {
                NO_DIGIT => return Err(at - 1),
                value => buffer = buffer << 5 | u64::from(value),
            }
            count += 1;
        }
        out.extend_from_slice(&buffer.to_be_bytes()[3..]);
    }
    Ok(out)
}

/// Checks what follows the first padding character of the last group.
fn check_padding(s: &[u8], rest: &[u8], at: usize, count: usize) -> Result<(), usize> {
    if rest.len() + count < 7 {
        return Err(s.len());
    }
    if let Some(k) = rest.iter().take(7 - count).position(|b| *b != b'=') {
        return Err(at + k - 1);
    }
    // One, three and six digits do not make a whole number of bytes.
    if matches!(count, 1 | 3 | 6) {
        Err(at - 1)
    } else {
        Ok(())
    }
}
