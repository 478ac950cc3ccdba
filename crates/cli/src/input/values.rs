//! The values a user gives: files, then the `--set` family, later ones winning.

use std::io::ErrorKind;

use windlass_chart::compat::Compat;
use windlass_chart::strvals;
use windlass_chart::values;
use windlass_url::Url;
use windlass_value::{Heap, MapId};

use crate::command::{Flag, Flags};
use crate::diagnoses;
use crate::error::{Failure, io_failure};
use crate::input::file;
use crate::session::Session;

/// The flags that give values.
pub(crate) const FLAGS: &[Flag] = &[
    Flag::slice(
        "values",
        "values from a YAML file, `-` for standard input (repeatable)",
    )
    .short('f'),
    Flag::array(
        "set",
        "values as key1=value1,key2=value2, types guessed (repeatable)",
    ),
    Flag::array(
        "set-string",
        "values as key1=value1,key2=value2, always strings (repeatable)",
    ),
    Flag::array(
        "set-json",
        "values as key1=JSON,key2=JSON or one JSON object (repeatable)",
    ),
    Flag::array(
        "set-file",
        "values from the content of files, as key1=path1 (repeatable)",
    ),
    Flag::array(
        "set-literal",
        "one value as key=value, taken as it stands (repeatable)",
    ),
];

/// Merges everything the flags give into one map.
///
/// # Errors
/// A file that cannot be read or parsed, or a `--set` text that makes no sense.
pub(crate) fn merge(
    flags: &Flags,
    heap: &mut Heap,
    session: &mut Session<'_>,
) -> Result<MapId, Failure> {
    let compat = session.compat;
    let mut base = heap.new_map();
    for path in flags.all("values") {
        let data = read(path, session)?;
        let given = values::read(heap, &data, session.compat).map_err(|e| {
            let found = windlass_yaml::diagnose(path, &data);
            Failure::new(format!("failed to parse {path}: {e}")).with(found)
        })?;
        base = values::merge_maps(heap, base, given);
    }
    for text in flags.all("set-json") {
        base = set_json(heap, base, text, compat)?;
    }
    for text in flags.all("set") {
        strvals::parse_into(heap, base, text, compat).map_err(|e| failed("--set", text, &e))?;
    }
    for text in flags.all("set-string") {
        strvals::parse_into_string(heap, base, text, compat)
            .map_err(|e| failed("--set-string", text, &e))?;
    }
    for text in flags.all("set-file") {
        let mut reader = |path: &str| read(path, session).map_err(|e| e.message);
        strvals::parse_into_file(heap, base, text, compat, &mut reader)
            .map_err(|e| failed("--set-file", text, &e))?;
    }
    for text in flags.all("set-literal") {
        strvals::parse_literal_into(heap, base, text, compat)
            .map_err(|e| failed("--set-literal", text, &e))?;
    }
    Ok(base)
}

fn failed(flag: &str, text: &str, error: &strvals::Error) -> Failure {
    let found = diagnoses::assignment(flag, text, &error.to_string());
    Failure::explained(format!("failed parsing {flag} data: {error}"), found)
}

fn set_json(heap: &mut Heap, base: MapId, text: &str, compat: Compat) -> Result<MapId, Failure> {
    match strvals::parse_json_object(heap, text, compat) {
        Some(Ok(given)) => return Ok(values::merge_maps(heap, base, given)),
        Some(Err(_)) => {
            return Err(Failure::new(format!(
                "failed parsing --set-json data JSON: {text}"
            )));
        }
        None => {}
    }
    strvals::parse_json(heap, base, text, compat)
        .map(|()| base)
        .map_err(|_| Failure::new(format!("failed parsing --set-json data {text}")))
}

/// Reads a file, or standard input for `-`.
fn read(path: &str, session: &mut Session<'_>) -> Result<Vec<u8>, Failure> {
    if path.trim() == "-" {
        return session
            .read_stdin()
            .map_err(|e| io_failure("read", "/dev/stdin", &e));
    }
    // Helm takes every name for a URL first, and what is none of a scheme it knows for a file's.
    let url = Url::parse(path.as_bytes()).map_err(|e| Failure::new(e.to_string()))?;
    if matches!(url.scheme.as_slice(), b"http" | b"https" | b"oci") {
        let scheme = String::from_utf8_lossy(&url.scheme);
        return Err(Failure::new(format!(
            "{path}: {} cannot fetch values over {scheme} yet; download the file first",
            session.program
        )));
    }
    file::read(path, file::MAX_INPUT).map_err(|e| {
        let found =
            (e.kind() == ErrorKind::NotFound).then(|| diagnoses::missing_path("values file", path));
        let act = match e.kind() {
            ErrorKind::IsADirectory => "read",
            _ => "open",
        };
        io_failure(act, path, &e).with(found)
    })
}
