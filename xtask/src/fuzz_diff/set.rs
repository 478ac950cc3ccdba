//! `set`: the language of `--set`, `--set-string`, `--set-json`, `--set-file` and `--set-literal`.
//!
//! Mostly the parsers themselves over a map that is there already; some cases go through the command,
//! several flags at a time, since their words differ and only there are files read.

use serde_json::{Value, json};
use windlass_chart::strvals;
use windlass_value::{Heap, Value as Data};

use super::answer::{Answer, packed};
use super::exec::compat;
use super::family::{Family, Question};
use super::{whole, words};
use crate::oracle::pipe::{Helm, text};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same,
    ..Family::new("set", "the languages of the --set flags", generate, answer)
};

const KINDS: &[&str] = &["set", "set", "string", "json", "literal"];

fn generate(random: &mut Random, _: u64) -> Question {
    if random.percent(20) {
        return through_the_command(random).into();
    }
    let kind = random.pick(KINDS);
    let text = assignments(random, kind);
    let mut question = json!({"op": "strvals", "kind": kind, "text": text});
    if random.percent(60) {
        question["base"] = random.pick(BASES).into();
    }
    question.into()
}

const BASES: &[&str] = &[
    "a: 1",
    "a: {b: 1, c: [1, 2]}",
    "a: [1, {b: 2}, [3]]",
    "a: null\nb: {a: null}",
    "a: []\nb: {}",
    "list: [x, y, z]\nname: {a: {b: {c: d}}}",
    "a: text\nb: [null, null, {a: b}]",
];

fn through_the_command(random: &mut Random) -> Value {
    let mut question = json!({
        "op": "template",
        "files": {
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "values.yaml": random.pick(BASES),
            "templates/v.yaml": "v: {{ toJson .Values }}\n",
        },
    });
    for _ in 0..1 + random.below(3) {
        let (field, kind) = random.pick(&[
            ("set", "set"),
            ("set_string", "string"),
            ("set_json", "json"),
            ("set_json", "object"),
            ("set_file", "file"),
            ("set_literal", "literal"),
        ]);
        let given = assignments(random, kind);
        match question[field].as_array_mut() {
            Some(all) => all.push(given.into()),
            None => question[field] = json!([given]),
        }
    }
    if random.percent(30) {
        question["values"] = random.pick(BASES).into();
    }
    question
}

/// Everything the grammars give a meaning to.
const PIECES: &[&str] = &[
    "=", "=", ",", ",", ".", ".", "[", "]", "[0]", "[1]", "[-1]", "{", "}", "\\", "\\,", "\\.",
    "\\\\", "\\=", "\"", "'", " ", "\t", "\n", "null", "true", "a", "b", "0", "é", "\u{0}", ":",
    "{}", "[]", "{a,b}",
];

pub(super) fn assignments(random: &mut Random, kind: &str) -> String {
    if random.percent(12) {
        return words::soup(random, PIECES, 8);
    }
    if kind == "object" {
        let text = object(random);
        return if random.percent(30) {
            words::damaged(random, &text, PIECES)
        } else {
            text
        };
    }
    let many = if kind == "literal" {
        1
    } else {
        1 + random.below(3)
    };
    let text = (0..many)
        .map(|_| {
            format!(
                "{}{}{}",
                path(random),
                random.pick(&["=", "=", "=", "=", "=", "=", "", ",", "=="]),
                value(random, kind)
            )
        })
        .collect::<Vec<_>>()
        .join(",");
    if random.percent(30) {
        words::damaged(random, &text, PIECES)
    } else {
        text
    }
}

fn path(random: &mut Random) -> String {
    let most = match random.below(60) {
        0 => 29 + random.below(4),
        _ => 1 + random.below(4),
    };
    let mut path = String::new();
    for at in 0..most {
        if at > 0 && !random.percent(3) {
            path.push('.');
        }
        path += random.pick(&[
            "a", "a", "b", "c", "list", "name", "x-y", "0", "", "a\\.b", "a\\,b", "é", "null",
            " a", "a b", "a\\=b", "\"a\"",
        ]);
        while random.percent(25) {
            path += random.pick(&[
                "[0]",
                "[0]",
                "[1]",
                "[2]",
                "[3]",
                "[-1]",
                "[x]",
                "[]",
                "[ 1 ]",
                "[1",
                "[0x1]",
                "[01]",
                "[+1]",
                "[65536]",
                "[65537]",
                "[99999999999999999999]",
                "[1.5]",
                "[\\1]",
            ]);
        }
    }
    path
}

fn value(random: &mut Random, kind: &str) -> String {
    match kind {
        "json" => json(random, 3),
        "file" => words::pick(
            random,
            &[
                "Cargo.toml",
                "nowhere",
                "",
                "{Cargo.toml,nowhere}",
                ".",
                "a\\,b",
                "{Cargo.toml}",
                "nul\u{0}",
                "x/y",
            ],
        ),
        _ => match random.below(8) {
            0 => list(random, 2),
            1 => String::new(),
            _ => scalar(random),
        },
    }
}

