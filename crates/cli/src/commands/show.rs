//! `windlass show`: what a chart says of itself.

use windlass_chart::{Chart, metadata};
use windlass_value::{Heap, Value};

use super::flags::CHART_SOURCE;
use crate::command::{Command, Count, Flag, Invocation};
use crate::error::{Failure, Outcome};
use crate::input::{jsonpath, local};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "show",
    aliases: &["inspect"],
    short: "show what a chart says of itself",
    count: Count::None,
    commands: &[&ALL, &CHART, &CRDS, &README, &VALUES],
    ..Command::DEFAULT
};

static ALL: Command = Command {
    name: "all",
    short: "show everything of the chart",
    run: Some(|session, invocation| {
        show(session, invocation, &[Part::Chart, Part::Values, Part::Readme, Part::Crds])
    }),
    ..PART
};
static CHART: Command = Command {
    name: "chart",
    short: "show the chart's definition",
    run: Some(|session, invocation| show(session, invocation, &[Part::Chart])),
    ..PART
};
static CRDS: Command = Command {
    name: "crds",
    short: "show the chart's CRDs",
    run: Some(|session, invocation| show(session, invocation, &[Part::Crds])),
    ..PART
};
static README: Command = Command {
    name: "readme",
    short: "show the chart's README",
    run: Some(|session, invocation| show(session, invocation, &[Part::Readme])),
    ..PART
};
static VALUES: Command = Command {
    name: "values",
    short: "show the chart's values",
    flags: &[CHART_SOURCE, &[Flag::text("jsonpath", "print only what this JSONPath selects")]],
    run: Some(|session, invocation| show(session, invocation, &[Part::Values])),
    ..PART
};

const PART: Command = Command {
    arguments: "[CHART]",
    count: Count::Exactly(1),
    flags: &[CHART_SOURCE],
    ..Command::DEFAULT
};

#[derive(Clone, Copy)]
enum Part {
    Chart,
    Values,
    Readme,
    Crds,
}

fn show(session: &mut Session<'_>, invocation: &Invocation, parts: &[Part]) -> Outcome {
    let mut heap = Heap::new();
    let path = local::locate(&invocation.args[0], session)?;
    let chart = local::load_chart(&path, &mut heap, session)?;
    let mut text = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        // Parts that follow others are set off.
        let separator = if i > 0 { "---\n" } else { "" };
        match part {
            Part::Chart => {
                let definition = metadata::to_yaml(&chart.metadata, &mut heap);
                text.extend_from_slice(format!("{definition}\n").as_bytes());
            }
            Part::Values => {
                text.extend_from_slice(separator.as_bytes());
                values(&chart, &heap, invocation.flags.text("jsonpath"), &mut text)?;
            }
            Part::Readme => readme(&chart, separator, &mut text),
            Part::Crds => crds(&chart, &mut text),
        }
    }
    session.print(text)
}

fn values(chart: &Chart, heap: &Heap, path: &str, text: &mut Vec<u8>) -> Result<(), Failure> {
    if !path.is_empty() {
        let selected = jsonpath::select(heap, &Value::Map(chart.values), path)
            .map_err(|e| Failure::new(format!("error parsing jsonpath {path}: {e}")))?;
        text.extend_from_slice(&selected);
        return Ok(());
    }
    for file in chart.raw.iter().filter(|f| f.name == "values.yaml") {
        text.extend_from_slice(&file.data);
        text.push(b'\n');
    }
    Ok(())
}

fn readme(chart: &Chart, separator: &str, text: &mut Vec<u8>) {
    const NAMES: [&str; 3] = ["readme.md", "readme.txt", "readme"];
    let is_readme = |name: &str| NAMES.iter().any(|n| n.eq_ignore_ascii_case(name));
    if let Some(file) = chart.files.iter().find(|f| is_readme(&f.name)) {
        text.extend_from_slice(separator.as_bytes());
        text.extend_from_slice(&file.data);
        text.push(b'\n');
    }
}

fn crds(chart: &Chart, text: &mut Vec<u8>) {
    for crd in chart.crds() {
        if !crd.file.data.starts_with(b"---") {
            text.extend_from_slice(b"---\n");
        }
        text.extend_from_slice(&crd.file.data);
        text.push(b'\n');
    }
}
