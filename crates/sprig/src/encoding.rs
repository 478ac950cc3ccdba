//! Base64 and Base32, with Go's errors: what cannot be decoded gives the error's text as result.
//!
//! An own decoder of Base32 too, since Go tells the exact place of an error and skips line ends.

use windlass_template::{Context, Function};
use windlass_value::func::Param::String;
use windlass_value::{Value, base64};

use crate::call::{Out, fixed, reserve_string, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("b64enc", &[String], |ctx, args| {
        let s = string(args, 0)?;
        reserve_string(ctx, base64::encoded_len(s.len()))?;
        Ok(Value::str(base64::encode(s)))
    }),
    fixed("b64dec", &[String], |_, args| {
        decoded(base64::decode(string(args, 0)?).map_err(|at| ("base64", at)))
    }),
    fixed("b32enc", &[String], encode32),
    fixed("b32dec", &[String], |_, args| {
        decoded(decode32(string(args, 0)?).map_err(|at| ("base32", at)))
    }),
];

/// The bytes, or Go's words for a corrupt place.
fn decoded(result: Result<Vec<u8>, (&str, usize)>) -> Out {
    Ok(match result {
        Ok(bytes) => Value::str(bytes),
        Err((encoding, at)) => format!("illegal {encoding} data at input byte {at}").into(),
    })
}

const DIGITS32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Five bytes become eight digits.
fn encode32(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 0)?;
    let size = s.len().div_ceil(5) * 8;
    reserve_string(ctx, size)?;
    let mut out = Vec::with_capacity(size);
    for chunk in s.chunks(5) {
        let byte = |i: usize| u64::from(chunk.get(i).copied().unwrap_or(0));
        let group = (0..5).fold(0, |group, i| group << 8 | byte(i));
        let digits = (chunk.len() * 8).div_ceil(5);
        out.extend((0..8).map(|i| {
            if i < digits {
                DIGITS32[(group >> (35 - 5 * i)) as usize & 31]
            } else {
                b'='
            }
        }));
    }
    Ok(Value::str(out))
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
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'2'..=b'7' => byte - b'2' + 26,
                _ => return Err(at - 1),
            };
            buffer = buffer << 5 | u64::from(value);
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
