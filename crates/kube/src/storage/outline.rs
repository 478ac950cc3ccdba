//! What lists show of records, had without fetching what they do not show.
//!
//! First come the objects' metadata alone, which for records of ours say it all. Of the others, few are
//! asked for one by one, and many page after page, of which only the beginnings are unpacked. All of it
//! needs the right to list, and no other.

use std::collections::{HashMap, HashSet};

use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use windlass_plan::cluster::{Result, Selection};
use windlass_release::{Detail, Release, Status, object, summary};

use super::Storage;
use super::pages::Size;
use super::stored::{self, Stored};
use crate::list::select;

/// Metadata of so many objects at a time.
const METADATA_PAGES: Size = Size {
    first: 1000,
    bytes: 1 << 20,
};
/// Whole records at a time, which may have a megabyte each.
const RECORD_PAGES: Size = Size {
    first: 10,
    bytes: 1 << 20,
};

/// Up to so many records are asked for one by one, and so many of them at once.
const FEW: usize = 24;
const AT_ONCE: usize = 8;

/// Namespace and name of an object.
type Key = (String, String);

/// A record as it was found.
enum Found {
    Known(Box<Release>),
    /// Its object's metadata do not tell.
    Unknown(Key),
}

impl Storage {
    /// What lists show of the records with these labels, in the order of their objects.
    pub(super) async fn outlines(&self, labels: &str, detail: Detail) -> Result<Vec<Release>> {
        let objects = self.metadata(labels).await?;
        let older = match detail {
            Detail::Newest => older(&objects),
            _ => HashSet::new(),
        };
        let mut found = Vec::new();
        let mut missing = HashSet::new();
        for (place, object) in objects.iter().enumerate() {
            if let Some(release) = summary::from_metadata(object) {
                found.push(Found::Known(Box::new(release)));
            } else if !older.contains(&place) {
                missing.insert(key(object));
                found.push(Found::Unknown(key(object)));
            }
        }
        let mut read = match missing.len() {
            0 => HashMap::new(),
            1..=FEW => self.each(missing).await?,
            _ => self.all(labels, missing).await?,
        };
        let releases = found.into_iter().filter_map(|found| match found {
            Found::Known(release) => Some(*release),
            Found::Unknown(key) => read.remove(&key),
        });
        Ok(releases.collect())
    }

    /// The newest of the records with these labels, in full; `None` where it cannot be told which that is,
    /// or where it cannot be read. No objects at all are an empty list.
    pub(super) async fn newest_of(&self, labels: &str) -> Result<Option<Vec<Release>>> {
        let objects = self.metadata(labels).await?;
        let Some(last) = objects
            .iter()
            .max_by_key(|object| summary::revision(object))
        else {
            return Ok(Some(Vec::new()));
        };
        if objects
            .iter()
            .any(|object| summary::revision(object).is_none())
        {
            return Ok(None);
        }
        let whole =
            |it: &Stored<'_>| object::read_payload(&it.metadata, it.payload(), Detail::Full);
        let read = self.one(&key(last), whole).await?;
        Ok(read.and_then(|it| it.ok()).map(|release| vec![release]))
    }

    /// Revisions and how they stand, of the records with these labels; `None` where labels do not tell.
    pub(super) async fn standing(&self, labels: &str) -> Result<Option<Vec<(i64, Status)>>> {
        let objects = self.metadata(labels).await?;
        let one = |object: &Value| Some((summary::revision(object)?, summary::status(object)?));
        Ok(objects.iter().map(one).collect())
    }

    /// The metadata of the objects with these labels, each within an object.
    async fn metadata(&self, labels: &str) -> Result<Vec<Value>> {
        let kind = self.kind;
        let list = self.list_of(labels, stored::METADATA);
        let pages = self.pages(&list, METADATA_PAGES, move |body| {
            let found = stored::many(kind, body)?.into_iter();
            Ok(found.map(|it| json!({"metadata": it.metadata})).collect())
        });
        pages.await
    }

    /// An object as a whole, if it is still there.
    async fn one<T>(
        &self,
        (namespace, name): &Key,
        read: impl FnOnce(&Stored<'_>) -> T,
    ) -> Result<Option<T>> {
        let selection = Selection {
            namespace: Some(namespace.clone()),
            labels: String::new(),
            fields: format!("metadata.name={name}"),
        };
        let mut request = select(&self.mapping(), &selection);
        (request.accept, request.plain) = (stored::WHOLE, true);
        let (_, body) = self.client.whole(&request).await?;
        let found = stored::many(self.kind, &body)?;
        Ok(found.first().map(read))
    }

    /// The records of few objects, each asked for by itself.
    async fn each(&self, keys: HashSet<Key>) -> Result<HashMap<Key, Release>> {
        let one = async |key: Key| {
            let release = self.one(&key, outlined).await?.flatten();
            Ok(release.map(|release| (key, release)))
        };
        let answers = stream::iter(keys.into_iter().map(one)).buffered(AT_ONCE);
        let answers: Vec<Result<_>> = answers.collect().await;
        let mut found = HashMap::new();
        for answer in answers {
            found.extend(answer?);
        }
        Ok(found)
    }

    /// The records of many objects, out of pages of all.
    async fn all(&self, labels: &str, keys: HashSet<Key>) -> Result<HashMap<Key, Release>> {
        let kind = self.kind;
        let list = self.list_of(labels, stored::WHOLE);
        let pages = self.pages(&list, RECORD_PAGES, move |body| {
            let found = stored::many(kind, body)?.into_iter();
            let found = found.map(|it| (key_of(&it.metadata), it));
            let wanted = found.filter(|(key, _)| keys.contains(key));
            Ok(wanted
                .filter_map(|(key, it)| Some((key, outlined(&it)?)))
                .collect())
        });
        Ok(pages.await?.into_iter().collect())
    }
}

/// What lists show of a record.
fn outlined(stored: &Stored<'_>) -> Option<Release> {
    summary::from_head(&stored.metadata, stored.payload())
        .or_else(|| object::read_payload(&stored.metadata, stored.payload(), Detail::Summary).ok())
}

/// The places of objects that hold an older revision of a release than another does.
fn older(objects: &[Value]) -> HashSet<usize> {
    let mut newest: HashMap<(String, String), (i64, usize)> = HashMap::new();
    let mut older = HashSet::new();
    for (place, object) in objects.iter().enumerate() {
        let label = object
            .pointer("/metadata/labels/name")
            .and_then(Value::as_str);
        let (Some(name), Some(revision)) = (label, summary::revision(object)) else {
            continue;
        };
        let release = (key(object).0, name.to_owned());
        match newest.get_mut(&release) {
            None => {
                newest.insert(release, (revision, place));
            }
            Some((known, _)) if revision < *known => {
                older.insert(place);
            }
            Some(known) => {
                older.insert(known.1);
                *known = (revision, place);
            }
        }
    }
    older
}

fn key(object: &Value) -> Key {
    key_of(&object["metadata"])
}

fn key_of(metadata: &Value) -> Key {
    let text = |key: &str| metadata[key].as_str().unwrap_or_default().to_owned();
    (text("namespace"), text("name"))
}
