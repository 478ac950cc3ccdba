//! Levels: neighbours of one kind, which may be under way at once.

use std::future::Future;

use futures_util::stream::{self, StreamExt};
use windlass_plan::ObjectRef;

use crate::objects::MAX_IN_FLIGHT;

/// Whether two neighbours are of one level. Helm looks at the kind's name alone.
pub(crate) fn together(a: &ObjectRef, b: &ObjectRef) -> bool {
    a.mapping.kind == b.mapping.kind
}

/// Runs calls, several at a time; what comes of them is in their order.
pub(crate) async fn run<F: Future>(calls: Vec<F>, limit: usize) -> Vec<F::Output> {
    stream::iter(calls)
        .buffered(limit.clamp(1, MAX_IN_FLIGHT))
        .collect()
        .await
}
