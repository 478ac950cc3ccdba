//! What actions look at before they do anything: whether the cluster answers, whether a name can be
//! one, what the cluster can do.

use windlass_plan::cluster::{self, Version};
use windlass_release::{labels, name};
use windlass_render::{Capabilities, KubeVersion};

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::error::Error;

/// Sees whether the cluster can be reached; its version tells.
pub(crate) async fn reach(engine: &Engine) -> Result<Version, Error> {
    let upper = !engine.compat.starts_errors_lower_case();
    let version = engine.cluster.version().await;
    version.map_err(|cause| Error::Unreachable { upper, cause })
}

/// Checks the name of a release that may or may not be there.
pub(crate) fn existing_name(name: &str, context: &'static str) -> Result<(), Error> {
    name::validate(name).map_err(|_| Error::Name {
        context,
        name: name.to_owned(),
    })
}

/// What templates may know of the cluster. The kinds that were installed just now are among it.
pub(crate) async fn capabilities(engine: &Engine, version: Version) -> Result<Capabilities, Error> {
    let api_versions = engine.cluster.api_versions().await;
    Ok(Capabilities {
        kube_version: kube_version(version),
        api_versions: known(api_versions).map_err(Error::ApiVersions)?,
    })
}

/// A server that tells nothing is taken to serve what Helm's own libraries know.
fn known(api_versions: cluster::Result<Vec<String>>) -> cluster::Result<Vec<String>> {
    let found = api_versions?;
    if found.is_empty() {
        return Ok(Capabilities::default().api_versions);
    }
    Ok(found)
}

/// What a server says of itself is taken as it is.
fn kube_version(version: Version) -> KubeVersion {
    KubeVersion {
        normalized: version.git_version.clone(),
        full: version.git_version,
        major: version.major,
        minor: version.minor,
    }
}

/// Rejects labels that belong to drivers.
pub(crate) fn custom_labels(wanted: &BTreeMap<String, String>) -> Result<(), Error> {
    if wanted.keys().any(|key| labels::is_system(key)) {
        return Err(Error::SystemLabels);
    }
    Ok(())
}