fn list(random: &mut Random, depth: usize) -> String {
    let items: Vec<String> = (0..random.below(4))
        .map(|_| {
            if depth > 0 && random.percent(15) {
                list(random, depth - 1)
            } else {
                scalar(random)
            }
        })
        .collect();
    let end = random.pick(&["}", "}", "}", "}", "}", "", "}x", "}.a=1", "}}", "}[0]"]);
    format!(
        "{{{}{end}",
        items.join(random.pick(&[",", ",", ", ", ",,", "\\,"]))
    )
}

fn scalar(random: &mut Random) -> String {
    words::pick(
        random,
        &[
            "1",
            "0",
            "-1",
            "+1",
            "01",
            "007",
            "0x1F",
            "0b1",
            "1_000",
            "1.5",
            "1e3",
            ".5",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "true",
            "false",
            "True",
            "TRUE",
            "t",
            "null",
            "Null",
            "nil",
            "~",
            "yes",
            "",
            " ",
            " a",
            "a b",
            "x",
            "a\\,b",
            "a\\\\b",
            "\\",
            "a\\nb",
            "a=b",
            "a.b",
            "a[0]",
            "[1,2]",
            "{",
            "}",
            "\"q\"",
            "'q'",
            "é☃",
            "\u{1F600}",
            "a:b",
            "#c",
            "\\{a\\,b\\}",
            "line\nline",
            "\t",
            "2024-01-01",
            "NaN",
            ".inf",
            "true ",
            "1 ",
            "-0",
            "0.0",
            "{a: 1}",
        ],
    )
}

fn json(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 6 } else { 9 }) {
        0 | 1 => words::pick(
            random,
            &[
                "1",
                "-1",
                "0",
                "-0",
                "01",
                "1.5",
                "1e3",
                "1E+3",
                "1e400",
                "-",
                "1.",
                ".5",
                "9007199254740993",
                "12345678901234567890",
                "0x1",
                "1e-400",
                "+1",
                "1 2",
                "NaN",
                "Infinity",
            ],
        ),
        2 => words::pick(
            random,
            &["true", "false", "null", "tru", "True", "nul", "", " "],
        ),
        3 => words::pick(
            random,
            &[
                "\"\"",
                "\"a\"",
                "\"a,b\"",
                "\"a=b\"",
                "\"\\u0041\"",
                "\"\\ud83d\\ude00\"",
                "\"\\ud800\"",
                "\"\\x\"",
                "\"\\n\"",
                "\"a\nb\"",
                "\"open",
                "'a'",
                "a",
                "\"\\u00\"",
                "\"é\"",
                "\"\t\"",
                "\"\\\\\"",
                "\"\\/\"",
                "\"\u{0}\"",
                "\"\u{7f}\"",
            ],
        ),
        4 => words::pick(
            random,
            &[
                "{}",
                "[]",
                "{",
                "[",
                "}",
                "]",
                "{,}",
                "[,]",
                "[1,]",
                "{\"a\":}",
                "{a:1}",
                "{\"a\" 1}",
                "{\"a\":1,}",
            ],
        ),
        5 => format!(" {} ", json(random, depth.saturating_sub(1))),
        6 => {
            let items: Vec<String> = (0..random.below(4))
                .map(|_| json(random, depth - 1))
                .collect();
            format!("[{}]", items.join(", "))
        }
        _ => object_of(random, depth - 1),
    }
}

fn object_of(random: &mut Random, depth: usize) -> String {
    let entries: Vec<String> = (0..random.below(4))
        .map(|_| {
            format!(
                "{}: {}",
                random.pick(&[
                    "\"a\"", "\"b\"", "\"a\"", "\"\"", "\"c.d\"", "\"é\"", "\"A\""
                ]),
                json(random, depth)
            )
        })
        .collect();
    format!("{{{}}}", entries.join(","))
}

fn object(random: &mut Random) -> String {
    let space = random.pick(&["", "", " ", "\n", "\t", "\u{a0}"]);
    let after = random.pick(&["", "", "", " ", "x", "{}", ",a=1", "\n"]);
    format!("{space}{}{after}", object_of(random, 2))
}

fn answer(question: &Value, helm: Helm) -> Answer {
    if question["op"] == "template" {
        return whole::answer(question, helm);
    }
    let mut heap = Heap::new();
    let base = question["base"].as_str().unwrap_or_default();
    let dest = match windlass_yaml::parse_map(&mut heap, base.as_bytes()) {
        Ok(dest) => dest,
        Err(error) => return Answer::Bad(error.to_string()),
    };
    let given = text(&question["text"]).unwrap_or_default();
    let parse = match question["kind"].as_str() {
        Some("string") => strvals::parse_into_string,
        Some("json") => strvals::parse_json,
        Some("literal") => strvals::parse_literal_into,
        _ => strvals::parse_into,
    };
    match parse(&mut heap, dest, given, compat(helm)) {
        Ok(()) => {
            let shown = windlass_value::fmt::sprintf(&heap, b"%#v", &[Data::Map(dest)]);
            Answer::Given([("go".to_owned(), packed(&shown))].into_iter().collect())
        }
        Err(error) => Answer::error(error.to_string()),
    }
}

/// What templates would print, or what Go makes of the map.
fn same(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Given(t), Answer::Given(o)) if o.contains_key("go") => t.get("go") == o.get("go"),
        _ => whole::same(theirs, ours),
    }
}
