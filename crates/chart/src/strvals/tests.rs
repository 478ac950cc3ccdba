//! Rules of the `--set` language; the expected results come from Helm.
#![allow(clippy::unwrap_used, clippy::panic)]

use windlass_value::{Heap, MapId, MapType, Str, Value};

use super::*;

fn show(heap: &Heap, value: &Value) -> String {
    match value {
        Value::Nil => "nil".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n, _) => format!("{}({n})", value.type_name(heap)),
        Value::Float(n, _) => format!("{n:?}"),
        Value::Str(s) => format!("{s:?}"),
        Value::List(l) => {
            let items: Vec<_> = l.iter().map(|v| show(heap, v)).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(id) => {
            let entries = heap.map(*id).entries();
            let entries: Vec<_> = entries
                .iter()
                .map(|(k, v)| format!("{}:{}", k.to_text(), show(heap, v)))
                .collect();
            format!("{{{}}}", entries.join(" "))
        }
        other => panic!("{other:?}"),
    }
}

/// Shows the destination after a text was read into it, or the error.
fn outcome(
    base: &[(&str, &str)],
    read: impl FnOnce(&mut Heap, MapId) -> Result<(), Error>,
) -> String {
    let mut heap = Heap::new();
    let entries = base
        .iter()
        .map(|(k, v)| (Str::from(*k), Value::str(*v)))
        .collect();
    let dest = heap.map_from(MapType::Any, entries);
    match read(&mut heap, dest) {
        Ok(()) => show(&heap, &Value::Map(dest)),
        Err(e) => format!("error: {e}"),
    }
}

fn set(text: &str) -> String {
    outcome(&[], |heap, dest| {
        parse_into(heap, dest, text, Compat::Helm4)
    })
}

