//! Sets and sessions: what is shared between executions, and what is not.

use windlass_template::{Context, ErrorKind, Functions, Limits, Options, Session, Templates};
use windlass_value::{Heap, Str, Value};

use crate::fixture::{Host, functions};

fn set(files: &[(&str, &str)]) -> Templates {
    let mut templates = Templates::new("gotpl", functions(), Options::default());
    for (name, text) in files {
        templates.parse(*name, *text).unwrap();
    }
    templates
}

#[test]
fn changes_to_maps_are_seen_by_later_executions() {
    let templates = set(&[("a", "{{ $_ := set . `k` 1 }}"), ("b", "{{ .k }}")]);
    let mut heap = Heap::new();
    let data = Value::Map(heap.new_map());
    let mut host = Host::default();
    let mut session = Session::new(&templates, &mut heap, &mut host, Limits::default());
    assert_eq!(session.render(b"a", data.clone()).unwrap(), b"");
    assert_eq!(session.render(b"b", data).unwrap(), b"1");
}

#[test]
fn an_error_leaves_the_session_usable() {
    let templates = set(&[
        (
            "bad",
            "x{{ range list 1 }}{{ with 2 }}{{ fail `f` }}{{ end }}{{ end }}",
        ),
        ("good", "y{{ . }}"),
    ]);
    let mut heap = Heap::new();
    let mut host = Host::default();
    let mut session = Session::new(&templates, &mut heap, &mut host, Limits::default());
    assert!(session.render(b"bad", Value::Nil).is_err());
    assert_eq!(session.render(b"good", Value::int(1)).unwrap(), b"y1");
}

#[test]
fn the_budget_is_one_for_all_executions() {
    let templates = set(&[("a", "{{ range 1000 }}{{ end }}")]);
    let mut heap = Heap::new();
    let mut host = Host::default();
    let limits = Limits {
        steps: 5_000,
        ..Limits::default()
    };
    let mut session = Session::new(&templates, &mut heap, &mut host, limits);
    assert!(session.render(b"a", Value::Nil).is_ok());
    let error = (0..5)
        .find_map(|_| session.render(b"a", Value::Nil).err())
        .unwrap();
    assert!(matches!(
        error.wrapped().unwrap().kind(),
        ErrorKind::Limit("steps")
    ));
}

#[test]
fn definitions_of_a_text_end_with_it() {
    let templates = set(&[("a", "A")]);
    let mut heap = Heap::new();
    let mut host = Host::default();
    let mut session = Session::new(&templates, &mut heap, &mut host, Limits::default());
    let text = Str::from("{{ define `d` }}D{{ end }}{{ include `d` . }}{{ template `a` }}");
    for _ in 0..2 {
        assert_eq!(session.execute_text(&text, Value::Nil).unwrap(), "DA");
        let error = session.execute(&Str::from("d"), Value::Nil).unwrap_err();
        assert_eq!(
            error.text(),
            "template: no template \"d\" associated with template \"gotpl\""
        );
    }
}

#[test]
fn a_text_that_does_not_parse_adds_nothing() {
    let mut templates = Templates::new("gotpl", Functions::new(), Options::default());
    let error = templates
        .parse("a", "{{ define `d` }}{{ end }}{{ nope }}")
        .unwrap_err();
    assert_eq!(error.text(), "template: a:1: function \"nope\" not defined");
    assert!(matches!(error.kind(), ErrorKind::Parse(_)));
    assert!(!templates.contains(b"a") && !templates.contains(b"d"));
}

#[test]
fn names_tell_all_definitions() {
    let templates = set(&[("a", "{{ define `d` }}{{ end }}{{ block `b` . }}{{ end }}")]);
    let mut names: Vec<String> = templates
        .names()
        .map(|n| n.to_text().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["a", "b", "d"]);
}

#[test]
fn a_function_may_hide_a_builtin_and_a_keyword() {
    use windlass_template::Function;
    use windlass_value::func::{Param, Signature};
    static HIDING: &[Function] = &[
        Function {
            name: "and",
            signature: Signature::variadic(&[], Param::Any),
            body: |_, args| Ok(Value::int(args.len() as i64)),
        },
        Function {
            name: "break",
            signature: Signature::fixed(&[]),
            body: |_, _| Ok("broken".into()),
        },
    ];
    let mut templates = Templates::new("gotpl", Functions::new().with(HIDING), Options::default());
    templates
        .parse("a", "{{ and false 0 1 }}{{ break }}")
        .unwrap();
    let mut heap = Heap::new();
    let mut host = Host::default();
    let mut session = Session::new(&templates, &mut heap, &mut host, Limits::default());
    assert_eq!(session.render(b"a", Value::Nil).unwrap(), b"3broken");
}

/// The arguments of a parenthesised pipeline, which takes none, are never evaluated.
#[test]
fn declarations_that_are_never_compiled_do_no_harm() {
    let templates = set(&[("a", "{{ and true ((1) ($x := 1)) }}{{ $x }}")]);
    let mut heap = Heap::new();
    let mut host = Host::default();
    let mut session = Session::new(&templates, &mut heap, &mut host, Limits::default());
    let error = session.render(b"a", Value::Nil).unwrap_err();
    assert_eq!(
        error.text(),
        "template: a:1:13: executing \"a\" at <(1) ($x := 1)>: can't give argument to \
         non-function 1"
    );
}

/// What a function says it works counts as steps, and so does compiling a text.
#[test]
fn functions_spend_the_budget_too() {
    use windlass_template::Function;
    use windlass_value::func::Signature;
    static TOIL: &[Function] = &[Function {
        name: "toil",
        signature: Signature::fixed(&[]),
        body: |context, _| context.work(1_000).map(|()| Value::Nil),
    }];
    let mut templates = Templates::new("gotpl", functions().with(TOIL), Options::default());
    templates
        .parse("a", "{{ range 9 }}{{ toil }}{{ end }}")
        .unwrap();
    templates.parse("b", "{{ $_ := tpl . 1 }}").unwrap();
    let run = |name: &[u8], data: Value, steps: u64| {
        let mut heap = Heap::new();
        let mut host = Host::default();
        let limits = Limits {
            steps,
            ..Limits::default()
        };
        let mut session = Session::new(&templates, &mut heap, &mut host, limits);
        let result = session.render(name, data);
        result.err().and_then(|e| e.limit()).unwrap_or("none")
    };
    assert_eq!(run(b"a", Value::Nil, 10_000), "none");
    assert_eq!(run(b"a", Value::Nil, 9_000), "steps");
    let text = Value::str("x".repeat(100_000));
    assert_eq!(run(b"b", text.clone(), 100_000), "none");
    assert_eq!(run(b"b", text, 5_000), "steps");
}
