//! A packed chart that is to be linted. Helm unpacks it into a temporary directory and lints that;
//! here the directory is only made up, since messages name it.

use std::collections::BTreeMap;

use windlass_chart::compat::Compat;
use windlass_chart::{File, Metadata, archive, ignore};
use windlass_lint::{Entry, Source};
use windlass_render::World;
use windlass_value::{Heap, Str, fmt};

use crate::commands::release::SystemWorld;
use crate::error::io_failure;
use crate::input::file;
use crate::session::Session;

/// Files by the parts of their paths, which is the order in which a directory is walked.
type Tree = BTreeMap<Vec<String>, File>;

/// Reads the chart in an archive.
///
/// # Errors
/// Helm's words, if it cannot be unpacked.
pub(super) fn read(name: &str, session: &Session<'_>) -> Result<Source, String> {
    let data = file::read_regular(name, file::MAX_INPUT).map_err(|e| {
        io_failure("open", name, &e)
            .context("unable to open tarball")
            .message
    })?;
    let (chart, tree) =
        unpack(&data, session).map_err(|e| format!("unable to extract tarball: {e}"))?;
    Ok(Source {
        directory: format!("{}/{chart}", temporary_directory()),
        chartfile: entry(&tree, "Chart.yaml"),
        values: entry(&tree, "values.yaml"),
        schema: entry(&tree, "values.schema.json"),
        templates: entry(&tree, "templates"),
        crds: entry(&tree, "crds"),
        files: walk(tree, session.compat),
    })
}

/// A name as Go's `os.MkdirTemp` makes them.
fn temporary_directory() -> String {
    let mut random = [0; 4];
    SystemWorld.fill_random(&mut random);
    let parent = std::env::temp_dir();
    let parent = parent.to_string_lossy();
    format!(
        "{}/helm-lint{}",
        parent.trim_end_matches('/'),
        u32::from_ne_bytes(random)
    )
}

/// The chart's name and files.
fn unpack(data: &[u8], session: &Session<'_>) -> Result<(String, Tree), String> {
    let compat = session.compat;
    let files =
        archive::read(data, &archive::Limits::default(), compat).map_err(|e| e.to_string())?;
    let mut name = String::new();
    for file in files.iter().filter(|f| f.name == "Chart.yaml") {
        let mut metadata = Metadata::default();
        metadata
            .read(&file.data, &mut Heap::new(), compat)
            .map_err(|e| format!("cannot load Chart.yaml: {e}"))?;
        name = metadata.name;
    }
    let quoted = fmt::quote(name.as_bytes());
    match name.as_str() {
        "" => return Err("chart name not specified".into()),
        "." | ".." => return Err(format!("chart name {quoted} is not allowed")),
        _ if name.contains('/') => {
            return Err(format!(
                "chart name {quoted} must not contain path separators"
            ));
        }
        _ => {}
    }
    let mut tree = Tree::new();
    for file in files {
        tree.insert(parts(&file.name), file);
    }
    Ok((name, tree))
}

/// A path that stays below its root.
fn parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_owned()),
        }
    }
    parts
}

fn entry(tree: &Tree, name: &str) -> Entry {
    let first = tree.range(vec![name.to_owned()]..).next();
    match first {
        Some((parts, file)) if parts[0] == name => match parts.len() {
            1 => Entry::File(file.data.clone()),
            _ => Entry::Directory,
        },
        _ => Entry::Absent,
    }
}

/// The files that .helmignore leaves.
fn walk(tree: Tree, compat: Compat) -> Result<Vec<File>, String> {
    let mut rules = match tree.get([".helmignore".to_owned()].as_slice()) {
        Some(file) => ignore::Rules::parse(&file.data).map_err(|e| e.to_string())?,
        None => ignore::Rules::empty(),
    };
    rules.add_defaults();
    let rules = rules.speaking(compat);
    let is_kept = |parts: &[String]| {
        (1..=parts.len()).all(|n| !rules.ignores(&parts[..n].join("/"), n < parts.len()))
    };
    let kept = tree.into_iter().filter(|(parts, _)| is_kept(parts));
    Ok(kept
        .map(|(parts, file)| {
            let data = file
                .data
                .strip_prefix(b"\xef\xbb\xbf".as_slice())
                .map(Str::from);
            let data = data.unwrap_or_else(|| file.data.clone());
            File {
                name: parts.join("/"),
                data,
                ..file
            }
        })
        .collect())
}
