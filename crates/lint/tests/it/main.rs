//! The rules against what both Helms said of the same charts.
//!
//! Each line of `recorded.jsonl` is a chart as a map of files, and the messages of Helm 4.3.1 and,
//! where they differ, of Helm 3.22.0, recorded with the `lint` question of `tools/oracle`. Where Helm
//! answers at random, a chart was left out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chart;

use windlass_chart::compat::Compat;
use windlass_lint::{Event, Options, Report, lint};
use windlass_render::World;
use windlass_template::Limits;
use windlass_value::{Heap, MapId, Value, json};

/// Neither clock nor chance.
struct Still;

impl World for Still {
    fn now(&mut self) -> i128 {
        0
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

fn options(compat: Compat) -> Options {
    Options {
        compat,
        namespace: "default".into(),
        kube_version: None,
        ordering: true,
        skip_schema_validation: false,
        limits: Limits::default(),
        world: Box::new(Still),
    }
}

fn run(files: &[(&str, &str)], options: Options) -> Report {
    let mut heap = Heap::new();
    let given = heap.new_map();
    lint(&chart::source(files), given, &mut heap, options)
}

fn messages(report: &Report) -> Vec<String> {
    report.messages.iter().map(ToString::to_string).collect()
}

fn strings(heap: &Heap, line: MapId, key: &str) -> Option<Vec<String>> {
    let list = heap.get(line, key.as_bytes())?.as_list()?;
    let text = |v: &Value| v.as_str().unwrap().to_text().into_owned();
    Some(list.iter().map(text).collect())
}

#[test]
fn messages_are_helms() {
    let recorded = include_str!("recorded.jsonl");
    assert!(recorded.lines().count() > 400);
    for (number, line) in recorded.lines().enumerate() {
        let mut heap = Heap::new();
        let line = json::unmarshal(&mut heap, line.as_bytes()).unwrap();
        let line = line.as_map().unwrap();
        let files = heap.get(line, b"files").and_then(Value::as_map).unwrap();
        let files: Vec<(String, String)> = heap
            .snapshot(files)
            .iter()
            .map(|(name, data)| {
                (
                    name.to_text().into(),
                    data.as_str().unwrap().to_text().into(),
                )
            })
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(n, d)| (&**n, &**d)).collect();
        let helm4 = strings(&heap, line, "helm4").unwrap();
        let helm3 = strings(&heap, line, "helm3").unwrap_or_else(|| helm4.clone());
        for (compat, wanted) in [(Compat::Helm4, helm4), (Compat::Helm3, helm3)] {
            let report = run(&files, options(compat));
            assert_eq!(messages(&report), wanted, "line {}, {compat:?}", number + 1);
        }
    }
}

const CHARTFILE: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\nicon: http://x.y/z\n";

#[test]
fn a_kubernetes_before_a_deprecation_does_not_know_it() {
    let chart = [
        ("Chart.yaml", CHARTFILE),
        ("values.yaml", ""),
        (
            "templates/a.yaml",
            "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n",
        ),
    ];
    // From `helm lint --kube-version`.
    let warning = "[WARNING] templates/a.yaml: extensions/v1beta1 Ingress is deprecated in v1.14+, \
                   unavailable in v1.22+; use networking.k8s.io/v1 Ingress";
    for (version, wanted) in [("1.13", vec![]), ("1.14", vec![warning.to_owned()])] {
        let mut options = options(Compat::Helm4);
        options.kube_version = Some(windlass_render::KubeVersion::parse(version).unwrap());
        assert_eq!(messages(&run(&chart, options)), wanted, "{version}");
    }
}

#[test]
fn skipping_schemas_means_both_checks_to_helm_4_only() {
    let chart = [
        ("Chart.yaml", CHARTFILE),
        ("values.yaml", "a: 1"),
        (
            "values.schema.json",
            r#"{"properties": {"a": {"type": "string"}}}"#,
        ),
        ("templates/a.yaml", ""),
    ];
    // From `helm lint --skip-schema-validation`.
    let left = "[ERROR] values.yaml: - at '/a': got number, want string\n".to_owned();
    for (compat, wanted) in [(Compat::Helm4, vec![]), (Compat::Helm3, vec![left])] {
        let mut options = options(compat);
        options.skip_schema_validation = true;
        assert_eq!(messages(&run(&chart, options)), wanted, "{compat:?}");
    }
}

#[test]
fn the_directory_is_walked_once_for_each_part_that_loads_the_chart() {
    let chart = [
        ("Chart.yaml", CHARTFILE),
        ("values.yaml", ""),
        ("templates/a.yaml", ""),
        ("crds/a.yaml", ""),
    ];
    for (compat, wanted) in [(Compat::Helm4, 3), (Compat::Helm3, 2)] {
        let report = run(&chart, options(compat));
        let walks = report.events.iter().filter(|e| **e == Event::Walked);
        assert_eq!(walks.count(), wanted, "{compat:?}");
    }
}

#[test]
fn what_templates_ask_for_is_told_even_if_they_fail() {
    let chart = [
        ("Chart.yaml", CHARTFILE),
        ("values.yaml", ""),
        (
            "templates/a.yaml",
            r#"{{ required "first" .Values.nope }}{{ template "nope" }}"#,
        ),
    ];
    let report = run(&chart, options(Compat::Helm4));
    let asked = windlass_render::Event::MissingRequired {
        message: "first".into(),
        nil: true,
    };
    assert!(
        report.events.contains(&Event::Render(asked)),
        "{:?}",
        report.events
    );
    assert_eq!(report.messages.len(), 1);
}
