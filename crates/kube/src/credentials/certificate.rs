//! The client's certificate: from a kubeconfig, or from a program, which may give another one later.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;

use crate::kubeconfig::Identity;
use crate::os;
use crate::transport::certified_key;

/// What connections show where a server asks for a certificate. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Certificate {
    shown: Arc<RwLock<Option<Arc<CertifiedKey>>>>,
}

impl Certificate {
    /// The one that a kubeconfig names.
    pub(super) fn of(identity: &Identity) -> Result<Self, String> {
        let certificate = Self::default();
        if identity.certificate_file.is_empty() && identity.certificate_data.is_empty() {
            return Ok(certificate);
        }
        let chain = given(&identity.certificate_data, &identity.certificate_file)?;
        let key = given(&identity.key_data, &identity.key_file)?;
        certificate.show(Some(certified_key(&chain, &key)?));
        Ok(certificate)
    }

    /// Shows another one from now on.
    pub(super) fn show(&self, key: Option<Arc<CertifiedKey>>) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// Whether there is none.
    pub(super) fn is_none(&self) -> bool {
        self.current().is_none()
    }

    fn current(&self) -> Option<Arc<CertifiedKey>> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        shown.clone()
    }
}

impl ResolvesClientCert for Certificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.current()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Data, or else a file's content.
fn given(data: &[u8], file: &str) -> Result<Vec<u8>, String> {
    if !data.is_empty() {
        return Ok(data.to_vec());
    }
    os::read(Path::new(file)).map_err(|(_, words)| words)
}
