//! Writing charts: archives and directories, as `package`, `create` and `dependency` leave them.

use std::fs;
use std::io::ErrorKind;
use std::time::{SystemTime, UNIX_EPOCH};

use windlass_chart::{Chart, Metadata, archive, metadata, path};
use windlass_value::Heap;

use crate::error::{Failure, io_failure};
use crate::session::Session;

const NANOS: i128 = 1_000_000_000;

/// Packs a chart into `DIRECTORY/NAME-VERSION.tgz` and gives that path. The directory is made if
/// need be.
///
/// # Errors
/// An invalid chart, or a file system that does not let it.
pub(crate) fn archive(
    chart: &Chart,
    heap: &Heap,
    directory: &str,
    session: &Session<'_>,
) -> Result<String, Failure> {
    let mut checked = chart.metadata.clone();
    checked
        .validate()
        .map_err(|e| Failure::new(format!("chart validation: {e}")))?;
    let file = format!("{}-{}.tgz", chart.name(), chart.metadata.version);
    let file = path::join(&[directory, &file]);
    let parent = path::directory(&file);
    match fs::metadata(&parent) {
        Ok(found) if !found.is_dir() => {
            return Err(Failure::new(format!("is not a directory: {parent}")));
        }
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::NotFound => make_directory(&parent)?,
        Err(e) => {
            return Err(io_failure("stat", &parent, &e).context(&format!("stat {parent}")));
        }
    }
    let bytes = archive::write(chart, heap, session.compat, now())
        .map_err(|e| Failure::new(e.to_string()))?;
    fs::write(&file, bytes).map_err(|e| io_failure("open", &file, &e))?;
    Ok(file)
}

/// Writes a chart as files below `DIRECTORY/NAME`, the charts below it as archives.
///
/// # Errors
/// A name that is none, or a file system that does not let it.
pub(crate) fn directory(
    chart: &Chart,
    heap: &Heap,
    directory: &str,
    session: &Session<'_>,
) -> Result<(), Failure> {
    let name = chart.name();
    if path::base(name) != name {
        let quoted = windlass_value::fmt::quote(name.as_bytes());
        return Err(Failure::new(format!("{quoted} is not a valid chart name")));
    }
    let root = path::join(&[directory, name]);
    if fs::metadata(&root).is_ok_and(|found| !found.is_dir()) {
        return Err(Failure::new(format!(
            "file {root} already exists and is not a directory"
        )));
    }
    make_directory(&root)?;
    let below = |name: &str| path::join(&[&root, name]);
    let definition = definition(&chart.metadata, heap)?;
    write_plain(&below("Chart.yaml"), definition.as_bytes())?;
    for file in chart.raw.iter().filter(|f| f.name == "values.yaml") {
        write_file(&below("values.yaml"), &file.data)?;
    }
    if let Some(schema) = &chart.schema {
        write_file(&below("values.schema.json"), schema)?;
    }
    for file in chart.templates.iter().chain(&chart.files) {
        write_file(&below(&file.name), &file.data)?;
    }
    for child in &chart.dependencies {
        archive(child, heap, &below("charts"), session)
            .map_err(|e| e.context(&format!("saving {}", child.path)))?;
    }
    Ok(())
}

/// Chart.yaml as Helm writes it. Charts of v1 have their dependencies in another file.
fn definition(chart: &Metadata, heap: &Heap) -> Result<String, Failure> {
    let mut chart = chart.clone();
    if chart.api_version == "v1" {
        chart.dependencies = None;
    }
    metadata::to_yaml(heap, &chart).map_err(|e| Failure::new(e.to_string()))
}

/// Writes a file, its directories too.
///
/// # Errors
/// What the file system says.
pub(crate) fn write_file(file: &str, data: &[u8]) -> Result<(), Failure> {
    make_directory(&path::directory(file))?;
    write_plain(file, data)
}

fn write_plain(file: &str, data: &[u8]) -> Result<(), Failure> {
    fs::write(file, data).map_err(|e| io_failure("open", file, &e))
}

/// Makes a directory and those above it.
///
/// # Errors
/// What the file system says, about the first one that cannot be made.
pub(crate) fn make_directory(directory: &str) -> Result<(), Failure> {
    let Err(error) = fs::create_dir_all(directory) else {
        return Ok(());
    };
    // Go names the directory that it failed at, not the one that was asked for.
    let mut at = directory.to_owned();
    loop {
        match fs::metadata(&at) {
            Ok(found) if found.is_dir() => break,
            Ok(_) => {
                return Err(Failure::new(format!("mkdir {at}: not a directory")));
            }
            Err(_) => {
                let parent = path::directory(&at);
                if parent == at || fs::metadata(&parent).is_ok_and(|p| p.is_dir()) {
                    return Err(io_failure("mkdir", &at, &error));
                }
                at = parent;
            }
        }
    }
    Err(io_failure("mkdir", directory, &error))
}

/// Nanoseconds since the Unix epoch.
pub(crate) fn now() -> i128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i128::try_from(d.as_nanos()).unwrap_or(i128::MAX))
}

/// The age that `SOURCE_DATE_EPOCH` gives packed charts, in seconds since the Unix epoch.
///
/// # Errors
/// It is no number, or before the epoch.
pub(crate) fn epoch(session: &Session<'_>) -> Result<Option<i64>, Failure> {
    let Some(text) = session
        .variable("SOURCE_DATE_EPOCH")
        .filter(|_| session.compat.honours_source_date_epoch())
    else {
        return Ok(None);
    };
    let invalid = |why: String| Failure::new(format!("invalid SOURCE_DATE_EPOCH: {why}"));
    match windlass_value::fmt::parse_int(text.as_bytes(), 10, 64) {
        Ok(seconds) if seconds < 0 => Err(invalid("must not be negative".to_owned())),
        Ok(seconds) => Ok(Some(seconds)),
        Err(e) => Err(invalid(e.to_string())),
    }
}

/// Gives a chart, all in it and below it, one age.
pub(crate) fn stamp(chart: &mut Chart, epoch: Option<i64>) {
    let Some(seconds) = epoch else {
        return;
    };
    let modified = Some(i128::from(seconds) * NANOS);
    chart.modified = modified;
    chart.schema_modified = modified;
    if let Some(lock) = &mut chart.lock {
        lock.generated = rfc3339(seconds);
    }
    for files in [&mut chart.raw, &mut chart.templates, &mut chart.files] {
        for file in files {
            file.modified = modified;
        }
    }
    for child in &mut chart.dependencies {
        stamp(child, epoch);
    }
}

fn rfc3339(seconds: i64) -> String {
    let time = windlass_time::Time::from_unix(seconds, 0).within(windlass_time::Zone::Utc);
    time.to_rfc3339().unwrap_or_default()
}
