//! [`diagnose`]: where the values that break a schema stand in the chart's own values.yaml.
//!
//! The report is Helm's text; its lines say `at '/pointer': reason`. What a user gave stands elsewhere,
//! so a place is only told where values.yaml has the value that broke the rule.

use windlass_diag::Diagnostic;
use windlass_yaml::{Document, NodeId, NodeKind, Stream};

use crate::chart::Chart;

/// How many breaches are placed; the report has all.
const MOST: usize = 5;

/// Explains a report on a chart's values; `is_given` tells whether the user's values set what a path
/// leads to.
#[must_use]
pub fn diagnose(report: &str, chart: &Chart, is_given: impl Fn(&[String]) -> bool) -> Diagnostic {
    let mut found = Diagnostic::error(
        "schema",
        "the values are not what values.schema.json allows",
    )
    .help("change the values, or the schema if it is wrong");
    let values = chart.raw.iter().find(|file| file.name == "values.yaml");
    for (pointer, reason) in breaches(report, chart.name()).take(MOST) {
        let path = steps(pointer);
        let shown = if path.is_empty() {
            "the values".to_owned()
        } else {
            format!("`{}`", path.join("."))
        };
        let range = values
            .filter(|_| !is_given(&path))
            .and_then(|file| locate(&file.data, &path));
        found = match (values, range) {
            (Some(file), Some(range)) => found.label_in(
                format!("{}/values.yaml", chart.path),
                &file.data,
                range,
                format!("{shown}: {reason}"),
            ),
            _ => found.note(format!("{shown}: {reason}")),
        };
    }
    found
}

/// Pointers and reasons of the breaches that a report tells of one chart.
fn breaches<'r>(report: &'r str, chart: &str) -> impl Iterator<Item = (&'r str, &'r str)> {
    let heading = format!("{chart}:");
    report
        .lines()
        .skip_while(move |line| *line != heading)
        .skip(1)
        .take_while(|line| line.starts_with([' ', '-']))
        .filter_map(|line| line.trim_start().strip_prefix("- at '")?.split_once("': "))
}

/// The steps of a JSON pointer.
fn steps(pointer: &str) -> Vec<String> {
    let unescape = |step: &str| step.replace("~1", "/").replace("~0", "~");
    pointer.split('/').skip(1).map(unescape).collect()
}

/// Where a path leads to in a text: the value, or the last key on the way that is there.
fn locate(text: &[u8], path: &[String]) -> Option<std::ops::Range<usize>> {
    let stream = Stream::new(text).ok()?;
    let document = stream.trees().next()?.ok()?;
    let mut here = document.root();
    for step in path {
        here = child(&document, here, step)?;
    }
    let node = document.node(here);
    let start = node.start.offset as usize;
    let end = match node.kind {
        NodeKind::Scalar { .. } => node.end.offset as usize,
        _ => start + 1,
    };
    (!path.is_empty()).then_some(start..end)
}

fn child(document: &Document<'_>, of: NodeId, step: &str) -> Option<NodeId> {
    let mut children = document.children(of);
    match document.node(of).kind {
        NodeKind::Sequence => children.nth(step.parse().ok()?),
        NodeKind::Mapping => {
            while let Some(key) = children.next() {
                let value = children.next()?;
                if document.node(key).text().is_some_and(|text| text == step) {
                    return Some(value);
                }
            }
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_are_found_by_their_pointers() {
        let text = b"a:\n  - b: 1\n  - c/d: [2, three]\n";
        let range = locate(text, &steps("/a/1/c~1d/1")).unwrap();
        assert_eq!(&text[range], b"three");
        assert_eq!(locate(text, &steps("/a/7")), None);
    }

    #[test]
    fn breaches_are_those_of_one_chart() {
        let report = "intro\na:\n- at '/x': bad\nb:\n- at '/y/z': worse\n  - at '': inner\n";
        let found: Vec<_> = breaches(report, "b").collect();
        assert_eq!(found, [("/y/z", "worse"), ("", "inner")]);
    }
}
