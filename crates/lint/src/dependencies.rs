//! The rules of dependencies: Chart.yaml and charts/ name the same charts, each once.

use std::collections::BTreeSet;

use windlass_chart::Chart;

use crate::linter::Linter;
use crate::report::Severity::{Error, Warning};

/// Lints the dependencies.
pub(crate) fn check(linter: &mut Linter<'_>) {
    let chart = match linter.load() {
        Ok(chart) => chart,
        Err(e) => {
            linter.rule(Error, "", Err(format!("unable to load chart\n\t{e}")));
            return;
        }
    };
    let directory = linter.source.directory.as_str();
    let wanted: Vec<&str> = chart
        .metadata
        .dependencies()
        .map(|d| d.name.as_str())
        .collect();
    let present: Vec<&str> = chart.dependencies.iter().map(Chart::name).collect();
    let unknown = told(
        "chart metadata is missing these dependencies",
        &without(&present, &wanted),
    );
    linter.rule(Error, directory, unknown);
    let repeated = told(
        "multiple dependencies with name or alias",
        &repeated(&chart),
    );
    linter.rule(Error, directory, repeated);
    let absent = told(
        "chart directory is missing these dependencies",
        &without(&wanted, &present),
    );
    linter.rule(Warning, directory, absent);
}

fn told(what: &str, names: &[&str]) -> Result<(), String> {
    if names.is_empty() {
        return Ok(());
    }
    Err(format!("{what}: {}", names.join(",")))
}

/// The names that are not among the others.
fn without<'n>(names: &[&'n str], others: &[&str]) -> Vec<&'n str> {
    let others: BTreeSet<&str> = others.iter().copied().collect();
    names
        .iter()
        .copied()
        .filter(|name| !others.contains(name))
        .collect()
}

/// The names under which a second chart would hide the first.
fn repeated(chart: &Chart) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let names = chart.metadata.dependencies().map(|d| {
        if d.alias.is_empty() {
            d.name.as_str()
        } else {
            d.alias.as_str()
        }
    });
    names.filter(|name| !seen.insert(*name)).collect()
}
