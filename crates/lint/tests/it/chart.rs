//! A chart's directory made of texts.

use windlass_chart::{File, ignore};
use windlass_lint::{Entry, Source};

/// What lies in a directory with these files, at the path that the recordings have.
pub(crate) fn source(files: &[(&str, &str)]) -> Source {
    let mut files: Vec<(Vec<&str>, &str)> = files
        .iter()
        .map(|(name, data)| (name.split('/').collect(), *data))
        .collect();
    files.sort();
    let entry = |name: &str| {
        let found = files.iter().find(|(parts, _)| parts[0] == name);
        match found {
            None => Entry::Absent,
            Some((parts, data)) if parts.len() == 1 => Entry::File((*data).into()),
            Some(_) => Entry::Directory,
        }
    };
    Source {
        directory: "chart".into(),
        chartfile: entry("Chart.yaml"),
        values: entry("values.yaml"),
        schema: entry("values.schema.json"),
        templates: entry("templates"),
        crds: entry("crds"),
        files: walk(&files),
    }
}

fn walk(files: &[(Vec<&str>, &str)]) -> Result<Vec<File>, String> {
    let rules = files.iter().find(|(parts, _)| parts[..] == [".helmignore"]);
    let rules = rules.map_or("", |(_, data)| data);
    let mut rules = ignore::Rules::parse(rules.as_bytes()).map_err(|e| e.to_string())?;
    rules.add_defaults();
    let is_kept = |parts: &[&str]| {
        (1..=parts.len()).all(|n| !rules.ignores(&parts[..n].join("/"), n < parts.len()))
    };
    let kept = files.iter().filter(|(parts, _)| is_kept(parts));
    let kept = kept.map(|(parts, data)| {
        let data = data.strip_prefix('\u{feff}').unwrap_or(data);
        File::new(parts.join("/"), data)
    });
    Ok(kept.collect())
}
