//! What a server serves, as data.

use std::collections::BTreeSet;

use k8s_openapi::jiff::Timestamp;
use serde::{Deserialize, Serialize};
use windlass_plan::cluster::Mapping;

/// How long the word of a server without entity tags counts: client-go's six hours.
const COUNTS_FOR_SECONDS: i64 = 6 * 60 * 60;

/// All that is served.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Catalog {
    /// In the server's order, groups by priority, within them versions by preference.
    pub(crate) versions: Vec<GroupVersion>,
    /// The entity tag of the core group, and that of all others.
    pub(crate) tags: [Option<String>; 2],
    /// When the server said so, in seconds since 1970.
    pub(crate) said_at: i64,
    /// Versions that nobody answered for, so that what they serve is not known.
    #[serde(skip)]
    pub(crate) silent: Vec<Silent>,
    /// Whether the server said or confirmed it in this run.
    #[serde(skip)]
    pub(crate) confirmed: bool,
}

/// A version of a group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct GroupVersion {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) resources: Vec<Resource>,
}

/// A resource or, with a slash in its name, a subresource.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) namespaced: bool,
}

/// A version that nobody answered for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Silent {
    api_version: String,
    /// What was said instead.
    why: String,
}

impl Silent {
    pub(crate) fn new(named: &GroupVersion, why: String) -> Self {
        let api_version = named.api_version();
        Self { api_version, why }
    }

    pub(crate) fn is_core(&self) -> bool {
        !self.api_version.contains('/')
    }
}

impl GroupVersion {
    /// `apps/v1`, `v1`
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

impl Catalog {
    /// Versions, and kinds in them, as Helm shows them to templates: kinds of subresources too, each once.
    pub(crate) fn api_versions(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        for served in &self.versions {
            let version = served.api_version();
            for resource in &served.resources {
                all.insert(format!("{version}/{}", resource.kind));
            }
            all.insert(version);
        }
        all.into_iter().collect()
    }

    /// How a kind is served.
    pub(crate) fn mapping(&self, api_version: &str, kind: &str) -> Option<Mapping> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let served = self.versions.iter();
        let mut served = served.filter(|it| it.group == group && it.version == version);
        let resources = &served.next()?.resources;
        let found = resources
            .iter()
            .rev()
            .find(|resource| resource.kind == kind && !resource.name.contains('/'))?;
        Some(Mapping {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            plural: found.name.clone(),
            namespaced: found.namespaced,
        })
    }

    /// Why nobody knows whether a version serves a kind.
    pub(crate) fn doubt(&self, api_version: &str) -> Option<&str> {
        let mut silent = self.silent.iter();
        let found = silent.find(|silent| silent.api_version == api_version);
        found.map(|silent| silent.why.as_str())
    }

    /// Whether the server can be asked cheaply if this still holds.
    pub(crate) fn is_tagged(&self) -> bool {
        self.tags.iter().all(Option::is_some)
    }

    /// Whether this still counts without asking.
    pub(crate) fn is_recent(&self) -> bool {
        let age = Timestamp::now().as_second() - self.said_at;
        (0..COUNTS_FOR_SECONDS).contains(&age)
    }
}
