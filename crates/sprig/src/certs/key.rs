//! [`PrivateKey`]: the kinds of keys, what is public of them, their signatures, their PEM.

mod parse;

use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, pkcs1v15};
use sha2::Sha256;
use windlass_template::Error;

use crate::certs::{der, pem};

/// The encoded contents of object identifiers.
pub(super) mod oid {
    pub(in crate::certs) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    pub(in crate::certs) const SHA256_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    pub(in crate::certs) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    pub(in crate::certs) const SHA256_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    pub(in crate::certs) const SHA384_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    pub(in crate::certs) const SHA512_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4];
    pub(in crate::certs) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    pub(in crate::certs) const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];
    pub(in crate::certs) const P521: &[u8] = &[0x2b, 0x81, 4, 0, 35];
    pub(in crate::certs) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub(in crate::certs) const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
}

/// A private key that Go's `crypto/x509` can read.
pub(super) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    Ec(EcKey),
    /// The seed.
    Ed25519([u8; 32]),
    Dsa(DsaKey),
    /// A key for agreement, which can neither sign nor be certified.
    X25519,
}

/// The curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    fn oid(self) -> &'static [u8] {
        match self {
            Self::P256 => oid::P256,
            Self::P384 => oid::P384,
            Self::P521 => oid::P521,
        }
    }

    /// Bytes of a private key.
    fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// A key on a curve.
pub(super) struct EcKey {
    curve: Curve,
    secret: Vec<u8>,
    /// The uncompressed point.
    public: Vec<u8>,
}

/// A DSA key's numbers, big-endian.
pub(super) struct DsaKey {
    pub(super) p: Vec<u8>,
    pub(super) q: Vec<u8>,
    pub(super) g: Vec<u8>,
    pub(super) y: Vec<u8>,
    pub(super) x: Vec<u8>,
}

impl PrivateKey {
    /// The key with a secret number on a curve.
    ///
    /// # Errors
    /// The number is zero or not below the order of the curve.
    pub(super) fn on_curve(curve: Curve, secret: &[u8]) -> Result<Self, &'static str> {
        macro_rules! public_point {
            ($library:ident) => {
                $library::ecdsa::SigningKey::from_slice(secret)
                    .map(|key| key.verifying_key().to_sec1_point(false).as_bytes().to_vec())
            };
        }
        let public = match curve {
            Curve::P256 => public_point!(p256),
            Curve::P384 => public_point!(p384),
            Curve::P521 => public_point!(p521),
        };
        let zero = secret.iter().all(|b| *b == 0);
        let error = if zero {
            "ecdsa: private key is zero"
        } else {
            "input overflows the modulus"
        };
        let public = public.map_err(|_| error)?;
        Ok(Self::Ec(EcKey {
            curve,
            secret: secret.to_vec(),
            public,
        }))
    }

    /// The element that names algorithm and public key in a certificate, and the key's own bytes.
    ///
    /// # Errors
    /// Keys of the kind are not certified.
    pub(super) fn public_info(&self) -> Result<(Vec<u8>, Vec<u8>), String> {
        let (algorithm, key) = match self {
            Self::Rsa(key) => {
                let (n, e) = (key.n_bytes(), key.e_bytes());
                let algorithm = [&der::object_id(oid::RSA), der::NULL].concat();
                (
                    algorithm,
                    der::sequence([der::integer(&n), der::integer(&e)]),
                )
            }
            Self::Ec(key) => {
                let curve = der::object_id(key.curve.oid());
                (
                    [der::object_id(oid::EC), curve].concat(),
                    key.public.clone(),
                )
            }
            Self::Ed25519(seed) => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                (
                    der::object_id(oid::ED25519),
                    key.verifying_key().to_bytes().to_vec(),
                )
            }
            Self::Dsa(_) => return Err(unsupported("*dsa.PublicKey")),
            Self::X25519 => return Err(unsupported("*ecdh.PublicKey")),
        };
        let algorithm = der::element(der::SEQUENCE, &algorithm);
        Ok((der::sequence([algorithm, der::bit_string(&key)]), key))
    }

    /// The element that names the algorithm of the key's signatures.
    ///
    /// # Errors
    /// Go cannot sign with such keys.
    pub(super) fn signature_algorithm(&self) -> Result<Vec<u8>, String> {
        let content = match self {
            Self::Rsa(_) => [&der::object_id(oid::SHA256_RSA), der::NULL].concat(),
            Self::Ec(key) => der::object_id(match key.curve {
                Curve::P256 => oid::SHA256_EC,
                Curve::P384 => oid::SHA384_EC,
                Curve::P521 => oid::SHA512_EC,
            }),
            Self::Ed25519(_) => der::object_id(oid::ED25519),
            Self::Dsa(_) | Self::X25519 => {
                let text = "x509: certificate private key does not implement crypto.Signer";
                return Err(text.to_owned());
            }
        };
        Ok(der::element(der::SEQUENCE, &content))
    }

    /// Signs a message with the algorithm that goes with the key.
    ///
    /// # Errors
    /// The key is too short for Go to sign with.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        macro_rules! sign_on {
            ($library:ident, $key:expr) => {{
                let key = $library::ecdsa::SigningKey::from_slice(&$key.secret)
                    .map_err(|e| e.to_string())?;
                let signature: $library::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }};
        }
        Ok(match self {
            Self::Rsa(key) => {
                let bits = key.n().bits();
                if bits < 1024 {
                    return Err(format!(
                        "crypto/rsa: {bits}-bit keys are insecure (see \
                         https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
                    ));
                }
                let key = pkcs1v15::SigningKey::<Sha256>::new(RsaPrivateKey::clone(key));
                key.try_sign(message).map_err(|e| e.to_string())?.to_vec()
            }
            Self::Ec(key) => match key.curve {
                Curve::P256 => sign_on!(p256, key),
                Curve::P384 => sign_on!(p384, key),
                Curve::P521 => sign_on!(p521, key),
            },
            Self::Ed25519(seed) => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                ed25519_dalek::Signer::sign(&key, message)
                    .to_bytes()
                    .to_vec()
            }
            Self::Dsa(_) | Self::X25519 => Vec::new(),
        })
    }

    /// The key in the PEM block of its kind.
    pub(super) fn to_pem(&self) -> Result<String, Error> {
        Ok(match self {
            Self::Rsa(key) => {
                let document = key.to_pkcs1_der().map_err(|e| e.to_string())?;
                pem::encode("RSA PRIVATE KEY", document.as_bytes())
            }
            Self::Dsa(key) => {
                let numbers = [&[][..], &key.p, &key.q, &key.g, &key.y, &key.x].map(der::integer);
                pem::encode("DSA PRIVATE KEY", &der::sequence(numbers))
            }
            Self::Ec(key) => {
                let curve = der::object_id(key.curve.oid());
                let document = der::sequence([
                    der::integer(&[1]),
                    der::element(der::OCTET_STRING, &key.secret),
                    der::element(der::context(0), &curve),
                    der::element(der::context(1), &der::bit_string(&key.public)),
                ]);
                pem::encode("EC PRIVATE KEY", &document)
            }
            Self::Ed25519(seed) => {
                let seed = der::element(der::OCTET_STRING, seed);
                let document = der::sequence([
                    der::integer(&[]),
                    der::sequence([der::object_id(oid::ED25519)]),
                    der::element(der::OCTET_STRING, &seed),
                ]);
                pem::encode("PRIVATE KEY", &document)
            }
            // Certifying such a key has failed before.
            Self::X25519 => String::new(),
        })
    }
}

fn unsupported(ty: &str) -> String {
    format!("x509: unsupported public key type: {ty}")
}
