//! Where releases are kept: `HELM_DRIVER`.

use std::sync::Arc;

use windlass_kube::{Client, Storage};
use windlass_release::{MemoryStore, ReleaseStore, object::Kind};

use crate::error::Failure;
use crate::log::slog;
use crate::session::Session;

/// The store that `HELM_DRIVER` names, for a namespace or, with an empty one, for all.
///
/// # Errors
/// A driver that is none, or that needs what is not there.
pub(super) fn store(
    client: Option<&Client>,
    namespace: &str,
    session: &Session<'_>,
) -> Result<Arc<dyn ReleaseStore>, Failure> {
    let on_cluster = |kind| -> Arc<dyn ReleaseStore> {
        match client {
            Some(client) => Arc::new(Storage::new(
                client.clone(),
                kind,
                namespace,
                session.compat,
            )),
            // Nobody comes to ask it: the cluster is asked first.
            None => Arc::new(MemoryStore::new(session.compat)),
        }
    };
    if let Some(kind) = kind(session) {
        return Ok(on_cluster(kind));
    }
    match session.variable("HELM_DRIVER").unwrap_or_default() {
        "sql" => Err(fatal(
            83,
            &format!(
                "unable to instantiate SQL driver: this version of {} keeps releases in Secrets and \
                 ConfigMaps only; set HELM_DRIVER to secret or configmap",
                session.program
            ),
            session,
        )),
        other => {
            let quoted = windlass_value::fmt::quote(other.as_bytes());
            Err(fatal(83, &format!("unknown driver {quoted}"), session))
        }
    }
}

/// The kind of object that holds records, and the journal beside them; none in memory.
pub(super) fn kind(session: &Session<'_>) -> Option<Kind> {
    match session.variable("HELM_DRIVER").unwrap_or_default() {
        "" | "secret" | "secrets" => Some(Kind::Secret),
        "configmap" | "configmaps" => Some(Kind::ConfigMap),
        _ => None,
    }
}

/// Helm does not return these failures but logs them, at a line of its Go code, and ends.
pub(super) fn fatal(line: u32, text: &str, session: &Session<'_>) -> Failure {
    Failure::logged(if session.compat.logs_structured() {
        slog("INFO", text, &[])
    } else {
        format!("helm.go:{line}: {text}")
    })
}
