//! AES-256 in CBC mode, the initial vector in front, all in Base64.
//!
//! The password is the key, cut or filled with zeros: weak, but it is Sprig's format.

use aes::Aes256;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use windlass_template::{Context, Error};
use windlass_value::{Value, base64};

use crate::call::Out;

const BLOCK: usize = 16;

pub(super) fn encrypt(ctx: &mut dyn Context, password: &[u8], text: &[u8]) -> Out {
    if text.is_empty() {
        return Ok("".into());
    }
    ctx.reserve(text.len().saturating_mul(3))?;
    let mut iv = [0; BLOCK];
    ctx.host().fill_random(&mut iv);
    let mut out = iv.to_vec();
    out.extend_from_slice(text);
    out.resize(out.len() + BLOCK, 0);
    let cipher = cbc::Encryptor::<Aes256>::new(&key(password).into(), &iv.into());
    let sealed = cipher
        .encrypt_padded::<Pkcs7>(&mut out[BLOCK..], text.len())
        .map_err(|_| "crypto/cipher: output smaller than input")?
        .len();
    out.truncate(BLOCK + sealed);
    Ok(Value::str(base64::encode(&out)))
}

/// Go checks nothing about the text but its Base64: what is wrong with it shows as the panics of
/// slicing out of range.
pub(super) fn decrypt(password: &[u8], text: &[u8]) -> Out {
    if text.is_empty() {
        return Ok("".into());
    }
    let sealed =
        base64::decode(text).map_err(|at| format!("illegal base64 data at input byte {at}"))?;
    let capacity = text.len() / 4 * 3;
    if capacity < BLOCK {
        return Err(out_of_range(&format!(
            "[:{BLOCK}] with capacity {capacity}"
        )));
    }
    let Some((iv, body)) = sealed.split_first_chunk::<BLOCK>() else {
        return Err(out_of_range(&format!("[{BLOCK}:{}]", sealed.len())));
    };
    let cipher = cbc::Decryptor::<Aes256>::new(&key(password).into(), iv.into());
    let mut plain = body.to_vec();
    if cipher.decrypt_padded::<NoPadding>(&mut plain).is_err() {
        return Err(Error::message("crypto/cipher: input not full blocks"));
    }
    let Some(padding) = plain.last().copied().map(usize::from) else {
        return Err(Error::message("runtime error: index out of range [-1]"));
    };
    match plain.len().checked_sub(padding) {
        Some(len) => plain.truncate(len),
        None => return Err(out_of_range(&format!("[:-{}]", padding - plain.len()))),
    }
    Ok(Value::str(plain))
}

fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let len = password.len().min(32);
    key[..len].copy_from_slice(&password[..len]);
    key
}

fn out_of_range(what: &str) -> Error {
    Error::message(format!("runtime error: slice bounds out of range {what}"))
}
