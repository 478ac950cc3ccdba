//! Asking again and again, every two seconds: Helm 3's way, and `--wait=legacy`.

use std::time::Duration;

use windlass_plan::ObjectRef;

use super::{Limit, WaitError, expire};
use crate::engine::Engine;
use crate::event::Event;
use crate::objects::get;

/// Between one round of questions and the next.
const INTERVAL: Duration = Duration::from_secs(2);

/// Waits until objects are gone. They are asked for in order, up to the first that is there.
pub(super) async fn gone(
    engine: &Engine,
    objects: &[ObjectRef],
    limit: Limit,
) -> Result<(), WaitError> {
    let left = async || {
        for at in objects {
            match get(&*engine.cluster, at).await {
                Ok(_) => return Ok(Some(at)),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(WaitError::Read(error)),
            }
        }
        Ok(None)
    };
    rounds(engine, limit, async || {
        let Some(at) = left().await? else {
            return Ok(true);
        };
        engine.tell(Event::Waiting {
            object: at.clone(),
            status: "Terminating".to_owned(),
            message: String::new(),
        });
        Ok(false)
    })
    .await
}

/// Asks until the answer is yes or an error. One question is asked even where there is no time.
async fn rounds(
    engine: &Engine,
    limit: Limit,
    mut ask: impl AsyncFnMut() -> Result<bool, WaitError>,
) -> Result<(), WaitError> {
    let expiring = expire(engine, limit);
    tokio::pin!(expiring);
    while !ask().await? {
        tokio::select! {
            biased;
            () = &mut expiring => return Err(WaitError::Deadline),
            () = engine.cluster.sleep(INTERVAL) => {}
        }
    }
    Ok(())
}
