//! What a render may ask of the outside world, and what it remembers while it runs.

use std::any::Any;
use std::collections::HashMap;
use std::time::Duration;

use windlass_template::Host;
use windlass_value::{Heap, MapId, Str};

/// Clock and randomness. A replayed render gets the recorded answers.
pub trait World {
    /// Nanoseconds since the Unix epoch, UTC.
    fn now(&mut self) -> i128;

    /// Fills a buffer with random bytes, fit for keys.
    fn fill_random(&mut self, buffer: &mut [u8]);

    /// Time since some moment, by a clock that never goes back: what a limit of time is held against. A world
    /// without such a clock sets none.
    fn elapsed(&mut self) -> Duration {
        Duration::ZERO
    }
}

/// Looks up objects in a cluster, for the `lookup` function. Synchronous: an adapter that crosses
/// to async code must not be called on a runtime's thread.
pub trait Lookup {
    /// One object, or a list of them where the name is empty, as a new map in the heap. What is not
    /// found is an empty map.
    ///
    /// # Errors
    /// What the cluster answered, as text.
    fn lookup(&mut self, heap: &mut Heap, wanted: &Wanted<'_>) -> Result<MapId, String>;
}

/// What `lookup` asks for.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the names are the parameters of `lookup`")]
pub struct Wanted<'a> {
    pub api_version: &'a str,
    pub kind: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
}

/// Resolves host names, for `getHostByName` where DNS is enabled.
pub trait Resolver {
    /// All addresses of a host; none where it is not known.
    fn resolve(&mut self, host: &str) -> Vec<String>;
}

/// Something a render noticed without failing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// While linting: `required` was given nothing (`nil` is false where it was given `""`).
    MissingRequired {
        /// The chart's message.
        message: String,
        /// Whether the value was nil rather than empty.
        nil: bool,
    },
    /// While linting: `fail` was called.
    Failed {
        /// The chart's message.
        message: String,
    },
}

/// The state that Helm's functions share during one render.
pub(crate) struct RenderHost {
    pub(crate) world: Box<dyn World>,
    pub(crate) lookup: Option<Box<dyn Lookup>>,
    pub(crate) resolver: Option<Box<dyn Resolver>>,
    pub(crate) lint: bool,
    /// How often each name is being included right now.
    pub(crate) including: HashMap<Str, u32>,
    pub(crate) events: Vec<Event>,
}

impl Host for RenderHost {
    fn now(&mut self) -> i128 {
        self.world.now()
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        self.world.fill_random(buffer);
    }

    fn elapsed(&mut self) -> Duration {
        self.world.elapsed()
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
