//! Private keys from PEM: PKCS#1, SEC 1, PKCS#8 and OpenSSL's form of DSA keys, with Go's messages.

use crypto_bigint::BoxedUint;
use rsa::RsaPrivateKey;

use super::{Curve, DsaKey, PrivateKey, oid};
use crate::certs::asn1::{Options, Reader, dotted};
use crate::certs::pem;

type Parsed = Result<PrivateKey, String>;

impl PrivateKey {
    /// Reads the first block of a PEM text.
    ///
    /// # Errors
    /// What Sprig says of it.
    pub(in crate::certs) fn from_pem(text: &[u8]) -> Parsed {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        let kind = String::from_utf8_lossy(&block.kind);
        if kind == "PRIVATE KEY" {
            return pkcs8(&block.bytes).map_err(|e| format!("decoding PEM as PKCS#8: {e}"));
        }
        let Some(algorithm) = kind.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {kind}"));
        };
        let key = match algorithm {
            "RSA" => pkcs1(&block.bytes),
            "EC" => sec1(None, &block.bytes),
            "DSA" => dsa(&block.bytes),
            _ => return Err(format!("invalid private key type {kind}")),
        };
        key.map_err(|e| format!("parsing {algorithm} private key from PEM: {e}"))
    }
}

/// The message for a key that is of another form.
fn other_form(form: &str) -> String {
    format!(
        "x509: failed to parse private key (use Parse{form}PrivateKey instead for this key format)"
    )
}

/// A PKCS#1 key's fields.
struct Pkcs1<'a> {
    version: i64,
    n: &'a [u8],
    e: i64,
    d: &'a [u8],
    p: &'a [u8],
    q: &'a [u8],
    /// The values that only speed the key up.
    crt: [Option<&'a [u8]>; 3],
    has_more_primes: bool,
}

fn read_pkcs1(bytes: &[u8]) -> Result<(Pkcs1<'_>, &[u8]), String> {
    let mut outer = Reader::new(bytes);
    let mut fields = outer.structure("pkcs1PrivateKey")?;
    let key = Pkcs1 {
        version: fields.int()?,
        n: fields.big_int()?,
        e: fields.int()?,
        d: fields.big_int()?,
        p: fields.big_int()?,
        q: fields.big_int()?,
        crt: [
            fields.optional_big_int()?,
            fields.optional_big_int()?,
            fields.optional_big_int()?,
        ],
        has_more_primes: !fields.rest().is_empty(),
    };
    Ok((key, outer.rest()))
}

struct Sec1<'a> {
    version: i64,
    secret: &'a [u8],
    curve: Option<&'a [u8]>,
}

fn read_sec1(bytes: &[u8]) -> Result<Sec1<'_>, String> {
    let mut fields = Reader::new(bytes).structure("ecPrivateKey")?;
    let key = Sec1 {
        version: fields.int()?,
        secret: fields.octets()?,
        curve: fields.object_id(Options {
            optional: true,
            explicit: Some(0),
        })?,
    };
    fields.bit_string(Options {
        optional: true,
        explicit: Some(1),
    })?;
    Ok(key)
}

struct Pkcs8<'a> {
    algorithm: &'a [u8],
    parameters: &'a [u8],
    key: &'a [u8],
}

fn read_pkcs8(bytes: &[u8]) -> Result<Pkcs8<'_>, String> {
    let mut fields = Reader::new(bytes).structure("pkcs8")?;
    fields.int()?;
    let mut algorithm = fields.structure("AlgorithmIdentifier")?;
    Ok(Pkcs8 {
        algorithm: algorithm.object_id(Options::default())?.unwrap_or_default(),
        parameters: algorithm.any()?.unwrap_or_default(),
        key: fields.octets()?,
    })
}

fn pkcs1(bytes: &[u8]) -> Parsed {
    let (key, rest) = match read_pkcs1(bytes) {
        Ok(read) => read,
        Err(_) if read_sec1(bytes).is_ok() => return Err(other_form("EC")),
        Err(_) if read_pkcs8(bytes).is_ok() => return Err(other_form("PKCS8")),
        Err(e) => return Err(e),
    };
    if !rest.is_empty() {
        return Err("asn1: syntax error: trailing data".to_owned());
    }
    if key.version > 1 {
        return Err("x509: unsupported private key version".to_owned());
    }
    let is_positive = |n: &[u8]| n[0] & 0x80 == 0 && n != [0];
    let numbers = [key.n, key.d, key.p, key.q];
    if !numbers
        .into_iter()
        .chain(key.crt.into_iter().flatten())
        .all(is_positive)
    {
        return Err("x509: private key contains zero or negative value".to_owned());
    }
    if key.has_more_primes {
        // Go reads keys of more than two primes; nobody has made one in decades.
        return Err("x509: multi-prime RSA keys are not supported".to_owned());
    }
    check_public(key.n, key.e)?;
    let [n, d, p, q] = numbers.map(number);
    let e = BoxedUint::from(key.e.unsigned_abs());
    RsaPrivateKey::from_components(n, e, d, vec![p, q])
        .map(|key| PrivateKey::Rsa(Box::new(key)))
        .map_err(|e| {
            let fault = match e {
                rsa::Error::InvalidModulus => "p * q != n",
                rsa::Error::InvalidPrime => "invalid prime",
                _ => "invalid CRT exponent",
            };
            format!("crypto/rsa: {fault}")
        })
}

