//! Rules that the differential fuzzer (`cargo xtask-fast fuzz-diff`) showed; every text is Helm's.

#![allow(clippy::unwrap_used)]

use windlass_chart::compat::Compat;
use windlass_chart::ignore::Rules;
use windlass_chart::load::{Edition, check_api_version, load_as};
use windlass_chart::strvals;
use windlass_chart::{File, Lock, Metadata, Warning};
use windlass_value::{Heap, Value, fmt, json};

fn lock_error(yaml: &str) -> String {
    let mut heap = Heap::new();
    let read = Lock::read(yaml.as_bytes(), &mut heap, Compat::Helm4);
    read.err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn a_time_that_is_none_is_told_before_misfits() {
    let head = "error unmarshaling JSON: while decoding JSON: ";
    assert_eq!(
        lock_error("digest: []\ngenerated: t\n"),
        format!(
            "{head}parsing time \"t\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"t\" as \"2006\""
        )
    );
    assert_eq!(
        lock_error("dependencies:\n- version: {}\ngenerated: 0\n"),
        format!("{head}Time.UnmarshalJSON: input is not a JSON string")
    );
    assert_eq!(
        lock_error("generated: \"\\t<\"\n"),
        format!(
            "{head}parsing time \"\\\\t\\\\u003c\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\\\\t\\\\u003c\" as \"2006\""
        )
    );
    assert_eq!(
        lock_error("digest: []\ndependencies: 1\n"),
        format!(
            "{head}json: cannot unmarshal number into Go struct field Lock.dependencies of type []*v2.Dependency"
        )
    );
}

/// The lines both Helms log while a path is held against rules.
fn told(rules: &str, path: &str) -> Vec<(String, String)> {
    let rules = Rules::parse(rules.as_bytes()).unwrap_or_default();
    let mut warnings = Vec::new();
    assert!(!rules.judge(path, false, &mut warnings));
    let both = |w: &Warning| {
        let (level, message, attributes) = w.structured();
        (w.standard(), format!("{level} {message} {attributes:?}"))
    };
    warnings.iter().map(both).collect()
}

#[test]
fn rules_found_malformed_by_a_path_are_told() {
    let structured =
        r#"ERROR failed to compile [("rule", "*["), ("error", "syntax error in pattern")]"#;
    assert_eq!(
        told("/*[", "]"),
        [(
            "rules.go:180: Failed to compile \"*[\": syntax error in pattern".to_owned(),
            structured.to_owned()
        )]
    );
    assert_eq!(told("/*[", "a").len(), 1);
    let within = told("b/*[", "b/a");
    assert_eq!(
        within[0].0,
        "rules.go:190: Failed to compile \"b/*[\": syntax error in pattern"
    );
}

#[test]
fn fractions_become_text_with_half_their_digits() {
    let mut heap = Heap::new();
    let mut metadata = Metadata::default();
    let yaml =
        b"appVersion: 3.14159265358979\nversion: 1e40\nkubeVersion: 16777217.0\nhome: 1.10\n";
    metadata.read(yaml, &mut heap, Compat::Helm4).unwrap();
    let read = [
        metadata.app_version,
        metadata.version,
        metadata.kube_version,
        metadata.home,
    ];
    assert_eq!(read, ["3.1415927", "+Inf", "1.6777216e+07", "1.1"]);
}

#[test]
fn slashes_wear_off_rules_of_helm_3() {
    let ignored = |compat| {
        let rules = Rules::parse(b"//a").unwrap().speaking(compat);
        [(); 3].map(|()| rules.ignores("a", false))
    };
    assert_eq!(ignored(Compat::Helm3), [false, true, true]);
    assert_eq!(ignored(Compat::Helm4), [false; 3]);
}

#[test]
fn charts_of_version_3_have_a_loader_that_knows_no_requirements() {
    let load = |edition| {
        let files = vec![
            File::new("Chart.yaml", "apiVersion: v3\nname: c\n"),
            File::new("requirements.lock", "generated: t\n"),
        ];
        let failed = load_as(edition, files, &mut Heap::new(), Compat::Helm4).unwrap_err();
        failed.error.to_string()
    };
    let chartfile = b"apiVersion: v3\n";
    let edition = check_api_version(chartfile, Compat::Helm4).unwrap();
    assert_eq!(edition, Edition::V3);
    assert_eq!(
        load(edition),
        "validation: chart.metadata.version is required"
    );
    assert!(load(Edition::Common).starts_with("cannot load requirements.lock: "));
    assert_eq!(
        check_api_version(chartfile, Compat::Helm3).unwrap(),
        Edition::Common
    );
}

/// `golden/strvals.jsonl`: a text of the `--set` family, the map it is read into, and that map afterwards in Go's syntax.
#[test]
fn set_texts_are_read_as_in_helm() {
    let mut count = 0;
    for line in include_str!("golden/strvals.jsonl").lines() {
        for (compat, name) in [(Compat::Helm3, "helm3"), (Compat::Helm4, "helm4")] {
            let mut heap = Heap::new();
            let asked = json::unmarshal(&mut heap, line.as_bytes()).unwrap();
            let field = |heap: &Heap, name: &str| {
                let text = heap.get(asked.as_map()?, name.as_bytes())?.as_str()?;
                Some(text.to_text().into_owned())
            };
            let [kind, text, base] =
                ["kind", "text", "base"].map(|name| field(&heap, name).unwrap());
            let wanted = field(&heap, name).or_else(|| field(&heap, "both"));
            let dest = windlass_yaml::parse_map(&mut heap, base.as_bytes()).unwrap();
            let parse = match kind.as_str() {
                "string" => strvals::parse_into_string,
                "json" => strvals::parse_json,
                "literal" => strvals::parse_literal_into,
                _ => strvals::parse_into,
            };
            let found = match parse(&mut heap, dest, text.into_bytes(), compat) {
                Ok(()) => {
                    let shown = fmt::sprintf(&heap, b"%#v", &[Value::Map(dest)]);
                    shown.to_text().into_owned()
                }
                Err(error) => format!("error: {error}"),
            };
            assert_eq!(Some(found), wanted, "{name}: {line}");
            count += 1;
        }
    }
    assert!(count > 500, "the recording is not empty");
}
