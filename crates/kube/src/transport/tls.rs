//! TLS: which certificates count, and failures in the words of Go's `crypto/tls` and `crypto/x509`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use k8s_openapi::jiff::Timestamp;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{AlertDescription, CertificateError, ClientConfig, InvalidMessage};

use super::trust;
use crate::credentials::Certificate;
use crate::kubeconfig::Access;
use crate::os;

/// The configuration for a server and the client's certificate.
pub(super) fn config(access: &Access, certificate: Certificate) -> Result<ClientConfig, String> {
    let has_ca = !access.ca_file.is_empty() || !access.ca_data.is_empty();
    if has_ca && access.insecure {
        return Err(
            "specifying a root certificates file with the insecure flag is not allowed".to_owned(),
        );
    }
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if access.insecure {
        trust::everybody(&provider)
    } else if has_ca {
        let given = if access.ca_data.is_empty() {
            os::read(Path::new(&access.ca_file)).map_err(|(_, words)| words)?
        } else {
            access.ca_data.clone()
        };
        trust::authorities(&provider, authorities(&given)?)?
    } else {
        trust::authorities(&provider, system_authorities())?
    };
    build(provider, verifier, certificate)
}

/// The configuration for servers that the system trusts.
pub(super) fn system() -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = trust::authorities(&provider, system_authorities())?;
    let mut config = build(provider, verifier, Certificate::default())?;
    config.alpn_protocols.clear();
    Ok(config)
}

fn build(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    certificate: Certificate,
) -> Result<ClientConfig, String> {
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| words(&error, ""))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_cert_resolver(Arc::new(certificate));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem).flatten().collect();
    if found.is_empty() {
        return Err(
            "unable to load root certificates: unable to parse bytes as PEM block".to_owned(),
        );
    }
    Ok(found)
}

fn system_authorities() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}

/// The client's certificate and key, given as text.
pub(crate) fn certified_key(certificate: &[u8], key: &[u8]) -> Result<Arc<CertifiedKey>, String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
        .flatten()
        .collect();
    if chain.is_empty() {
        return Err("tls: failed to find any PEM data in certificate input".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_| "tls: failed to find any PEM data in key input".to_owned())?;
    let key = ring::sign::any_supported_type(&key)
        .map_err(|_| "tls: failed to parse private key".to_owned())?;
    let pair = CertifiedKey::new(chain, key);
    match pair.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {
            Ok(Arc::new(pair))
        }
        Err(_) => Err("tls: private key does not match public key".to_owned()),
    }
}

/// The words for a handshake that failed.
pub(super) fn handshake_words(error: &io::Error, name: &str) -> String {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return words(tls, name);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "EOF".to_owned(),
        io::ErrorKind::ConnectionReset => format!("read: {}", os::reason(error)),
        _ => os::reason(error),
    }
}

/// What Go says of a failure of TLS.
pub(super) fn words(error: &rustls::Error, name: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            format!(
                "tls: failed to verify certificate: x509: {}",
                certificate_words(reason, name)
            )
        }
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "http: server gave HTTP response to HTTPS client".to_owned()
        }
        rustls::Error::AlertReceived(alert) => {
            format!("remote error: tls: {}", alert_words(*alert))
        }
        other => format!("tls: {other}"),
    }
}

fn certificate_words(reason: &CertificateError, name: &str) -> String {
    match reason {
        CertificateError::UnknownIssuer => "certificate signed by unknown authority".to_owned(),
        CertificateError::BadSignature => "certificate signed by unknown authority".to_owned(),
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => validity_words(reason),
        CertificateError::NotValidForNameContext { presented, .. } => name_words(presented, name),
        CertificateError::NotValidForName => format!("certificate is not valid for {name}"),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "certificate specifies an incompatible key usage".to_owned()
        }
        other => other.to_string(),
    }
}

fn validity_words(reason: &CertificateError) -> String {
    let (time, word, bound) = match reason {
        CertificateError::ExpiredContext { time, not_after } => (*time, "after", *not_after),
        CertificateError::NotValidYetContext { time, not_before } => (*time, "before", *not_before),
        _ => return "certificate has expired or is not yet valid: ".to_owned(),
    };
    format!(
        "certificate has expired or is not yet valid: current time {} is {word} {}",
        rfc3339(time),
        rfc3339(bound)
    )
}

fn rfc3339(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |at| at.to_string())
}

/// The names that a certificate is for come as `DnsName("x")` and `IpAddress(1.2.3.4)`.
fn name_words(presented: &[String], name: &str) -> String {
    let inner = |entry: &String, kind: &str| {
        let rest = entry
            .strip_prefix(kind)?
            .strip_prefix('(')?
            .strip_suffix(')')?;
        Some(rest.trim_matches('"').to_owned())
    };
    let by_kind = |kind: &str| -> Vec<String> {
        presented
            .iter()
            .filter_map(|entry| inner(entry, kind))
            .collect()
    };
    if name.parse::<std::net::IpAddr>().is_ok() {
        let addresses = by_kind("IpAddress");
        if addresses.is_empty() {
            return format!(
                "cannot validate certificate for {name} because it doesn't contain any IP SANs"
            );
        }
        return format!(
            "certificate is valid for {}, not {name}",
            addresses.join(", ")
        );
    }
    let names = by_kind("DnsName");
    if names.is_empty() {
        return format!("certificate is not valid for any names, but wanted to match {name}");
    }
    format!("certificate is valid for {}, not {name}", names.join(", "))
}

fn alert_words(alert: AlertDescription) -> String {
    let words = match alert {
        AlertDescription::BadCertificate => "bad certificate",
        AlertDescription::CertificateExpired => "expired certificate",
        AlertDescription::CertificateRequired => "certificate required",
        AlertDescription::CertificateRevoked => "revoked certificate",
        AlertDescription::CertificateUnknown => "unknown certificate",
        AlertDescription::UnknownCA => "unknown certificate authority",
        AlertDescription::UnsupportedCertificate => "unsupported certificate",
        AlertDescription::AccessDenied => "access denied",
        AlertDescription::HandshakeFailure => "handshake failure",
        AlertDescription::InternalError => "internal error",
        AlertDescription::ProtocolVersion => "protocol version not supported",
        AlertDescription::UnrecognisedName => "unrecognized name",
        other => return format!("alert({})", u8::from(other)),
    };
    words.to_owned()
}
