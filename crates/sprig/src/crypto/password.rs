//! `derivePassword`: the Master Password algorithm, version 3.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use windlass_template::Context;
use windlass_value::Value;

use crate::call::{Out, string, uint32};

const NAMESPACE: &[u8] = b"com.lyndir.masterpassword";
const LONG: &[&str] = &[
    "CvcvnoCvcvCvcv",
    "CvcvCvcvnoCvcv",
    "CvcvCvcvCvcvno",
    "CvccnoCvcvCvcv",
    "CvccCvcvnoCvcv",
    "CvccCvcvCvcvno",
    "CvcvnoCvccCvcv",
    "CvcvCvccnoCvcv",
    "CvcvCvccCvcvno",
    "CvcvnoCvcvCvcc",
    "CvcvCvcvnoCvcc",
    "CvcvCvcvCvccno",
    "CvccnoCvccCvcv",
    "CvccCvccnoCvcv",
    "CvccCvccCvcvno",
    "CvcvnoCvccCvcc",
    "CvcvCvccnoCvcc",
    "CvcvCvccCvccno",
    "CvccnoCvcvCvcc",
    "CvccCvcvnoCvcc",
    "CvccCvcvCvccno",
];

/// The shapes of a kind of password, one character standing for a class.
fn shapes(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => LONG,
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

/// The characters of a class.
fn class(name: u8) -> &'static [u8] {
    match name {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// What deriving a password counts of the render's steps: it is slow, and takes 32 MiB, on purpose.
const STEPS: u64 = 4_000_000;

pub(super) fn derive(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let counter = uint32(args, 0)?;
    let (kind, password) = (string(args, 1)?, string(args, 2)?);
    let (user, site) = (string(args, 3)?, string(args, 4)?);
    let Some(shapes) = shapes(kind) else {
        let text = [b"cannot find password template ", kind.as_bytes()].concat();
        return Ok(Value::str(text));
    };
    ctx.work(STEPS)?;
    let params = scrypt::Params::new(15, 8, 2).expect("the algorithm's parameters are in range");
    let mut key = [0; 64];
    scrypt::scrypt(password, &salted(user), &params, &mut key)
        .expect("64 bytes are within what scrypt can give");

    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(&salted(site));
    mac.update(&counter.to_be_bytes());
    let seed = mac.finalize().into_bytes();

    let shape = shapes[usize::from(seed[0]) % shapes.len()].as_bytes();
    let pick = |(name, random): (&u8, &u8)| {
        let class = class(*name);
        class[usize::from(*random) % class.len()]
    };
    let password: Vec<u8> = shape.iter().zip(&seed[1..]).map(pick).collect();
    Ok(Value::str(password))
}

/// The namespace, a text's length in 32 bits, the text.
fn salted(text: &[u8]) -> Vec<u8> {
    let len = (text.len() as u32).to_be_bytes();
    [NAMESPACE, len.as_slice(), text].concat()
}
