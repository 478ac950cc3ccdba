//! What bringing an object to the cluster would come to: the server's own answer, with nothing written.

use windlass_plan::cluster::Object;

use super::update::change;
use super::{ApplyError, Create, Update, create};
use crate::engine::Engine;
use crate::objects::Target;

/// What would become of an object.
#[derive(Debug)]
pub(crate) enum Predicted {
    /// It would be created.
    Created,
    /// It would be changed to this.
    Changed(Object),
    /// It would stay as it is.
    Unchanged,
}

/// Asks the server by a dry run. An object of which all is known to be as wanted is not asked about.
///
/// # Errors
/// Why it would not be done.
pub(crate) async fn predict(
    engine: &Engine,
    original: Option<&Target>,
    target: &Target,
    live: Option<&Object>,
    how: Update,
) -> Result<Predicted, ApplyError> {
    let how = Update {
        dry_run: true,
        ..how
    };
    if let Some(live) = live {
        let changed = change(engine, original, target, live, how).await?;
        return Ok(changed.map_or(Predicted::Unchanged, Predicted::Changed));
    }
    let creating = Create {
        server_side: how.server_side,
        force_conflicts: how.force_conflicts,
        dry_run: true,
        ..Create::default()
    };
    match how.server_side && !target.at.name.is_empty() {
        true => create::apply(engine, target, creating).await?,
        false => create::post(engine, target, creating)
            .await
            .map_err(ApplyError::Refused)?,
    };
    Ok(Predicted::Created)
}
