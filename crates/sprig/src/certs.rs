//! Private keys and X.509 certificates: `genPrivateKey`, `genCA`, `genSignedCert` and so on.
//!
//! Certificates carry the same fields and extensions, in the same order, as Go's `crypto/x509`
//! gives those that Sprig asks for. The host's randomness seeds every key, so that a recorded
//! render can be replayed.

mod asn1;
mod der;
mod generate;
mod issue;
mod key;
mod pem;
mod prime;
mod read;

use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{self, Int, List, String};
use windlass_value::object::{Field, Record, RecordType};
use windlass_value::{Value, base64, fmt};

use crate::call::{Out, any, fixed, int, string};
use crate::certs::issue::{Issuer, Request};
use crate::certs::key::PrivateKey;

/// What the functions that make certificates return.
static CERTIFICATE: RecordType = RecordType {
    name: "sprig.certificate",
    fields: &[Field::plain("Cert"), Field::plain("Key")],
    methods: &[],
    display: None,
};

/// The type of parameters that are certificates.
const CERT: Param = Param::Named("sprig.certificate");

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("buildCustomCert", &[String, String], build_custom),
    fixed("genCA", &[String, Int], gen_ca),
    fixed("genCAWithKey", &[String, Int, String], gen_ca_with_key),
    fixed("genPrivateKey", &[String], gen_private_key),
    fixed(
        "genSelfSignedCert",
        &[String, List, List, Int],
        gen_self_signed,
    ),
    fixed(
        "genSelfSignedCertWithKey",
        &[String, List, List, Int, String],
        gen_self_signed_with_key,
    ),
    fixed(
        "genSignedCert",
        &[String, List, List, Int, CERT],
        gen_signed,
    ),
    fixed(
        "genSignedCertWithKey",
        &[String, List, List, Int, CERT, String],
        gen_signed_with_key,
    ),
];

/// Bits of the RSA keys that come with a certificate.
const CERT_KEY_BITS: u32 = 2048;

/// What looking for the primes of a key of 2048 bits counts of the render's steps. It takes some 40 ms, but a
/// chart may well want a dozen, so time is given at a fourth of its price.
const KEY_STEPS: u64 = 1_000_000;

/// What making a key over a curve counts.
const CURVE_STEPS: u64 = 20_000;

/// What signing, or checking a key that was given, counts.
const SIGNING_STEPS: u64 = 200_000;

fn new_rsa(ctx: &mut dyn Context, bits: u32) -> Result<PrivateKey, Error> {
    ctx.work(if bits > CERT_KEY_BITS { 5 } else { 1 } * KEY_STEPS)?;
    generate::rsa(ctx.host(), bits)
}

fn gen_private_key(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let kind = string(args, 0)?;
    let key = match kind.as_bytes() {
        b"" | b"rsa" => new_rsa(ctx, 4096)?,
        b"dsa" => {
            ctx.work(5 * KEY_STEPS)?;
            generate::dsa(ctx.host())?
        }
        b"ecdsa" => {
            ctx.work(CURVE_STEPS)?;
            generate::ecdsa(ctx.host())
        }
        b"ed25519" => {
            ctx.work(CURVE_STEPS)?;
            generate::ed25519(ctx.host())
        }
        other => return Ok(Value::str([b"Unknown type ", other].concat())),
    };
    Ok(key.to_pem()?.into())
}

fn gen_ca(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = new_rsa(ctx, CERT_KEY_BITS)?;
    authority(ctx, args, &key)
}

fn gen_ca_with_key(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = given_key(ctx, args, 2)?;
    authority(ctx, args, &key)
}

fn gen_self_signed(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = new_rsa(ctx, CERT_KEY_BITS)?;
    self_signed(ctx, args, &key)
}

fn gen_self_signed_with_key(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = given_key(ctx, args, 4)?;
    self_signed(ctx, args, &key)
}

fn gen_signed(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = new_rsa(ctx, CERT_KEY_BITS)?;
    signed(ctx, args, &key)
}

fn gen_signed_with_key(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = given_key(ctx, args, 5)?;
    signed(ctx, args, &key)
}

