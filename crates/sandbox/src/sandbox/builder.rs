//! A sandbox told as a story: what is in it, what will go wrong, what time it is.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use serde_json::{Value, json};

use super::faults::{Faults, Rule};
use super::file::{Error, Store};
use super::{Sandbox, fresh};
use crate::clock::{Clock, RealClock};
use crate::engine;
use crate::state::State;

/// What a sandbox begins with.
///
/// ```
/// use windlass_sandbox::{Effect, Rule, Sandbox};
///
/// let sandbox = Sandbox::builder()
///     .namespace("team-a")
///     .object("v1", "ConfigMap", "team-a", "settings")
///     .fail(Rule::writes().nth(3).effect(Effect::status(503)))
///     .build();
/// # drop(sandbox);
/// ```
pub struct Builder {
    clock: Box<dyn Clock>,
    seed: u64,
    objects: Vec<Value>,
    faults: Faults,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            clock: Box::new(RealClock::new()),
            // As good as any: the standard library seeds its hashers from the system.
            seed: RandomState::new().hash_one("windlass-sandbox"),
            objects: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// Reads time from this clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Makes the same identifiers each time.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Has this namespace.
    #[must_use]
    pub fn namespace(self, name: &str) -> Self {
        self.apply(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}))
    }

    /// Has an object with nothing but a name.
    #[must_use]
    pub fn object(self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Self {
        self.apply(json!({"apiVersion": api_version, "kind": kind,
            "metadata": {"name": name, "namespace": namespace}}))
    }

    /// Has this object. One that the server would refuse is left out.
    #[must_use]
    pub fn apply(mut self, object: Value) -> Self {
        self.objects.push(object);
        self
    }

    /// Requests that match meet this.
    #[must_use]
    pub fn fail(mut self, rule: Rule) -> Self {
        self.faults.add(rule);
        self
    }

    /// A cluster that lives as long as its handles.
    #[must_use]
    pub fn build(self) -> Sandbox {
        let state = fresh(self.clock.now(), self.seed);
        self.finish(state, None)
    }

    /// The cluster in a file, as [`Sandbox::open`].
    ///
    /// # Errors
    /// When the file is in use, unreadable, not a sandbox, or of a newer format.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Sandbox, Error> {
        let store = Store::lock(path.as_ref())?;
        let state = store.restore()?;
        let state = state.unwrap_or_else(|| fresh(self.clock.now(), self.seed));
        Ok(self.finish(state, Some(store)))
    }

    fn finish(self, mut state: State, store: Option<Store>) -> Sandbox {
        engine::advance(&mut state, self.clock.now());
        for object in self.objects {
            crate::registry::seed(&mut state, object);
            engine::settle(&mut state);
        }
        Sandbox::of(state, self.clock, self.faults, store)
    }
}
