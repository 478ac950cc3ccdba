//! The rules of crds/, the chart's and those of the charts below it.

use windlass_chart::{Chart, File};

use crate::documents::Documents;
use crate::linter::Linter;
use crate::object::Object;
use crate::report::Severity::Error;
use crate::source::Entry;

const DIRECTORY: &str = "crds/";

/// Lints the custom resource definitions.
pub(crate) fn check(linter: &mut Linter<'_>) {
    let directory = match &linter.source.crds {
        Entry::Absent => return,
        Entry::Directory => Ok(()),
        Entry::File(_) => Err("not a directory".into()),
        Entry::Failed(error) => Err(error.clone()),
    };
    if !linter.rule(Error, DIRECTORY, directory) {
        return;
    }
    let chart = match linter.load() {
        Ok(chart) => chart,
        Err(e) => {
            linter.rule(Error, DIRECTORY, Err(e));
            return;
        }
    };
    let mut files = Vec::new();
    collect(&chart, &mut files);
    for file in files {
        if !lint(linter, file) {
            return;
        }
    }
}

fn collect<'c>(chart: &'c Chart, files: &mut Vec<&'c File>) {
    let is_manifest = |file: &&File| {
        let extension = file
            .name
            .rsplit_once('.')
            .map(|(_, e)| e.to_ascii_lowercase());
        file.name.starts_with(DIRECTORY)
            && matches!(extension.as_deref(), Some("yaml" | "yml" | "json"))
    };
    files.extend(chart.files.iter().filter(is_manifest));
    for child in &chart.dependencies {
        collect(child, files);
    }
}

/// Lints one file; whether the others are worth a look.
fn lint(linter: &mut Linter<'_>, file: &File) -> bool {
    for document in Documents::new(&file.data, linter.compat) {
        match document {
            Err(e) => {
                linter.rule(Error, &file.name, Err(format!("unable to parse YAML: {e}")));
                return false;
            }
            Ok(None) => {}
            Ok(Some(object)) => {
                linter.rule(Error, &file.name, group(&object));
                linter.rule(Error, &file.name, kind(&object));
            }
        }
    }
    true
}

fn group(object: &Object) -> Result<(), String> {
    if object.api_version.starts_with("apiextensions.k8s.io") {
        return Ok(());
    }
    Err("apiVersion is not in 'apiextensions.k8s.io'".into())
}

fn kind(object: &Object) -> Result<(), String> {
    if object.kind == "CustomResourceDefinition" {
        return Ok(());
    }
    Err("object kind is not 'CustomResourceDefinition'".into())
}
