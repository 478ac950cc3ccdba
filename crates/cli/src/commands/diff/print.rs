//! Differences on standard output, in helm-diff's formats.

use std::fmt::Write as _;

use serde_json::Value as Json;
use windlass_diff::fields::{Fields, Parts};
use windlass_diff::lines::distances;
use windlass_diff::{Change, Entry, Line, Options, Report, Side};

use super::paint::Paint;
use super::{flags, template};
use crate::command::Flags;
use crate::error::{Failure, Outcome};
use crate::session::Session;

/// Prints a report as `--output` says; words that are unknown mean `diff`, as they do to helm-diff.
pub(super) fn print(
    report: &Report,
    options: &Options,
    flags: &Flags,
    session: &mut Session<'_>,
) -> Outcome {
    let paint = Paint::of(flags, session);
    let output = flags::output(flags, session).to_owned();
    let text = match output.as_str() {
        "simple" => simple(report, paint),
        "json" => json(report),
        "structured" => structured(report)?,
        "template" => match session.variable("HELM_DIFF_TPL") {
            Some(path) => template::fill(path, report)?,
            None => json(report),
        },
        "dyff" => {
            let text = "the output \"dyff\" is not to be had here; \"structured\" tells fields too";
            return Err(Failure::new(text));
        }
        _ => {
            let context = flags::context(flags, session);
            let entry = |entry: &Entry| shown(entry, context, options, paint);
            report.entries.iter().map(entry).collect()
        }
    };
    session.print(text)
}

/// An object and its lines.
fn shown(entry: &Entry, context: Option<usize>, options: &Options, paint: Paint) -> String {
    let words = match entry.change {
        Change::Add => "has been added:",
        Change::Remove => "has been removed:",
        Change::Modify => "has changed:",
        Change::Ownership => "changed ownership:",
        Change::ModifySuppressed => "has changed, but diff is empty after suppression.",
    };
    let heading = format!("{} {words}", entry.name);
    let mut text = format!("{}\n", paint.change(&heading, entry.change));
    if options.suppressed_kinds.contains(&entry.kind) {
        let kind = &entry.kind;
        let line = format!("+ Changes suppressed on sensitive content of type {kind}\n");
        text.push_str(&paint.notice(&line));
        return text;
    }
    text.push_str(&lines(&entry.lines, context, paint));
    text
}

/// Lines as they differ, with so many of the others around them.
pub(in crate::commands) fn lines(lines: &[Line], context: Option<usize>, paint: Paint) -> String {
    let mut text = String::new();
    let mut omitting = false;
    for (line, distance) in lines.iter().zip(distances(lines)) {
        if context.is_some_and(|context| distance > context) {
            if !omitting {
                text.push_str("...\n");
            }
            omitting = true;
            continue;
        }
        omitting = false;
        let told = match line.side {
            Side::Both if line.text.is_empty() => String::new(),
            Side::Both => format!("  {}", line.text),
            Side::Old => paint.line(&format!("- {}", line.text), line.side),
            Side::New => paint.line(&format!("+ {}", line.text), line.side),
        };
        text.push_str(&told);
        text.push('\n');
    }
    text
}

fn simple(report: &Report, paint: Paint) -> String {
    let mut text = String::new();
    for entry in &report.entries {
        let words = match entry.change {
            Change::Add => "to be added.",
            Change::Remove => "to be removed.",
            Change::Modify => "to be changed.",
            Change::Ownership => "to change ownership.",
            Change::ModifySuppressed => "has changed, but diff is empty after suppression.",
        };
        let line = format!("{} {words}", entry.name);
        text.push_str(&paint.change(&line, entry.change));
        text.push('\n');
    }
    let count = |change| report.entries.iter().filter(|e| e.change == change).count();
    let (add, change) = (count(Change::Add), count(Change::Modify));
    let (destroy, own) = (count(Change::Remove), count(Change::Ownership));
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "Plan: {add} to add, {change} to change, {destroy} to destroy, {own} to change ownership."
    );
    text
}

/// What of an entry's name templates and `json` tell.
pub(super) fn parts(entry: &Entry) -> Parts<'_> {
    Parts::of(&entry.name).unwrap_or(Parts {
        namespace: "",
        name: &entry.name,
        kind: &entry.kind,
        api: "",
    })
}

fn json(report: &Report) -> String {
    let one = |entry: &Entry| {
        let parts = parts(entry);
        let field = |name: &str, value: &str| format!("  \"{name}\": {}", Json::from(value));
        let fields = [
            field("api", parts.api),
            field("kind", parts.kind),
            field("namespace", parts.namespace),
            field("name", parts.name),
            field("change", entry.change.name()),
        ];
        format!("{{\n{}\n}}", fields.join(",\n"))
    };
    let all: Vec<String> = report.entries.iter().map(one).collect();
    format!("[{}]\n", all.join(","))
}

/// As Go's encoder writes it, which escapes what means something to HTML.
fn structured(report: &Report) -> Result<String, Failure> {
    let basic = |entry: &Entry| Fields {
        name: entry.name.clone(),
        change_type: entry.change.name(),
        ..Fields::default()
    };
    let one = |entry: &Entry| entry.fields.clone().unwrap_or_else(|| basic(entry));
    let all: Vec<Fields> = report.entries.iter().map(one).collect();
    let text = serde_json::to_string_pretty(&all)
        .map_err(|error| Failure::new(format!("writing differences as JSON: {error}")))?;
    let escaped = text.replace('&', "\\u0026");
    let escaped = escaped.replace('<', "\\u003c").replace('>', "\\u003e");
    Ok(format!("{escaped}\n"))
}
