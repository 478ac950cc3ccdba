//! What lists show of records, had without fetching what they do not show.
//!
//! First come the objects' metadata alone, which for records of ours say it all. Of the others, few are
//! asked for one by one, and many page after page, of which only the beginnings are unpacked. All of it
//! needs the right to list, and no other.

use std::collections::{HashMap, HashSet};

use futures_util::stream::{self, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use windlass_plan::cluster::{Error, Result, Selection};
use windlass_release::object::{self, Kind};
use windlass_release::{Detail, Release, summary};

use super::Storage;
use crate::list::select;

/// What is asked for: metadata, where the server can tell them alone.
const METADATA: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/// So many objects' metadata at a time.
const METADATA_PAGE: &str = "500";
/// So many whole records at a time, which may have a megabyte each.
const RECORD_PAGE: &str = "32";

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
            _ => self.all(labels, &missing).await?,
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
        let object = self.one(&key(last)).await?;
        let read = object.and_then(|it| object::read(self.kind, &it, Detail::Full).ok());
        Ok(read.map(|release| vec![release]))
    }

    fn selection(&self, labels: &str) -> Selection {
        Selection {
            namespace: (!self.namespace.is_empty()).then(|| self.namespace.clone()),
            labels: labels.to_owned(),
            fields: String::new(),
        }
    }

    /// The metadata of the objects with these labels.
    async fn metadata(&self, labels: &str) -> Result<Vec<Value>> {
        let mut objects = Vec::new();
        self.each_page(
            labels,
            METADATA,
            METADATA_PAGE,
            &mut objects,
            |page, objects| {
                let page: MetadataPage = parsed(page)?;
                objects.extend(page.items.unwrap_or_default());
                Ok(page.metadata.next)
            },
        )
        .await?;
        for object in &mut objects {
            // A server that tells all is not to have it kept.
            if let Some(fields) = object.as_object_mut() {
                fields.retain(|key, _| key == "metadata");
            }
        }
        Ok(objects)
    }

    /// Walks through pages. Where the server forgets the list half-way, it is begun anew, at once.
    async fn each_page<T: Default>(
        &self,
        labels: &str,
        accept: &'static str,
        size: &str,
        into: &mut T,
        mut read: impl FnMut(&[u8], &mut T) -> Result<String>,
    ) -> Result<()> {
        let (mut from, mut limit) = (String::new(), size);
        loop {
            let mut request = select(&self.mapping(), &self.selection(labels))
                .with("limit", limit)
                .with("continue", from.as_str());
            request.accept = accept;
            request.plain = true;
            let body = match self.client.whole(&request).await {
                Ok((_, body)) => body,
                Err(error) if error.is_expired() && !from.is_empty() => {
                    (*into, from, limit) = (T::default(), String::new(), "");
                    continue;
                }
                Err(error) => return Err(error),
            };
            from = read(&body, into)?;
            if from.is_empty() {
                return Ok(());
            }
        }
    }

    /// An object as a whole, if it is still there.
    async fn one(&self, (namespace, name): &Key) -> Result<Option<Value>> {
        let selection = Selection {
            namespace: Some(namespace.clone()),
            labels: String::new(),
            fields: format!("metadata.name={name}"),
        };
        let request = select(&self.mapping(), &selection);
        let mut told = self.client.object(&request).await?;
        let items = told["items"].as_array_mut().map(std::mem::take);
        Ok(items.and_then(|items| items.into_iter().next()))
    }

    /// The records of few objects, each asked for by itself.
    async fn each(&self, keys: HashSet<Key>) -> Result<HashMap<Key, Release>> {
        let one = async |key: Key| {
            let object = self.one(&key).await?;
            let read = object.and_then(|it| object::read(self.kind, &it, Detail::Summary).ok());
            Ok(read.map(|release| (key, release)))
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
    async fn all(&self, labels: &str, keys: &HashSet<Key>) -> Result<HashMap<Key, Release>> {
        let kind = self.kind;
        let mut found = HashMap::new();
        self.each_page(
            labels,
            crate::request::JSON,
            RECORD_PAGE,
            &mut found,
            |page, found| {
                let page: RecordPage<'_> = parsed(page)?;
                for item in page.items.unwrap_or_default() {
                    let key = key_of(&item.metadata);
                    if keys.contains(&key) {
                        found.extend(item.release(kind).map(|release| (key, release)));
                    }
                }
                Ok(page.metadata.next)
            },
        )
        .await?;
        Ok(found)
    }
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

#[derive(Deserialize)]
struct ListMetadata {
    #[serde(default, rename = "continue")]
    next: String,
}

#[derive(Deserialize)]
struct MetadataPage {
    metadata: ListMetadata,
    items: Option<Vec<Value>>,
}

/// A page of whole objects, their payloads left where they are.
#[derive(Deserialize)]
struct RecordPage<'a> {
    metadata: ListMetadata,
    #[serde(borrow)]
    items: Option<Vec<Item<'a>>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    metadata: Value,
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    release: Option<&'a RawValue>,
}

impl Item<'_> {
    fn release(self, kind: Kind) -> Option<Release> {
        let text = self.data?.release?.get().trim_matches('"');
        if let Some(release) = summary::from_head(kind, &self.metadata, text) {
            return Some(release);
        }
        let object = serde_json::json!({"metadata": self.metadata, "data": {"release": text}});
        object::read(kind, &object, Detail::Summary).ok()
    }
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| Error::Answer {
        message: format!("couldn't get version/kind; json parse error: {error}"),
    })
}
