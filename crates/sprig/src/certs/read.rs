//! Reading a certificate: its shape is checked in Go's order, and what an issuer needs is kept.
//!
//! Not here: the meaning of extensions other than the key's identifier.

use windlass_time::parse;

use super::asn1::dotted;
use super::der;

/// What of a certificate matters for those it signs.
pub(super) struct Certificate {
    /// The element of its name.
    pub(super) subject: Vec<u8>,
    pub(super) subject_key_id: Vec<u8>,
    /// The element of its public key, if the algorithm is one that Go knows.
    pub(super) public_info: Option<Vec<u8>>,
}

/// The algorithms of public keys, by the content of their identifiers.
const KNOWN: [&[u8]; 4] = [
    super::key::oid::RSA,
    super::key::oid::EC,
    super::key::oid::ED25519,
    // DSA
    &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1],
];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];

/// Reads a certificate.
///
/// # Errors
/// Go's message for the first thing that is out of shape.
pub(super) fn certificate(bytes: &[u8]) -> Result<Certificate, String> {
    let malformed = |what: &str| format!("x509: malformed {what}");
    let mut outer = Input(bytes);
    let mut certificate = outer
        .nested(der::SEQUENCE)
        .ok_or_else(|| malformed("certificate"))?;
    let mut tbs = certificate
        .nested(der::SEQUENCE)
        .ok_or_else(|| malformed("tbs certificate"))?;
    let version = version(&mut tbs)?;
    let serial = tbs.take(der::INTEGER).filter(|n| is_minimal(n));
    let serial = serial.ok_or_else(|| malformed("serial number"))?;
    if serial[0] & 0x80 != 0 {
        return Err("x509: negative serial number".to_owned());
    }
    let algorithm = tbs
        .take(der::SEQUENCE)
        .ok_or_else(|| malformed("signature algorithm identifier"))?;
    let repeated = certificate
        .take(der::SEQUENCE)
        .ok_or_else(|| malformed("algorithm identifier"))?;
    if algorithm != repeated {
        let text = "x509: inner and outer signature algorithm identifiers don't match";
        return Err(text.to_owned());
    }
    algorithm_id(algorithm)?;
    let issuer = tbs
        .element(der::SEQUENCE)
        .ok_or_else(|| malformed("issuer"))?;
    check_name(issuer)?;
    let mut validity = tbs
        .nested(der::SEQUENCE)
        .ok_or_else(|| malformed("validity"))?;
    check_time(&mut validity)?;
    check_time(&mut validity)?;
    let subject = tbs
        .element(der::SEQUENCE)
        .ok_or_else(|| malformed("issuer"))?;
    check_name(subject)?;
    let public_info = tbs
        .element(der::SEQUENCE)
        .ok_or_else(|| malformed("spki"))?;
    let is_known = check_public_info(public_info)?;
    let subject_key_id = if version == 3 {
        extensions(&mut tbs)?
    } else {
        Vec::new()
    };
    if certificate
        .take(der::BIT_STRING)
        .is_none_or(<[u8]>::is_empty)
    {
        return Err(malformed("signature"));
    }
    if !outer.0.is_empty() {
        return Err("x509: trailing data".to_owned());
    }
    Ok(Certificate {
        subject: subject.to_vec(),
        subject_key_id,
        public_info: is_known.then(|| public_info.to_vec()),
    })
}

/// The version, counted from 1.
fn version(tbs: &mut Input<'_>) -> Result<u8, String> {
    let malformed = || "x509: malformed version".to_owned();
    if tbs.0.first() != Some(&der::context(0)) {
        return Ok(1);
    }
    let mut inner = tbs.nested(der::context(0)).ok_or_else(malformed)?;
    match inner.take(der::INTEGER).filter(|n| is_minimal(n)) {
        Some([n @ 0..3]) if inner.0.is_empty() => Ok(n + 1),
        Some([first, ..]) if first & 0x80 == 0 && inner.0.is_empty() => {
            Err("x509: invalid version".to_owned())
        }
        _ => Err(malformed()),
    }
}

fn is_minimal(n: &[u8]) -> bool {
    match n {
        [] => false,
        [0, next, ..] => next & 0x80 != 0,
        [0xff, next, ..] => next & 0x80 == 0,
        _ => true,
    }
}

/// The content of an algorithm's identifier.
fn algorithm_id(content: &[u8]) -> Result<&[u8], String> {
    let mut input = Input(content);
    let oid = input.take(der::OBJECT_ID).ok_or("x509: malformed OID")?;
    if !input.0.is_empty() && input.any().is_none() {
        return Err("x509: malformed parameters".to_owned());
    }
    Ok(oid)
}

