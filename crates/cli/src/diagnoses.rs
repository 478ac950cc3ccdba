//! Explanations of failures that the command itself meets: files, names, flags. What a library knows
//! better, a library explains.

use std::fs;
use std::path::Path;

use windlass_chart::{Chart, schema};
use windlass_diag::Diagnostic;
use windlass_value::{Heap, MapId, Value};

/// A path that leads nowhere: the entry beside it that has nearly its name.
pub(crate) fn missing_path(what: &'static str, path: &str) -> Diagnostic {
    let found = Diagnostic::error("not-found", format!("there is no {what} at {path}"));
    let path = Path::new(path);
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(directory) else {
        let directory = directory.display();
        return found.help(format!("the directory {directory} does not exist either"));
    };
    // A directory of a million entries is not worth reading for a guess.
    const MOST: usize = 1_000;
    let near = name.and_then(|name| {
        entries
            .take(MOST)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .map(|entry| (strsim::damerau_levenshtein(&name, &entry), entry))
            .filter(|(distance, _)| *distance <= name.len() / 3)
            .min()
    });
    match near {
        Some((_, near)) => found.help(format!("did you mean {}?", directory.join(near).display())),
        None => found.help("check the path; it counts from the working directory"),
    }
}

/// Records that are there, and of which none can be read.
pub(crate) fn unreadable_records(release: &str) -> Diagnostic {
    let message = format!("none of the records of release `{release}` can be read");
    Diagnostic::error("unreadable-records", message)
        .note(format!(
            "they are the Secrets or ConfigMaps with the labels owner=helm,name={release}"
        ))
        .help("bring them back from a backup")
        .help("or delete them, which has the release forgotten; its objects stay")
}

/// Values that break a schema.
pub(crate) fn schema(report: &str, chart: &Chart, heap: &Heap, given: MapId) -> Diagnostic {
    let is_given = |path: &[String]| {
        let mut here = Some(&Value::Map(given)).cloned();
        for step in path {
            here = here.and_then(|v| heap.get(v.as_map()?, step.as_bytes()).cloned());
        }
        here.is_some() && !path.is_empty()
    };
    schema::diagnose(report, chart, is_given)
}

/// A name that no release may have, and the nearest that one may.
pub(crate) fn release_name(name: &str) -> Diagnostic {
    const LONGEST: usize = 53;
    let fitting: String = name
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .take(LONGEST)
        .collect();
    let fitting = fitting.trim_matches(['-', '.']);
    let found = Diagnostic::error("release-name", "this cannot be the name of a release").note(
        "a name has up to 53 of a-z, 0-9, `-` and `.`, and begins and ends with a letter or digit",
    );
    if fitting.is_empty() || fitting.contains("..") {
        found
    } else {
        found.help(format!("`{fitting}` could be"))
    }
}

/// Charts that Chart.yaml asks for and charts/ lacks.
pub(crate) fn missing_dependencies(names: &[String], chart: &Chart) -> Diagnostic {
    let file = chart.raw.iter().find(|f| {
        matches!(f.name.as_str(), "Chart.yaml" | "requirements.yaml") && mentions(&f.data, names)
    });
    let mut found = Diagnostic::error(
        "missing-dependencies",
        "charts/ lacks charts that Chart.yaml asks for",
    )
    .help("fetch them into charts/, or take them out of Chart.yaml");
    if let Some(file) = file {
        let text: &[u8] = &file.data;
        for name in names.iter().take(5) {
            if let Some(at) = position(text, name) {
                let label = format!("{}/{}", chart.path, file.name);
                found = found.label_in(label, text, at..at + name.len(), "not in charts/");
            }
        }
    }
    found
}

fn mentions(text: &[u8], names: &[String]) -> bool {
    names.iter().any(|name| position(text, name).is_some())
}

/// Where a list's `name: NAME` stands.
fn position(text: &[u8], name: &str) -> Option<usize> {
    let text = std::str::from_utf8(text).ok()?;
    let (mut at, list) = text.find("dependencies:").map(|i| (i, &text[i..]))?;
    for line in list.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once(':')
            && key.trim_start_matches(['-', ' ']) == "name"
            && value.trim().trim_matches(['"', '\'']) == name
        {
            return Some(at + line.find(name)?);
        }
        at += line.len();
    }
    None
}

/// A text of the `--set` family that does not parse.
pub(crate) fn assignment(flag: &str, text: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("assignment", reason)
        .label_in(flag, text.as_bytes(), 0..text.len(), "")
        .help("the form is key.path=value,other[0]=value; escape commas and dots within with `\\`")
}

/// An archive that is none, or none that may be unpacked.
pub(crate) fn archive(path: &str, error: &dyn std::error::Error) -> Diagnostic {
    let reason = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let found = Diagnostic::error("archive", reason.clone()).note(format!("the archive is {path}"));
    if reason.contains("parent directory") || reason.contains("absolute path") {
        found.help("do not use it: a file in it would land outside of the chart's directory")
    } else if reason.contains("larger than") || reason.contains("files") {
        found.help("no chart is this large; look at what is packed before you unpack it elsewhere")
    } else if reason.contains("appear to be") || reason.contains("gzip") {
        found.help("a chart archive is a .tgz as `package` makes it; perhaps a download went wrong and this is an error page")
    } else {
        found.help("it is damaged; get it again")
    }
}

/// A chart's files that make no chart; finds the text that does not read.
pub(crate) fn load(error: &str, files: &[windlass_chart::File]) -> Diagnostic {
    let broken = files
        .iter()
        .filter(|file| file.name.ends_with(".yaml") || file.name.ends_with(".lock"))
        .filter(|file| {
            let base = file.name.rsplit('/').next().unwrap_or_default();
            matches!(
                base,
                "Chart.yaml" | "values.yaml" | "Chart.lock" | "requirements.yaml"
            )
        });
    if let Some(found) = broken
        .into_iter()
        .find_map(|file| windlass_yaml::diagnose(&file.name, &file.data))
    {
        return found;
    }
    let found = Diagnostic::error("chart", error);
    let missing = error.contains("Chart.yaml file is missing") || error.contains("no Chart.yaml");
    if missing {
        found.help("a chart's directory has a Chart.yaml with apiVersion, name and version")
    } else {
        found.help("compare Chart.yaml with what a new chart has")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_offered_where_one_is_near() {
        let help = |name| release_name(name).help;
        assert_eq!(help("My_App"), ["`my-app` could be"]);
        assert!(help("___").is_empty());
    }

    #[test]
    fn dependencies_are_found_by_their_names() {
        let text = b"name: redis\ndependencies:\n- name: \"redis\"\n  version: 1\n";
        let at = position(text, "redis");
        assert_eq!(at.map(|at| &text[at..at + 5]), Some(b"redis".as_slice()));
        assert!(at > Some(20));
        assert_eq!(position(text, "mysql"), None);
    }
}
