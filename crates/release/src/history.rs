//! [`History`]: Helm's rules above any store of records: which revision is the last, which is
//! deployed, and which make room for a new one.

use crate::release::Release;
use crate::store::{Detail, ReleaseStore, StoreError};
use crate::words::Status;

/// A store seen as histories of releases.
#[derive(Clone, Copy)]
pub struct History<'a> {
    store: &'a dyn ReleaseStore,
    /// How many revisions of a release to keep, the newest included; 0 or less: all.
    limit: i64,
}

impl<'a> History<'a> {
    /// A store whose histories keep at most `limit` revisions; 0 keeps all.
    #[must_use]
    pub fn new(store: &'a dyn ReleaseStore, limit: i64) -> Self {
        Self { store, limit }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &'a dyn ReleaseStore {
        self.store
    }

    /// One revision.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn get(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        self.store.get(name, revision).await
    }

    /// All records of all releases.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn list(&self, detail: Detail) -> Result<Vec<Release>, StoreError> {
        self.store.list(detail).await
    }

    /// Stores a new revision, after making room for it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn create(&self, release: &Release) -> Result<(), StoreError> {
        self.store.prepare(release).await?;
        if self.limit > 0 {
            match self.prune(&release.name, self.limit - 1).await {
                Ok(()) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        self.store.create(release).await
    }

    /// Stores a revision over what is there.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn update(&self, release: &Release) -> Result<(), StoreError> {
        self.store.update(release).await
    }

    /// Deletes a revision.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn delete(&self, name: &str, revision: i64) -> Result<Release, StoreError> {
        self.store.delete(name, revision).await
    }

    /// All revisions of a release, oldest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there are none.
    pub async fn of(&self, name: &str) -> Result<Vec<Release>, StoreError> {
        let found = self.store.query(&[("name", name), ("owner", "helm")]).await;
        found.map(by_revision)
    }

    /// The newest revision.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none, [`StoreError::NoRevision`] when none can be read.
    pub async fn last(&self, name: &str) -> Result<Release, StoreError> {
        match self
            .store
            .newest(&[("name", name), ("owner", "helm")])
            .await?
        {
            Some(newest) => Ok(newest),
            None => Err(StoreError::NoRevision(name.to_owned())),
        }
    }

    /// What lists show of all revisions of a release, oldest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there are none.
    pub async fn outline(&self, name: &str) -> Result<Vec<Release>, StoreError> {
        let labels = [("name", name), ("owner", "helm")];
        self.store.outline(&labels).await.map(by_revision)
    }

    /// All revisions that are marked as deployed, oldest first.
    ///
    /// # Errors
    /// [`StoreError::NoDeployed`] when there are none.
    pub async fn deployed_all(&self, name: &str) -> Result<Vec<Release>, StoreError> {
        let labels = [("name", name), ("owner", "helm"), ("status", "deployed")];
        match self.store.query(&labels).await {
            Ok(found) => Ok(by_revision(found)),
            // Helm looks for the words, so that an API's answer of another kind counts too.
            Err(error) if error.text().contains("not found") => {
                Err(StoreError::NoDeployed(name.to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// The newest revision that is marked as deployed.
    ///
    /// # Errors
    /// [`StoreError::NoDeployed`] when there is none.
    pub async fn deployed(&self, name: &str) -> Result<Release, StoreError> {
        let none = || StoreError::NoDeployed(name.to_owned());
        self.deployed_all(name).await?.pop().ok_or_else(none)
    }

    /// Deletes the oldest revisions until so many are left. The newest deployed one stays: it is
    /// what a rollback needs.
    async fn prune(&self, name: &str, keep: i64) -> Result<(), StoreError> {
        let labels = [("name", name), ("owner", "helm")];
        let mut all = self.store.revisions(&labels).await?;
        all.sort_by_key(|(revision, _)| *revision);
        let keep = usize::try_from(keep).unwrap_or(0);
        if all.len() <= keep {
            return Ok(());
        }
        let is_deployed = |(_, status): &&(i64, Status)| *status == Status::Deployed;
        let deployed = all.iter().rev().find(is_deployed).map(|(it, _)| *it);
        let revisions = all.iter().map(|(revision, _)| *revision);
        let mut errors = Vec::new();
        for revision in superfluous(revisions, keep, deployed) {
            if let Err(error) = self.store.remove(name, revision).await {
                errors.push(error);
            }
        }
        let count = errors.len();
        match errors.into_iter().next() {
            None => Ok(()),
            Some(only) if count == 1 => Err(only),
            Some(first) => Err(StoreError::Prune {
                count,
                first: Box::new(first),
            }),
        }
    }
}

/// Which of these revisions (oldest first) go, for so many to stay.
fn superfluous(
    revisions: impl ExactSizeIterator<Item = i64>,
    keep: usize,
    deployed: Option<i64>,
) -> Vec<i64> {
    let excess = revisions.len().saturating_sub(keep);
    let free = revisions.filter(|revision| Some(*revision) != deployed);
    free.take(excess).collect()
}

/// Records in the order of their revisions.
#[must_use]
pub fn by_revision(mut releases: Vec<Release>) -> Vec<Release> {
    releases.sort_by_key(|release| release.version);
    releases
}

/// Of each release, within its namespace, only the newest revision; in the order of their first
/// appearance.
#[must_use]
pub fn latest(releases: Vec<Release>) -> Vec<Release> {
    let mut found: Vec<Release> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for release in releases {
        let key = (release.namespace.clone(), release.name.clone());
        match places.get(&key) {
            None => {
                places.insert(key, found.len());
                found.push(release);
            }
            Some(&place) => {
                let there: &mut Release = &mut found[place];
                if there.version <= release.version {
                    *there = release;
                }
            }
        }
    }
    found
}

/// Whether a revision stands at one of these.
#[must_use]
pub fn stands_at(release: &Release, statuses: &[Status]) -> bool {
    statuses.contains(&release.info.status)
}

#[cfg(test)]
mod tests;
