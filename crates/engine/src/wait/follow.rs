//! Following objects: what is seen of each, from now on.
//!
//! Objects of one kind and namespace are listed and then watched together; a lone one by its name,
//! which needs no right to see others. Watches that end are taken up again where they ended; a list
//! starts anew where the server has forgotten that point. Where listing or watching is forbidden,
//! each object is read again and again.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::mpsc::UnboundedSender;
use windlass_plan::cluster::{Error, Mapping, Object, Selection, WatchEvent};
use windlass_plan::{Cluster, ObjectRef};

use super::WaitError;
use crate::engine::Engine;
use crate::event::Level;
use crate::objects::{get, gvk};

/// Between attempts to list, where the server fails: doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(800);
const LAST_PAUSE: Duration = Duration::from_secs(30);
/// Between reads where nothing can be watched: doubled each time.
const FIRST_READ: Duration = Duration::from_secs(1);
const LAST_READ: Duration = Duration::from_secs(10);

/// What is seen of an object; `at` is its place among those that are followed.
#[derive(Debug)]
pub(super) enum Sight {
    /// It is there, like this.
    There { at: usize, object: Object },
    /// It was there and is gone.
    Gone { at: usize },
    /// It is not there.
    Absent { at: usize },
    /// It cannot be seen at all.
    Blind(WaitError),
}

/// Tells what is seen of objects, without end.
pub(super) async fn follow(engine: &Engine, objects: &[ObjectRef], tell: UnboundedSender<Sight>) {
    let mut groups: HashMap<(&Mapping, &str), HashMap<&str, Vec<usize>>> = HashMap::new();
    for (at, object) in objects.iter().enumerate() {
        let group = groups
            .entry((&object.mapping, &object.namespace))
            .or_default();
        group.entry(&object.name).or_default().push(at);
    }
    let warned = AtomicBool::new(false);
    let followers = groups
        .into_iter()
        .map(|((mapping, namespace), names)| Follower {
            engine,
            warned: &warned,
            mapping,
            namespace,
            names,
            there: HashSet::new(),
            tell: &tell,
        });
    join_all(followers.map(Follower::run)).await;
    // Nothing more is told, but what was seen is still good.
    std::future::pending::<()>().await;
}

/// Follows objects of one kind and namespace.
struct Follower<'a> {
    engine: &'a Engine,
    /// Whether it was said that something cannot be watched: once is enough.
    warned: &'a AtomicBool,
    mapping: &'a Mapping,
    namespace: &'a str,
    /// Places by name.
    names: HashMap<&'a str, Vec<usize>>,
    /// The names of those that were there when last seen.
    there: HashSet<String>,
    tell: &'a UnboundedSender<Sight>,
}

impl Follower<'_> {
    async fn run(mut self) {
        let selection = self.selection();
        let mut pause = FIRST_PAUSE;
        loop {
            let error = match self.list_and_watch(&selection).await {
                Ok(()) => {
                    pause = FIRST_PAUSE;
                    continue;
                }
                Err(error) => error,
            };
            if error.is_forbidden() {
                return self.read_again_and_again(error).await;
            }
            if error.is_not_found() {
                // The kind is no longer served: nothing will be seen of its objects.
                return;
            }
            self.cluster().sleep(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    fn cluster(&self) -> &dyn Cluster {
        &*self.engine.cluster
    }

    fn selection(&self) -> Selection {
        let alone = (self.names.len() == 1)
            .then(|| self.names.keys().next())
            .flatten();
        Selection {
            namespace: self.mapping.namespaced.then(|| self.namespace.to_owned()),
            labels: String::new(),
            fields: alone.map_or_else(String::new, |name| format!("metadata.name={name}")),
        }
    }

    /// Lists once and watches until the server has forgotten where the watch was.
    async fn list_and_watch(&mut self, selection: &Selection) -> Result<(), Error> {
        let listed = self.cluster().list(self.mapping, selection).await?;
        self.see_all(&listed.items);
        let mut version = listed.resource_version;
        loop {
            let watch = self
                .cluster()
                .watch(self.mapping, selection, &version)
                .await;
            let mut events = match watch {
                Err(error) if error.is_expired() => return Ok(()),
                other => other?,
            };
            let before = version.clone();
            while let Some(event) = events.next().await {
                match event {
                    Ok(event) => self.see(event, &mut version),
                    Err(error) if error.is_expired() => return Ok(()),
                    Err(_) => break,
                }
            }
            if before == version {
                // A server that ends watches at once must not be asked in a tight loop.
                self.cluster().sleep(FIRST_PAUSE).await;
            }
        }
    }

    fn see_all(&mut self, items: &[Object]) {
        let before = std::mem::take(&mut self.there);
        for object in items {
            self.see_object(object);
        }
        let missing: Vec<String> = self
            .names
            .keys()
            .filter(|name| !self.there.contains(**name))
            .map(|name| (*name).to_owned())
            .collect();
        for name in missing {
            self.see_missing(&name, before.contains(&name));
        }
    }

    fn see(&mut self, event: WatchEvent, version: &mut String) {
        let noted = |object: &Object, version: &mut String| {
            if let Some(found) = object.pointer("/metadata/resourceVersion") {
                found.as_str().unwrap_or_default().clone_into(version);
            }
        };
        match event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) => {
                noted(&object, version);
                self.see_object(&object);
            }
            WatchEvent::Deleted(object) => {
                noted(&object, version);
                if let Some(name) = object.pointer("/metadata/name").and_then(Object::as_str) {
                    self.there.remove(name);
                    self.see_missing(name, true);
                }
            }
            WatchEvent::Bookmark(at) => *version = at,
        }
    }

    fn see_object(&mut self, object: &Object) {
        let name = object.pointer("/metadata/name").and_then(Object::as_str);
        let Some((name, places)) = name.and_then(|name| self.names.get_key_value(name)) else {
            return;
        };
        self.there.insert((*name).to_owned());
        for &at in places {
            let object = object.clone();
            self.tell(Sight::There { at, object });
        }
    }

    fn see_missing(&self, name: &str, was_there: bool) {
        for &at in self.names.get(name).into_iter().flatten() {
            self.tell(match was_there {
                true => Sight::Gone { at },
                false => Sight::Absent { at },
            });
        }
    }

    fn tell(&self, sight: Sight) {
        // Whoever no longer listens has seen enough.
        drop(self.tell.send(sight));
    }

    async fn read_again_and_again(&mut self, forbidden: Error) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            let message = "objects cannot be watched, reading them again and again instead";
            let error = forbidden.to_string();
            self.engine
                .log(Level::Warn, message, vec![("error", error)]);
        }
        let mut pause = FIRST_READ;
        loop {
            for name in self.names.keys().copied().collect::<Vec<_>>() {
                let at = ObjectRef {
                    mapping: self.mapping.clone(),
                    namespace: self.namespace.to_owned(),
                    name: name.to_owned(),
                };
                match get(self.cluster(), &at).await {
                    Ok(object) => self.see_object(&object),
                    Err(error) if error.is_not_found() => {
                        let was_there = self.there.remove(name);
                        self.see_missing(name, was_there);
                    }
                    Err(error) if error.is_forbidden() => {
                        return self.tell(Sight::Blind(WaitError::Unreadable {
                            kind: gvk(self.mapping),
                            cause: forbidden,
                        }));
                    }
                    Err(_) => {}
                }
            }
            self.cluster().sleep(pause).await;
            pause = (pause * 2).min(LAST_READ);
        }
    }
}
