//! Charts to manifests: what Helm's engine and its sorting of manifests do.
//!
//! [`render`] takes a loaded chart with its dependencies processed and its values coalesced, and
//! gives hooks, manifests and notes. On the way: `scope` builds what each template sees as `.`,
//! `functions` holds Helm's own functions, `manifest` splits and sorts documents, `order` knows the
//! order of kinds, `error` words errors as Helm does.
//!
//! Not here: loading charts and merging values (`windlass-chart`), talking to a cluster (the
//! [`Lookup`] port), printing.

mod capabilities;
mod diagnose;
mod error;
mod files;
mod functions;
mod glob;
mod host;
pub mod manifest;
mod order;
mod render;
mod scope;

pub use capabilities::{Capabilities, KubeVersion, KubeVersionError, build_info};
pub use diagnose::{Scene, diagnose};
pub use error::Error;
pub use functions::functions;
pub use host::{Event, Lookup, Resolver, Wanted, World};
pub use manifest::{Head, HeadError, Hook, HookEvent, Manifest};
pub use render::{Failure, Options, Rendered, render, render_templates};
pub use scope::Release;

/// The manual's page on this crate, so that its program is run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/library.md")]
struct Manual;
