//! Charts on the local file system: finding, walking, reading.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use windlass_chart::archive::NamedError;
use windlass_chart::compat::Compat;
use windlass_chart::load::Edition;
use windlass_chart::{Chart, File, archive, ignore, load, path};
use windlass_value::Heap;

use crate::command::Flags;
use crate::diagnoses;
use crate::error::{Failure, io_failure, io_reason};
use crate::input::file;
use crate::log::Event;
use crate::session::Session;

/// Where a chart that was named on the command line lies.
///
/// # Errors
/// If it is not there; or if it would have to be fetched, which is not there yet.
pub(crate) fn locate(name: &str, flags: &Flags, session: &Session<'_>) -> Result<PathBuf, Failure> {
    let name = name.trim();
    let path = Path::new(name);
    let repository = flags.text("repo");
    let local = repository.is_empty() || session.compat.prefers_local_to_repo();
    if local && path.exists() {
        if flags.on("verify") {
            return Err(unverifiable(path, session));
        }
        return Ok(absolute(name, session).into());
    }
    if !repository.is_empty() {
        return Err(remote(&format!("{repository}/{name}"), session));
    }
    if path.is_absolute() || name.starts_with('.') {
        let quoted = windlass_value::fmt::quote(name.as_bytes());
        let found = diagnoses::missing_path("chart", name);
        return Err(Failure::explained(
            format!("path {quoted} not found"),
            found,
        ));
    }
    Err(remote(name, session))
}

/// What `--verify` says while signatures cannot be checked.
fn unverifiable(path: &Path, session: &Session<'_>) -> Failure {
    if path.is_dir() {
        return Failure::new("unpacked charts cannot be verified");
    }
    Failure::new(format!(
        "--verify: {} cannot check signatures yet; leave the flag out to use the chart unverified",
        session.program
    ))
}

/// The answer to anything that needs a repository or a registry.
fn remote(name: &str, session: &Session<'_>) -> Failure {
    let program = &session.program;
    if name.contains("://") {
        return Failure::new(format!(
            "{name}: {program} cannot fetch charts from registries or repositories yet; \
             give the path of a chart directory or archive"
        ));
    }
    match name.split_once('/') {
        Some((repository, _)) => Failure::explained(
            format!("repo {repository} not found"),
            diagnoses::missing_path("chart", name),
        ),
        None => Failure::new(format!(
            "non-absolute URLs should be in form of repo_name/path_to_chart, got: {name}"
        )),
    }
}

/// Loads the chart at a path, a directory or an archive, as commands do that render, lint or pack.
/// Helm 4 looks at its Chart.yaml before it reads the rest.
///
/// # Errors
/// Helm's words for whatever is wrong with it.
pub(crate) fn load_chart(
    path: &Path,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    load(&path.to_string_lossy(), Detection::First, heap, session)
}

/// Loads the chart at a path as commands do that only show it or copy it: without a look at its
/// `apiVersion` before.
///
/// # Errors
/// Helm's words for whatever is wrong with it.
pub(crate) fn load_undetected(
    path: &str,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    load(path, Detection::None, heap, session)
}

/// Loads the chart in a directory, after a look at its `apiVersion`.
///
/// # Errors
/// Helm's words for whatever is wrong with it.
pub(crate) fn load_directory(
    path: &str,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    let edition = check_directory(Path::new(path), session.compat)?;
    load_directory_as(edition, path, heap, session)
}

/// Loads the chart in a directory and nothing else, without a look at its `apiVersion`.
///
/// # Errors
/// Helm's words for whatever is wrong with it.
pub(crate) fn load_directory_undetected(
    path: &str,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    load_directory_as(Edition::Common, path, heap, session)
}

fn load_directory_as(
    edition: Edition,
    path: &str,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    let root = absolute(path, session);
    let files = read_directory(Path::new(&root), session)?;
    assemble(edition, files, heap, session)
}

/// Loads a chart archive, without a look at its `apiVersion`.
///
/// # Errors
/// Helm's words for whatever is wrong with it.
pub(crate) fn load_archive(
    path: &str,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    let bytes = read_archive(path)?;
    let failed = |e: NamedError| Failure::explained(e.to_string(), diagnoses::archive(path, &e));
    archive::ensure_gzip(path, &bytes).map_err(|e| failed(e.into()))?;
    let files = archive::read(&bytes, &archive::Limits::default(), session.compat).map_err(
        |e| match e {
            archive::Error::GzipHeader => failed(NamedError::Header(path.to_owned(), e)),
            e => failed(NamedError::Archive(e)),
        },
    )?;
    assemble(Edition::Common, files, heap, session)
}

fn load_archive_detected(
    path: &str,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    let compat = session.compat;
    let files = archive::read_named(
        path,
        &read_archive(path)?,
        &archive::Limits::default(),
        compat,
    )
    .map_err(|e| Failure::explained(e.to_string(), diagnoses::archive(path, &e)))?;
    let edition = match files.iter().find(|f| f.name == "Chart.yaml") {
        Some(file) => edition(&file.data, compat)?,
        None => Edition::Common,
    };
    assemble(edition, files, heap, session)
}

