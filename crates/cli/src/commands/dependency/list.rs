//! `dependency list`: each dependency and how charts/ stands to it.

use std::fs;

use windlass_chart::{Chart, Dependency, ignore, path};
use windlass_value::{Heap, fmt};
use windlass_version::{Constraints, Version};

use crate::error::Outcome;
use crate::input::local;
use crate::session::Session;
use crate::table;

/// Prints the list for the chart at a path, cells cut to a width.
pub(super) fn run(chart_path: &str, width: usize, session: &mut Session<'_>) -> Outcome {
    let mut heap = Heap::new();
    let chart = local::load_undetected(chart_path, &mut heap, session)?;
    let charts = path::join(&[chart_path, "charts"]);
    if chart.metadata.dependencies.is_none() {
        return session.print(format!("WARNING: no dependencies at {charts}\n"));
    }
    let heading = ["NAME", "VERSION", "REPOSITORY", "STATUS"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for wanted in chart.metadata.dependencies() {
        rows.push(vec![
            wanted.name.clone(),
            wanted.version.clone(),
            wanted.repository.clone(),
            status(&charts, wanted, &chart, session).to_owned(),
        ]);
    }
    session.print(format!("{}\n\n", table::layout(&rows, width)))?;
    tell_unwanted(&charts, &chart, session)
}

/// How charts/ stands to a dependency. An archive is looked at first, then what was loaded with the
/// chart: an unpacked chart.
fn status(
    charts: &str,
    wanted: &Dependency,
    parent: &Chart,
    session: &mut Session<'_>,
) -> &'static str {
    let pattern = format!("{}-*.tgz", wanted.name);
    let Some(archives) = matching(charts, &pattern) else {
        return "bad pattern";
    };
    let archive = match archives.as_slice() {
        [] => None,
        [one] => Some(one),
        several => {
            // Another chart's name may begin like this one's.
            let versioned = |name: &&String| {
                let stem = name.strip_suffix(".tgz").unwrap_or(name);
                let version = stem.strip_prefix(&format!("{}-", wanted.name));
                Version::parse_strict(version.unwrap_or(stem)).is_ok()
            };
            let found: Vec<&String> = several.iter().filter(versioned).collect();
            match found.as_slice() {
                [one] => Some(*one),
                [] => None,
                _ => return "too many matches",
            }
        }
    };
    if let Some(name) = archive
        && let Some(status) = archive_status(&path::join(&[charts, name]), wanted, session)
    {
        return status;
    }
    let loaded = parent
        .dependencies
        .iter()
        .rfind(|c| c.name() == wanted.name);
    match loaded {
        None => "missing",
        Some(chart) => version_complaint(chart, wanted).unwrap_or("unpacked"),
    }
}

fn archive_status(
    archive: &str,
    wanted: &Dependency,
    session: &mut Session<'_>,
) -> Option<&'static str> {
    fs::metadata(archive).ok()?;
    let mut heap = Heap::new();
    Some(match local::load_undetected(archive, &mut heap, session) {
        Err(_) => "corrupt",
        Ok(chart) if chart.name() != wanted.name => "misnamed",
        Ok(chart) => version_complaint(&chart, wanted).unwrap_or("ok"),
    })
}

fn version_complaint(chart: &Chart, wanted: &Dependency) -> Option<&'static str> {
    if chart.metadata.version == wanted.version {
        return None;
    }
    let (Ok(constraints), Ok(version)) = (
        Constraints::parse(&wanted.version),
        Version::parse(&chart.metadata.version),
    ) else {
        return Some("invalid version");
    };
    (!constraints.check(&version)).then_some("wrong version")
}

/// Names in charts/ that match a pattern, sorted; `None` if it is none.
fn matching(charts: &str, pattern: &str) -> Option<Vec<String>> {
    ignore::path_match(pattern, "").ok()?;
    let names = names(charts).into_iter();
    Some(
        names
            .filter(|name| ignore::path_match(pattern, name).unwrap_or(false))
            .collect(),
    )
}

/// What is in a directory, sorted; nothing if it cannot be read.
fn names(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Tells of charts in charts/ that Chart.yaml does not name.
fn tell_unwanted(charts: &str, chart: &Chart, session: &mut Session<'_>) -> Outcome {
    for name in names(charts) {
        let file = path::join(&[charts, &name]);
        let quoted = fmt::quote(file.as_bytes());
        let Ok(found) = fs::metadata(&file) else {
            continue;
        };
        if !found.is_dir() && path::extension(&file) != ".tgz" {
            continue;
        }
        let mut heap = Heap::new();
        match local::load_undetected(&file, &mut heap, session) {
            Err(_) => session.print(format!("WARNING: {quoted} is not a chart.\n"))?,
            Ok(below) => {
                let known = |d: &Dependency| d.name == below.name();
                if !chart.metadata.dependencies().any(known) {
                    session.print(format!("WARNING: {quoted} is not in Chart.yaml.\n"))?;
                }
            }
        }
    }
    Ok(())
}
