//! Everything the sandbox knows, and nothing that moves by itself: objects, the counter of
//! revisions, the log that watches read, work that controllers have yet to do, deadlines.
//!
//! Writes with the API server's rules (defaults, validation, managed fields) are in
//! [`crate::registry`]; here a write is a store of a finished object.

mod log;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::Catalog;
use crate::clock::Moment;
use crate::lifecycle::serve_definitions;
use crate::random::Random;

pub(crate) use log::{Entry, Happening, Log};
pub(crate) use work::{Task, Work};

/// Objects of one resource. The key is `namespace/name`, or `name` where there are no namespaces,
/// so that the order is the order of a real server's store.
type Shelf = BTreeMap<String, Arc<Value>>;

/// The resource whose objects decide what is served.
const DEFINITIONS: &str = "customresourcedefinitions.apiextensions.k8s.io";

/// The whole of a sandbox.
///
/// Resources are named as the server names them in messages: `deployments.apps`, or `pods` in the core
/// group. Every object is stored once, in the version that [`Catalog`] calls the storage version.
pub(crate) struct State {
    pub(crate) catalog: Catalog,
    pub(crate) random: Random,
    pub(crate) log: Log,
    pub(crate) work: Work,
    shelves: BTreeMap<Arc<str>, Shelf>,
    revision: u64,
    now: Moment,
}

/// What of a state is written to a file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) revision: u64,
    pub(crate) now: Moment,
    pub(crate) random: Random,
    pub(crate) work: Work,
    pub(crate) objects: BTreeMap<String, Vec<Arc<Value>>>,
}

/// What happened to a state from one revision to another.
#[derive(Serialize, Deserialize)]
pub(crate) struct Batch {
    from: u64,
    to: u64,
    now: Moment,
    random: Random,
    work: Work,
    writes: Vec<Write>,
}

#[derive(Serialize, Deserialize)]
struct Write {
    resource: String,
    gone: bool,
    object: Arc<Value>,
}

impl State {
    /// Nothing yet, not even a namespace.
    pub(crate) fn empty(now: Moment, random: Random) -> Self {
        Self {
            catalog: Catalog::builtin(),
            random,
            log: Log::default(),
            work: Work::default(),
            shelves: BTreeMap::new(),
            revision: 1,
            now,
        }
    }

    /// The moment this state has been advanced to.
    pub(crate) fn now(&self) -> Moment {
        self.now
    }

    /// Goes on; never back.
    pub(crate) fn set_now(&mut self, now: Moment) {
        self.now = self.now.max(now);
    }

    /// Goes on from another revision, and forgets what happened before it.
    pub(crate) fn skip_to(&mut self, revision: u64) {
        self.revision = self.revision.max(revision);
        self.log.forget(self.revision);
    }

    /// The revision of the last write.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// One object; `namespace` is empty where there are none.
    pub(crate) fn get(&self, resource: &str, namespace: &str, name: &str) -> Option<&Arc<Value>> {
        self.shelves.get(resource)?.get(&key(namespace, name))
    }

