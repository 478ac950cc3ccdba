//! Hostile templates end with a clear error, in time, without exhausting the native stack.

use std::any::Any;
use std::time::Duration;

use windlass_template::{
    ErrorKind, Function, Host, Limits, MissingKey, Options, Session, Templates,
};
use windlass_value::func::Signature;
use windlass_value::{Heap, Value};

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

/// A clock that goes on by a millisecond whenever it is looked at.
struct Ticking(u32);

impl Host for Ticking {
    fn now(&mut self) -> i128 {
        0
    }

    fn fill_random(&mut self, _: &mut [u8]) {}

    fn elapsed(&mut self) -> Duration {
        self.0 += 1;
        Duration::from_millis(self.0.into())
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// What a template ends with under a limit of time, and how often the clock was looked at.
fn timed(text: &str, time: Option<Duration>) -> (Result<(), String>, u32) {
    static TOIL: &[Function] = &[Function {
        name: "toil",
        signature: Signature::fixed(&[]),
        body: |context, _| context.work(1_000_000).map(|()| Value::Nil),
    }];
    let mut templates =
        Templates::new("gotpl", fixture::functions().with(TOIL), Options::default());
    templates.parse("main", text).unwrap();
    let (mut heap, mut host) = (Heap::new(), Ticking(0));
    let limits = Limits {
        time,
        ..Limits::default()
    };
    let mut session = Session::new(&templates, &mut heap, &mut host, limits);
    let ended = session.render(b"main", Value::Nil);
    let ended = ended.map(drop).map_err(|error| error.text().to_owned());
    (ended, host.0)
}

#[test]
fn time_ends_what_steps_let_pass() {
    let ten = Some(Duration::from_millis(10));
    let loop_ = "{{ range 1000000 }}{{ end }}";
    let exceeded = |place: &str| {
        let text = "limit exceeded: rendering takes longer than 10ms";
        Err(format!("template: main:1:{place}: {text}"))
    };
    let (ended, looks) = timed(loop_, ten);
    assert_eq!(ended, exceeded("9: executing \"main\" at <1000000>"));
    assert_eq!(looks, 12);
    // What costs much at once is preceded by a look each time.
    let (ended, looks) = timed("{{ range 20 }}{{ toil }}{{ end }}", ten);
    let calling = exceeded("17: executing \"main\" at <toil>: error calling toil");
    assert_eq!((ended, looks), (calling, 12));
    // What is cheap ends without one, and without a limit there is none.
    assert_eq!(timed("{{ range 9 }}{{ end }}", ten), (Ok(()), 1));
    assert_eq!(timed(loop_, None), (Ok(()), 1));
    // Two minutes are looked at rarely.
    let (ended, looks) = timed(loop_, Limits::default().time);
    assert_eq!(ended, Ok(()));
    assert!((10..200).contains(&looks), "{looks}");
}
