//! The port: where records are kept, and what can go wrong there in Helm's words.

use async_trait::async_trait;

use crate::{Release, Status};

/// What an adapter met below: an API error, a broken connection.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// How much of each record a caller of [`ReleaseStore::list`] wants to hold in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Everything.
    #[default]
    Full,
    /// What a list shows: name, namespace, revision, info without notes, the chart's metadata,
    /// labels. Such a record must never be stored.
    Summary,
    /// The same, and of revisions that are not the newest of their release only what is known anyway.
    Newest,
}

/// A store of records within one namespace, or within all for listing.
///
/// Cancelling any of the awaits is safe for the caller's memory, but a write that was cancelled may
/// or may not have happened: [`ReleaseStore::create`] then answers [`StoreError::AlreadyExists`].
#[async_trait]
pub trait ReleaseStore: Send + Sync {
    /// The driver's name in Helm: `Secret`, `ConfigMap`, `Memory`.
    fn driver(&self) -> &'static str;

    /// One revision, with the user's own labels only.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    async fn get(&self, name: &str, revision: i64) -> Result<Release, StoreError>;

    /// All records, in the order of their objects' names, with all labels. A record that cannot be
    /// decoded is left out, as Helm does.
    async fn list(&self, detail: Detail) -> Result<Vec<Release>, StoreError>;

    /// All records whose objects carry these labels, with all labels.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no object does.
    async fn query(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError>;

    /// What lists show of all records whose objects carry these labels, as [`Detail::Summary`] has it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no object does.
    async fn outline(&self, labels: &[(&str, &str)]) -> Result<Vec<Release>, StoreError> {
        self.query(labels).await
    }

    /// Which revisions the records are whose objects carry these labels, and how they stand, as told by the
    /// objects' labels.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no object does.
    async fn revisions(&self, labels: &[(&str, &str)]) -> Result<Vec<(i64, Status)>, StoreError> {
        let found = self.query(labels).await?.into_iter();
        Ok(found.map(|it| (it.version, it.info.status)).collect())
    }

    /// The newest of all records whose objects carry these labels, with all labels; none where none can
    /// be read.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no object does.
    async fn newest(&self, labels: &[(&str, &str)]) -> Result<Option<Release>, StoreError> {
        let found = self.query(labels).await?;
        Ok(found.into_iter().max_by_key(|release| release.version))
    }

    /// Packs a revision that is stored next, and finds out whether it can be: before anything else is
    /// written. The [`ReleaseStore::create`] of that revision which follows may store what was packed.
    ///
    /// # Errors
    /// What creating it would say.
    async fn prepare(&self, _release: &Release) -> Result<(), StoreError> {
        Ok(())
    }

    /// Stores a new revision. That it fails when the revision exists already is the fence which
    /// keeps two operations on one release apart.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the fence holds.
    async fn create(&self, release: &Release) -> Result<(), StoreError>;

    /// Stores a revision over what is there.
    async fn update(&self, release: &Release) -> Result<(), StoreError>;

    /// Deletes a revision and gives what it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    async fn delete(&self, name: &str, revision: i64) -> Result<Release, StoreError>;

    /// Deletes a revision, whatever it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    async fn remove(&self, name: &str, revision: i64) -> Result<(), StoreError> {
        self.delete(name, revision).await.map(drop)
    }
}

/// A record cannot be read or written. [`StoreError::text`] is what Helm prints.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such record.
    #[error("release: not found")]
    NotFound,
    /// There is such a record already.
    #[error("release: already exists")]
    AlreadyExists,
    /// A key does not name a record.
    #[error("release: invalid key")]
    InvalidKey,
    /// No revision of the release is deployed.
    #[error("\"{0}\" has no deployed releases")]
    NoDeployed(String),
    /// The history of a release is empty.
    #[error("no revision for release \"{0}\"")]
    NoRevision(String),
    /// A label to search for cannot be one; with the API's reasons.
    #[error("invalid label value: \"{value}\": {reasons}")]
    InvalidLabel {
        /// The value.
        value: String,
        /// Why not, joined by `; `.
        reasons: String,
    },
    /// An object cannot be read.
    #[error("get: failed to get \"{key}\"")]
    Get {
        /// The object's name.
        key: String,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// An object does not hold a record.
    #[error("get: failed to decode data \"{key}\"")]
    Decode {
        /// The object's name.
        key: String,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// The objects cannot be listed.
    #[error("list: failed to list")]
    List(#[source] Cause),
    /// The objects cannot be searched.
    #[error("query: failed to query with labels")]
    Query(#[source] Cause),
    /// A record cannot be packed to be created.
    #[error("create: failed to encode release \"{name}\"")]
    CreateEncode {
        /// The release.
        name: String,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// A new object cannot be written.
    #[error("create: failed to create")]
    Create(#[source] Cause),
    /// A record cannot be packed to be written.
    #[error("update: failed to encode release \"{name}\"")]
    UpdateEncode {
        /// The release.
        name: String,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// An object cannot be written.
    #[error("update: failed to update")]
    Update(#[source] Cause),
    /// What the driver met, without words of Helm's own around it: deleting an object, and
    /// everything with ConfigMaps.
    #[error(transparent)]
    Driver(Cause),
    /// Several old revisions could not be deleted to make room.
    #[error("encountered {count} deletion errors. First is: {first}", first = .first.text())]
    Prune {
        /// How many.
        count: usize,
        /// The first.
        first: Box<StoreError>,
    },
}

impl StoreError {
    /// The error and its causes in one line, as Helm prints it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }

    /// Whether it says that there is no such record: Helm also takes any text with `not found` for
    /// that where it looks for deployed revisions.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}
