//! Our answers to the recorded questions, in the recording's form.

use windlass_chart::compat::Compat;
use windlass_chart::dependencies::lock;
use windlass_chart::{
    Chart, File, Lock, Metadata, Warning, archive, dependencies, ignore, load, metadata, values,
};
use windlass_value::{Heap, MapId, MapType, Str, Value, fmt, json};

use super::{field, text};

/// What a question comes to; the recording has errors as answers too.
type Answer = Result<Vec<(&'static str, Value)>, (String, Vec<Warning>)>;

pub(crate) fn answer(heap: &mut Heap, ask: MapId, compat: Compat) -> Value {
    let entries = match answer_or_error(heap, ask, compat) {
        Ok(entries) => entries,
        Err((error, warnings)) => {
            let mut entries = vec![("error", Value::str(error))];
            entries.extend(logs(&warnings, compat));
            entries
        }
    };
    object(heap, entries)
}

fn answer_or_error(heap: &mut Heap, ask: MapId, compat: Compat) -> Answer {
    let body = field(heap, ask, "text");
    match &*field(heap, ask, "op") {
        b"load" => {
            let (chart, warnings) = loaded(heap, ask, compat)?;
            Ok(described(heap, &chart, &warnings, compat))
        }
        b"process" => process(heap, ask, compat),
        b"save" => save(heap, ask, compat),
        b"metadata" => chart_yaml(heap, &body, compat),
        b"values" => {
            let read = values::read(heap, &body, compat).map_err(plain)?;
            Ok(vec![("values", Value::Map(read))])
        }
        b"ignore" => ignored(heap, ask, &body),
        b"archive" => {
            let bytes = unhex(&field(heap, ask, "bytes"));
            let limits = archive::Limits::default();
            let files = archive::read(&bytes, &limits, compat).map_err(plain)?;
            Ok(vec![("files", pairs(&files))])
        }
        b"sniff" => {
            let bytes = unhex(&field(heap, ask, "bytes"));
            let mut padded = bytes.clone();
            padded.resize(bytes.len().max(512), 0);
            Ok(vec![
                ("type", Value::str(archive::content_type(&padded))),
                ("short", Value::str(archive::content_type(&bytes))),
            ])
        }
        other => panic!("unknown question {other:?}"),
    }
}

fn plain(error: impl std::error::Error) -> (String, Vec<Warning>) {
    (error.to_string(), Vec::new())
}

fn loaded(
    heap: &mut Heap,
    ask: MapId,
    compat: Compat,
) -> Result<(Chart, Vec<Warning>), (String, Vec<Warning>)> {
    let files = heap
        .get(ask, b"files")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let file = |pair: &Value| {
        let [name, data] = pair.as_list().unwrap() else {
            panic!("a file is a pair")
        };
        File::new(
            name.as_str().unwrap().to_text(),
            data.as_str().unwrap().clone(),
        )
    };
    let files = files.iter().map(file).collect();
    load::load(files, heap, compat).map_err(|f| (f.error.to_string(), f.warnings))
}

fn process(heap: &mut Heap, ask: MapId, compat: Compat) -> Answer {
    let (mut chart, mut warnings) = loaded(heap, ask, compat)?;
    let given = heap.get(ask, b"values").and_then(Value::as_map).unwrap();
    let mut note = |more: Vec<Warning>| warnings.extend(more);
    match dependencies::process(heap, &mut chart, given, compat) {
        Ok(more) => note(more),
        Err(failed) => {
            note(failed.warnings);
            return Err((failed.error.to_string(), warnings));
        }
    }
    match values::coalesce(heap, &chart, given, compat) {
        Ok((coalesced, more)) => {
            note(more);
            let mut entries = described(heap, &chart, &warnings, compat);
            entries.push(("coalesced", Value::Map(coalesced)));
            Ok(entries)
        }
        Err(failed) => {
            note(failed.warnings);
            Err((failed.error.to_string(), warnings))
        }
    }
}

fn save(heap: &mut Heap, ask: MapId, compat: Compat) -> Answer {
    let (chart, _) = loaded(heap, ask, compat).map_err(|(error, _)| (error, Vec::new()))?;
    let packed = archive::write(&chart, heap, compat, 1_000_000_000).map_err(plain)?;
    let files = archive::read(&packed, &archive::Limits::default(), compat).map_err(plain)?;
    Ok(vec![("files", pairs(&files))])
}

fn chart_yaml(heap: &mut Heap, body: &[u8], compat: Compat) -> Answer {
    let mut read = Metadata::default();
    read.read(body, heap, compat).map_err(plain)?;
    if read.api_version.is_empty() {
        read.api_version = "v1".to_owned();
    }
    let mut entries = vec![("json", Value::str(metadata::to_json(heap, &read)))];
    if let Err(error) = read.validate() {
        entries.push(("invalid", Value::str(error.to_string())));
    }
    entries.push(("yaml", Value::str(metadata::to_yaml(heap, &read).unwrap())));
    entries.push((
        "digest",
        Value::str(lock::digest(heap, read.dependencies.as_deref(), None)),
    ));
    Ok(entries)
}

fn ignored(heap: &Heap, ask: MapId, body: &[u8]) -> Answer {
    let mut rules = ignore::Rules::parse(body).map_err(plain)?;
    rules.add_defaults();
    let ignores = |path: &Value| {
        let path = path.as_map().unwrap();
        let is_dir = matches!(heap.get(path, b"d"), Some(Value::Bool(true)));
        Value::Bool(rules.ignores(&field(heap, path, "p").to_text(), is_dir))
    };
    let paths = heap.get(ask, b"paths").and_then(Value::as_list).unwrap();
    Ok(vec![(
        "ignored",
        Value::list(paths.iter().map(ignores).collect()),
    )])
}

fn described(
    heap: &mut Heap,
    chart: &Chart,
    warnings: &[Warning],
    compat: Compat,
) -> Vec<(&'static str, Value)> {
    let mut entries = vec![("chart", description(heap, chart))];
    entries.extend(logs(warnings, compat));
    entries
}

/// A chart with all below it, those sorted by what is known of them.
fn description(heap: &mut Heap, chart: &Chart) -> Value {
    let mut below: Vec<Value> = chart
        .dependencies
        .iter()
        .map(|c| description(heap, c))
        .collect();
    below.sort_by_key(|c| python_order(&text(heap, c)));
    let own = json::unmarshal(heap, metadata::to_json(heap, &chart.metadata).as_bytes()).unwrap();
    let lock = chart.lock.as_ref().map_or(Value::Nil, |l| lock_of(heap, l));
    let names =
        |files: &[File]| Value::list(files.iter().map(|f| Value::str(f.name.as_str())).collect());
    let entries = vec![
        ("metadata", own),
        ("path", Value::str(chart.path.as_str())),
        ("values", Value::Map(chart.values)),
        ("lock", lock),
        ("templates", names(&chart.templates)),
        ("files", names(&chart.files)),
        ("dependencies", Value::list(below)),
        (
            "schema",
            Value::Str(chart.schema.clone().unwrap_or_default()),
        ),
    ];
    object(heap, entries)
}

/// The recorder sorted texts that have a space behind each colon and comma.
fn python_order(json: &str) -> String {
    json.replace("\":", "\": ").replace(",\"", ", \"")
}

fn lock_of(heap: &mut Heap, lock: &Lock) -> Value {
    let yaml = metadata::lock_to_yaml(heap, lock).unwrap();
    windlass_yaml::parse(heap, yaml.as_bytes()).unwrap()
}

/// The log, sorted; left out where it is empty.
fn logs(warnings: &[Warning], compat: Compat) -> Option<(&'static str, Value)> {
    let line = |warning: &Warning| {
        if compat == Compat::Helm3 {
            return warning.standard();
        }
        let (level, message, attributes) = warning.structured();
        let attributes: String = attributes
            .iter()
            .map(|(k, v)| format!(" {k}={}", slog_quoted(v)))
            .collect();
        format!("level={level} msg={}{attributes}", slog_quoted(&message))
    };
    let mut lines: Vec<String> = warnings.iter().map(line).collect();
    lines.sort();
    (!lines.is_empty()).then(|| {
        (
            "logs",
            Value::list(lines.into_iter().map(Value::str).collect()),
        )
    })
}

fn slog_quoted(text: &str) -> String {
    let plain = |c: char| !(c.is_whitespace() || c == '"' || c == '=');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    fmt::quote(text.as_bytes())
}

fn pairs(files: &[File]) -> Value {
    let pair = |f: &File| Value::list(vec![Value::str(f.name.as_str()), f.data.clone().into()]);
    Value::list(files.iter().map(pair).collect())
}

fn object(heap: &mut Heap, entries: Vec<(&'static str, Value)>) -> Value {
    let entries = entries
        .into_iter()
        .map(|(k, v)| (Str::from(k), v))
        .collect();
    Value::Map(heap.map_from(MapType::Any, entries))
}

fn unhex(text: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).unwrap() as u8;
    text.chunks(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}
