//! A cluster in memory for unit tests: it keeps objects as they are written, notes every call, and
//! fails where it is told to. Nothing of a real server's is in it (no defaults, no field ownership):
//! what depends on those is tested against the sandbox.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use windlass_chart::compat::Compat;
use windlass_kinds::kind;
use windlass_kinds::patch::merge;
use windlass_plan::cluster::{
    DeleteOptions, Error, Listed, LogOptions, Object, Patch, Result, Selection, Status, Version,
    WatchEvent, Write,
};
use windlass_plan::{Cluster, Mapping, ObjectRef};
use windlass_release::{MemoryStore, Time};

use crate::engine::{Clock, Engine, Holders};
use crate::event::{Event, Events};

/// The cluster. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Object>,
    calls: Vec<String>,
    writes: Vec<(String, Write)>,
    refusals: Vec<(String, Error, usize)>,
    watchers: Vec<(String, UnboundedSender<Result<WatchEvent>>)>,
    events: Vec<Event>,
    version: u64,
}

/// An engine over a fake.
pub(crate) fn engine(fake: &Fake, compat: Compat) -> Engine {
    Engine {
        cluster: Arc::new(fake.clone()),
        store: Arc::new(MemoryStore::new(compat)),
        journal: None,
        holder: "unit test".to_owned(),
        holders: Arc::new(Gone),
        auto_recover: false,
        ordering: true,
        clock: Arc::new(Noon),
        events: Arc::new(fake.clone()),
        compat,
        field_manager: "helm".to_owned(),
        namespace: "d".to_owned(),
        cancel: tokio_util::sync::CancellationToken::new(),
    }
}

/// Whoever is called so lives no more.
struct Gone;

impl Holders for Gone {
    fn is_gone(&self, holder: &str) -> bool {
        holder == "gone"
    }
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Time {
        Time::from_unix(43_200, 0)
    }
}

impl Events for Fake {
    fn tell(&self, event: Event) {
        self.state().events.push(event);
    }
}

/// A server's refusal.
pub(crate) fn refusal(code: u16, reason: &str, message: &str) -> Error {
    Error::Refused(Box::new(Status {
        code,
        reason: reason.to_owned(),
        message: message.to_owned(),
        ..Status::default()
    }))
}

pub(crate) fn forbidden() -> Error {
    refusal(403, "Forbidden", "no right to do that")
}

impl Fake {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Puts an object there, as somebody else would.
    pub(crate) fn put(&self, object: Value) {
        let at = reference(&object);
        self.state().store(&at, object);
    }

    /// Takes an object away, as somebody else would.
    pub(crate) fn remove(&self, path: &str) {
        self.state().take(path);
    }

    /// Fails calls that start like this.
    pub(crate) fn refuse(&self, call: &str, error: Error) {
        self.refuse_times(call, error, usize::MAX);
    }

    pub(crate) fn refuse_times(&self, call: &str, error: Error, times: usize) {
        self.state().refusals.push((call.to_owned(), error, times));
    }

    /// The calls since the last time, reads and all.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.state().calls)
    }

    /// The calls since the last time that were to change something.
    pub(crate) fn changes(&self) -> Vec<String> {
        let reads = ["GET", "LIST", "WATCH", "LOGS"];
        let change = |call: &String| !reads.iter().any(|read| call.starts_with(read));
        self.calls().into_iter().filter(change).collect()
    }

    /// What a write said besides the object.
    pub(crate) fn write(&self, call: &str) -> Write {
        let state = self.state();
        state
            .writes
            .iter()
            .find(|(at, _)| at == call)
            .unwrap()
            .1
            .clone()
    }

    pub(crate) fn object(&self, path: &str) -> Option<Object> {
        self.state().objects.get(path).cloned()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        std::mem::take(&mut self.state().events)
    }

    /// The log lines that were told.
    pub(crate) fn log(&self) -> Vec<String> {
        let line = |event| match event {
            Event::Log(log) => Some(log.message),
            _ => None,
        };
        self.events().into_iter().filter_map(line).collect()
    }

    fn called(&self, call: String) -> Result<()> {
        let mut state = self.state();
        let refused = state
            .refusals
            .iter_mut()
            .find(|(start, _, left)| *left > 0 && call.starts_with(start.as_str()));
        let answer = refused.map_or(Ok(()), |(_, error, left)| {
            *left -= 1;
            Err(error.clone())
        });
        state.calls.push(call);
        answer
    }
}

