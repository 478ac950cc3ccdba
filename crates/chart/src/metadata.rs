//! Chart.yaml: its fields, reading, checking and writing them, and what templates see of them.
//!
//! A list that is `None` is absent or null, Go's nil slice; that shows in JSON and decides whether
//! dependencies are processed at all. Empty strings stand for absent ones, as in Helm.

mod decode;
mod depends_on;
pub(crate) mod time;
mod validate;
mod view;
pub(crate) mod write;

use windlass_value::Value;

pub use decode::DecodeError;
pub use depends_on::DependsOn;
pub use validate::ValidationError;
pub use view::{to_map, to_record, to_struct, to_value};
pub use write::{lock_to_json, lock_to_yaml, to_json, to_yaml};

/// Chart.yaml.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the names are Chart.yaml's")]
pub struct Metadata {
    pub name: String,
    pub home: String,
    pub sources: Option<Vec<String>>,
    pub version: String,
    pub description: String,
    pub keywords: Option<Vec<String>>,
    /// A `None` entry is a null, which validation refuses.
    pub maintainers: Option<Vec<Option<Maintainer>>>,
    pub icon: String,
    pub api_version: String,
    pub condition: String,
    pub tags: String,
    pub app_version: String,
    pub deprecated: bool,
    /// Sorted by key.
    pub annotations: Option<Vec<(String, String)>>,
    pub kube_version: String,
    /// A `None` entry is a null, which validation refuses.
    pub dependencies: Option<Vec<Option<Dependency>>>,
    /// `application`, `library`, or empty.
    pub kind: String,
    /// What the chart's own templates wait for. Not Helm's: it is read, and never written.
    pub depends_on: Option<DependsOn>,
}

/// An entry of `maintainers`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Chart.yaml's")]
pub struct Maintainer {
    pub name: String,
    pub email: String,
    pub url: String,
}

/// An entry of `dependencies`.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the names are Chart.yaml's")]
pub struct Dependency {
    pub name: String,
    pub version: String,
    pub repository: String,
    pub condition: String,
    pub tags: Option<Vec<String>>,
    /// Set while dependencies are processed.
    pub enabled: bool,
    /// Strings, or maps with `child` and `parent`, in the chart's heap.
    pub import_values: Option<Vec<Value>>,
    pub alias: String,
    /// What it waits for. Not Helm's: it is read, and never written.
    pub depends_on: Option<DependsOn>,
}

impl Metadata {
    /// The dependencies that Chart.yaml asks for.
    pub fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().flatten().flatten()
    }

    /// The annotation of a key.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        let all = self.annotations.as_deref()?;
        all.binary_search_by(|(k, _)| k.as_str().cmp(key))
            .ok()
            .map(|i| all[i].1.as_str())
    }
}
