//! Making certificates: version 3, with the extensions that Sprig asks Go for.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use windlass_template::Host;
use windlass_time::{Duration, Time, Zone};
use windlass_value::{Str, fmt};

use crate::certs::der;
use crate::certs::key::PrivateKey;
use crate::certs::read::Certificate;

/// What a certificate is to say.
pub(super) struct Request {
    common_name: Str,
    serial: [u8; 16],
    not_before: Time,
    not_after: Time,
    pub(super) ips: Vec<IpAddr>,
    pub(super) names: Vec<Str>,
    /// It may sign others.
    pub(super) is_authority: bool,
}

/// Who signs.
pub(super) enum Issuer<'a> {
    /// The certificate's own key.
    Itself(&'a PrivateKey),
    /// Another certificate, with its key.
    Other(&'a Certificate, &'a PrivateKey),
}

impl Request {
    /// A request that is valid from now on, with a random serial number.
    pub(super) fn new(host: &mut dyn Host, common_name: &Str, days: i64) -> Self {
        let mut serial = [0; 16];
        host.fill_random(&mut serial);
        let not_before = Time::now(host.now(), 0).within(Zone::Utc);
        // So many days that they overflow a duration wrap around in Go too.
        let life = Duration((24 * Duration::HOUR.0).wrapping_mul(days));
        let not_after = not_before.clone().plus(life);
        Self {
            common_name: common_name.clone(),
            serial,
            not_before,
            not_after,
            ips: Vec::new(),
            names: Vec::new(),
            is_authority: false,
        }
    }
}

/// The content of the identifiers of extensions and their values.
mod oid {
    pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
    pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
    pub(super) const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
    pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
    pub(super) const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    pub(super) const CLIENT: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
}

/// Makes and signs a certificate for a key; gives its DER.
///
/// # Errors
/// What Go says of keys it cannot certify or sign with, of an issuer whose key is another, and of
/// names that do not fit.
pub(super) fn certificate(
    request: &Request,
    key: &PrivateKey,
    issuer: &Issuer<'_>,
) -> Result<Vec<u8>, String> {
    let signer = match issuer {
        Issuer::Itself(key) | Issuer::Other(_, key) => *key,
    };
    let algorithm = signer.signature_algorithm()?;
    let (public_info, public_key) = key.public_info()?;
    let subject = name(&request.common_name)?;
    let mut authority_key_id: &[u8] = &[];
    let mut issuer_name = &subject;
    if let Issuer::Other(parent, _) = issuer {
        issuer_name = &parent.subject;
        if *issuer_name != subject {
            authority_key_id = &parent.subject_key_id;
        }
        let public = signer.public_info()?.0;
        if parent
            .public_info
            .as_ref()
            .is_some_and(|known| *known != public)
        {
            let text = "x509: provided PrivateKey doesn't match parent's PublicKey";
            return Err(text.to_owned());
        }
    }
    let extensions = extensions(request, &subject, authority_key_id, &public_key)?;
    let tbs = der::sequence([
        der::element(der::context(0), &der::integer(&[2])),
        der::integer(&request.serial),
        algorithm.clone(),
        issuer_name.clone(),
        der::sequence([time(&request.not_before)?, time(&request.not_after)?]),
        subject,
        public_info,
        der::element(der::context(3), &der::sequence(extensions)),
    ]);
    let signature = signer.sign(&tbs)?;
    Ok(der::sequence([tbs, algorithm, der::bit_string(&signature)]))
}

/// The element of a name that is only a common name, or nothing.
fn name(common_name: &Str) -> Result<Vec<u8>, String> {
    if common_name.is_empty() {
        return Ok(der::sequence::<&[u8]>([]));
    }
    let is_printable = common_name.iter().all(|b| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'\'' | b'(' | b')' | b'+'..=b'/' | b' ' | b':' | b'=' | b'?'
            )
    });
    if !is_printable && common_name.as_str().is_none() {
        return Err("asn1: string not valid UTF-8".to_owned());
    }
    let tag = if is_printable {
        der::PRINTABLE_STRING
    } else {
        der::UTF8_STRING
    };
    let attribute = der::sequence([
        der::object_id(oid::COMMON_NAME),
        der::element(tag, common_name),
    ]);
    Ok(der::sequence([der::element(der::SET, &attribute)]))
}

/// Years from 1950 to 2049 are written with two digits.
fn time(time: &Time) -> Result<Vec<u8>, String> {
    Ok(match time.date().0 {
        1950..2050 => der::element(der::UTC_TIME, &time.format(b"060102150405Z0700")),
        0..=9999 => der::element(der::GENERALIZED_TIME, &time.format(b"20060102150405Z0700")),
        _ => {
            let text = "asn1: structure error: cannot represent time as GeneralizedTime";
            return Err(text.to_owned());
        }
    })
}

fn extensions(
    request: &Request,
    subject: &[u8],
    authority_key_id: &[u8],
    public_key: &[u8],
) -> Result<Vec<Vec<u8>>, String> {
    // Bits from the highest: signing, sealing keys and, for an authority, signing certificates; the
    // byte before counts the bits left over.
    let usage: [u8; 2] = if request.is_authority {
        [2, 0xa4]
    } else {
        [5, 0xa0]
    };
    let purposes = der::sequence([oid::SERVER, oid::CLIENT].map(der::object_id));
    let constraints = der::sequence(request.is_authority.then_some(der::TRUE));
    let mut all = vec![
        extension(oid::KEY_USAGE, true, &der::element(der::BIT_STRING, &usage)),
        extension(oid::EXTENDED_KEY_USAGE, false, &purposes),
        extension(oid::BASIC_CONSTRAINTS, true, &constraints),
    ];
    if request.is_authority {
        let id = Sha256::digest(public_key);
        let id = der::element(der::OCTET_STRING, &id[..20]);
        all.push(extension(oid::SUBJECT_KEY_ID, false, &id));
    }
    if !authority_key_id.is_empty() {
        let id = der::sequence([der::element(0x80, authority_key_id)]);
        all.push(extension(oid::AUTHORITY_KEY_ID, false, &id));
    }
    if !request.names.is_empty() || !request.ips.is_empty() {
        let is_critical = subject == der::sequence::<&[u8]>([]);
        all.push(extension(
            oid::ALTERNATIVE_NAME,
            is_critical,
            &alternative_names(request)?,
        ));
    }
    Ok(all)
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::object_id(oid)];
    if critical {
        parts.push(der::TRUE.to_vec());
    }
    parts.push(der::element(der::OCTET_STRING, value));
    der::sequence(parts)
}

fn alternative_names(request: &Request) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    for name in &request.names {
        if !name.is_ascii() {
            let name = fmt::quote(name);
            return Err(format!("x509: {name} cannot be encoded as an IA5String"));
        }
        all.push(der::element(0x82, name));
    }
    for ip in &request.ips {
        // An IPv4 address in the clothes of IPv6 takes them off.
        all.push(match ip.to_canonical() {
            IpAddr::V4(ip) => der::element(0x87, &ip.octets()),
            IpAddr::V6(ip) => der::element(0x87, &ip.octets()),
        });
    }
    Ok(der::sequence(all))
}
