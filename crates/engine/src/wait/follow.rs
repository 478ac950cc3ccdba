//! Following objects: what is seen of each, from now on.
//!
//! Objects of one kind and namespace are listed and then watched together; a lone one by its name,
//! which needs no right to see others. Where listing or watching is forbidden, each object is read again
//! and again.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::mpsc::UnboundedSender;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Error, Mapping, Object, Selection};

use super::WaitError;
use super::stream::{Sink, stream};
use crate::engine::Engine;
use crate::event::Level;
use crate::objects::{get, gvk};

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

/// Tells what is seen of objects, without end. `warned` says whether the user knows already that some
/// may not be watched.
pub(super) async fn follow(
    engine: &Engine,
    objects: &[ObjectRef],
    warned: AtomicBool,
    tell: UnboundedSender<Sight>,
) {
    let mut groups: HashMap<(&Mapping, &str), HashMap<&str, Vec<usize>>> = HashMap::new();
    for (at, object) in objects.iter().enumerate() {
        let group = groups
            .entry((&object.mapping, &object.namespace))
            .or_default();
        group.entry(&object.name).or_default().push(at);
    }
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
        let cluster = &*self.engine.cluster;
        let mapping = self.mapping;
        let error = stream(cluster, mapping, &selection, &mut self).await;
        if error.is_forbidden() {
            self.read_again_and_again(error).await;
        }
        // Else the kind is no longer served: nothing will be seen of its objects.
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
            self.engine.log(Level::Own, message, vec![("error", error)]);
        }
        let cluster = &*self.engine.cluster;
        let mut pause = FIRST_READ;
        loop {
            for name in self.names.keys().copied().collect::<Vec<_>>() {
                let at = ObjectRef {
                    mapping: self.mapping.clone(),
                    namespace: self.namespace.to_owned(),
                    name: name.to_owned(),
                };
                match get(cluster, &at).await {
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
            cluster.sleep(pause).await;
            pause = (pause * 2).min(LAST_READ);
        }
    }
}

impl Sink for Follower<'_> {
    fn all(&mut self, objects: Vec<Object>) {
        let before = std::mem::take(&mut self.there);
        for object in &objects {
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

    fn one(&mut self, object: Object) {
        self.see_object(&object);
    }

    fn gone(&mut self, object: Object) {
        if let Some(name) = object.pointer("/metadata/name").and_then(Object::as_str) {
            self.there.remove(name);
            self.see_missing(name, true);
        }
    }
}