impl State {
    fn store(&mut self, at: &ObjectRef, mut object: Object) -> Object {
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
        let before = self.objects.insert(path(at), object.clone());
        let event = match before {
            None => WatchEvent::Added(object.clone()),
            Some(_) => WatchEvent::Modified(object.clone()),
        };
        self.tell(&at.mapping.plural, &event);
        object
    }

    fn take(&mut self, path: &str) -> Option<Object> {
        let object = self.objects.remove(path)?;
        let plural = path.split_once(' ').unwrap().0.to_owned();
        self.tell(&plural, &WatchEvent::Deleted(object.clone()));
        Some(object)
    }

    fn tell(&mut self, plural: &str, event: &WatchEvent) {
        for (watched, watcher) in &self.watchers {
            if watched == plural {
                drop(watcher.send(Ok(event.clone())));
            }
        }
    }
}

/// `configmaps d/x`
pub(crate) fn path(at: &ObjectRef) -> String {
    format!("{} {}/{}", at.mapping.plural, at.namespace, at.name)
}

pub(crate) fn mapping(api_version: &str, kind: &str) -> Result<Mapping> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let custom = (group == "example.com" && kind == "Widget").then_some(("widgets", true));
    let known = kind::find(group, version, kind).map(|known| (known.plural, known.namespaced));
    let Some((plural, namespaced)) = custom.or(known) else {
        return Err(Error::NoMatch {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
        });
    };
    Ok(Mapping {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        plural: plural.to_owned(),
        namespaced,
    })
}

