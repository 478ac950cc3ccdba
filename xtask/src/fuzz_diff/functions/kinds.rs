//! Kinds of arguments: the columns of the matrix.

use serde_json::{Value as Json, json};

use crate::oracle::random::Random;

/// An argument: words of the template, or data to be named there.
pub(super) enum Sample {
    Text(String),
    Data(Json),
}

/// A kind of argument.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// It can be had in a render too, where all data comes from YAML.
    pub(super) renders: bool,
    pub(super) sample: fn(&mut Random) -> Sample,
}

fn one(random: &mut Random, from: &[&str]) -> Sample {
    Sample::Text(random.pick(from).to_owned())
}

/// Half of them as a literal, half as data.
fn text(random: &mut Random, from: &[&str]) -> Sample {
    let text = random.pick(from);
    if random.percent(50) {
        Sample::Data(json!(text))
    } else {
        Sample::Text(quoted(text))
    }
}

/// A literal of Go's.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            '\r' => quoted += "\\r",
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn go(kind: &str, random: &mut Random, from: &[&str]) -> Sample {
    Sample::Data(json!({"$go": kind, "v": random.pick(from)}))
}

/// One of these pieces of JSON.
fn data(random: &mut Random, from: &[&str]) -> Sample {
    Sample::Data(serde_json::from_str(random.pick(from)).unwrap_or_default())
}

const fn plain(name: &'static str, sample: fn(&mut Random) -> Sample) -> Kind {
    let renders = true;
    Kind {
        name,
        renders,
        sample,
    }
}

/// What no render has.
const fn bare(name: &'static str, sample: fn(&mut Random) -> Sample) -> Kind {
    let renders = false;
    Kind {
        name,
        renders,
        sample,
    }
}

