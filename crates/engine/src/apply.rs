//! Bringing objects to a cluster: creating, updating, pruning and deleting them, with the methods, the
//! order and the texts of Helm's kube client.
//!
//! Objects are taken level by level, a level being neighbours of one kind; within a level several are
//! under way at once. Errors come in the order of the objects, whichever answer was first.
//!
//! | | Helm 4 | Helm 3, or Helm 4 for releases that were applied so |
//! |---|---|---|
//! | create | server-side apply, strict | POST |
//! | update | server-side apply, after Helm's own older ownership was carried over | three-way merge |
//! | `--force-replace` | an error with server-side apply | PUT |
//!
//! Not here: which objects these are (`objects`), waiting for them (`wait`).

mod client_side;
mod create;
mod delete;
mod error;
pub(crate) mod level;
mod migrate;
mod predict;
mod recreate;
mod retry;
mod server_side;
mod unchanged;
mod update;

use windlass_plan::ObjectRef;
use windlass_plan::cluster::{FieldValidation, Write};

pub use create::{Create, create};
pub use delete::delete;
pub use error::{ApplyError, Joined};
pub(crate) use predict::{Predicted, predict};
pub(crate) use recreate::{create_for_good, is_immutable};
pub use update::{Outcome, Update, update};
pub(crate) use update::{Updating, without_object};

use crate::engine::Engine;
use crate::event::{Change, Event};
use crate::faults::{self, Fault};

/// The manager in whose name fields are written.
fn manager(engine: &Engine) -> String {
    match faults::on(Fault::WrongFieldManager) {
        true => "windlass".to_owned(),
        false => engine.field_manager.clone(),
    }
}

fn write(engine: &Engine, field_validation: FieldValidation, dry_run: bool) -> Write {
    Write {
        field_manager: manager(engine),
        dry_run,
        field_validation,
        brief: false,
    }
}

fn started(engine: &Engine, at: &ObjectRef) {
    engine.tell(Event::Started(at.clone()));
}

fn done(engine: &Engine, at: &ObjectRef, change: Change) {
    engine.tell(Event::Done(at.clone(), change));
}

#[cfg(test)]
mod tests;
