//! Hostile templates end with a clear error, in time, without exhausting the native stack.

use windlass_template::{ErrorKind, Limits, MissingKey};

use crate::fixture;

fn limit_of(text: &str, limits: Limits) -> (&'static str, String) {
    let files = [("main".to_owned(), text.to_owned())];
    let error = fixture::run_limited(&files, MissingKey::Zero, limits).unwrap_err();
    let limit = error.chain().find_map(|e| match e.kind() {
        ErrorKind::Limit(name) => Some(*name),
        _ => None,
    });
    (limit.expect("a limit was passed"), error.text().to_owned())
}

fn small() -> Limits {
    Limits {
        steps: 100_000,
        bytes: 1 << 20,
        nesting: 50,
        ..Limits::default()
    }
}

fn error_of(text: String) -> String {
    let files = [("main".to_owned(), text)];
    let error = fixture::run(&files, MissingKey::Zero).unwrap_err();
    error.text().to_owned()
}

#[test]
fn loops_end_when_the_steps_do() {
    let (limit, text) = limit_of("{{ range 1000000000 }}{{ end }}", small());
    assert_eq!(limit, "steps");
    assert_eq!(
        text,
        "template: main:1:9: executing \"main\" at <1000000000>: limit exceeded: rendering needs \
         more than 100000 steps"
    );
}

#[test]
fn output_and_texts_and_maps_count_as_memory() {
    for text in [
        "{{ range 1000000000 }}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{ end }}",
        "{{ $x := .s }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
        "{{ range 1000000000 }}{{ $x := dict 1 2 }}{{ end }}",
    ] {
        let limits = Limits {
            steps: 10_000_000,
            ..small()
        };
        assert_eq!(limit_of(text, limits).0, "bytes", "{text}");
    }
}

#[test]
fn nested_executions_end_without_repeating_places() {
    let text = "{{ $t := `{{ tpl .t . }}` }}{{ tpl $t (dict `t` $t) }}";
    let (limit, text) = limit_of(text, small());
    assert_eq!(limit, "nesting");
    assert!(text.len() < 10_000);
}

#[test]
fn template_actions_may_nest_as_deep_as_in_go() {
    let text = "{{ define `t` }}{{ template `t` . }}{{ end }}{{ template `t` . }}";
    assert_eq!(
        error_of(text.to_owned()),
        "template: main:1:28: executing \"t\" at <{{template \"t\" .}}>: exceeded maximum template \
         depth (100000)"
    );
}

#[test]
fn include_reaches_helms_own_limit() {
    let text = "{{ define `a` }}{{ include `a` . }}{{ end }}{{ include `a` . }}";
    let error = error_of(text.to_owned());
    assert!(error.ends_with(
        "error calling include: rendering template has a nested reference name: a: unable to \
         execute template"
    ));
    assert_eq!(error.matches("executing \"a\"").count(), 1001);
}

#[test]
fn parentheses_nest_as_deep_as_in_go() {
    let nested = |depth: usize| format!("{{{{ {}1{} }}}}", "(".repeat(depth), ")".repeat(depth));
    let files = [("main".to_owned(), nested(10_000))];
    assert_eq!(fixture::run(&files, MissingKey::Zero).unwrap(), "1");
    assert_eq!(
        error_of(nested(10_001)),
        "template: main:1: max expression depth exceeded"
    );
}

#[test]
fn control_structures_nest_deep_but_not_forever() {
    let nested = |depth: usize| "{{ if 1 }}".repeat(depth) + "x" + &"{{ end }}".repeat(depth);
    let files = [("main".to_owned(), nested(10_000))];
    assert_eq!(fixture::run(&files, MissingKey::Zero).unwrap(), "x");
    assert_eq!(
        error_of(nested(10_001)),
        "template: main:1: max nesting depth exceeded"
    );
}