fn check_name(element: &[u8]) -> Result<(), String> {
    let invalid = |what: &str| format!("x509: invalid RDNSequence{what}");
    let mut name = Input(element)
        .nested(der::SEQUENCE)
        .ok_or_else(|| invalid(""))?;
    while !name.0.is_empty() {
        let mut set = name.nested(der::SET).ok_or_else(|| invalid(""))?;
        while !set.0.is_empty() {
            let mut attribute = set
                .nested(der::SEQUENCE)
                .ok_or_else(|| invalid(": invalid attribute"))?;
            attribute
                .take(der::OBJECT_ID)
                .ok_or_else(|| invalid(": invalid attribute type"))?;
            attribute
                .any()
                .ok_or_else(|| invalid(": invalid attribute value"))?;
        }
    }
    Ok(())
}

fn check_time(validity: &mut Input<'_>) -> Result<(), String> {
    let (tag, layout, name): (u8, &[u8], &str) = match validity.0.first() {
        Some(&der::UTC_TIME) => (der::UTC_TIME, b"060102150405Z0700", "UTCTime"),
        Some(&der::GENERALIZED_TIME) => (
            der::GENERALIZED_TIME,
            b"20060102150405Z0700",
            "GeneralizedTime",
        ),
        _ => return Err("x509: unsupported time format".to_owned()),
    };
    let time = validity.take(tag).and_then(|text| parse(layout, text).ok());
    time.map(|_| ())
        .ok_or_else(|| format!("x509: malformed {name}"))
}

/// Checks the public key's element and says whether Go knows the algorithm.
fn check_public_info(element: &[u8]) -> Result<bool, String> {
    let mut info = Input(element)
        .nested(der::SEQUENCE)
        .ok_or("x509: malformed spki")?;
    let algorithm = info
        .take(der::SEQUENCE)
        .ok_or("x509: malformed public key algorithm identifier")?;
    let oid = algorithm_id(algorithm)?;
    if info.take(der::BIT_STRING).is_none_or(<[u8]>::is_empty) {
        return Err("x509: malformed subjectPublicKey".to_owned());
    }
    Ok(KNOWN.contains(&oid))
}

/// Reads the extensions and gives the identifier of the key.
fn extensions(tbs: &mut Input<'_>) -> Result<Vec<u8>, String> {
    let malformed = |what: &str| format!("x509: malformed {what}");
    for (tag, what) in [(0x81, "issuerUniqueID"), (0x82, "subjectUniqueID")] {
        if tbs.0.first() == Some(&tag) {
            tbs.take(tag).ok_or_else(|| malformed(what))?;
        }
    }
    let mut key_id = Vec::new();
    if tbs.0.first() != Some(&der::context(3)) {
        return Ok(key_id);
    }
    let wrapped = tbs.nested(der::context(3));
    let list = wrapped.and_then(|mut wrapped| wrapped.nested(der::SEQUENCE));
    let mut list = list.ok_or_else(|| malformed("extensions"))?;
    let mut seen: Vec<&[u8]> = Vec::new();
    while !list.0.is_empty() {
        let mut extension = list
            .nested(der::SEQUENCE)
            .ok_or_else(|| malformed("extension"))?;
        let oid = extension
            .take(der::OBJECT_ID)
            .ok_or_else(|| malformed("extension OID field"))?;
        if extension.0.first() == Some(&0x01) {
            extension
                .take(0x01)
                .filter(|b| matches!(b, [0 | 0xff]))
                .ok_or_else(|| malformed("extension critical field"))?;
        }
        let value = extension
            .take(der::OCTET_STRING)
            .ok_or_else(|| malformed("extension value field"))?;
        if seen.contains(&oid) {
            let oid = dotted(oid);
            return Err(format!(
                "x509: certificate contains duplicate extension with OID \"{oid}\""
            ));
        }
        seen.push(oid);
        if oid == SUBJECT_KEY_ID {
            let id = Input(value).take(der::OCTET_STRING);
            key_id = id.ok_or("x509: invalid subject key identifier")?.to_vec();
        }
    }
    Ok(key_id)
}

/// Elements one after the other, in the short and strict form that Go's `cryptobyte` takes.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// The content of the next element, which must have this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        (self.0.first() == Some(&tag)).then_some(())?;
        self.any().map(|(header, element)| &element[header..])
    }

    /// The next element whole, which must have this tag.
    fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        (self.0.first() == Some(&tag)).then_some(())?;
        self.any().map(|(_, element)| element)
    }

    fn nested(&mut self, tag: u8) -> Option<Input<'a>> {
        self.take(tag).map(Input)
    }

    /// The next element of any tag, and the length of what precedes its content.
    fn any(&mut self) -> Option<(usize, &'a [u8])> {
        let [tag, first, rest @ ..] = self.0 else {
            return None;
        };
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (header, length) = match first {
            0..=0x7f => (2, usize::from(*first)),
            0x81..=0x84 => {
                let digits = rest.get(..usize::from(first & 0x7f))?;
                let length = digits.iter().fold(0_usize, |n, b| n << 8 | usize::from(*b));
                if length < 0x80 || digits[0] == 0 {
                    return None;
                }
                (2 + digits.len(), length)
            }
            _ => return None,
        };
        let (element, rest) = self.0.split_at_checked(header.checked_add(length)?)?;
        self.0 = rest;
        Some((header, element))
    }
}
