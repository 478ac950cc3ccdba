//! [`Question`]: a chart, values and flags, in the oracle's form and as a command line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::node::Node;

/// The name of the one values file, in messages too.
const VALUES: &str = "values-0.yaml";

/// A change of the values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edit {
    pub(super) path: Vec<String>,
    pub(super) node: Node,
}

/// What to render.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    /// A directory or an archive.
    pub(super) chart: PathBuf,
    /// The chart's files, where it has to be made first.
    pub(crate) files: BTreeMap<String, String>,
    /// What the values file holds, the later over the earlier.
    pub(super) edits: Vec<Edit>,
    /// The `--set` family: field of the question, text.
    pub(super) sets: Vec<(&'static str, String)>,
    /// Flags without a value, by field.
    pub(super) switches: Vec<&'static str>,
    pub(super) kube_version: Option<&'static str>,
}

impl Question {
    /// The chart as it is.
    pub(super) fn about(chart: &Path) -> Self {
        Self {
            chart: chart.to_owned(),
            ..Self::default()
        }
    }

    /// The question as it is, then with flags that change what is printed.
    pub(super) fn with_flag_sets(&self) -> Vec<Self> {
        let with = |switches: &[&'static str]| Self {
            switches: switches.to_vec(),
            ..self.clone()
        };
        vec![
            self.clone(),
            with(&["include_crds"]),
            with(&["is_upgrade", "skip_tests"]),
            with(&["no_hooks", "skip_schema_validation"]),
        ]
    }

    /// Writes the chart, if it has to be made.
    pub(super) fn lay_down(&self) -> Result<()> {
        if self.files.is_empty() {
            return Ok(());
        }
        if self.chart.exists() {
            fs::remove_dir_all(&self.chart)?;
        }
        for (name, text) in &self.files {
            let path = self.chart.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }

    /// The values file; `None` without edits.
    pub(super) fn values(&self) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        let mut root = Node::Map(Vec::new());
        for edit in &self.edits {
            root.put(&edit.path, edit.node.clone());
        }
        Some(root.document())
    }

    /// For the oracle.
    pub(crate) fn json(&self, op: &str) -> Value {
        let mut question = json!({"op": op, "release": "rel", "namespace": "ns1"});
        let kind = if self.chart.is_dir() || !self.files.is_empty() {
            "dir"
        } else {
            "archive"
        };
        question[kind] = self.chart.to_string_lossy().into();
        if !self.files.is_empty() {
            question["fresh"] = true.into();
        }
        if let Some(values) = self.values() {
            question["values"] = values.into();
        }
        for (field, text) in &self.sets {
            if let Some(list) = question[*field].as_array_mut() {
                list.push(text.as_str().into());
            } else {
                question[*field] = json!([text]);
            }
        }
        for field in &self.switches {
            question[*field] = true.into();
        }
        if let Some(version) = self.kube_version {
            question["kube_version"] = version.into();
        }
        question
    }

    /// For the command line; writes the values file into the current folder.
    pub(super) fn arguments(&self) -> Result<Vec<String>> {
        let mut arguments: Vec<String> = ["template", "rel"].map(str::to_owned).into();
        arguments.push(self.chart.to_string_lossy().into_owned());
        arguments.push("--namespace=ns1".into());
        if let Some(values) = self.values() {
            fs::write(VALUES, values)?;
            arguments.push(format!("--values={VALUES}"));
        }
        let flag = |field: &str| format!("--{}", field.replace('_', "-"));
        for (field, text) in &self.sets {
            arguments.push(format!("{}={text}", flag(field)));
        }
        arguments.extend(self.switches.iter().map(|field| flag(field)));
        if let Some(version) = self.kube_version {
            arguments.push(format!("--kube-version={version}"));
        }
        Ok(arguments)
    }
}
