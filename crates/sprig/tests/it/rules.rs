//! Rules that single recorded calls do not show: limits, sharing, named map types.

use windlass_value::{Elem, MapType, NamedMap, Value};

use crate::bench::Bench;

static VALUES: NamedMap = NamedMap {
    name: "common.Values",
    elem: Elem::Any,
    methods: &[],
};

#[test]
fn large_results_ask_first() {
    let mut bench = Bench::new();
    let big = Value::int(i64::MAX / 16);
    let line = Value::str("a\nb");
    for (name, args) in [
        ("repeat", vec![big.clone(), line.clone()]),
        ("indent", vec![big.clone(), line.clone()]),
        ("nindent", vec![big.clone(), line]),
        ("until", vec![big.clone()]),
        ("until", vec![Value::int(-1_000_000_000)]),
        ("untilStep", vec![Value::int(0), big.clone(), Value::int(3)]),
        (
            "untilStep",
            vec![
                Value::int(0),
                Value::int(i64::MAX),
                Value::int(i64::MAX - 1),
            ],
        ),
        ("seq", vec![big]),
    ] {
        assert_eq!(bench.print(name, &args), "error: limit", "{name}");
    }
}

#[test]
fn a_named_map_is_a_plain_one_to_functions_of_maps() {
    let mut bench = Bench::new();
    let Value::Map(plain) = bench.map(&[("a", Value::int(1))]) else {
        panic!()
    };
    let values = Value::Map(bench.heap.view_as(plain, MapType::Named(&VALUES)));
    let set = bench
        .call("set", &[values.clone(), "b".into(), Value::int(2)])
        .unwrap();
    assert_eq!(set.type_name(&bench.heap), "map[string]interface {}");
    assert_eq!(bench.print("get", &[values.clone(), "b".into()]), "2");
    let wanted =
        "error: interface conversion: interface {} is common.Values, not map[string]interface {}";
    assert_eq!(
        bench.print("dig", &["a".into(), Value::Nil, values]),
        wanted
    );
}

#[test]
fn set_fails_on_a_nil_map() {
    let mut bench = Bench::new();
    let nil = Value::Map(bench.heap.new_nil_map(MapType::Any));
    let found = bench.print("set", &[nil.clone(), "a".into(), Value::Nil]);
    assert_eq!(found, "error: assignment to entry in nil map");
    let filled = bench.map(&[("a", Value::int(1))]);
    assert_eq!(bench.print("merge", &[nil, filled]), "map[a:1]");
}

#[test]
fn cyclic_maps_end_in_an_error() {
    let mut bench = Bench::new();
    let (a, b) = (bench.map(&[]), bench.map(&[]));
    for map in [&a, &b] {
        bench
            .call("set", &[map.clone(), "self".into(), map.clone()])
            .unwrap();
    }
    assert_eq!(bench.print("deepEqual", &[a.clone(), b.clone()]), "true");
    let merged = bench.print("mustMerge", &[a, b]);
    assert_eq!(merged, "error: maps are nested too deeply to merge");
}

#[test]
fn what_merge_takes_is_shared() {
    let mut bench = Bench::new();
    let inner = bench.map(&[("x", Value::int(1))]);
    let source = bench.map(&[("inner", inner.clone())]);
    let target = bench.map(&[]);
    bench.call("merge", &[target.clone(), source]).unwrap();
    bench
        .call("set", &[inner, "x".into(), Value::int(2)])
        .unwrap();
    assert_eq!(bench.print("toString", &[target]), "map[inner:map[x:2]]");
}

#[test]
fn deep_copies_are_not_shared() {
    let mut bench = Bench::new();
    let inner = bench.map(&[("x", Value::int(1))]);
    let outer = bench.map(&[("inner", inner.clone())]);
    let copy = bench.call("deepCopy", &[outer]).unwrap();
    bench
        .call("set", &[inner, "x".into(), Value::int(2)])
        .unwrap();
    assert_eq!(bench.print("toString", &[copy]), "map[inner:map[x:1]]");
}

#[test]
fn names_of_no_network_are_empty() {
    assert_eq!(
        Bench::new().print("getHostByName", &["localhost".into()]),
        ""
    );
}

#[test]
fn maps_shared_many_times_over_do_not_hang() {
    let mut bench = Bench::new();
    let mut tower = || {
        let mut top = bench.map(&[("x", Value::int(1))]);
        for _ in 0..60 {
            let both = Value::list(vec![top.clone(), top.clone()]);
            top = bench.map(&[("l", top.clone()), ("r", top), ("b", both)]);
        }
        top
    };
    let (a, b) = (tower(), tower());
    assert_eq!(bench.print("deepEqual", &[a.clone(), b.clone()]), "true");
    assert_eq!(
        bench.print("deepCopy", std::slice::from_ref(&a)),
        "error: limit"
    );
    let merged = bench.print("mustMerge", &[a, b]);
    assert_eq!(merged, "error: maps are nested too deeply to merge");
}

#[test]
fn a_large_list_of_lists_is_not_compared_in_the_square() {
    let mut bench = Bench::new();
    let lists = (0..50_000)
        .map(|n| Value::list(vec![Value::int(n)]))
        .collect();
    assert_eq!(bench.print("uniq", &[Value::list(lists)]), "error: limit");
}

/// Objects are compared by what they hold, and only with their like.
#[test]
fn objects_are_equal_by_their_content() {
    let mut bench = Bench::new();
    let mut semver = |text: &str| bench.call("semver", &[text.into()]).unwrap();
    let [one, same, other] = ["1.2.3-a+b", "1.2.3-a+b", "1.2.3-a+c"].map(&mut semver);
    let second = |n: i64| Value::object(windlass_time::Duration(n));
    for (a, b, equal) in [
        (&one, &one, "true"),
        (&one, &same, "true"),
        (&one, &other, "false"),
        (&second(1), &second(1), "true"),
        (&second(1), &second(2), "false"),
        (&one, &second(1), "false"),
        (&one, &Value::str("1.2.3-a+b"), "false"),
    ] {
        assert_eq!(bench.print("deepEqual", &[a.clone(), b.clone()]), equal);
        let lists = [a, b].map(|v| Value::list(vec![v.clone()]));
        assert_eq!(bench.print("deepEqual", &lists), equal);
    }
}

#[test]
fn what_is_abbreviated_keeps_its_offset_in_sight() {
    let mut bench = Bench::new();
    let text = Value::str("abcdefghijklmnopqrstuvwxyz");
    for (left, right, wanted) in [
        (0, 10, "abcdefg..."),
        (4, 10, "abcdefg..."),
        (5, 10, "...fghi..."),
        (19, 10, "...tuvwxyz"),
        (22, 10, "...tuvwxyz"),
        (100, 10, "...tuvwxyz"),
        (5, 26, "abcdefghijklmnopqrstuvwxyz"),
        (5, 6, "abcdefghijklmnopqrstuvwxyz"),
        (0, 4, "a..."),
        (0, 3, "abcdefghijklmnopqrstuvwxyz"),
    ] {
        let args = [Value::int(left), Value::int(right), text.clone()];
        assert_eq!(bench.print("abbrevboth", &args), wanted, "{left} {right}");
    }
}
