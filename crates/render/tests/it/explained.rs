//! Explanations of failures: `explained.txt` is a run of cases. A line `== NAME` begins one, `-- FILE` a file of its chart
//! (`-- values` its values), and `-- explained` what is said: code and message, the places with what stands there, the
//! values involved, and the remedies.

use std::fmt::Write as _;

use windlass_chart::compat::Compat;
use windlass_chart::{File, dependencies, load, values};
use windlass_diag::Diagnostic;
use windlass_render::{Capabilities, Options, Release, Scene, World, diagnose, render};
use windlass_template::Limits;
use windlass_value::Heap;

struct Still;

impl World for Still {
    fn now(&mut self) -> i128 {
        0
    }

    fn fill_random(&mut self, _: &mut [u8]) {}
}

#[test]
fn failures_are_explained() {
    let (mut wrong, mut count) = (String::new(), 0);
    for case in include_str!("explained.txt").split("== ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let mut files = vec![File::new(
            "Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        )];
        let (mut given, mut wanted) = ("", "");
        for block in rest.split("-- ").skip(1) {
            let (head, body) = block.split_once('\n').unwrap();
            match head {
                "values" => given = body,
                "explained" => wanted = body,
                "Chart.yaml" => files[0] = File::new(head, body),
                path => files.push(File::new(path, body)),
            }
        }
        let found = explained(files, given);
        count += 1;
        if found != wanted {
            writeln!(wrong, "== {name}\n{found}").unwrap();
        }
    }
    assert!(count > 20, "there are cases");
    assert!(wrong.is_empty(), "{wrong}");
}

fn explained(files: Vec<File>, given: &str) -> String {
    let mut heap = Heap::new();
    let compat = Compat::Helm4;
    let (mut chart, _) = load::load(files, &mut heap, compat).unwrap();
    let given = windlass_yaml::parse_map(&mut heap, given.as_bytes()).unwrap();
    dependencies::process(&mut heap, &mut chart, given, compat).unwrap();
    let (merged, _) = values::coalesce(&mut heap, &chart, given, compat).unwrap();
    let options = Options {
        compat,
        release: Release {
            name: "r".to_owned(),
            namespace: "default".to_owned(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        },
        capabilities: Capabilities::default(),
        sub_notes: false,
        lint: false,
        strict: false,
        limits: Limits {
            steps: 100_000,
            bytes: 10_000_000,
            ..Limits::default()
        },
        world: Box::new(Still),
        lookup: None,
        resolver: None,
    };
    let failure = render(&chart, merged, &mut heap, options).unwrap_err();
    let scene = Scene {
        chart: &chart,
        values: merged,
        heap: &heap,
        compat,
        files: &failure.files,
    };
    described(&diagnose(&failure.error, &scene))
}

fn described(found: &Diagnostic) -> String {
    let mut text = format!("{}: {}\n", found.code, found.message);
    for label in &found.labels {
        let span = &label.span;
        let there = label.excerpt.as_ref().map(|e| {
            let (before, rest) = e.line.split_at(e.range.start);
            let (inside, after) = rest.split_at(e.range.len());
            format!("{before}[[{inside}]]{after}")
        });
        writeln!(
            text,
            "  at {}:{}:{} {} {}",
            span.source,
            span.line,
            span.column,
            there.unwrap_or_default(),
            label.message
        )
        .unwrap();
    }
    for note in &found.notes {
        writeln!(text, "  note: {note}").unwrap();
    }
    for help in &found.help {
        writeln!(text, "  help: {help}").unwrap();
    }
    text
}
