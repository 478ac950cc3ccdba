//! [`build_stored`]: manifests of revisions that were applied once, on a server that may have moved on.
//!
//! Kubernetes removes versions of kinds, and with the last of them kinds; definitions of custom resources are
//! deleted. An object of a version that is gone lives on under the versions that are left, so that is what it
//! is looked for under. Of a kind that is gone there is no object left. Helm can go no further with such a
//! record until a human edits it.
//!
//! Not here: kinds of an API group that nobody answers for at the moment. That is an error: the objects are
//! there.

use windlass_plan::Cluster;
use windlass_plan::cluster::{Error, Mapping, Result as ClusterResult};

use super::build::Builder;
use super::{BuildError, Check, Target};
use crate::engine::Engine;
use crate::event::Level;

/// Kinds that live on in another group, as the server itself moved its objects: where from, which, where to.
const MOVED: [(&str, &str, &str); 5] = [
    ("extensions", "Ingress", "networking.k8s.io"),
    ("extensions", "NetworkPolicy", "networking.k8s.io"),
    ("extensions", "Deployment", "apps"),
    ("extensions", "DaemonSet", "apps"),
    ("extensions", "ReplicaSet", "apps"),
];

/// Makes targets of a manifest that was applied once. What the server has no kind for any more is left out,
/// and told.
///
/// # Errors
/// What else is wrong.
pub(crate) async fn build_stored(
    engine: &Engine,
    manifest: &str,
) -> Result<Vec<Target>, BuildError> {
    let mut builder = Builder::new(&*engine.cluster, &engine.namespace, Check::None);
    builder.stored = true;
    builder.read(manifest).await;
    for (kind, name) in std::mem::take(&mut builder.extinct) {
        let fields = vec![("kind", kind), ("name", name)];
        let message = "the server no longer has this kind, leaving its object out";
        engine.log(Level::Own, message, fields);
    }
    builder.finish()
}

/// How the objects of a kind are served whose version is gone; `None` if they are gone as well.
pub(super) async fn successor(
    cluster: &dyn Cluster,
    api_version: &str,
    kind: &str,
) -> ClusterResult<Option<Mapping>> {
    let (group, _) = api_version.split_once('/').unwrap_or(("", api_version));
    let moved = MOVED
        .iter()
        .find(|moved| (moved.0, moved.1) == (group, kind));
    let group = moved.map_or(group, |moved| moved.2);
    let served = cluster.api_versions().await?;
    for version in served
        .iter()
        .filter_map(|served| of_kind(served, group, kind))
    {
        match cluster.mapping(version, kind).await {
            Err(Error::NoMatch { .. }) => {}
            other => return other.map(Some),
        }
    }
    Ok(None)
}

/// The version of `GROUP/VERSION/KIND`, if it is about this group and kind.
fn of_kind<'a>(served: &'a str, group: &str, kind: &str) -> Option<&'a str> {
    let version = served.strip_suffix(kind)?.strip_suffix('/')?;
    let found = version.split_once('/').map_or("", |(group, _)| group);
    (found == group).then_some(version)
}
