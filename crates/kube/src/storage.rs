//! Release records in Secrets or ConfigMaps: Helm's drivers, request by request.

mod errors;
mod outline;
mod pages;
mod stored;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use http::Method;
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;
use windlass_chart::compat::Compat;
use windlass_plan::cluster::{
    Cluster as _, DeleteOptions, FieldValidation, Mapping, ObjectRef, Write,
};
use windlass_release::codec::Packer;
use windlass_release::object::{self, Kind};
use windlass_release::{Detail, Release, ReleaseStore, Status, StoreError, name};

use crate::client::Client;
use crate::cluster::{self, about};
use errors::Words;
use pages::Size;

/// The manager of a record's fields: what a server makes of the user agent of both Helms, whose drivers
/// name none.
const MANAGER: &str = "Helm";

/// Whole records that are kept, so that there is no point in small pages.
const FULL_PAGES: Size = Size {
    first: 32,
    bytes: 8 << 20,
};

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
    packer: Arc<Mutex<Packer>>,
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
            packer: Arc::default(),
        }
    }

    /// This, with a clock of the caller's.
    #[must_use]
    pub fn with_now(mut self, now: Now) -> Self {
        self.now = now;
        self
    }

    fn packed(&self, release: &Release) -> Result<Value, StoreError> {
        let packer = &mut self.packer();
        object::for_create(self.kind, release, (self.now)(), self.compat, packer)
            .map_err(|error| self.words.create_encode(&release.name, error))
    }

    fn prepared(&self) -> MutexGuard<'_, Option<(String, Value)>> {
        // No code that can panic runs while the lock is held.
        let locked = self.prepared.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }

    fn packer(&self) -> MutexGuard<'_, Packer> {
        // Parts are known only once they are packed as a whole.
        let locked = self.packer.lock();
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

    async fn deleted(&self, name: &str, revision: i64) -> windlass_plan::cluster::Result<()> {
        let target = self.target(&name::key(name, revision));
        self.client.delete(&target, &DeleteOptions::default()).await
    }

    /// The records with these labels; `None` for those that cannot be read.
    async fn selected(&self, labels: &str) -> windlass_plan::cluster::Result<Vec<Option<Release>>> {
        let kind = self.kind;
        let list = self.list_of(labels, stored::WHOLE);
        let pages = self.pages(&list, FULL_PAGES, move |body| {
            let found = stored::many(kind, body)?.into_iter();
            let records =
                found.map(|it| object::read_payload(&it.metadata, it.payload(), Detail::Full));
            Ok(records.map(Result::ok).collect())
        });
        pages.await
    }
}

#[async_trait]
impl ReleaseStore for Storage {
    fn driver(&self) -> &'static str {
        self.kind.name()
    }

    async fn get(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        let key = name::key(name, revision);
        let mut request = about(Method::GET, &self.target(&key));
        (request.accept, request.plain) = (stored::WHOLE, true);
        let body = self.client.whole(&request).await;
        let (_, body) = body.map_err(|error| self.words.get(&key, error))?;
        let found = stored::one(self.kind, &body).map_err(|error| self.words.get(&key, error))?;
        let read = object::read_payload(&found.metadata, found.payload(), Detail::Full);
        read.map(object::as_one)
            .map_err(|error| self.words.decode(&key, error))
    }

    async fn list(&self, detail: Detail) -> Result<Vec<Release>, StoreError> {
        if detail != Detail::Full {
            let listed = self.outlines("owner=helm", detail).await;
            return listed.map_err(|error| self.words.list(error));
        }
        let found = self.selected("owner=helm").await;
        let found = found.map_err(|error| self.words.list(error))?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn query(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError> {
        let found = self.selected(&selector(labels)?).await;
        let found = found.map_err(|error| self.words.query(error))?;
        if found.is_empty() {
            return Err(StoreError::NotFound);
        }
        Ok(found.into_iter().flatten().collect())
    }

    async fn outline(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError> {
        let found = self.outlines(&selector(labels)?, Detail::Summary).await;
        match found.map_err(|error| self.words.query(error))? {
            // Where none can be read, it has to be told whether there are any.
            found if found.is_empty() => self.query(labels).await,
            found => Ok(found),
        }
    }

    async fn revisions(&self, labels: &[(&str, &str)]) -> Result<Vec<(i64, Status)>, StoreError> {
        let told = self.standing(&selector(labels)?).await;
        match told.map_err(|error| self.words.query(error))? {
            Some(told) if told.is_empty() => Err(StoreError::NotFound),
            Some(told) => Ok(told),
            None => {
                let found = self.query(labels).await?.into_iter();
                Ok(found.map(|it| (it.version, it.info.status)).collect())
            }
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
        let target = self.target(&release.key());
        let mut request = cluster::creation(&target, &object, &write())
            .map_err(|error| self.words.create(error))?;
        request.plain = true;
        let written = self.client.create_by(&request, &target, &object);
        written
            .await
            .map(drop)
            .map_err(|error| self.words.create(error))
    }

    async fn update(&self, release: &Release) -> Result<(), StoreError> {
        let now = (self.now)();
        let object = object::for_update(self.kind, release, now, self.compat, &mut self.packer());
        let object = object.map_err(|error| self.words.update_encode(&release.name, error))?;
        let target = self.target(&release.key());
        let mut request = cluster::replacement(&target, &object, &write())
            .map_err(|error| self.words.update(error))?;
        request.plain = true;
        let written = self.client.whole(&request);
        written
            .await
            .map(drop)
            .map_err(|error| self.words.update(error))
    }

    async fn delete(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        let release = self.get(name, revision).await?;
        let deleted = self.deleted(name, revision).await;
        deleted.map_err(|error| StoreError::Driver(Box::new(error)))?;
        Ok(release)
    }

    async fn remove(&self, name: &str, revision: i64) -> Result<(), StoreError> {
        let deleted = self.deleted(name, revision).await;
        deleted.map_err(|error| match error.is_not_found() {
            true => StoreError::NotFound,
            false => StoreError::Driver(Box::new(error)),
        })
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

/// Records are written as Helm's clients write: nothing asked of the server but to note the manager. It need
/// not send them back.
fn write() -> Write {
    Write {
        field_manager: MANAGER.to_owned(),
        dry_run: false,
        field_validation: FieldValidation::Unset,
        brief: true,
    }
}