fn check_public(n: &[u8], e: i64) -> Result<(), String> {
    let fault = match e {
        _ if n.last().is_none_or(|b| b & 1 == 0) => "public modulus is even",
        ..2 => "public exponent too small or negative",
        e if e % 2 == 0 => "public exponent is even",
        e if e > i64::from(i32::MAX) => "public exponent too large",
        _ => return Ok(()),
    };
    Err(format!("crypto/rsa: {fault}"))
}

fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}

/// A SEC 1 key; a PKCS#8 wrapping may name the curve.
fn sec1(curve: Option<&[u8]>, bytes: &[u8]) -> Parsed {
    let key = match read_sec1(bytes) {
        Ok(key) => key,
        Err(_) if read_pkcs8(bytes).is_ok() => return Err(other_form("PKCS8")),
        Err(_) if read_pkcs1(bytes).is_ok() => return Err(other_form("PKCS1")),
        Err(e) => return Err(format!("x509: failed to parse EC private key: {e}")),
    };
    if key.version != 1 {
        let version = key.version;
        return Err(format!("x509: unknown EC private key version {version}"));
    }
    let oid = curve.or(key.curve);
    let curve = Curve::ALL.into_iter().find(|c| Some(c.oid()) == oid);
    let curve = curve.ok_or("x509: unknown elliptic curve")?;
    let (extra, secret) = key
        .secret
        .split_at(key.secret.len().saturating_sub(curve.size()));
    if extra.iter().any(|b| *b != 0) {
        return Err("x509: invalid private key length".to_owned());
    }
    let mut padded = vec![0; curve.size() - secret.len()];
    padded.extend_from_slice(secret);
    PrivateKey::on_curve(curve, &padded).map_err(str::to_owned)
}

fn pkcs8(bytes: &[u8]) -> Parsed {
    let wrapped = match read_pkcs8(bytes) {
        Ok(wrapped) => wrapped,
        Err(_) if read_sec1(bytes).is_ok() => return Err(other_form("EC")),
        Err(_) if read_pkcs1(bytes).is_ok() => return Err(other_form("PKCS1")),
        Err(e) => return Err(e),
    };
    match wrapped.algorithm {
        oid::RSA => pkcs1(wrapped.key)
            .map_err(|e| format!("x509: failed to parse RSA private key embedded in PKCS#8: {e}")),
        oid::EC => {
            let curve = Reader::new(wrapped.parameters).object_id(Options::default());
            sec1(curve.ok().flatten(), wrapped.key).map_err(|e| {
                format!("x509: failed to parse EC private key embedded in PKCS#8: {e}")
            })
        }
        oid::ED25519 => Ok(PrivateKey::Ed25519(curve25519(&wrapped, "Ed25519")?)),
        oid::X25519 => curve25519(&wrapped, "X25519").map(|_| PrivateKey::X25519),
        other => Err(format!(
            "x509: PKCS#8 wrapping contained private key with unknown algorithm: {}",
            dotted(other)
        )),
    }
}

fn curve25519(wrapped: &Pkcs8<'_>, name: &str) -> Result<[u8; 32], String> {
    if !wrapped.parameters.is_empty() {
        return Err(format!("x509: invalid {name} private key parameters"));
    }
    let seed = Reader::new(wrapped.key)
        .octets()
        .map_err(|e| format!("x509: invalid {name} private key: {e}"))?;
    seed.try_into().map_err(|_| match name {
        "X25519" => "crypto/ecdh: invalid private key size".to_owned(),
        _ => format!("x509: invalid {name} private key length: {}", seed.len()),
    })
}

fn dsa(bytes: &[u8]) -> Parsed {
    let mut fields = Reader::new(bytes).structure("DSAKeyFormat")?;
    fields.int()?;
    let mut next = || fields.big_int().map(<[u8]>::to_vec);
    Ok(PrivateKey::Dsa(DsaKey {
        p: next()?,
        q: next()?,
        g: next()?,
        y: next()?,
        x: next()?,
    }))
}
