//! A chart in a record.

use std::fs;
use std::path::Path;

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, File, dependencies, load};
use windlass_release::{Release, StoredChart, codec};
use windlass_value::{Heap, Value, json};

/// The chart's files in the order in which Helm reads a directory.
fn files(root: &Path, below: &str, found: &mut Vec<File>) {
    let folder = root.join(below);
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let name = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        let path = root.join(&name);
        if path.is_dir() {
            files(root, &name, found);
        } else {
            found.push(File::new(name, fs::read(path).unwrap()));
        }
    }
}

fn loaded(heap: &mut Heap, compat: Compat) -> Chart {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chart");
    let mut all = Vec::new();
    files(&root, "", &mut all);
    let (mut chart, _) = load::load(all, heap, compat).unwrap();
    let given = heap.new_map();
    dependencies::process(heap, &mut chart, given, compat).unwrap();
    chart
}

/// The record's chart as a value without the times, which are those of a checkout.
fn without_times(heap: &mut Heap, record: &str) -> Value {
    let record = json::unmarshal(heap, record.as_bytes()).unwrap();
    let chart = heap.get(record.as_map().unwrap(), b"chart").cloned();
    let chart = chart.unwrap().as_map().unwrap();
    for key in [&b"modtime"[..], b"schemamodtime"] {
        heap.remove(chart, key);
    }
    for key in [&b"templates"[..], b"files"] {
        let list = heap.get(chart, key).cloned().unwrap();
        for file in list.as_list().unwrap() {
            heap.remove(file.as_map().unwrap(), b"modtime");
        }
    }
    Value::Map(chart)
}

#[test]
fn a_chart_is_recorded_as_helm_records_it() {
    for (compat, theirs) in [
        (Compat::Helm3, include_str!("../records/helm3-v1.json")),
        (Compat::Helm4, include_str!("../records/helm4-v1.json")),
    ] {
        let mut heap = Heap::new();
        let chart = loaded(&mut heap, compat);
        let release = Release {
            chart: Some(StoredChart::from_chart(&chart, &heap).unwrap()),
            ..Release::default()
        };
        let ours = codec::to_json(&release, compat).unwrap();
        let ours = without_times(&mut heap, &ours);
        let theirs = without_times(&mut heap, theirs);
        let text = |value| String::from_utf8(json::marshal(&heap, value).unwrap()).unwrap();
        assert_eq!(text(&ours), text(&theirs));
    }
}

#[test]
fn a_recorded_chart_can_be_rendered_again() {
    let json = include_str!("../records/helm4-v1.json");
    let release = codec::from_json(json.as_bytes(), windlass_release::Detail::Full).unwrap();
    let stored = release.chart.unwrap();
    let mut heap = Heap::new();
    let chart = stored.clone().into_chart(&mut heap).unwrap();
    assert_eq!(chart.name(), "sample");
    assert_eq!(chart.templates.len(), 5);
    assert!(chart.templates.iter().all(|t| t.modified.is_some()));
    assert_eq!(&*chart.files[0].data, b"hello\n");
    let imported = heap.get(chart.values, b"imported").unwrap();
    assert_eq!(json::marshal(&heap, imported).unwrap(), b"{\"x\":1}");
    let again = StoredChart::from_chart(&chart, &heap).unwrap();
    assert_eq!(again.metadata, stored.metadata);
    assert_eq!(again.values, stored.values);
}
