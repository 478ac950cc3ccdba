//! Checksums, password hashes and ciphers: `sha256sum`, `bcrypt`, `htpasswd`, `encryptAES` and so
//! on. Keys and certificates are in [`crate::certs`].

mod aes;
mod password;

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Int, String, Uint32};
use windlass_value::{Value, base64};

use crate::call::{Out, fixed, int, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("adler32sum", &[String], |_, args| {
        Ok(adler32(string(args, 0)?).to_string().into())
    }),
    fixed("bcrypt", &[String], |ctx, args| {
        Ok(bcrypt(ctx, string(args, 0)?)?.into())
    }),
    fixed("decryptAES", &[String, String], |_, args| {
        aes::decrypt(string(args, 0)?, string(args, 1)?)
    }),
    fixed(
        "derivePassword",
        &[Uint32, String, String, String, String],
        password::derive,
    ),
    fixed("encryptAES", &[String, String], |ctx, args| {
        aes::encrypt(ctx, string(args, 0)?, string(args, 1)?)
    }),
    fixed("htpasswd", &[String, String], htpasswd),
    fixed("randBytes", &[Int], rand_bytes),
    fixed("sha1sum", &[String], |_, args| sum::<Sha1>(args)),
    fixed("sha256sum", &[String], |_, args| sum::<Sha256>(args)),
    fixed("sha512sum", &[String], |_, args| sum::<Sha512>(args)),
];

/// The cost of a bcrypt hash: two to this power rounds.
const BCRYPT_COST: u32 = 10;
/// What a hash counts of the render's steps: it is slow on purpose.
const BCRYPT_STEPS: u64 = 1_000_000;
/// The digits of bcrypt's own Base64, in the order of the usual ones.
const BCRYPT_DIGITS: &[u8] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn sum<D: Digest>(args: &[Value]) -> Out {
    let mut hex = std::string::String::new();
    for byte in D::digest(&**string(args, 0)?) {
        hex.push_str(&format!("{byte:02x}"));
    }
    Ok(hex.into())
}

/// The checksum of RFC 1950.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut a, mut b) = (1_u32, 0_u32);
    // So many bytes cannot overflow the sums.
    for chunk in bytes.chunks(5_552) {
        for byte in chunk {
            a += u32::from(*byte);
            b += a;
        }
        (a, b) = (a % MODULUS, b % MODULUS);
    }
    b << 16 | a
}

/// The hash of a password in the form `$2a$10$SALTHASH`, or Go's complaint in its place.
fn bcrypt(ctx: &mut dyn Context, password: &[u8]) -> Result<std::string::String, Error> {
    if password.len() > 72 {
        let reason = "bcrypt: password length exceeds 72 bytes";
        return Ok(format!("failed to encrypt string with bcrypt: {reason}"));
    }
    ctx.work(BCRYPT_STEPS)?;
    let mut salt = [0; 16];
    ctx.host().fill_random(&mut salt);
    // The closing NUL of C belongs to the password; beyond 72 bytes nothing counts.
    let mut terminated = password.to_vec();
    terminated.push(0);
    terminated.truncate(72);
    let hash = ::bcrypt::bcrypt(BCRYPT_COST, salt, &terminated);
    Ok(format!(
        "$2a${BCRYPT_COST}${}{}",
        bcrypt_digits(&salt),
        bcrypt_digits(&hash[..23])
    ))
}

fn bcrypt_digits(bytes: &[u8]) -> std::string::String {
    base64::encode(bytes)
        .into_iter()
        .filter_map(|digit| BASE64_DIGITS.iter().position(|d| *d == digit))
        .map(|i| char::from(BCRYPT_DIGITS[i]))
        .collect()
}

fn htpasswd(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let (user, password) = (string(args, 0)?, string(args, 1)?);
    let line = if user.contains(&b':') {
        [b"invalid username: ", user.as_bytes()].concat()
    } else {
        [user.as_bytes(), b":", bcrypt(ctx, password)?.as_bytes()].concat()
    };
    Ok(Value::str(line))
}

fn rand_bytes(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let Ok(count) = usize::try_from(int(args, 0)?) else {
        return Err(Error::message("runtime error: makeslice: len out of range"));
    };
    // The bytes themselves and their Base64.
    ctx.reserve(count.saturating_mul(3))?;
    let mut bytes = vec![0; count];
    ctx.host().fill_random(&mut bytes);
    Ok(Value::str(base64::encode(&bytes)))
}
