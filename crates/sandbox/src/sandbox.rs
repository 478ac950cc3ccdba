//! The sandbox as its users hold it: a handle that answers requests, and may keep its state in a file.

mod builder;
mod faults;
mod file;
mod journal;
mod serve;
mod service;
mod stream;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::{Clock, Moment};
use crate::engine;
use crate::http::{self as api, Answer};
use crate::lifecycle;
use crate::random::Random;
use crate::state::State;

pub use builder::Builder;
pub use faults::{Call, Effect, Rule};
pub use file::{Error, Holder};
pub use serve::Server;
pub use service::{Body, BoxError, Service};

use faults::Faults;
use file::Store;
use journal::Noted;

/// An embedded cluster. Clones are handles to the same one.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    clock: Box<dyn Clock>,
    /// The revision of the state, for whoever waits for it to move.
    moved: tokio::sync::watch::Sender<u64>,
    faults: Mutex<Faults>,
    store: Option<Store>,
}

impl Sandbox {
    /// A fresh cluster that lives as long as its handles.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::builder().build()
    }

    /// The cluster in a file, made if it is not there, and locked until the last handle is dropped.
    ///
    /// # Errors
    /// When the file is in use, unreadable, not a sandbox, or of a newer format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::builder().open(path)
    }

    /// A cluster to be told about first.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// What a Kubernetes client is given in place of a connection.
    #[must_use]
    pub fn service(&self) -> Service {
        Service::of(self.clone())
    }

    /// Writes the state to its file; a cluster in memory has none.
    ///
    /// # Errors
    /// When the file cannot be written. The old one is whole then.
    pub fn save(&self) -> Result<(), Error> {
        let Some(store) = &self.inner.store else {
            return Ok(());
        };
        let saved = {
            let mut state = self.state();
            engine::advance(&mut state, self.inner.clock.now());
            // What is saved ends where a line ends.
            store.journal.note(&state);
            state.saved()
        };
        store.write(&saved)
    }

    /// Throws everything away and begins anew; a file is written at once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn reset(&self) -> Result<(), Error> {
        {
            let mut state = self.state();
            let seed = state.random.next();
            let revision = state.revision();
            *state = fresh(self.inner.clock.now(), seed);
            // Watches of before are told to begin again.
            state.skip_to(revision + 1);
        }
        self.tell();
        self.save()
    }

    /// The last 10,000 requests, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.faults().calls()
    }

    /// Forgets the requests so far, so that what follows can be counted by itself.
    pub fn forget_calls(&self) {
        self.faults().forget();
    }

    /// From now on, requests that match meet this.
    pub fn fail(&self, rule: Rule) {
        self.faults().add(rule);
    }

    /// The moment it is in there.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    fn of(state: State, clock: Box<dyn Clock>, faults: Faults, store: Option<Store>) -> Self {
        Self {
            inner: Arc::new(Inner {
                moved: tokio::sync::watch::Sender::new(state.revision()),
                state: Mutex::new(state),
                clock,
                faults: Mutex::new(faults),
                store,
            }),
        }
    }

    fn answer(&self, request: &api::Request) -> Answer {
        let mut state = self.state();
        engine::advance(&mut state, self.inner.clock.now());
        let answer = api::handle(&mut state, request);
        engine::settle(&mut state);
        self.note(&state);
        drop(state);
        self.tell();
        answer
    }

    /// Brings the state to the present and looks at it.
    fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        let seen = {
            let mut state = self.state();
            engine::advance(&mut state, self.inner.clock.now());
            look(&state)
        };
        self.tell();
        seen
    }

    /// Keeps what happened, lest it be lost when this program is killed.
    fn note(&self, state: &State) {
        if let Some(store) = &self.inner.store
            && store.journal.note(state) == Noted::WantsAll
        {
            // What is wrong with the file is told by the last save.
            let _ = store.write(&state.saved());
        }
    }

    /// Wakes whoever waits, if something was written.
    fn tell(&self) {
        let revision = self.state().revision();
        self.inner.moved.send_if_modified(|known| {
            let moved = *known != revision;
            *known = revision;
            moved
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves whole objects behind: every write is one insertion.
        let state = self.inner.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        let faults = self.inner.faults.lock();
        faults.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A state with what every cluster has.
fn fresh(now: Moment, seed: u64) -> State {
    let mut state = State::empty(now, Random::seeded(seed));
    lifecycle::furnish(&mut state);
    engine::settle(&mut state);
    state
}