/// All kinds.
pub(super) const KINDS: &[Kind] = &[
    plain("no argument", |_| Sample::Text(String::new())),
    plain("missing", |r| {
        one(r, &[".nope", "$.nope", "(dict).a", "(index (dict) \"a\")"])
    }),
    plain("nil", |_| Sample::Data(Json::Null)),
    plain("nil literal", |r| one(r, &["nil"])),
    bare("nil list", |r| {
        data(
            r,
            &[
                r#"{"$go":"strings","v":null}"#,
                r#"{"$go":"ints","v":null}"#,
            ],
        )
    }),
    bare("nil map", |r| data(r, &[r#"{"$go":"stringmap","v":null}"#])),
    plain("bool", |r| one(r, &["true", "false"])),
    plain("int", |r| {
        one(
            r,
            &[
                "1", "2", "3", "7", "(int 5)", "100", "0x1F", "0b101", "0o17", "1_000",
            ],
        )
    }),
    plain("zero", |r| one(r, &["0", "(int 0)", "0.0", "-0"])),
    plain("negative int", |r| {
        one(r, &["-1", "-2", "-7", "(int -5)", "-100"])
    }),
    plain("huge int", |r| {
        one(
            r,
            &[
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "4611686018427387904",
                "18446744073709551616",
            ],
        )
    }),
    bare("int8", |r| go("int8", r, &["1", "-128", "127", "0"])),
    bare("int16", |r| go("int16", r, &["1", "-32768", "3"])),
    bare("int32", |r| go("int32", r, &["1", "-2147483648", "65"])),
    plain("int64", |r| {
        one(
            r,
            &[
                "(int64 1)",
                "(int64 -3)",
                "(int64 9223372036854775807)",
                "(add 1 1)",
                "(int64 0)",
            ],
        )
    }),
    bare("uint", |r| {
        go("uint", r, &["1", "0", "18446744073709551615"])
    }),
    bare("uint8", |r| go("uint8", r, &["1", "255", "0"])),
    bare("uint16", |r| go("uint16", r, &["2", "65535"])),
    bare("uint32", |r| go("uint32", r, &["3", "4294967295"])),
    plain("uint64", |r| {
        one(
            r,
            &[
                "(semver \"3.2.1\").Major",
                "(semver \"18446744073709551615.0.0\").Major",
            ],
        )
    }),
    plain("whole float", |r| {
        data(r, &["1.0", "3.0", "-2.0", "1e6", "100.0"])
    }),
    plain("fraction", |r| {
        one(
            r,
            &["1.5", "-2.25", "0.1", "3.14159", "2.675", "1e-7", "0x1p-2"],
        )
    }),
    plain("huge float", |r| {
        one(
            r,
            &[
                "1e300",
                "-1e300",
                "1e21",
                "9.3e18",
                "1.7976931348623157e308",
                "5e-324",
            ],
        )
    }),
    bare("not a number", |r| {
        go("float64", r, &["NaN", "+Inf", "-Inf"])
    }),
    bare("float32", |r| {
        go("float32", r, &["0.1", "1.5", "3.4e38", "NaN", "-2"])
    }),
    plain("complex", |r| one(r, &["1i", "(1+2i)", "2.5i"])),
    plain("character", |r| one(r, &["'a'", "'é'", "'\\n'", "'\\x00'"])),
    plain("empty string", |r| text(r, &[""])),
    plain("word", |r| {
        text(
            r,
            &[
                "a",
                "abc",
                "Hello World",
                "foo-bar_baz",
                "HTTPServer2xxError",
                "x",
                " sp ",
                "a,b,c",
                "camelCaseWord",
                "b",
            ],
        )
    }),
    plain("number text", |r| {
        text(
            r,
            &[
                "12",
                "-7",
                "0x1f",
                "1e3",
                "010",
                "1_000",
                " 5 ",
                "9223372036854775808",
                "1.5",
                "08",
                "0.0",
                "+3",
                "1.",
                ".5",
                "NaN",
                "0b11",
                "777",
            ],
        )
    }),
    plain("bool text", |r| {
        text(r, &["true", "false", "True", "yes", "1", "t", "0"])
    }),
    plain("unicode", |r| {
        text(
            r,
            &[
                "é ß",
                "中文abc",
                "😀smile",
                "ǅǄ ᾳ",
                "\u{a0}x\u{a0}",
                "e\u{301}",
                "İıſK",
                "\u{feff}b",
                "\u{fffd}",
                "a\u{2028}b",
            ],
        )
    }),
    plain("invalid UTF-8", |r| {
        one(
            r,
            &[
                "\"bad\\xff\\xfebytes\"",
                "\"\\xc3\"",
                "\"\\xed\\xa0\\x80\"",
                "(b64dec \"/wBh\")",
                "(trunc 1 \"é\")",
                "\"a\\x80\\xf0\\x9f\"",
            ],
        )
    }),
    plain("lines", |r| {
        text(
            r,
            &[
                "a\nb\n",
                "\n\tx\n",
                "line1\r\nline2",
                "a\n\nb",
                "\n",
                "  x\n  y",
            ],
        )
    }),
    plain("control characters", |r| {
        one(
            r,
            &[
                "\"\\x00\\x01\\x7f\"",
                "\"\\a\\b\\f\\v\"",
                "\"\\u0085\\u2029\"",
                "\"\\x1b[1m\"",
            ],
        )
    }),
    plain("JSON", |r| {
        text(
            r,
            &[
                r#"{"a":[1,2.5,null,"x"]}"#,
                r#"[1,"a",{}]"#,
                "null",
                r#""s""#,
                r#"{"a":"#,
                "[1,]",
                r#"{"a":1}x"#,
                "12345678901234567890",
                r#"{"a":"<&>\u2028é"}"#,
                "1e999",
            ],
        )
    }),
    plain("YAML", |r| {
        text(
            r,
            &[
                "a: 1\nb: [x, 2]",
                "- 1\n- a",
                "a: b: c",
                "a: &x 1\nb: *x",
                "x: ~\ny: 0o7",
                "---\na: 1\n---\nb: 2",
                "key: |\n  text\n",
                "{a: 1, a: 2}",
                "\t- a",
                "? a\n: b",
            ],
        )
    }),
    plain("TOML", |r| {
        text(
            r,
            &[
                "a = 1",
                "[t]\nx = \"y\"",
                "a = 1979-05-27T07:32:00Z",
                "a = [1, \"x\"]",
                "a =",
                "[a]\n[a]",
                "a.b = 1.0",
                "a = inf",
            ],
        )
    }),
    plain("date text", |r| {
        text(
            r,
            &[
                "2006-01-02",
                "2024-02-29T12:00:00Z",
                "15:04:05",
                "Mon Jan 2",
                "2006-01-02T15:04:05.999999999Z07:00",
                "2023-02-30",
                "UTC",
                "Europe/Berlin",
            ],
        )
    }),
    plain("duration text", |r| {
        text(
            r,
            &[
                "1h30m",
                "-2s",
                "100ms",
                "1.5h",
                "1d",
                "90",
                "1h-2m",
                "9223372037s",
                "2h3",
                "µs",
                "1µs",
            ],
        )
    }),
    plain("regular expression", |r| {
        text(
            r,
            &[
                "[a-c]+", "(", "a(b)?c", "\\w+@\\d", "(?i)ABC", "^$", "[z-a]", "a{1001}",
                "(?P<n>x)", "**", "\\p{Foo}", "x*",
            ],
        )
    }),
    plain("path or URL", |r| {
        text(
            r,
            &[
                "/a/b/../c.txt",
                "a//b/.",
                "http://u:p@h.com:80/p%20q?x=1#f",
                "mailto:a@b",
                "../..",
                "%zz",
                "http://[::1",
                ".",
                "/",
                "a\\b.tar.gz",
                "://x",
            ],
        )
    }),
    plain("version", |r| {
        text(
            r,
            &[
                "1.2.3",
                "v1.2.3-beta.1+m",
                ">=1.2, <2",
                "^0.2.3",
                "1.x",
                "1.02.3",
                "latest",
                "~1 || 3",
                "1.2.3-01",
                "*",
                "=>1",
            ],
        )
    }),
    plain("format", |r| {
        text(
            r,
            &[
                "%d %s %v",
                "%5.2f|%-5d|%05d",
                "%",
                "%!",
                "%[2]d %[1]s",
                "%*d",
                "%z",
                "%q %x %X",
                "%T %#v %+v",
                "%U %c",
                "%t %p",
                "%e %g",
            ],
        )
    }),
    plain("template", |r| {
        text(
            r,
            &[
                "{{ . }}",
                "{{ .a.b }}",
                "{{ nope }}",
                "{{",
                "{{ define \"x\" }}y{{ end }}{{ template \"x\" }}",
                "{{ fail \"no\" }}",
                "partial",
                "{{ include \"partial\" . }}",
                "{{ 1 | add 2 }}",
                "{{ template \"none\" }}",
            ],
        )
    }),
    plain("encoded", |r| {
        text(
            r,
            &[
                "aGVsbG8=",
                "aGVsbG8",
                "/w==",
                "MZXW6===",
                "MZXW6",
                "a%20b",
                "&lt;b&gt;",
                "!!!!",
                "YQ==\n",
            ],
        )
    }),
    plain("markup", |r| {
        text(
            r,
            &[
                "<a href='x'>&</a>",
                "\"q\" 'q' `b`",
                "$1-${x}$$",
                "\\",
                "a\\nb",
                "*+?.[]{}()",
                "=;&",
            ],
        )
    }),
    plain("long text", |r| {
        text(
            r,
            &[concat!(
                "verylongwordthatdoesnotfitanything ",
                "and then some more words that follow it, ",
                "until the line is full and must be wrapped, again and again and again and again and again"
            )],
        )
    }),
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
