//! Release records in Secrets or ConfigMaps: Helm's drivers, request by request.

mod errors;
mod outline;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;
use windlass_chart::compat::Compat;
use windlass_plan::cluster::{
    Cluster, DeleteOptions, FieldValidation, Mapping, ObjectRef, Selection, Write,
};
use windlass_release::object::{self, Kind};
use windlass_release::{Detail, Release, ReleaseStore, StoreError, name};

use crate::client::Client;
use crate::list::Page;
use errors::Words;

/// The manager of a record's fields: what a server makes of the user agent of both Helms, whose drivers
/// name none.
const MANAGER: &str = "Helm";

/// The time, in seconds since 1970, which records carry as labels.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Records in the objects of one namespace; of all, for listing, where the namespace is empty.
#[derive(Clone)]
pub struct Storage {
    client: Client,
    kind: Kind,
    namespace: String,
    compat: Compat,
    now: Now,
    words: Words,
    /// The object of the record that is created next, and what that record is told by.
    prepared: Arc<Mutex<Option<(String, Value)>>>,
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage")
            .field("kind", &self.kind)
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Storage {
    /// The records of a namespace, kept as the given Helm keeps them.
    #[must_use]
    pub fn new(client: Client, kind: Kind, namespace: &str, compat: Compat) -> Self {
        Self {
            client,
            kind,
            namespace: namespace.to_owned(),
            compat,
            now: Arc::new(|| Timestamp::now().as_second()),
            words: Words(kind),
            prepared: Arc::default(),
        }
    }

    /// This, with a clock of the caller's.
    #[must_use]
    pub fn with_now(mut self, now: Now) -> Self {
        self.now = now;
        self
    }

    fn packed(&self, release: &Release) -> Result<Value, StoreError> {
        object::for_create(self.kind, release, (self.now)(), self.compat)
            .map_err(|error| self.words.create_encode(&release.name, error))
    }

    fn prepared(&self) -> MutexGuard<'_, Option<(String, Value)>> {
        // No code that can panic runs while the lock is held.
        let locked = self.prepared.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }

    fn mapping(&self) -> Mapping {
        let plural = match self.kind {
            Kind::Secret => "secrets",
            Kind::ConfigMap => "configmaps",
        };
        Mapping {
            group: String::new(),
            version: "v1".to_owned(),
            kind: self.kind.name().to_owned(),
            plural: plural.to_owned(),
            namespaced: true,
        }
    }

    fn target(&self, key: &str) -> ObjectRef {
        ObjectRef {
            mapping: self.mapping(),
            namespace: self.namespace.clone(),
            name: key.to_owned(),
        }
    }

    async fn selected(&self, labels: String) -> windlass_plan::cluster::Result<Vec<Value>> {
        let namespace = (!self.namespace.is_empty()).then(|| self.namespace.clone());
        let selection = Selection {
            namespace,
            labels,
            fields: String::new(),
        };
        let listed = self
            .client
            .pages(&self.mapping(), &selection, Page::Whole)
            .await?;
        Ok(listed.items)
    }

    /// The records in objects, those left out that cannot be read. Many are unpacked on several threads.
    async fn read_all(&self, objects: Vec<Value>, detail: Detail) -> Vec<Release> {
        let kind = self.kind;
        let read = move |objects: Vec<Value>| -> Vec<Release> {
            let records = objects.iter().map(|it| object::read(kind, it, detail));
            records.filter_map(Result::ok).collect()
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = objects.len().div_ceil(threads).max(1);
        let mut objects = objects.into_iter().peekable();
        let mut running = Vec::new();
        while objects.peek().is_some() {
            let part: Vec<Value> = objects.by_ref().take(share).collect();
            running.push(tokio::task::spawn_blocking(move || read(part)));
        }
        let mut out = Vec::new();
        for part in running {
            match part.await {
                Ok(records) => out.extend(records),
                // A panic in there is a bug that must be seen as one.
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_) => {}
            }
        }
        out
    }
}

