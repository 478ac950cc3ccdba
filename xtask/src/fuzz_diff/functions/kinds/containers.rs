//! Lists, maps, and things with methods.

use super::{Kind, bare, data, go, one, plain};

/// The kinds.
pub(super) const KINDS: &[Kind] = &[
    bare("bytes", |r| {
        data(
            r,
            &[
                r#"{"$go":"bytes","v":"abc"}"#,
                r#"{"$go":"bytes","v":""}"#,
                r#"{"$go":"bytes","v":{"base64":"/wBh"}}"#,
            ],
        )
    }),
    bare("duration", |r| {
        go(
            "duration",
            r,
            &["1h30m", "0s", "-5ms", "1ns", "2562047h47m16.854775807s"],
        )
    }),
    bare("time", |r| {
        go(
            "time",
            r,
            &[
                "2020-01-02T03:04:05Z",
                "0001-01-01T00:00:00Z",
                "2024-02-29T23:59:59.123456789Z",
                "9999-12-31T23:59:59Z",
                "1969-12-31T23:59:59.5Z",
            ],
        )
    }),
    plain("empty list", |r| {
        one(r, &["(list)", "(tuple)", "(fromJsonArray \"[]\")"])
    }),
    plain("list", |r| match r.below(2) {
        0 => data(
            r,
            &[
                "[1,2,3]",
                "[\"b\",\"a\",\"b\"]",
                "[1,\"a\",null,true]",
                "[0,\"\",1.5]",
            ],
        ),
        _ => one(
            r,
            &[
                "(list 3 1 2)",
                "(list 1 \"a\" nil)",
                "(list \"x\")",
                "(list nil)",
                "(list 1.5 true)",
            ],
        ),
    }),
    plain("strings", |r| {
        one(
            r,
            &[
                "(splitList \",\" \"c,a,b\")",
                "(splitList \",\" \"\")",
                "(list 1 2 | toStrings)",
                "(regexFindAll \"a\" \"b\" -1)",
                "(sortAlpha (list \"b\" \"a\"))",
            ],
        )
    }),
    plain("ints", |r| {
        one(r, &["(until 3)", "(untilStep 5 0 -2)", "(until 0)"])
    }),
    plain("nested list", |r| match r.below(2) {
        0 => data(r, &["[[1],[2,[3]]]", "[[],{}]", "[{\"a\":1},[\"b\"]]"]),
        _ => one(
            r,
            &[
                "(list (list 1) (dict \"k\" 1))",
                "(list (until 2) (list \"a\"))",
            ],
        ),
    }),
    plain("chunks", |r| {
        one(r, &["(chunk 2 (list 1 2 3))", "(chunk 1 (list))"])
    }),
    plain("maps", |r| match r.below(2) {
        0 => data(r, &["[{\"a\":1},{\"a\":2}]"]),
        _ => one(r, &["(list (dict \"a\" 1) (dict))"]),
    }),
    plain("empty map", |r| {
        one(
            r,
            &["(dict)", "(fromJson \"{}\")", "(omit (dict \"a\" 1) \"a\")"],
        )
    }),
    plain("map", |r| match r.below(2) {
        0 => data(
            r,
            &[
                "{\"a\":1,\"b\":\"x\"}",
                "{\"a\":null}",
                "{\"é\":[1]}",
                "{\"a\":true,\"abc\":1.5,\"x\":\"\"}",
            ],
        ),
        _ => one(
            r,
            &[
                "(dict \"a\" 1)",
                "(dict \"a\" (list 1) \"b\" nil)",
                "(dict \"\" 1)",
                "(dict \"z\" \"s\" \"a\" 2.5)",
            ],
        ),
    }),
    plain("nested map", |r| match r.below(2) {
        0 => data(
            r,
            &[
                "{\"a\":{\"b\":{\"c\":1}},\"l\":[{\"x\":null}]}",
                "{\"a\":{\"b\":2},\"b\":{\"a\":[]}}",
            ],
        ),
        _ => one(
            r,
            &[
                "(dict \"a\" (dict \"b\" 1))",
                "(dict \"a\" (dict) \"b\" (dict \"a\" nil))",
            ],
        ),
    }),
    plain("string map", |r| {
        one(
            r,
            &[
                "(split \",\" \"x,y\")",
                "(splitn \",\" 1 \"x,y\")",
                "(split \"\" \"\")",
            ],
        )
    }),
    plain("URL map", |r| {
        one(
            r,
            &[
                "(urlParse \"http://u:p@h:80/p?q=1#f\")",
                "(urlParse \"\")",
                "(urlParse \"mailto:x\")",
            ],
        )
    }),
    plain("semantic version", |r| {
        one(r, &["(semver \"1.2.3\")", "(semver \"v2.0.0-rc.1+b\")"])
    }),
    plain("error", |r| {
        one(
            r,
            &[
                "(fail \"inner\")",
                "(index (list) 3)",
                "(semver \"x\")",
                "(mustRegexMatch \"(\" \"\")",
                "(mustToDate \"x\" \"y\")",
            ],
        )
    }),
];
