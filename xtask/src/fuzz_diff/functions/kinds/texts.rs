//! Texts that mean something to one function or another.

use super::{Kind, one, plain, text};

/// The kinds.
pub(super) const KINDS: &[Kind] = &[
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
];
