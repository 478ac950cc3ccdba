//! Reading objects of the cluster, several at a time.

use futures_util::stream::{self, StreamExt};
use windlass_plan::cluster::{Error, Object, Result};
use windlass_plan::{Cluster, ObjectRef};

/// How many calls to a cluster are under way at once.
pub(crate) const MAX_IN_FLIGHT: usize = 16;

/// Reads an object. One without a name is not asked for: Go's client refuses that by itself.
pub(crate) async fn get(cluster: &dyn Cluster, at: &ObjectRef) -> Result<Object> {
    match at.name.is_empty() {
        true => Err(Error::Unnamed),
        false => cluster.get(at).await,
    }
}

/// Reads objects; the answers are in the order of the questions.
pub(crate) async fn get_all<'a>(
    cluster: &dyn Cluster,
    all: impl IntoIterator<Item = &'a ObjectRef>,
) -> Vec<Result<Object>> {
    let calls: Vec<_> = all.into_iter().map(|at| get(cluster, at)).collect();
    stream::iter(calls).buffered(MAX_IN_FLIGHT).collect().await
}