    /// Objects in the order of the store, of one namespace or of all.
    pub(crate) fn list<'a>(
        &'a self,
        resource: &str,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<Value>> + use<'a> {
        self.list_after(resource, namespace, None)
            .map(|(_, object)| object)
    }

    /// As [`Self::list`], with keys, beginning behind the key `after`.
    pub(crate) fn list_after<'a>(
        &'a self,
        resource: &str,
        namespace: Option<&str>,
        after: Option<&str>,
    ) -> impl Iterator<Item = (&'a String, &'a Arc<Value>)> + use<'a> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let (low, high) = match namespace {
            // '0' is the character after '/'.
            Some(ns) => (Included(format!("{ns}/")), Excluded(format!("{ns}0"))),
            None => (Unbounded, Unbounded),
        };
        let low = after.map_or(low, |key| Excluded(key.to_owned()));
        self.shelves
            .get(resource)
            .into_iter()
            .flat_map(move |shelf| shelf.range::<String, _>((low.clone(), high.clone())))
    }

    /// Stores an object under the next revision, tells watches and controllers, and returns what was
    /// stored.
    pub(crate) fn put(&mut self, resource: &str, mut object: Value) -> Arc<Value> {
        self.revision += 1;
        object["metadata"]["resourceVersion"] = self.revision.to_string().into();
        let (namespace, name) = identity(&object);
        let path = key(namespace, name);
        let object = Arc::new(object);
        let resource = self.interned(resource);
        let shelf = self.shelves.entry(Arc::clone(&resource)).or_default();
        let previous = shelf.insert(path, Arc::clone(&object));
        self.reflect(&resource);
        self.tell(Entry {
            revision: self.revision,
            resource,
            happening: match previous {
                None => Happening::Added,
                Some(_) => Happening::Modified,
            },
            object: Arc::clone(&object),
            previous,
        });
        object
    }

    /// Takes an object away; what is returned carries the revision of its removal.
    pub(crate) fn remove(
        &mut self,
        resource: &str,
        namespace: &str,
        name: &str,
    ) -> Option<Arc<Value>> {
        let resource = self.interned(resource);
        let previous = self
            .shelves
            .get_mut(&resource)?
            .remove(&key(namespace, name))?;
        self.reflect(&resource);
        self.revision += 1;
        let mut last = Value::clone(&previous);
        last["metadata"]["resourceVersion"] = self.revision.to_string().into();
        let object = Arc::new(last);
        self.tell(Entry {
            revision: self.revision,
            resource,
            happening: Happening::Deleted,
            object: Arc::clone(&object),
            previous: Some(previous),
        });
        Some(object)
    }

    /// What goes to a file.
    pub(crate) fn saved(&self) -> Saved {
        let objects = self.shelves.iter().map(|(resource, shelf)| {
            let objects = shelf.values().map(Arc::clone).collect();
            (resource.to_string(), objects)
        });
        Saved {
            revision: self.revision,
            now: self.now,
            random: self.random.clone(),
            work: self.work.clone(),
            objects: objects.collect(),
        }
    }

    /// What came from a file.
    pub(crate) fn restored(saved: Saved) -> Self {
        let mut state = Self::empty(saved.now, saved.random);
        state.revision = saved.revision;
        state.work = saved.work;
        state.log.forget(saved.revision);
        for (resource, objects) in saved.objects {
            let shelf = objects.into_iter().map(|object| {
                let (namespace, name) = identity(&object);
                (key(namespace, name), object)
            });
            let shelf = shelf.collect();
            state.shelves.insert(resource.into(), shelf);
        }
        state.reflect(DEFINITIONS);
        state
    }

    /// What happened after `revision`, if all of that is still known.
    pub(crate) fn since(&self, revision: u64) -> Option<Batch> {
        let entries = self.log.after(revision).ok()?;
        let writes = entries.map(|entry| Write {
            resource: entry.resource.to_string(),
            gone: entry.happening == Happening::Deleted,
            object: Arc::clone(&entry.object),
        });
        Some(Batch {
            from: revision,
            to: self.revision,
            now: self.now,
            random: self.random.clone(),
            work: self.work.clone(),
            writes: writes.collect(),
        })
    }

    /// Lets happen again what happened; says whether it fits. What is older than the state is in it already.
    pub(crate) fn replay(&mut self, batch: Batch) -> bool {
        if batch.to <= self.revision {
            return true;
        }
        if batch.from != self.revision {
            return false;
        }
        for write in batch.writes {
            let (namespace, name) = identity(&write.object);
            let path = key(namespace, name);
            let resource = self.interned(&write.resource);
            let shelf = self.shelves.entry(Arc::clone(&resource)).or_default();
            if write.gone {
                shelf.remove(&path);
            } else {
                shelf.insert(path, write.object);
            }
            self.reflect(&resource);
        }
        self.revision = batch.to;
        self.now = batch.now;
        self.random = batch.random;
        self.work = batch.work;
        self.log.forget(batch.to);
        true
    }

    /// What the catalog serves follows what is stored.
    fn reflect(&mut self, resource: &str) {
        if resource == DEFINITIONS {
            let definitions = self.shelves.get(DEFINITIONS);
            let definitions = definitions.into_iter().flat_map(BTreeMap::values);
            serve_definitions(&mut self.catalog, definitions);
        }
    }

    fn interned(&self, resource: &str) -> Arc<str> {
        match self.shelves.get_key_value(resource) {
            Some((known, _)) => Arc::clone(known),
            None => resource.into(),
        }
    }

    fn tell(&mut self, entry: Entry) {
        self.work.heard(entry.clone());
        self.log.push(entry);
    }
}

/// Where an object lies on its shelf.
pub(crate) fn key(namespace: &str, name: &str) -> String {
    if namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}/{name}")
    }
}

/// Namespace and name of an object; empty where it has none.
pub(crate) fn identity(object: &Value) -> (&str, &str) {
    let text = |key| object["metadata"][key].as_str().unwrap_or_default();
    (text("namespace"), text("name"))
}
