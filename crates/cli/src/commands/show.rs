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
    run: Some(|session, invocation| show(session, invocation, Wanted::All)),
    ..PART
};
static CHART: Command = Command {
    name: "chart",
    short: "show the chart's definition",
    run: Some(|session, invocation| show(session, invocation, Wanted::Chart)),
    ..PART
};
static CRDS: Command = Command {
    name: "crds",
    short: "show the chart's CRDs",
    run: Some(|session, invocation| show(session, invocation, Wanted::Crds)),
    ..PART
};
static README: Command = Command {
    name: "readme",
    short: "show the chart's README",
    run: Some(|session, invocation| show(session, invocation, Wanted::Readme)),
    ..PART
};
static VALUES: Command = Command {
    name: "values",
    short: "show the chart's values",
    flags: &[
        CHART_SOURCE,
        &[Flag::text(
            "jsonpath",
            "print only what this JSONPath selects",
        )],
    ],
    run: Some(|session, invocation| show(session, invocation, Wanted::Values)),
    ..PART
};

const PART: Command = Command {
    arguments: "[CHART]",
    count: Count::Exactly(1),
    flags: &[CHART_SOURCE],
    ..Command::DEFAULT
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    All,
    Chart,
    Values,
    Readme,
    Crds,
}

fn show(session: &mut Session<'_>, invocation: &Invocation, wanted: Wanted) -> Outcome {
    let mut heap = Heap::new();
    let path = local::locate(&invocation.args[0], &invocation.flags, session)?;
    let chart = local::load_undetected(&path.to_string_lossy(), &mut heap, session)?;
    let mut page = Page {
        heap: &heap,
        chart: &chart,
        // Only what does not stand alone is set off.
        separator: if wanted == Wanted::All { b"---\n" } else { b"" },
        text: Vec::new(),
    };
    let is = |part: Wanted| wanted == part || wanted == Wanted::All;
    if is(Wanted::Chart) {
        page.definition()?;
    }
    if is(Wanted::Values) && !heap.map(chart.values).is_nil() {
        page.values(invocation.flags.text("jsonpath"))?;
    }
    if is(Wanted::Readme) {
        page.readme();
    }
    if is(Wanted::Crds) {
        page.crds(session.compat.separates_each_crd());
    }
    session.print(page.text)
}

struct Page<'p> {
    heap: &'p Heap,
    chart: &'p Chart,
    separator: &'static [u8],
    text: Vec<u8>,
}

impl Page<'_> {
    fn definition(&mut self) -> Outcome {
        let definition = metadata::to_yaml(self.heap, &self.chart.metadata)
            .map_err(|e| Failure::new(e.to_string()))?;
        self.line(definition.as_bytes());
        Ok(())
    }

    fn values(&mut self, path: &str) -> Outcome {
        self.text.extend_from_slice(self.separator);
        if !path.is_empty() {
            let values = Value::Map(self.chart.values);
            let selected = jsonpath::select(self.heap, &values, path)
                .map_err(|e| Failure::new(format!("error parsing jsonpath {path}: {e}")))?;
            self.text.extend_from_slice(&selected);
            return Ok(());
        }
        for file in self.chart.raw.iter().filter(|f| f.name == "values.yaml") {
            self.line(&file.data);
        }
        Ok(())
    }

    fn readme(&mut self) {
        const NAMES: [&str; 3] = ["readme.md", "readme.txt", "readme"];
        let is_readme = |name: &str| NAMES.iter().any(|n| n.eq_ignore_ascii_case(name));
        if let Some(file) = self.chart.files.iter().find(|f| is_readme(&f.name)) {
            self.text.extend_from_slice(self.separator);
            self.line(&file.data);
        }
    }

    fn crds(&mut self, each: bool) {
        for (i, crd) in self.chart.crds().iter().enumerate() {
            let set_off = each || (i == 0 && !self.separator.is_empty());
            if set_off && !crd.file.data.starts_with(b"---") {
                self.text.extend_from_slice(b"---\n");
            }
            self.line(&crd.file.data);
        }
    }

    fn line(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
        self.text.push(b'\n');
    }
}
