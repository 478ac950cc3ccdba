//! Trying again where the server says that someone else was faster.

use std::time::Duration;

use windlass_plan::Cluster;
use windlass_plan::cluster::Error;

/// How often a write is tried, and how long lies between.
const ATTEMPTS: usize = 5;
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// Tries until it works, fails for another reason, or was tried often enough.
pub(super) async fn retry<T>(
    cluster: &dyn Cluster,
    again: fn(&Error) -> bool,
    mut attempt: impl AsyncFnMut() -> Result<T, Error>,
) -> Result<T, Error> {
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if again(&error) => cluster.sleep(PAUSE).await,
            result => return result,
        }
    }
    attempt().await
}

/// Whether a quota was being counted anew while an object was created.
pub(super) fn quota_conflict(error: &Error) -> bool {
    let text = error.to_string();
    error.is_conflict()
        && text.contains("Operation cannot be fulfilled on resourcequotas")
        && text.contains("the object has been modified")
}
