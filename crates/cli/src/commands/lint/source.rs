//! What lies in a chart that is to be linted: a directory, or an archive unpacked in memory.

mod packed;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use windlass_lint::{Entry, Source};
use windlass_value::Str;

use crate::error::io_failure;
use crate::input::{file, local, path};
use crate::log::Event;
use crate::session::Session;

/// A chart to lint, and what is logged each time its directory is walked.
pub(super) struct Located {
    pub(super) source: Source,
    pub(super) links: Vec<Event>,
}

/// Looks at the chart at a path.
///
/// # Errors
/// Helm's words, if there is no chart at all.
pub(super) fn locate(name: &str, session: &Session<'_>) -> Result<Located, String> {
    if is_archive(name) {
        let source = packed::read(name, session)?;
        return Ok(Located {
            source,
            links: Vec::new(),
        });
    }
    let chartfile = path::join(name, "Chart.yaml");
    fs::metadata(&chartfile).map_err(|e| {
        io_failure("stat", &chartfile, &e)
            .context("unable to check Chart.yaml file in chart")
            .message
    })?;
    let directory = path::absolute(name);
    let root = Path::new(&directory);
    let (files, links) = local::walk(root, session.compat);
    let entry = |name| entry(&directory, name);
    let source = Source {
        chartfile: entry("Chart.yaml"),
        values: entry("values.yaml"),
        schema: entry("values.schema.json"),
        templates: entry("templates"),
        crds: entry("crds"),
        files: files.map_err(|e| e.message),
        directory: directory.clone(),
    };
    Ok(Located { source, links })
}

fn is_archive(name: &str) -> bool {
    name.ends_with(".tgz") || name.ends_with(".tar.gz")
}

fn entry(directory: &str, name: &str) -> Entry {
    let shown = format!("{directory}/{name}");
    let failed = |act: &str, e: &std::io::Error| Entry::Failed(io_failure(act, &shown, e).message);
    match fs::metadata(&shown) {
        Ok(found) if found.is_dir() => Entry::Directory,
        Ok(_) => match file::read_regular(&shown, file::MAX_INPUT) {
            Ok(data) => Entry::File(Str::from(data)),
            Err(e) => failed("open", &e),
        },
        Err(e) if e.kind() == ErrorKind::NotFound => Entry::Absent,
        Err(e) => failed("stat", &e),
    }
}

/// Adds the charts that lie below a directory, packed ones included, at any depth.
pub(super) fn charts_below(directory: &str, found: &mut Vec<String>) {
    // The names on a level are sorted, and what is deeper comes right after its directory.
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        match path.rsplit_once('/') {
            Some((parent, "Chart.yaml")) => found.push(parent.to_owned()),
            _ if is_archive(&path) => found.push(path.clone()),
            _ => {}
        }
        let Some(Ok(listing)) = metadata.is_dir().then(|| fs::read_dir(&path)) else {
            continue;
        };
        let mut names: Vec<String> = listing
            .filter_map(Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort_by(|a, b| b.cmp(a));
        pending.extend(names.iter().map(|name| format!("{path}/{name}")));
    }
}
