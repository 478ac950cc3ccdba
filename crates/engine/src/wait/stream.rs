//! Objects of one kind as they are and as they change: listed once and then watched.
//!
//! Watches that end are taken up again where they ended; a list starts anew where the server has
//! forgotten that point.

use std::time::Duration;

use futures_util::StreamExt;
use windlass_plan::Cluster;
use windlass_plan::cluster::{Error, Mapping, Object, Selection, WatchEvent};

/// Between attempts to list, where the server fails: doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(800);
const LAST_PAUSE: Duration = Duration::from_secs(30);

/// Takes what is seen.
pub(super) trait Sink {
    /// All objects there are, as a list has them.
    fn all(&mut self, objects: Vec<Object>);
    /// An object that is new or has changed.
    fn one(&mut self, object: Object);
    /// An object that is gone.
    fn gone(&mut self, object: Object);
}

/// Tells of objects without end; or until they may not be seen, or their kind is no longer served.
pub(super) async fn stream(
    cluster: &dyn Cluster,
    mapping: &Mapping,
    selection: &Selection,
    sink: &mut impl Sink,
) -> Error {
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match list_and_watch(cluster, mapping, selection, sink).await {
            Ok(()) => {
                pause = FIRST_PAUSE;
                continue;
            }
            Err(error) => error,
        };
        if error.is_forbidden() || error.is_not_found() {
            return error;
        }
        cluster.sleep(pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// Lists once and watches until the server has forgotten where the watch was.
async fn list_and_watch(
    cluster: &dyn Cluster,
    mapping: &Mapping,
    selection: &Selection,
    sink: &mut impl Sink,
) -> Result<(), Error> {
    let listed = cluster.list(mapping, selection).await?;
    sink.all(listed.items);
    let mut version = listed.resource_version;
    loop {
        let mut events = match cluster.watch(mapping, selection, &version).await {
            Err(error) if error.is_expired() => return Ok(()),
            other => other?,
        };
        let before = version.clone();
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => take(event, &mut version, sink),
                Err(error) if error.is_expired() => return Ok(()),
                Err(_) => break,
            }
        }
        if before == version {
            // A server that ends watches at once must not be asked in a tight loop.
            cluster.sleep(FIRST_PAUSE).await;
        }
    }
}

fn take(event: WatchEvent, version: &mut String, sink: &mut impl Sink) {
    let noted = |object: &Object, version: &mut String| {
        if let Some(found) = object.pointer("/metadata/resourceVersion") {
            found.as_str().unwrap_or_default().clone_into(version);
        }
    };
    match event {
        WatchEvent::Added(object) | WatchEvent::Modified(object) => {
            noted(&object, version);
            sink.one(object);
        }
        WatchEvent::Deleted(object) => {
            noted(&object, version);
            sink.gone(object);
        }
        WatchEvent::Bookmark(at) => *version = at,
    }
}