#[async_trait]
impl ReleaseStore for Storage {
    fn driver(&self) -> &'static str {
        self.kind.name()
    }

    async fn get(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        let key = name::key(name, revision);
        let found = self.client.get(&self.target(&key)).await;
        let found = found.map_err(|error| self.words.get(&key, error))?;
        object::read_one(self.kind, &found).map_err(|error| self.words.decode(&key, error))
    }

    async fn list(&self, detail: Detail) -> Result<Vec<Release>, StoreError> {
        if detail != Detail::Full {
            let listed = self.outlines("owner=helm", detail).await;
            return listed.map_err(|error| self.words.list(error));
        }
        let objects = self.selected("owner=helm".to_owned()).await;
        let objects = objects.map_err(|error| self.words.list(error))?;
        Ok(self.read_all(objects, detail).await)
    }

    async fn query(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError> {
        let objects = self.selected(selector(labels)?).await;
        let objects = objects.map_err(|error| self.words.query(error))?;
        if objects.is_empty() {
            return Err(StoreError::NotFound);
        }
        Ok(self.read_all(objects, Detail::Full).await)
    }

    async fn outline(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError> {
        let found = self.outlines(&selector(labels)?, Detail::Summary).await;
        match found.map_err(|error| self.words.query(error))? {
            // Where none can be read, it has to be told whether there are any.
            found if found.is_empty() => self.query(labels).await,
            found => Ok(found),
        }
    }

    async fn newest(&self, labels: &[(&str, &str)]) -> Result<Option<Release>, StoreError> {
        let found = self.newest_of(&selector(labels)?).await;
        match found.map_err(|error| self.words.query(error))? {
            Some(found) if found.is_empty() => Err(StoreError::NotFound),
            Some(found) => Ok(found.into_iter().next()),
            None => {
                let found = self.query(labels).await?;
                Ok(found.into_iter().max_by_key(|release| release.version))
            }
        }
    }

    async fn prepare(&self, release: &Release) -> Result<(), StoreError> {
        let object = self.packed(release)?;
        let length = object::data_len(self.kind, &object);
        if length > object::MAX_DATA {
            let error = errors::too_long(self.kind, &release.key());
            return Err(self.words.create(error));
        }
        *self.prepared() = Some((mark(release), object));
        Ok(())
    }

    async fn create(&self, release: &Release) -> Result<(), StoreError> {
        let prepared = self.prepared().take();
        let object = match prepared.filter(|(of, _)| *of == mark(release)) {
            Some((_, object)) => object,
            None => self.packed(release)?,
        };
        let (target, write) = (self.target(&release.key()), write());
        let written = self.client.create(&target, &object, &write);
        written
            .await
            .map(drop)
            .map_err(|error| self.words.create(error))
    }

    async fn update(&self, release: &Release) -> Result<(), StoreError> {
        let object = object::for_update(self.kind, release, (self.now)(), self.compat)
            .map_err(|error| self.words.update_encode(&release.name, error))?;
        let (target, write) = (self.target(&release.key()), write());
        let written = self.client.replace(&target, &object, &write);
        written
            .await
            .map(drop)
            .map_err(|error| self.words.update(error))
    }

    async fn delete(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        let release = self.get(name, revision).await?;
        let target = self.target(&name::key(name, revision));
        let deleted = self.client.delete(&target, &DeleteOptions::default()).await;
        deleted.map_err(|error| StoreError::Driver(Box::new(error)))?;
        Ok(release)
    }
}

/// What tells a record that is packed ahead from another under its name.
fn mark(release: &Release) -> String {
    let info = &release.info;
    let (key, size) = (release.key(), release.manifest.len());
    let (made, status) = (&info.last_deployed, &info.status);
    format!("{key} {made} {status} {} {size}", info.description)
}

/// Labels as a selector, sorted.
fn selector(labels: &[(&str, &str)]) -> Result<String, StoreError> {
    let mut pairs = Vec::new();
    for (key, value) in labels {
        errors::check_label(value)?;
        pairs.push(format!("{key}={value}"));
    }
    pairs.sort();
    Ok(pairs.join(","))
}

/// Records are written as Helm's clients write: nothing asked of the server but to note the manager.
fn write() -> Write {
    Write {
        field_manager: MANAGER.to_owned(),
        dry_run: false,
        field_validation: FieldValidation::Unset,
    }
}
