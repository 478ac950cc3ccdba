//! Labels of the objects that hold records.
//!
//! Some belong to the drivers, the rest to the user. The drivers put the user's over their own dates,
//! and a record that came from a search carries all labels: so an update keeps the first date of
//! change, and loses the date of creation where the record came from [`crate::ReleaseStore::get`].
//! Helm does so, and tools read these labels.

use std::collections::BTreeMap;

use crate::Release;

/// The labels of drivers; users may not set them.
pub const SYSTEM: [&str; 6] = [
    "name",
    "owner",
    "status",
    "version",
    "createdAt",
    "modifiedAt",
];

/// The `owner` of all records.
pub const OWNER: &str = "helm";

/// Whether a label belongs to the drivers.
#[must_use]
pub fn is_system(key: &str) -> bool {
    SYSTEM.contains(&key)
}

/// The user's own among the labels of an object.
#[must_use]
pub fn custom(all: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let own = all.iter().filter(|(key, _)| !is_system(key));
    own.map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The labels of a revision that follows another: those there were, changed by those asked for, of
/// which the value `null` takes one away. Those of drivers go along: so a revision's date of creation
/// is that of the first.
#[must_use]
pub fn merged(
    current: &BTreeMap<String, String>,
    wanted: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut merged = current.clone();
    merged.extend(wanted.iter().map(|(k, v)| (k.clone(), v.clone())));
    merged.retain(|_, value| value != "null");
    merged
}

/// The labels of an object about to be created, at so many seconds after 1970.
#[must_use]
pub fn for_create(release: &Release, now: i64) -> BTreeMap<String, String> {
    stamped(release, "createdAt", now)
}

/// The labels of an object about to be written again.
#[must_use]
pub fn for_update(release: &Release, now: i64) -> BTreeMap<String, String> {
    stamped(release, "modifiedAt", now)
}

fn stamped(release: &Release, date: &str, now: i64) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::from([(date.to_owned(), now.to_string())]);
    labels.extend(release.labels.clone());
    labels.extend(identity(release));
    labels
}

/// The labels that every driver puts on a record whatever else it carries.
#[must_use]
pub fn identity(release: &Release) -> [(String, String); 4] {
    let label = |key: &str, value: String| (key.to_owned(), value);
    [
        label("name", release.name.clone()),
        label("owner", OWNER.to_owned()),
        label("status", release.info.status.to_string()),
        label("version", release.version.to_string()),
    ]
}
