//! Inputs made to hurt: they must fail, soon and in order.

use std::fmt::Write;

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, File, archive, dependencies, load, values};
use windlass_value::{Heap, MapType, Str, Value};

fn chart(heap: &mut Heap, files: Vec<(String, String)>) -> Chart {
    let files = files
        .into_iter()
        .map(|(name, data)| File::new(name, data))
        .collect();
    load::load(files, heap, Compat::Helm4).unwrap().0
}

fn chart_yaml(name: &str, dependencies: &str) -> String {
    format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\ndependencies:\n{dependencies}")
}

#[test]
fn charts_in_charts_without_end_are_refused() {
    let files = (0..200).map(|depth| {
        File::new(
            format!("{}Chart.yaml", "charts/a/".repeat(depth)),
            chart_yaml("a", ""),
        )
    });
    let failed = load::load(files.collect(), &mut Heap::new(), Compat::Helm4).unwrap_err();
    assert_eq!(failed.to_string(), "charts are nested more than 64 deep");
}

#[test]
fn aliases_do_not_multiply_charts_without_end() {
    let mut wanted = String::new();
    for alias in 0..10 {
        writeln!(
            wanted,
            "- {{name: a, version: '*', repository: '', alias: x{alias}}}"
        )
        .unwrap();
    }
    let file = |depth: usize| {
        (
            format!("{}Chart.yaml", "charts/a/".repeat(depth)),
            chart_yaml("a", &wanted),
        )
    };
    let mut heap = Heap::new();
    let mut chart = chart(&mut heap, (0..12).map(file).collect());
    let given = heap.new_map();
    let failed = dependencies::process(&mut heap, &mut chart, given, Compat::Helm4).unwrap_err();
    assert_eq!(failed.error, dependencies::Error::TooManyCharts);
}

#[test]
fn imports_that_hold_themselves_are_refused() {
    let wanted = "- name: a\n  version: '*'\n  repository: ''\n  import-values:\n  \
                  - {child: t.u, parent: p}\n  - {child: t, parent: p}\n";
    let mut heap = Heap::new();
    let mut chart = chart(
        &mut heap,
        vec![
            ("Chart.yaml".into(), chart_yaml("root", wanted)),
            ("charts/a/Chart.yaml".into(), chart_yaml("a", "")),
            ("charts/a/values.yaml".into(), "t: {u: {v: 1}}".into()),
        ],
    );
    let given = heap.new_map();
    let failed = dependencies::process(&mut heap, &mut chart, given, Compat::Helm4).unwrap_err();
    assert_eq!(failed.error, dependencies::Error::EndlessImports);
}

#[test]
fn archives_that_swell_are_cut_off() {
    // A gzip member of zeros, repeated: 64 MiB each from 64 KiB.
    let zeros = vec![0; 1 << 26];
    let mut heap = Heap::new();
    let mut big = chart(&mut heap, vec![("Chart.yaml".into(), chart_yaml("a", ""))]);
    big.files = vec![File::new("big", zeros)];
    let packed = archive::write(&big, &heap, Compat::Helm4, 0).unwrap();
    assert!(packed.len() < 1 << 20, "zeros pack well");
    let limits = archive::Limits {
        total_bytes: 1 << 20,
    };
    let error = archive::read(&packed, &limits, Compat::Helm4).unwrap_err();
    assert_eq!(
        error.to_string(),
        "decompressed chart is larger than the maximum size 1048576"
    );
    let error = archive::read(&packed, &archive::Limits::default(), Compat::Helm3).unwrap_err();
    assert_eq!(
        error.to_string(),
        "decompressed chart file \"a/big\" is larger than the maximum file size 5242880"
    );
}

#[test]
fn large_tables_merge_in_linear_time() {
    let mut heap = Heap::new();
    let mut chart = chart(&mut heap, vec![("Chart.yaml".into(), chart_yaml("a", ""))]);
    let mut table = |offset: usize| {
        let key = |i: usize| (Str::from(format!("k{:07}", 2 * i + offset)), Value::int(1));
        let entries = (0..200_000).map(key).collect();
        let table = heap.map_from(MapType::Any, entries);
        heap.map_from(MapType::Any, vec![("t".into(), Value::Map(table))])
    };
    let (defaults, given) = (table(0), table(1));
    chart.values = defaults;
    let (merged, _) = values::coalesce(&mut heap, &chart, given, Compat::Helm4).unwrap();
    let merged = values::table(&heap, merged, b"t").unwrap();
    assert_eq!(heap.map(merged).len(), 400_000);
}

#[test]
fn ignore_rules_without_end_are_refused() {
    use windlass_chart::ignore::{RuleError, Rules};
    let comments = "# nothing\n\n".repeat(100_000);
    assert!(Rules::parse(comments.as_bytes()).is_ok());
    let many = "*.a\n".repeat(5_000);
    let long = format!("{}\n", "a".repeat(60_000)).repeat(20);
    for rules in [many, long] {
        assert_eq!(
            Rules::parse(rules.as_bytes()).err(),
            Some(RuleError::TooManyRules)
        );
    }
}

#[test]
fn documents_of_values_without_end_are_refused() {
    let documents = "---\na: 1\n".repeat(1_000_000);
    let error = values::read(&mut Heap::new(), documents.as_bytes(), Compat::Helm4).unwrap_err();
    assert_eq!(error, values::ParseError::TooLarge);
    // Helm 3 looks at the first only.
    assert!(values::read(&mut Heap::new(), documents.as_bytes(), Compat::Helm3).is_ok());
}
