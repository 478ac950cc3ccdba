//! `asked.jsonl` has templates over typed data, `rendered.jsonl` templates within a chart, `manifests.jsonl` files to sort
//! and texts to split; a line has what each Helm answered, or `both`.

use std::fmt::Write as _;

use windlass_chart::compat::Compat;
use windlass_chart::{File, load, values};
use windlass_render::{
    Capabilities, Hook, Manifest, Options, Release, World, functions, manifest, render_templates,
};
use windlass_template::Limits;
use windlass_value::{Heap, MapId, Value, json};

use crate::asked;

const BOTH: [(Compat, &str); 2] = [(Compat::Helm3, "helm3"), (Compat::Helm4, "helm4")];

#[test]
fn helms_functions_answer_so() {
    let none = |kind: &str, _: &str| panic!("no type {kind}");
    let recording = include_str!("asked.jsonl");
    for (compat, _) in BOTH {
        asked::check(recording, &functions(compat), none);
    }
}

/// Asks each Helm all of a recording.
fn check(recording: &str, answer: fn(&mut Heap, MapId, Compat) -> String) {
    let (mut wrong, mut count) = (String::new(), 0);
    for line in recording.lines() {
        for (compat, name) in BOTH {
            let mut heap = Heap::new();
            let asked = json::unmarshal(&mut heap, line.as_bytes()).unwrap();
            let asked = asked.as_map().unwrap();
            let wanted = text(&heap, asked, name).or_else(|| text(&heap, asked, "both"));
            let found = answer(&mut heap, asked, compat);
            count += 1;
            if Some(&found) != wanted.as_ref() {
                writeln!(wrong, "{line}\n  found {found:?}").unwrap();
            }
        }
    }
    assert!(count > 100, "the recording is not empty");
    assert!(wrong.is_empty(), "{wrong}");
}

fn text(heap: &Heap, map: MapId, name: &str) -> Option<String> {
    let text = heap.get(map, name.as_bytes())?.as_str()?;
    Some(text.to_text().into_owned())
}

fn texts(heap: &Heap, map: MapId, name: &str) -> Vec<(String, String)> {
    let Some(Value::Map(files)) = heap.get(map, name.as_bytes()) else {
        return Vec::new();
    };
    let pair = |(path, body): &(windlass_value::Str, Value)| {
        let body = body.as_str().unwrap().to_text().into_owned();
        (path.to_text().into_owned(), body)
    };
    heap.map(*files).entries().iter().map(pair).collect()
}

#[test]
fn manifests_are_split_and_sorted_so() {
    check(include_str!("manifests.jsonl"), |heap, asked, compat| {
        if let Some(text) = text(heap, asked, "text") {
            return manifest::split(&text, compat).join("\x1e");
        }
        let files = texts(heap, asked, "files");
        let files = files.iter().map(|(path, body)| (&**path, &**body));
        match manifest::sort(files, compat) {
            Ok(sorted) => {
                let hooks = sorted.hooks.iter().map(hook);
                let all: Vec<_> = hooks.chain(sorted.manifests.iter().map(object)).collect();
                all.join("\x1e")
            }
            Err(unsorted) => format!("error: {}", unsorted.error),
        }
    });
}

fn hook(h: &Hook) -> String {
    let events: Vec<_> = h.events.iter().map(|event| event.name()).collect();
    let [events, delete, log] = [
        events.join(","),
        h.delete_policies.join(","),
        h.output_log_policies.join(","),
    ];
    format!(
        "hook {} {} {} {events} {} {delete} {log}\n{}",
        h.path, h.kind, h.name, h.weight, h.manifest
    )
}

fn object(m: &Manifest) -> String {
    let notes = m.head.annotations.iter().map(|(k, v)| format!("{k}={v}"));
    let notes: Vec<_> = notes.collect();
    format!(
        "manifest {} {} {} {} {}\n{}",
        m.path,
        m.head.api_version,
        m.head.kind,
        m.head.name,
        notes.join(","),
        m.content
    )
}

/// A clock that stands still, and bytes that vary: no question shows either.
struct Still(u64);

impl World for Still {
    fn now(&mut self) -> i128 {
        1_700_000_000_000_000_000
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1_442_695;
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

#[test]
fn charts_render_so() {
    check(include_str!("rendered.jsonl"), |heap, asked, compat| {
        let mut files = vec![
            File::new("Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"),
            File::new("templates/t.yaml", text(heap, asked, "template").unwrap()),
        ];
        let more = texts(heap, asked, "templates");
        files.extend(
            more.iter()
                .map(|(path, body)| File::new(format!("templates/{path}"), body.as_str())),
        );
        let (chart, _) = load::load(files, heap, compat).unwrap();
        let given = heap.get(asked, b"values").unwrap().as_map().unwrap();
        let (merged, _) = values::coalesce(heap, &chart, given, compat).unwrap();
        let switch = |name: &[u8]| matches!(heap.get(asked, name), Some(Value::Bool(true)));
        let options = Options {
            compat,
            release: Release {
                name: "release-name".to_owned(),
                namespace: "default".to_owned(),
                revision: 1,
                is_install: true,
                is_upgrade: false,
            },
            capabilities: Capabilities::default(),
            sub_notes: false,
            lint: switch(b"lint_mode"),
            strict: switch(b"strict"),
            limits: Limits::default(),
            world: Box::new(Still(7)),
            lookup: None,
            resolver: None,
        };
        match render_templates(&chart, merged, heap, options, &mut Vec::new()) {
            Ok(files) => files
                .get("c/templates/t.yaml")
                .map_or_else(String::new, |text| text.to_text().into_owned()),
            Err(error) => format!("error: {error}"),
        }
    });
}
