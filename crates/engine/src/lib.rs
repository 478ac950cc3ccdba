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
mod engine;
pub mod error;
pub mod event;
pub mod faults;
pub mod hooks;
pub mod logs;
pub mod objects;
pub mod options;
mod renderer;
pub mod wait;

pub use engine::{Clock, Engine};
pub use event::{Event, Events, Level, Log};
pub use renderer::{
    Definitions, RenderFailure, RenderRequest, RenderedChart, Renderer, ReuseValues,
};
