//! What must hold of a release in the end: one deployed record or none at all, nothing under way, the
//! live objects those of its manifest, no hook's leavings, no journal and no other object of ours.

use std::collections::BTreeSet;
use std::io::Read as _;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use regex::Regex;
use serde_json::Value;

/// Kinds that the charts have, by the paths of their groups.
pub(super) const KINDS: [(&str, &[&str]); 3] = [
    (
        "/api/v1",
        &["configmaps", "secrets", "serviceaccounts", "services"],
    ),
    ("/apis/apps/v1", &["deployments"]),
    ("/apis/batch/v1", &["jobs"]),
];

/// What a namespace holds.
pub(super) struct Found {
    objects: Vec<Value>,
    pub(super) records: Records,
}

/// What release records say.
#[derive(Default)]
pub(super) struct Records {
    pub(super) count: usize,
    /// Manifests.
    pub(super) deployed: Vec<String>,
    /// `NAME STATUS`
    pub(super) under_way: Vec<String>,
    /// The newest one's status.
    pub(super) last: String,
    /// Descriptions, oldest first.
    pub(super) descriptions: Vec<String>,
    /// Objects beside them that are ours: journals and fences.
    pub(super) beside: Vec<String>,
}

impl Found {
    /// Reads the objects of a namespace.
    pub(super) fn of(objects: Vec<Value>) -> Result<Self> {
        let records = Records::of(&objects)?;
        Ok(Self { objects, records })
    }

    /// Whether the release is there no more.
    pub(super) fn is_gone(&self) -> bool {
        self.records.deployed.is_empty()
    }

    /// Whether nothing is under way.
    pub(super) fn is_quiet(&self) -> bool {
        self.records.under_way.is_empty() && self.records.beside.is_empty()
    }

    /// Whether what the newest record stands for shows a word.
    pub(super) fn shows(&self, words: [&str; 2]) -> bool {
        let manifest = self.records.deployed.first().map_or("", String::as_str);
        words.iter().any(|word| manifest.contains(word))
    }

    /// Whether all holds. `setting` is a key whose value must be that of the manifest.
    pub(super) fn holds(&self, setting: &str) -> Result<()> {
        let records = &self.records;
        ensure!(
            records.under_way.is_empty(),
            "left under way: {:?}",
            records.under_way
        );
        ensure!(
            records.beside.is_empty(),
            "left beside the records: {:?}",
            records.beside
        );
        let jobs = self.objects.iter().filter(|object| object["kind"] == "Job");
        let jobs: Vec<&str> = jobs.map(name).collect();
        ensure!(jobs.is_empty(), "hooks' leavings: {jobs:?}");
        ensure!(
            records.deployed.len() <= 1,
            "{} deployed revisions",
            records.deployed.len()
        );
        let manifest = records.deployed.first().map_or("", String::as_str);
        let (wanted, live) = (objects_of(manifest)?, owned(&self.objects));
        ensure!(
            wanted == live,
            "the manifest has {wanted:?}, the cluster {live:?}"
        );
        same_setting(setting, manifest, &self.objects)
    }
}

impl Records {
    fn of(objects: &[Value]) -> Result<Self> {
        let mut records = Self::default();
        let mut revisions = Vec::new();
        for object in objects.iter().filter(|object| object["kind"] == "Secret") {
            if object["type"] == "helm.sh/release.v1" {
                let version = object["metadata"]["labels"]["version"].as_str();
                let version: u32 = version.unwrap_or_default().parse().context("a version")?;
                revisions.push((version, object));
            } else if name(object).starts_with("sh.") {
                records.beside.push(name(object).to_owned());
            }
        }
        revisions.sort_by_key(|(version, _)| *version);
        records.count = revisions.len();
        for (_, object) in revisions {
            let record = decoded(object)?;
            let text = |at: &str| {
                let text = record.pointer(at).and_then(Value::as_str);
                text.unwrap_or_default().to_owned()
            };
            let status = object["metadata"]["labels"]["status"].as_str();
            let status = status.unwrap_or_default();
            if status == "deployed" {
                records.deployed.push(text("/manifest"));
            } else if status.starts_with("pending") || status == "uninstalling" {
                let line = format!("{} {status}", name(object));
                records.under_way.push(line);
            }
            status.clone_into(&mut records.last);
            records.descriptions.push(text("/info/description"));
        }
        Ok(records)
    }
}

/// A record, decoded without our own code.
fn decoded(record: &Value) -> Result<Value> {
    let data = record["data"]["release"].as_str().unwrap_or_default();
    let packed = STANDARD.decode(STANDARD.decode(data)?)?;
    let mut json = String::new();
    GzDecoder::new(&*packed).read_to_string(&mut json)?;
    Ok(serde_json::from_str(&json)?)
}

/// Kinds and names of the objects of a manifest of our charts.
fn objects_of(manifest: &str) -> Result<BTreeSet<String>> {
    let kind = Regex::new(r"(?m)^kind: (\S+)")?;
    let name = Regex::new(r"(?m)^(?:  name: |metadata: \{name: )([^\s,}]+)")?;
    let one = |document: &str| {
        let part = |rule: &Regex| Some(rule.captures(document)?[1].to_owned());
        Some(format!("{}/{}", part(&kind)?, part(&name)?))
    };
    Ok(manifest.split("\n---").filter_map(one).collect())
}

/// Kinds and names of the objects that say that they are the release's.
fn owned(objects: &[Value]) -> BTreeSet<String> {
    let named = |object: &Value| {
        let kind = object["kind"].as_str().unwrap_or_default();
        format!("{kind}/{}", name(object))
    };
    let ours = objects.iter().filter(|object| is_owned(object));
    ours.map(named).collect()
}

fn is_owned(object: &Value) -> bool {
    object["metadata"]["annotations"]["meta.helm.sh/release-name"] == "web"
}

/// Whether the setting that changes between revisions is that of the manifest.
fn same_setting(key: &str, manifest: &str, objects: &[Value]) -> Result<()> {
    let rule = Regex::new(&format!(r#"\b{key}: "?(\w+)"#))?;
    let Some(wanted) = rule.captures(manifest) else {
        return Ok(());
    };
    let ours = objects.iter().filter(|object| is_owned(object));
    let live = ours
        .filter_map(|object| object["data"][key].as_str())
        .next();
    let wanted = &wanted[1];
    ensure!(live == Some(wanted), "{key} is {live:?} and not {wanted:?}");
    Ok(())
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}