#[test]
fn values_are_typed() {
    assert_eq!(set("a=1"), "{a:int64(1)}");
    assert_eq!(set("a=-0"), "{a:int64(0)}");
    assert_eq!(set("a=0"), "{a:int64(0)}");
    assert_eq!(set("a=00"), r#"{a:"00"}"#);
    assert_eq!(set("a=1.5"), r#"{a:"1.5"}"#);
    assert_eq!(set("a=9223372036854775808"), r#"{a:"9223372036854775808"}"#);
    assert_eq!(set("a=TRUE,b=False,c=Null"), "{a:true b:false c:nil}");
    assert_eq!(set("a=fal\u{17f}e"), "{a:false}");
    assert_eq!(set("a=,b= x"), r#"{a:"" b:" x"}"#);
}

#[test]
fn keys_make_maps_and_lists() {
    assert_eq!(set("a.b.c=x,a.b.d=y"), r#"{a:{b:{c:"x" d:"y"}}}"#);
    assert_eq!(set("a[1].b=x"), r#"{a:[nil {b:"x"}]}"#);
    assert_eq!(set("a[0][1]=x"), r#"{a:[[nil "x"]]}"#);
    assert_eq!(set("a={x,1,true}"), r#"{a:["x" int64(1) true]}"#);
    assert_eq!(set("a={}"), r#"{a:[""]}"#);
    assert_eq!(set("a[0]=x,a[0].b=y"), r#"{a:[{b:"y"}]}"#);
    assert_eq!(set(r"a\.b=x\,y"), r#"{a.b:"x,y"}"#);
    assert_eq!(set("a[0]"), "{a:[]}");
    assert_eq!(set("=x"), "{}");
}

#[test]
fn errors_have_helms_words() {
    assert_eq!(set("a"), r#"error: key "a" has no value"#);
    assert_eq!(
        set("a,b=1"),
        r#"error: key "a" has no value (cannot end with ,)"#
    );
    assert_eq!(set("a.=1"), r#"error: key map "a" has no value"#);
    assert_eq!(
        set("a[x]=1"),
        r#"error: error parsing index: strconv.Atoi: parsing "x": invalid syntax"#
    );
    assert_eq!(
        set("a[99999999999999999999x]=1"),
        r#"error: error parsing index: strconv.Atoi: parsing "99999999999999999999x": value out of range"#
    );
    assert_eq!(set("a[-1]=1"), "error: negative -1 index not allowed");
    assert_eq!(
        set("a[65537]=1"),
        "error: index of 65537 is greater than maximum supported index of 65536"
    );
    assert_eq!(
        set("a[0]xy=1"),
        "error: unexpected data at end of array index: ['x' 'y']"
    );
    assert_eq!(set("a={1"), "error: list must terminate with '}'");
    let deep = vec!["a"; 32].join(".") + "=1";
    assert_eq!(
        set(&deep),
        "error: value name nested level is greater than maximum supported nested level of 30"
    );
}

#[test]
fn a_key_through_a_scalar_is_a_failed_conversion() {
    let read = |text: &'static str| {
        outcome(&[("s", "x")], |heap, dest| {
            parse_into(heap, dest, text, Compat::Helm4)
        })
    };
    assert_eq!(
        read("s.a=1"),
        "error: unable to parse key: interface conversion: interface {} is string, not map[string]interface {}"
    );
    assert_eq!(
        read("s[0]=1"),
        "error: unable to parse key: interface conversion: interface {} is string, not []interface {}"
    );
    assert_eq!(
        read("n=null,n.a=1"),
        "error: unable to parse key: interface conversion: interface {} is nil, not map[string]interface {}"
    );
}

#[test]
fn an_open_index_ends_the_text_in_helm_4_only() {
    let read = |compat| outcome(&[], |heap, dest| parse_into(heap, dest, "a=1,b[0", compat));
    assert_eq!(read(Compat::Helm4), "{a:int64(1)}");
    assert_eq!(read(Compat::Helm3), "error: error parsing index: EOF");
}

#[test]
fn dialects_differ_after_the_equals_sign() {
    let strings = outcome(&[], |heap, dest| {
        parse_into_string(heap, dest, "a=1,b={true,null}", Compat::Helm4)
    });
    assert_eq!(strings, r#"{a:"1" b:["true" "null"]}"#);
    let literal = outcome(&[], |heap, dest| {
        parse_literal_into(heap, dest, r"a.b={x},c=\1", Compat::Helm4)
    });
    assert_eq!(literal, r#"{a:{b:"{x},c=\\1"}}"#);
    let json = outcome(&[], |heap, dest| {
        parse_json(
            heap,
            dest,
            r#"a={"x":[1,null]} ,b=,c[1]="\u00e9",d=1.0"#,
            Compat::Helm4,
        )
    });
    assert_eq!(json, r#"{a:{x:[1.0 nil]} b:nil c:[nil "é"] d:1.0}"#);
    // Go has read every number by the time that a later key wins.
    let lost = outcome(&[], |heap, dest| {
        parse_json(heap, dest, r#"a={"x":1e400,"x":1}"#, Compat::Helm4)
    });
    assert_eq!(
        lost,
        "error: json: cannot unmarshal number 1e400 into Go value of type float64"
    );
    let mut reader = |name: &str| match name {
        "f" => Ok(b"content".to_vec()),
        _ => Err(format!("open {name}: no such file or directory")),
    };
    let file = outcome(&[], |heap, dest| {
        parse_into_file(heap, dest, "a=f,b={f,f}", Compat::Helm4, &mut reader)
    });
    assert_eq!(file, r#"{a:"content" b:["content" "content"]}"#);
    let missing = outcome(&[], |heap, dest| {
        parse_into_file(heap, dest, "a=g", Compat::Helm4, &mut reader)
    });
    assert_eq!(missing, "error: open g: no such file or directory");
}

#[test]
fn a_json_object_is_a_form_of_helm_4() {
    let mut heap = Heap::new();
    let map = parse_json_object(&mut heap, " {\"a\": {\"b\": 1}}\n", Compat::Helm4);
    let map = map.unwrap().unwrap();
    assert_eq!(show(&heap, &Value::Map(map)), "{a:{b:1.0}}");
    assert!(parse_json_object(&mut heap, "a={}", Compat::Helm4).is_none());
    assert!(parse_json_object(&mut heap, "{\"a\":1}", Compat::Helm3).is_none());
    assert!(
        parse_json_object(&mut heap, "{\"a\":1} x", Compat::Helm4)
            .unwrap()
            .is_err()
    );
}

#[test]
fn bytes_that_are_not_utf_8_are_replaced_one_by_one() {
    let read = outcome(&[], |heap, dest| {
        parse_into(heap, dest, b"a=\xe2\x82,b=1".as_slice(), Compat::Helm4)
    });
    assert_eq!(read, "{a:\"\u{fffd}\u{fffd}\" b:int64(1)}");
}

#[test]
fn hostile_texts_are_refused() {
    let nested = format!("a{}=1", "[0]".repeat(100_000));
    assert!(set(&nested).starts_with("error: value nested level"));
    let wide = format!("a{}=1", "[65536]".repeat(200));
    assert!(set(&wide).starts_with("error: lists have more than"));
    let json = format!("a={}", "[".repeat(100_000));
    let json = outcome(&[], |heap, dest| {
        parse_json(heap, dest, &json, Compat::Helm4)
    });
    assert_eq!(json, "error: exceeded max depth");
}