fn read_archive(path: &str) -> Result<Vec<u8>, Failure> {
    let found = fs::metadata(path).map_err(|e| io_failure("stat", path, &e))?;
    if found.is_dir() {
        return Err(Failure::new("cannot load a directory"));
    }
    let limit = archive::Limits::default().total_bytes;
    file::read_regular(path, limit).map_err(|e| io_failure("open", path, &e))
}

/// Whether Chart.yaml is looked at before the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detection {
    First,
    None,
}

fn load(
    path: &str,
    detection: Detection,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    let found = fs::metadata(path).map_err(|e| io_failure("stat", path, &e))?;
    match (found.is_dir(), detection) {
        (true, Detection::First) => load_directory(path, heap, session),
        (true, Detection::None) => load_directory_undetected(path, heap, session),
        (false, Detection::First) => load_archive_detected(path, heap, session),
        (false, Detection::None) => load_archive(path, heap, session),
    }
}

fn edition(chartfile: &[u8], compat: Compat) -> Result<Edition, Failure> {
    load::check_api_version(chartfile, compat).map_err(|e| Failure::new(e.to_string()))
}

fn assemble(
    edition: Edition,
    files: Vec<File>,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<Chart, Failure> {
    // Only who reads an explanation pays for keeping what it is about.
    let kept = session.explain.then(|| files.clone());
    let (chart, warnings) =
        load::load_as(edition, files, heap, session.compat).map_err(|failed| {
            session.log_all(failed.warnings);
            let text = failed.error.to_string();
            let found = kept.map(|files| diagnoses::load(&text, &files));
            Failure::new(text).with(found)
        })?;
    session.log_all(warnings);
    Ok(chart)
}

/// A path from the root on, without `.` and `..`, as Go's `filepath.Abs` makes it.
pub(crate) fn absolute(name: &str, session: &Session<'_>) -> String {
    if name.starts_with('/') {
        return path::clean(name);
    }
    path::join(&[&working_directory(session), name])
}

/// The working directory, by the name the shell has for it, if that is still right.
fn working_directory(session: &Session<'_>) -> String {
    let found = std::env::current_dir().unwrap_or_default();
    match session.variable("PWD").filter(|pwd| pwd.starts_with('/')) {
        Some(pwd) if fs::canonicalize(pwd).is_ok_and(|real| real == found) => pwd.to_owned(),
        _ => found.to_string_lossy().into_owned(),
    }
}

/// Helm 4 looks at Chart.yaml before it reads the rest of a directory.
fn check_directory(path: &Path, compat: Compat) -> Result<Edition, Failure> {
    let chartfile = path.join("Chart.yaml");
    let name = chartfile.to_string_lossy().into_owned();
    match file::read_regular(&chartfile, file::MAX_INPUT) {
        Ok(data) => edition(&data, compat),
        Err(e) if compat.detects_charts_first() => {
            Err(io_failure("open", &name, &e).context(&format!("unable to detect chart at {name}")))
        }
        Err(_) => Ok(Edition::Common),
    }
}

/// Reads a chart's directory, .helmignore respected, in the order of names.
///
/// # Errors
/// A broken .helmignore, a file that is none, or one that cannot be read.
pub(crate) fn read_directory(path: &Path, session: &mut Session<'_>) -> Result<Vec<File>, Failure> {
    let (files, events) = walk(path, session.compat);
    events.iter().for_each(|event| session.log(event));
    files
}

/// [`read_directory`] without logging: the files, and what is to be logged.
pub(crate) fn walk(path: &Path, compat: Compat) -> (Result<Vec<File>, Failure>, Vec<Event>) {
    let rules = match ignore_rules(path, compat) {
        Ok(rules) => rules,
        Err(failure) => return (Err(failure), Vec::new()),
    };
    let mut walk = Walk {
        rules,
        files: Vec::new(),
        events: Vec::new(),
        bytes: 0,
        buffer: Vec::new(),
        compat,
    };
    // A file has nothing below it, and so no Chart.yaml either.
    let outcome = if path.is_file() {
        Ok(())
    } else {
        walk.directory(path, "", 0)
    };
    (outcome.map(|()| walk.files), walk.events)
}

fn ignore_rules(path: &Path, compat: Compat) -> Result<ignore::Rules, Failure> {
    let ignore_file = path.join(".helmignore");
    let mut rules = match file::read_regular(&ignore_file, file::MAX_INPUT) {
        Ok(data) => ignore::Rules::parse(&data).map_err(|e| Failure::new(e.to_string()))?,
        // What cannot even be looked at has no rules.
        Err(_) if fs::metadata(&ignore_file).is_err() => ignore::Rules::empty(),
        Err(e) => return Err(io_failure("open", &ignore_file.to_string_lossy(), &e)),
    };
    rules.add_defaults();
    Ok(rules.speaking(compat))
}

/// How many entries of a directory are looked at: a chart cannot have as many files.
const MAX_ENTRIES: usize = 2 * archive::MAX_FILES;

/// Links that lead back to where they stand would make a walk endless.
const MAX_DEPTH: usize = 255;

struct Walk {
    rules: ignore::Rules,
    files: Vec<File>,
    events: Vec<Event>,
    bytes: u64,
    /// What the file being read holds.
    buffer: Vec<u8>,
    compat: Compat,
}

impl Walk {
    fn directory(&mut self, path: &Path, relative: &str, depth: usize) -> Result<(), Failure> {
        let shown = path.to_string_lossy().into_owned();
        if depth > MAX_DEPTH {
            return Err(Failure::new(format!(
                "stat {shown}: too many levels of symbolic links"
            )));
        }
        let listing = fs::read_dir(path).map_err(|e| io_failure("open", &shown, &e))?;
        // The listing says what an entry is, which spares asking for each.
        // One more than there may be is enough to tell that there are too many.
        let mut names: Vec<(String, Option<fs::FileType>)> = listing
            .take(MAX_ENTRIES)
            .map(|entry| {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                Ok((name, entry.file_type().ok()))
            })
            .collect::<Result<_, io::Error>>()
            .map_err(|e| io_failure("readdirent", &shown, &e))?;
        names.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, kind) in names {
            let below = if relative.is_empty() {
                name.clone()
            } else {
                format!("{relative}/{name}")
            };
            self.entry(&path.join(&name), &below, kind, depth)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        path: &Path,
        relative: &str,
        kind: Option<fs::FileType>,
        depth: usize,
    ) -> Result<(), Failure> {
        let lstat = |e: &io::Error| io_failure("lstat", &path.to_string_lossy(), e);
        let mut kind = match kind {
            Some(kind) => kind,
            None => fs::symlink_metadata(path)
                .map_err(|e| lstat(&e))?
                .file_type(),
        };
        if kind.is_symlink() {
            let shown = path.to_string_lossy().into_owned();
            let resolved = fs::canonicalize(path).map_err(|e| {
                io_failure("lstat", &shown, &e)
                    .context(&format!("error evaluating symlink {shown}"))
            })?;
            self.events.push(Event::SymbolicLink {
                path: shown,
                resolved: resolved.to_string_lossy().into_owned(),
            });
            kind = fs::metadata(path).map_err(|e| lstat(&e))?.file_type();
        }
        let mut warnings = Vec::new();
        let ignored = self.rules.judge(relative, kind.is_dir(), &mut warnings);
        self.events.extend(warnings.into_iter().map(Event::Chart));
        if ignored {
            return Ok(());
        }
        if kind.is_dir() {
            return self.directory(path, relative, depth + 1);
        }
        if !kind.is_file() {
            let shown = path.to_string_lossy();
            return Err(Failure::new(format!(
                "cannot load irregular file {shown} as it has file mode type bits set"
            )));
        }
        self.file(path, relative)
    }

    fn file(&mut self, path: &Path, relative: &str) -> Result<(), Failure> {
        let unreadable = |e: &io::Error| {
            let shown = path.to_string_lossy();
            let reason = io_reason(e);
            Failure::new(format!("error reading {relative}: open {shown}: {reason}"))
        };
        let file = fs::File::open(path);
        // Helm looks at sizes before it opens.
        let metadata = match &file {
            Ok(file) => file.metadata(),
            Err(_) => fs::metadata(path),
        };
        let metadata = metadata.map_err(|e| unreadable(&e))?;
        let size = metadata.len();
        let limits = archive::Limits::default();
        if let Some(max) = self.compat.max_chart_file_bytes().filter(|max| size > *max) {
            let name = relative.rsplit('/').next().unwrap_or(relative);
            let quoted = windlass_value::fmt::quote(name.as_bytes());
            return Err(Failure::new(format!(
                "chart file {quoted} is larger than the maximum file size {max}"
            )));
        }
        self.bytes += size;
        if self.bytes > limits.total_bytes {
            return Err(Failure::new(format!(
                "error reading {relative}: chart exceeds maximum decompressed size of {} bytes",
                limits.total_bytes
            )));
        }
        let modified = metadata.modified().ok().and_then(|time| {
            let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
            i128::try_from(since.as_nanos()).ok()
        });
        if self.files.len() >= archive::MAX_FILES {
            return Err(Failure::new(archive::Error::TooManyFiles.to_string()));
        }
        // One buffer for all files: what is kept of each is a copy of its own length.
        self.buffer.clear();
        self.buffer.reserve(usize::try_from(size).unwrap_or(0) + 1);
        // Through `take`, since a file alone would ask for its size again, and one that has no
        // size, as in /proc, might not end.
        let most = limits.total_bytes - (self.bytes - size);
        let mut file = file.map_err(|e| unreadable(&e))?.take(most);
        file.read_to_end(&mut self.buffer)
            .map_err(|e| unreadable(&e))?;
        let data = self.buffer.as_slice();
        let data = data
            .strip_prefix(b"\xef\xbb\xbf".as_slice())
            .unwrap_or(data);
        self.files.push(File {
            modified,
            ..File::new(relative, data)
        });
        Ok(())
    }
}
