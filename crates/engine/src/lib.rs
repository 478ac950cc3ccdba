//! What Helm's actions do to a cluster and to a release's history, over ports.
//!
//! Each action observes, makes a [`windlass_plan`] plan of what is wanted and what is there, and
//! carries the plan out: [`Engine`] holds the ports, [`event`] what is told on the way, [`error`] why
//! an action failed, in Helm's words. Below the actions: `objects` makes objects of manifest texts
//! and checks who owns them, `apply` creates, updates, prunes and deletes, `wait` waits, `hooks` runs
//! hooks, `logs` brings their output.
//!
//! Not here: any I/O (ports' adapters are the `kube` crate's), words on a terminal (the cli's),
//! loading and rendering charts (behind [`Renderer`]).

pub mod apply;
mod checks;
mod claim;
mod drawing;
mod engine;
pub mod error;
pub mod event;
mod execute;
#[cfg(test)]
mod fake;
pub mod faults;
mod forecast;
mod foreseen;
pub mod hooks;
pub mod install;
pub mod journal;
mod kept;
pub mod logs;
mod notes;
pub mod objects;
pub mod options;
mod ordering;
mod planning;
pub mod preview;
mod records;
pub mod recovery;
mod renderer;
pub mod rollback;
pub mod testing;
pub mod uninstall;
pub mod upgrade;
pub mod wait;

pub use engine::{Clock, Engine, Holders};
pub use error::Error;
pub use event::{Event, Events, Level, Log};
pub use install::{Done, Install};
pub use kept::{CarriedOut, Kept, Order, Planned};
pub use ordering::GroupError;
pub use preview::{Preview, Previewed};
pub use recovery::{Pending, Recover, Recovered};
pub use renderer::{
    Definitions, RenderFailure, RenderRequest, RenderedChart, Renderer, ReuseValues,
};
pub use rollback::Rollback;
pub use testing::{Test, Tested};
pub use uninstall::{Uninstall, Uninstalled};
pub use upgrade::Upgrade;
