#![allow(clippy::unwrap_used)]
use super::*;

fn sorted(files: &[(&str, &str)], compat: Compat) -> Result<Sorted, Unsorted> {
    sort(files.iter().copied(), compat)
}

#[test]
fn helm_4_keeps_what_stands_behind_a_document() {
    let file = "\n---\na: 1\n\n---  \n\n\nb: 2\n---c: 3\n";
    assert_eq!(split(file, Compat::Helm4), ["a: 1\n\n", "b: 2\n", "c: 3\n"]);
    assert_eq!(split("a\n----\nb", Compat::Helm4), ["a\n", "-\nb"]);
    assert_eq!(split("---\n---\nx", Compat::Helm4), ["x"]);
}

#[test]
fn helm_3_trims_and_a_separator_swallows_the_next_line_start() {
    let file = "\n---\na: 1\n\n---  \n\n\nb: 2\n---c: 3\n";
    assert_eq!(split(file, Compat::Helm3), ["a: 1", "b: 2", "c: 3"]);
    assert_eq!(split("---\n---\nx", Compat::Helm3), ["---\nx"]);
    assert_eq!(split("a\n---\n---\nx", Compat::Helm3), ["a", "---\nx"]);
}

#[test]
fn hooks_are_told_by_their_annotation_and_policies_are_lower_cased() {
    let job = "kind: Job\nmetadata:\n  name: m\n  annotations:\n    helm.sh/hook: Pre-Install, test-success\n    helm.sh/hook-weight: -5\n    helm.sh/hook-delete-policy: before-hook-creation , Hook-Succeeded\n";
    let all = sorted(&[("c/templates/j.yaml", job)], Compat::Helm4).unwrap();
    let hook = &all.hooks[0];
    assert_eq!(hook.events, [HookEvent::PreInstall, HookEvent::Test]);
    assert_eq!(hook.weight, -5);
    assert_eq!(
        hook.delete_policies,
        ["before-hook-creation", "hook-succeeded"]
    );
    assert!(all.manifests.is_empty());
}

#[test]
fn unknown_hooks_before_an_unreadable_document_are_told_too() {
    let unknown = "metadata: {annotations: {helm.sh/hook: nope}}";
    let files = [
        ("c/templates/a.yaml", unknown),
        ("c/templates/b.yaml", "a: ["),
    ];
    let unsorted = sorted(&files, Compat::Helm4).unwrap_err();
    assert_eq!(unsorted.unknown_hooks, ["nope"]);
    assert_eq!(unsorted.error.path, "c/templates/b.yaml");
}

#[test]
fn unknown_hooks_are_left_out_and_told() {
    let file = "metadata: {annotations: {helm.sh/hook: \"crd-install\"}}";
    let all = sorted(&[("c/templates/j.yaml", file)], Compat::Helm4).unwrap();
    assert_eq!(
        all,
        Sorted {
            unknown_hooks: vec!["crd-install".into()],
            ..Sorted::default()
        }
    );
}

#[test]
fn heads_of_the_wrong_shape_get_the_decoders_words() {
    let message = |file| {
        sorted(&[("c/t.yaml", file)], Compat::Helm4)
            .unwrap_err()
            .error
            .to_string()
    };
    assert_eq!(
        message("kind: [a]"),
        "YAML parse error on c/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot \
         unmarshal array into Go struct field SimpleHead.kind of type string"
    );
    assert_eq!(
        message("- a"),
        "YAML parse error on c/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot \
         unmarshal array into Go value of type util.SimpleHead"
    );
    assert_eq!(
        message("metadata: {annotations: {a: {b: 1}}}"),
        "YAML parse error on c/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot \
         unmarshal object into Go struct field .metadata.annotations of type string"
    );
}

/// The answers are those of `sigs.k8s.io/yaml` 1.6.
#[test]
fn numbers_in_heads_read_as_their_kinds_are_written() {
    for (written, read) in [
        ("1e6", "1e+06"),
        ("12345678901234567", "12345678901234567"),
        ("18446744073709551615", "18446744073709551615"),
        ("1.0", "1"),
        ("0x10", "16"),
        ("-.inf", "-Inf"),
        (".nan", "NaN"),
        ("3.14159265358979", "3.1415927"),
        ("16777217.0", "1.6777216e+07"),
        ("1e40", "+Inf"),
    ] {
        let file = format!("metadata: {{name: {written}, annotations: {{x: {written}}}}}");
        let all = sorted(&[("c/t.yaml", &file)], Compat::Helm4).unwrap();
        let head = &all.manifests[0].head;
        assert_eq!(head.name, read);
        assert_eq!(head.annotations, [("x".to_owned(), read.to_owned())]);
    }
}
