//! [`Chart`] and its parts, as Helm's `chart/v2` package has them.

use windlass_value::{MapId, Str};

use crate::metadata::{Dependency, Metadata};

/// A file of a chart, its path relative to the chart's root, with `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// `templates/deployment.yaml`
    pub name: String,
    /// The content, without a byte order mark.
    pub data: Str,
    /// When it was last changed, in nanoseconds since the Unix epoch; `None` where nobody knows.
    pub modified: Option<i128>,
}

impl File {
    /// A file of unknown age.
    pub fn new(name: impl Into<String>, data: impl Into<Str>) -> Self {
        Self {
            name: name.into(),
            data: data.into(),
            modified: None,
        }
    }
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
    /// values.yaml, in the heap the chart was loaded into; a nil map if there is none.
    pub values: MapId,
    /// values.schema.json.
    pub schema: Option<Str>,
    /// Everything else that is not a chart below: what `.Files` shows (CRDs included).
    pub files: Vec<File>,
    /// The charts in charts/; processing dependencies takes out those that are disabled.
    pub dependencies: Vec<Chart>,
    /// Where the chart stands below the root, as template names have it: `root/charts/sub`. Helm
    /// calls it the full path. It is not always made of the names above (see
    /// [`crate::compat::Compat::copies_charts_below_alias`]).
    pub path: String,
    /// When Chart.yaml was last changed.
    pub modified: Option<i128>,
    /// When values.schema.json was last changed.
    pub schema_modified: Option<i128>,
}

/// Chart.lock.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    /// When it was made: RFC 3339 as written; empty if it does not say.
    pub generated: String,
    /// The digest over Chart.yaml's dependencies and these.
    pub digest: String,
    /// The locked dependencies; `None` stands for null, both for the list and for an entry.
    pub dependencies: Option<Vec<Option<Dependency>>>,
}

/// A file in `crds/` of a chart or of one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crd<'a> {
    /// The path of the chart that holds it, as [`Chart::path`].
    pub chart_path: &'a str,
    /// The file.
    pub file: &'a File,
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

    /// The CRDs of this chart and then of the charts below, in Helm's order.
    #[must_use]
    pub fn crds(&self) -> Vec<Crd<'_>> {
        let mut found = Vec::new();
        self.collect_crds(&mut found);
        found
    }

    fn collect_crds<'a>(&'a self, found: &mut Vec<Crd<'a>>) {
        for file in &self.files {
            if file.name.starts_with("crds/") && is_manifest(&file.name) {
                found.push(Crd {
                    chart_path: &self.path,
                    file,
                });
            }
        }
        for chart in &self.dependencies {
            chart.collect_crds(found);
        }
    }
}

fn is_manifest(name: &str) -> bool {
    let extension = crate::path::extension(name);
    [".yaml", ".yml", ".json"]
        .iter()
        .any(|e| extension.eq_ignore_ascii_case(e))
}