fn reference(object: &Value) -> ObjectRef {
    let text = |path: &str| {
        let found = object.pointer(path).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    ObjectRef {
        mapping: mapping(&text("/apiVersion"), &text("/kind")).unwrap(),
        namespace: text("/metadata/namespace"),
        name: text("/metadata/name"),
    }
}

fn not_found(at: &ObjectRef) -> Error {
    let message = format!("{} \"{}\" not found", at.mapping.plural, at.name);
    refusal(404, "NotFound", &message)
}

fn selected(selection: &Selection, object: &Object) -> bool {
    let text = |path: &str| {
        object
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let label = |term: &str| {
        let (key, value) = term.split_once('=').unwrap();
        object
            .pointer("/metadata/labels")
            .and_then(|l| l.get(key)?.as_str())
            == Some(value)
    };
    let named = selection.fields.strip_prefix("metadata.name=");
    selection
        .namespace
        .as_deref()
        .is_none_or(|ns| ns == text("/metadata/namespace"))
        && named.is_none_or(|name| name == text("/metadata/name"))
        && selection
            .labels
            .split(',')
            .filter(|term| !term.is_empty())
            .all(label)
}

#[async_trait]
impl Cluster for Fake {
    async fn version(&self) -> Result<Version> {
        Ok(Version::default())
    }

    async fn api_versions(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    async fn mapping(&self, api_version: &str, kind: &str) -> Result<Mapping> {
        mapping(api_version, kind)
    }

    fn forget_mappings(&self) {}

    async fn get(&self, target: &ObjectRef) -> Result<Object> {
        self.called(format!("GET {}", path(target)))?;
        self.object(&path(target)).ok_or_else(|| not_found(target))
    }

    async fn get_table(&self, target: &ObjectRef) -> Result<Object> {
        self.get(target).await
    }

    async fn list(&self, mapping: &Mapping, selection: &Selection) -> Result<Listed> {
        self.called(format!("LIST {}", mapping.plural))?;
        let state = self.state();
        let start = format!("{} ", mapping.plural);
        let of_kind = state
            .objects
            .iter()
            .filter(|(path, _)| path.starts_with(&start));
        let items = of_kind
            .map(|(_, object)| object)
            .filter(|object| selected(selection, object));
        Ok(Listed {
            items: items.cloned().collect(),
            resource_version: state.version.to_string(),
        })
    }

    async fn watch(
        &self,
        mapping: &Mapping,
        selection: &Selection,
        _resource_version: &str,
    ) -> Result<BoxStream<'static, Result<WatchEvent>>> {
        self.called(format!("WATCH {}", mapping.plural))?;
        let (tell, told) = unbounded_channel();
        self.state().watchers.push((mapping.plural.clone(), tell));
        let selection = selection.clone();
        let stream = stream::unfold(told, |mut told| async { Some((told.recv().await?, told)) });
        let wanted = move |event: &Result<WatchEvent>| {
            std::future::ready(match event {
                Ok(WatchEvent::Added(o) | WatchEvent::Modified(o) | WatchEvent::Deleted(o)) => {
                    selected(&selection, o)
                }
                _ => true,
            })
        };
        Ok(stream.filter(wanted).boxed())
    }

    async fn create(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object> {
        let call = format!("POST {}", path(target));
        self.state().writes.push((call.clone(), write.clone()));
        self.called(call)?;
        let mut target = target.clone();
        let mut object = object.clone();
        if target.name.is_empty() {
            let start = object["metadata"]["generateName"]
                .as_str()
                .unwrap()
                .to_owned();
            target.name = format!("{start}1");
            object["metadata"]["name"] = target.name.clone().into();
        }
        if self.object(&path(&target)).is_some() {
            let message = format!(
                "{} \"{}\" already exists",
                target.mapping.plural, target.name
            );
            return Err(refusal(409, "AlreadyExists", &message));
        }
        Ok(self.state().store(&target, object))
    }

    async fn patch(&self, target: &ObjectRef, patch: &Patch, write: &Write) -> Result<Object> {
        let verb = match patch {
            Patch::Apply { force: true, .. } => "FORCE",
            Patch::Apply { .. } => "APPLY",
            Patch::Strategic(_) => "STRATEGIC",
            Patch::Merge(_) => "MERGE",
            Patch::Json(_) => "JSON",
        };
        let call = format!("{verb} {}", path(target));
        self.state().writes.push((call.clone(), write.clone()));
        self.called(call)?;
        let mut live = self.object(&path(target));
        let changed = match patch {
            Patch::Apply { object, .. } => {
                let mut live = live.unwrap_or_else(|| json!({}));
                merge::apply(&mut live, object);
                live
            }
            Patch::Strategic(patch) | Patch::Merge(patch) => {
                let mut live = live.take().ok_or_else(|| not_found(target))?;
                merge::apply(&mut live, patch);
                live
            }
            Patch::Json(_) => live.take().ok_or_else(|| not_found(target))?,
        };
        Ok(self.state().store(target, changed))
    }

    async fn replace(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object> {
        let call = format!("PUT {}", path(target));
        self.state().writes.push((call.clone(), write.clone()));
        self.called(call)?;
        Ok(self.state().store(target, object.clone()))
    }

    async fn delete(&self, target: &ObjectRef, options: &DeleteOptions) -> Result<()> {
        let propagation = options.propagation.unwrap();
        self.called(format!("DELETE {} {propagation:?}", path(target)))?;
        let taken = self.state().take(&path(target));
        taken.map(drop).ok_or_else(|| not_found(target))
    }

    async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let container = &options.container;
        self.called(format!("LOGS {namespace}/{pod} {container}"))?;
        let printed = format!("{container} of {pod}\n");
        Ok(stream::iter([Ok(Bytes::from(printed))]).boxed())
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
