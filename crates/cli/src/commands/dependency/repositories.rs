//! Where dependencies come from.
//!
//! Charts in directories nearby can be had; repositories and registries are not there yet, which
//! this says before anything is changed.

use std::fs;

use windlass_chart::{Dependency, path};
use windlass_value::{Heap, Value};

use crate::error::{Failure, Outcome, io_failure};
use crate::session::Session;
use crate::settings::Paths;

/// A repository that `helm repo add` wrote down.
struct Known {
    name: String,
    url: String,
}

/// Checks that all dependencies can be had. An alias becomes the address it stands for, since the
/// lock file's digest is over that.
///
/// # Errors
/// A directory that is not there, a repository that nobody knows, or one that would have to be
/// asked.
pub(super) fn settle(
    wanted: &mut [Option<Dependency>],
    chart_path: &str,
    session: &mut Session<'_>,
) -> Outcome {
    let known = known(session)?;
    let (mut missing, mut remote) = (Vec::new(), Vec::new());
    for dependency in wanted.iter_mut().flatten() {
        let repository = &mut dependency.repository;
        if repository.is_empty() {
            continue;
        }
        if repository.starts_with("file://") {
            local_path(repository, chart_path)?;
            continue;
        }
        let alias = repository
            .strip_prefix('@')
            .or_else(|| repository.strip_prefix("alias:"));
        if let Some(found) = known.iter().find(|k| alias == Some(k.name.as_str())) {
            found.url.clone_into(repository);
        } else if !is_address(repository) {
            missing.push(repository.clone());
            continue;
        }
        remote.push(repository.clone());
    }
    if !missing.is_empty() {
        return Err(unknown(&missing, session));
    }
    refuse(&remote, session)
}

/// As `settle` for what a lock file names: only repositories that were added are good.
///
/// # Errors
/// A repository that was not added, or that would have to be asked.
pub(super) fn check_locked(locked: &[Option<Dependency>], session: &mut Session<'_>) -> Outcome {
    let known = known(session)?;
    let same = |a: &str, b: &str| a.trim_end_matches('/') == b.trim_end_matches('/');
    let (mut missing, mut remote) = (Vec::new(), Vec::new());
    for dependency in locked.iter().flatten() {
        let repository = dependency.repository.as_str();
        if repository.is_empty() || repository.starts_with("file://") {
            continue;
        }
        let is_added = known.iter().any(|k| same(&k.url, repository));
        let list = if repository.starts_with("oci://") || is_added {
            &mut remote
        } else {
            &mut missing
        };
        list.push(repository.to_owned());
    }
    if missing.is_empty() {
        return refuse(&remote, session);
    }
    Err(Failure::new(format!(
        "no repository definition for {}. Please add the missing repos via '{} repo add'",
        missing.join(", "),
        session.program
    )))
}

fn refuse(remote: &[String], session: &Session<'_>) -> Outcome {
    if remote.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} cannot fetch charts from repositories or registries yet ({}); put the charts into \
         charts/, or name directories with file://",
        session.program,
        remote.join(", ")
    )))
}

fn unknown(missing: &[String], session: &Session<'_>) -> Failure {
    let program = &session.program;
    let mut text = format!(
        "no repository definition for {}. Please add them via '{program} repo add'",
        missing.join(", ")
    );
    let is_bare = |r: &String| !r.contains("//") && !r.starts_with('@') && !r.starts_with("alias:");
    if missing.iter().any(is_bare) {
        text += &format!(
            "\nNote that repositories must be URLs or aliases. For example, to refer to the \
             \"example\"\nrepository, use \"https://charts.example.com/\" or \"@example\" instead \
             of\n\"example\". Don't forget to add the repo, too ('{program} repo add')."
        );
    }
    Failure::new(text)
}

/// Whether Go's `url.ParseRequestURI` takes it: a scheme and whatever follows, or a path from the
/// root.
fn is_address(text: &str) -> bool {
    if text.starts_with('/') {
        return true;
    }
    let Some((scheme, _)) = text.split_once(':') else {
        return false;
    };
    let mut bytes = scheme.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// The directory that `file://…` or a path below the chart names.
///
/// # Errors
/// It is not there.
pub(super) fn local_path(repository: &str, chart_path: &str) -> Result<String, Failure> {
    let given = repository.strip_prefix("file://").unwrap_or(repository);
    let directory = if given.starts_with('/') {
        path::clean(given)
    } else {
        path::join(&[chart_path, given])
    };
    match fs::metadata(&directory) {
        Ok(_) => Ok(directory),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("directory {directory} not found")))
        }
        Err(e) => Err(io_failure("stat", &directory, &e)),
    }
}

/// The repositories in repositories.yaml; none where there is no such file.
fn known(session: &Session<'_>) -> Result<Vec<Known>, Failure> {
    let file = match session.variable("HELM_REPOSITORY_CONFIG") {
        Some(file) => file.into(),
        None => Paths::new(session).config().join("repositories.yaml"),
    };
    let Ok(data) = fs::read(&file) else {
        return Ok(Vec::new());
    };
    let mut heap = Heap::new();
    let config = windlass_yaml::parse(&mut heap, &data)
        .map_err(|e| Failure::new(format!("failed to load {}: {e}", file.to_string_lossy())))?;
    let text = |entry: &Value, key: &[u8]| {
        let found = heap.get(entry.as_map()?, key)?.as_str()?;
        Some(found.to_text().into_owned())
    };
    let entries = config
        .as_map()
        .and_then(|map| heap.get(map, b"repositories"))
        .and_then(Value::as_list)
        .unwrap_or_default();
    Ok(entries
        .iter()
        .filter_map(|entry| {
            Some(Known {
                name: text(entry, b"name")?,
                url: text(entry, b"url")?,
            })
        })
        .collect())
}
