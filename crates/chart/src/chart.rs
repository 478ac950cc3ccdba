//! [`Chart`] and its parts, as Helm's `chart/v2` package has them.

use windlass_value::{MapId, Str};

/// A file of a chart, its path relative to the chart's root, with `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// `templates/deployment.yaml`
    pub name: String,
    /// The content.
    pub data: Str,
}

/// A loaded chart and the charts below it.
#[derive(Debug, Clone)]
pub struct Chart {
    /// All files as they were read, ignored ones left out, in the order they were read.
    pub raw: Vec<File>,
    /// Chart.yaml.
    pub metadata: Metadata,
    /// Chart.lock or requirements.lock.
    pub lock: Option<Lock>,
    /// Files under templates/.
    pub templates: Vec<File>,
    /// values.yaml, in the heap the chart was loaded into.
    pub values: MapId,
    /// values.schema.json.
    pub schema: Option<Str>,
    /// Everything else that is not a chart below: what `.Files` shows (CRDs included).
    pub files: Vec<File>,
    /// The charts in charts/; processing dependencies takes out those that are disabled.
    pub dependencies: Vec<Chart>,
}

/// Chart.yaml. Empty strings and lists stand for absent, as in Helm.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Metadata {
    pub name: String,
    pub home: String,
    pub sources: Vec<String>,
    pub version: String,
    pub description: String,
    pub keywords: Vec<String>,
    /// `None` stands for a null entry, which validation refuses.
    pub maintainers: Vec<Option<Maintainer>>,
    pub icon: String,
    pub api_version: String,
    pub condition: String,
    pub tags: String,
    pub app_version: String,
    pub deprecated: bool,
    pub annotations: Vec<(String, String)>,
    pub kube_version: String,
    /// `None` stands for a null entry, which validation refuses.
    pub dependencies: Vec<Option<Dependency>>,
    /// `application`, `library`, or empty.
    pub kind: String,
}

/// An entry of `maintainers`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Maintainer {
    pub name: String,
    pub email: String,
    pub url: String,
}

/// An entry of `dependencies`.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Dependency {
    pub name: String,
    pub version: String,
    pub repository: String,
    pub condition: String,
    pub tags: Vec<String>,
    /// Set while dependencies are processed.
    pub enabled: bool,
    /// Strings, or maps with `child` and `parent`, as parsed.
    pub import_values: Vec<windlass_value::Value>,
    pub alias: String,
}

/// Chart.lock.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Lock {
    /// RFC 3339 as written.
    pub generated: String,
    pub digest: String,
    pub dependencies: Vec<Dependency>,
}

impl Chart {
    /// The chart's name, or empty without metadata.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Whether it is a library chart: only its partials take part in rendering.
    #[must_use]
    pub fn is_library(&self) -> bool {
        self.metadata.kind.eq_ignore_ascii_case("library")
    }
}