fn given_key(ctx: &mut dyn Context, args: &[Value], index: usize) -> Result<PrivateKey, Error> {
    ctx.work(SIGNING_STEPS)?;
    PrivateKey::from_pem(string(args, index)?)
        .map_err(|e| Error::message(format!("parsing private key: {e}")))
}

fn authority(ctx: &mut dyn Context, args: &[Value], key: &PrivateKey) -> Out {
    let mut request = Request::new(ctx.host(), string(args, 0)?, int(args, 1)?);
    request.is_authority = true;
    finish(ctx, &request, key, &Issuer::Itself(key))
}

fn self_signed(ctx: &mut dyn Context, args: &[Value], key: &PrivateKey) -> Out {
    let request = request(ctx, args)?;
    finish(ctx, &request, key, &Issuer::Itself(key))
}

fn signed(ctx: &mut dyn Context, args: &[Value], key: &PrivateKey) -> Out {
    let (cert, signer) = match any(args, 4)
        .downcast::<Record>()
        .map(|r| r.values.as_slice())
    {
        Some([Value::Str(cert), Value::Str(key)]) => (cert, key),
        _ => return Err(Error::message("unable to decode certificate")),
    };
    let cert = pem::decode(cert).ok_or("unable to decode certificate")?;
    let cert = read::certificate(&cert.bytes)
        .map_err(|e| format!("error parsing certificate: decodedSignerCert.Bytes: {e}"))?;
    let signer =
        PrivateKey::from_pem(signer).map_err(|e| format!("error parsing private key: {e}"))?;
    let request = request(ctx, args)?;
    finish(ctx, &request, key, &Issuer::Other(&cert, &signer))
}

/// What the arguments ask for: name, addresses, host names, days.
fn request(ctx: &mut dyn Context, args: &[Value]) -> Result<Request, Error> {
    let (ips, names) = (any(args, 1), any(args, 2));
    let mut request = Request::new(ctx.host(), string(args, 0)?, int(args, 3)?);
    for ip in ips.as_list().unwrap_or_default() {
        let Some(text) = ip.as_str() else {
            let shown = fmt::sprint(ctx.heap(), std::slice::from_ref(ip));
            let shown = shown.to_text();
            return Err(format!("error parsing ip: {shown} is not a string").into());
        };
        let parsed = text.as_str().and_then(|s| s.parse().ok());
        let unreadable = || format!("error parsing ip: {}", text.to_text());
        request.ips.push(parsed.ok_or_else(unreadable)?);
    }
    for name in names.as_list().unwrap_or_default() {
        let Some(text) = name.as_str() else {
            let shown = fmt::sprint(ctx.heap(), std::slice::from_ref(name));
            let shown = shown.to_text();
            let message = format!("error processing alternate dns name: {shown} is not a string");
            return Err(message.into());
        };
        request.names.push(text.clone());
    }
    Ok(request)
}

fn finish(ctx: &mut dyn Context, request: &Request, key: &PrivateKey, issuer: &Issuer<'_>) -> Out {
    ctx.work(SIGNING_STEPS)?;
    let cert = issue::certificate(request, key, issuer)
        .map_err(|e| format!("error creating certificate: {e}"))?;
    Ok(certificate(
        pem::encode("CERTIFICATE", &cert).into(),
        key.to_pem()?.into(),
    ))
}

fn certificate(cert: Value, key: Value) -> Value {
    Value::object(Record::new(&CERTIFICATE, vec![cert, key]))
}

/// Takes a certificate and its key, both in Base64, after a look at them.
fn build_custom(ctx: &mut dyn Context, args: &[Value]) -> Out {
    ctx.work(SIGNING_STEPS)?;
    let cert =
        base64::decode(string(args, 0)?).map_err(|_| "unable to decode base64 certificate")?;
    let key =
        base64::decode(string(args, 1)?).map_err(|_| "unable to decode base64 private key")?;
    let block = pem::decode(&cert).ok_or("unable to decode certificate")?;
    read::certificate(&block.bytes)
        .map_err(|e| format!("error parsing certificate: decodedCert.Bytes: {e}"))?;
    PrivateKey::from_pem(&key).map_err(|e| format!("error parsing private key: {e}"))?;
    Ok(certificate(Value::str(cert), Value::str(key)))
}
