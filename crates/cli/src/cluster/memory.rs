//! `HELM_DRIVER=memory`: records read from the files that `HELM_MEMORY_DRIVER_DATA` lists, forgotten
//! at the end, beside a cluster that is as short-lived. Helm has it for tests of what asks it.

use std::fs;
use std::sync::Arc;

use windlass_release::{Detail, MemoryStore, Release, ReleaseStore, codec};
use windlass_sandbox::Sandbox;
use windlass_value::{Heap, Value, json};

use super::driver::fatal;
use crate::error::{Failure, io_failure};
use crate::session::Session;

/// Whether `HELM_DRIVER` means it.
pub(super) fn is_meant(session: &Session<'_>) -> bool {
    session.variable("HELM_DRIVER") == Some("memory")
}

/// A cluster that keeps nothing.
pub(super) fn cluster(namespace: &str) -> Sandbox {
    let cluster = Sandbox::builder();
    match namespace {
        "" => cluster.build(),
        name => cluster.namespace(name).build(),
    }
}

/// The store with the records of the files that belong to a namespace or, with an empty one, to any.
///
/// # Errors
/// No list of files, or one that is not there or holds no releases: Helm ends there and then.
pub(super) async fn store(
    namespace: &str,
    session: &Session<'_>,
) -> Result<Arc<dyn ReleaseStore>, Failure> {
    let store = MemoryStore::new(session.compat);
    let files = session.variable("HELM_MEMORY_DRIVER_DATA");
    for file in files.unwrap_or_default().split(':') {
        let data = fs::read(file).map_err(|error| {
            let text = io_failure("open", file, &error).message;
            fatal(
                122,
                &format!("Unable to read memory driver data{text}"),
                session,
            )
        })?;
        for release in releases(&data).map_err(|error| {
            let text = format!("Unable to unmarshal memory driver data: {error}");
            fatal(127, &text, session)
        })? {
            if namespace.is_empty() || release.namespace == namespace {
                let kept = store.create(&release).await;
                kept.map_err(|error| fatal(132, &error.text(), session))?;
            }
        }
    }
    Ok(Arc::new(store))
}

/// The releases of a file: a list in YAML.
fn releases(data: &[u8]) -> Result<Vec<Release>, String> {
    let mut heap = Heap::new();
    let list = windlass_yaml::parse(&mut heap, data).map_err(|error| error.to_string())?;
    let read = |record: &Value| {
        let text = json::marshal(&heap, record).map_err(|error| error.to_string())?;
        codec::from_json(&text, Detail::Full).map_err(|error| error.to_string())
    };
    list.as_list()
        .unwrap_or_default()
        .iter()
        .map(read)
        .collect()
}
