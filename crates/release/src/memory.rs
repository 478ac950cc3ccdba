//! [`MemoryStore`]: records that live as long as the process, `HELM_DRIVER=memory`.
//!
//! Records are kept packed, as a cluster would keep them, so that nothing survives here that would
//! not survive there.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use windlass_chart::compat::Compat;
use windlass_chart::dependencies::order::Order;

use crate::codec;
use crate::labels;
use crate::name;
use crate::release::Release;
use crate::store::{Detail, ReleaseStore, StoreError};

/// A store in memory, of one namespace.
#[derive(Debug, Default)]
pub struct MemoryStore {
    compat: Compat,
    records: Mutex<BTreeMap<String, Kept>>,
}

/// A packed record. Helm's memory driver gives back the very release it was given, so labels are
/// kept as they came, beside those it searches by.
#[derive(Debug, Clone)]
struct Kept {
    packed: String,
    labels: BTreeMap<String, String>,
    searched: BTreeMap<String, String>,
    order: Order,
}

impl MemoryStore {
    /// An empty store that keeps records as the given Helm would.
    #[must_use]
    pub fn new(compat: Compat) -> Self {
        Self {
            compat,
            records: Mutex::default(),
        }
    }

    fn records(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        // No code that can panic runs while the lock is held.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, release: &Release) -> Result<Kept, codec::EncodeError> {
        Ok(Kept {
            packed: codec::encode(release, self.compat)?,
            labels: release.labels.clone(),
            searched: labels::identity(release).into(),
            order: release.order.clone(),
        })
    }
}

impl Kept {
    fn release(&self, key: &str, detail: Detail) -> Result<Release, StoreError> {
        let decoded = codec::decode_to(self.packed.as_bytes(), detail);
        let mut release = decoded.map_err(|e| StoreError::Decode {
            key: key.to_owned(),
            cause: e.into(),
        })?;
        release.labels = self.labels.clone();
        release.order = self.order.clone();
        Ok(release)
    }
}

#[async_trait]
impl ReleaseStore for MemoryStore {
    fn driver(&self) -> &'static str {
        "Memory"
    }

    async fn get(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        let key = name::key(name, revision);
        let records = self.records();
        let kept = records.get(&key).ok_or(StoreError::NotFound)?;
        kept.release(&key, Detail::Full)
    }

    async fn list(&self, detail: Detail) -> Result<Vec<Release>, StoreError> {
        let records = self.records();
        let all = records.iter().map(|(key, kept)| kept.release(key, detail));
        all.collect()
    }

    async fn query(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError> {
        let records = self.records();
        let has = |kept: &Kept, (key, value): &(&str, &str)| {
            kept.searched.get(*key).map_or("", String::as_str) == *value
        };
        let found = records
            .iter()
            .filter(|(_, kept)| labels.iter().all(|label| has(kept, label)))
            .map(|(key, kept)| kept.release(key, Detail::Full))
            .collect::<Result<Vec<_>, _>>()?;
        if found.is_empty() {
            return Err(StoreError::NotFound);
        }
        Ok(found)
    }

    async fn create(&self, release: &Release) -> Result<(), StoreError> {
        let kept = self.keep(release).map_err(|e| StoreError::CreateEncode {
            name: release.name.clone(),
            cause: e.into(),
        })?;
        let mut records = self.records();
        if records.contains_key(&release.key()) {
            return Err(StoreError::AlreadyExists);
        }
        records.insert(release.key(), kept);
        Ok(())
    }

    async fn update(&self, release: &Release) -> Result<(), StoreError> {
        let kept = self.keep(release).map_err(|e| StoreError::UpdateEncode {
            name: release.name.clone(),
            cause: e.into(),
        })?;
        let mut records = self.records();
        let there = records.get_mut(&release.key());
        *there.ok_or(StoreError::NotFound)? = kept;
        Ok(())
    }

    async fn delete(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        let key = name::key(name, revision);
        let kept = self.records().remove(&key).ok_or(StoreError::NotFound)?;
        kept.release(&key, Detail::Full)
    }
}
