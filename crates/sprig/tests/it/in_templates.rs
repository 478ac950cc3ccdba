//! What templates make of functions and of the methods of their results: rules that need the machine
//! to check arguments, as Go 1.26 with Sprig 3.3.0 does.

use std::any::Any;

use windlass_sprig::functions;
use windlass_template::{Functions, Host, Limits, Options, Session, Templates};
use windlass_value::{Heap, Value};

pub(crate) struct Still;

impl Host for Still {
    fn now(&mut self) -> i128 {
        0
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        buffer.fill(7);
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// What a template gives, or the part of its error that follows the place.
fn run(template: &str) -> String {
    let functions = functions(Functions::new());
    let mut set = Templates::new("t", functions, Options::default());
    set.parse("t", template).unwrap();
    let mut heap = Heap::new();
    let data = Value::Map(heap.new_map());
    match Session::new(&set, &mut heap, &mut Still, Limits::default()).render(b"t", data) {
        Ok(out) => String::from_utf8(out).unwrap(),
        Err(error) => {
            let (_, at) = error.text().split_once(" at ").unwrap();
            at.to_owned()
        }
    }
}

/// A time in a variable, and what is asked of it.
fn with_time(action: &str) -> String {
    run(&format!(
        "{{{{ $t := toDate \"2006-01-02 -0700\" \"2021-03-04 +0530\" }}}}{{{{ {action} }}}}"
    ))
}

#[test]
fn a_constant_serves_as_a_duration() {
    assert_eq!(
        with_time("$t.Add 5"),
        "2021-03-04 00:00:00.000000005 +0530 +0530"
    );
    assert_eq!(with_time("($t.Sub $t).Round 1"), "0s");
    assert_eq!(
        with_time("$t.Truncate \"1h\""),
        "<\"1h\">: expected integer; found \"1h\""
    );
    assert_eq!(
        with_time("$t.Add 1.5"),
        "<1.5>: expected integer; found 1.5"
    );
    assert_eq!(
        with_time("$t.Add (int64 5)"),
        "<5>: wrong type for value; expected time.Duration; got int64"
    );
}

#[test]
fn methods_with_results_of_no_use_are_refused_before_they_are_called() {
    assert_eq!(
        with_time("$t.Date"),
        "<$t.Date>: function Date has 3 return values; should be 1 or 2"
    );
    assert_eq!(
        with_time("$t.Zone"),
        "<$t.Zone>: invalid function signature for Zone: second return value should be error; is int"
    );
    assert_eq!(
        run("{{ (toDate \"\" \"\").Clock }}"),
        "<\"\">: function Clock has 3 return values; should be 1 or 2"
    );
}

#[test]
fn fields_that_go_keeps_to_itself_are_named_so() {
    assert_eq!(
        with_time("$t.wall"),
        "<$t.wall>: wall is an unexported field of struct type time.Time"
    );
    assert_eq!(
        with_time("$t.other"),
        "<$t.other>: can't evaluate field other in type time.Time"
    );
}

#[test]
fn a_derived_passwords_counter_is_a_uint32() {
    assert_eq!(
        run("{{ derivePassword 1 \"none\" \"p\" \"u\" \"s\" }}"),
        "cannot find password template none"
    );
    assert_eq!(
        run("{{ derivePassword -1 \"pin\" \"p\" \"u\" \"s\" }}"),
        "<-1>: expected unsigned integer; found -1"
    );
    assert_eq!(
        run("{{ derivePassword (int 1) \"pin\" \"p\" \"u\" \"s\" }}"),
        "<1>: wrong type for value; expected uint32; got int"
    );
}
