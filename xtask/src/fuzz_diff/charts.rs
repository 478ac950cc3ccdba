//! `charts`: Chart.yaml, requirements.yaml, locks and values.yaml that are odd or broken, and what
//! templates then see of the chart.

use serde_json::{Map, Value, json};

use super::family::{Family, Question};
use super::{whole, words};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same: whole::same,
    ..Family::new(
        "charts",
        "loading Chart.yaml, requirements.yaml, locks and charts/",
        generate,
        whole::answer,
    )
};

const SHOW: &str = "j: {{ toJson .Chart }}\ny:\n{{ toYaml .Chart | indent 2 }}\n\
    d: {{ range .Chart.Dependencies }}{{ .Name }} {{ .Version }} {{ .Enabled }} {{ .Alias }} {{ toJson .ImportValues }} {{ .Tags }};{{ end }}\n\
    s: {{ .Subcharts | toJson | len }} {{ .Chart.IsRoot }} {{ .Values | toJson }}\n";

/// What a file may become by accident.
const PIECES: &[&str] = &[
    "\n", " ", ":", "- ", "{", "[", "}", "]", "\"", "'", "\t", "&a ", "*a", "!!str ", "#", "\r\n",
    "é", "1", "null", ",", "|", "---\n", "\u{0}", "\u{7f}", "~", "\u{feff}", "..",
];

fn generate(random: &mut Random, _: u64) -> Question {
    let mut files = Map::new();
    let old = random.percent(20);
    files.insert("templates/c.yaml".into(), SHOW.into());
    if !random.percent(1) {
        let mut text = chartfile(random, "c", old);
        if random.percent(22) {
            text = words::damaged(random, &text, PIECES);
        }
        files.insert("Chart.yaml".into(), text.into());
    }
    if random.percent(25) {
        below(random, &mut files);
    }
    if random.percent(if old { 60 } else { 8 }) {
        let mut text = dependencies(random);
        if random.percent(20) {
            text = words::damaged(random, &text, PIECES);
        }
        files.insert("requirements.yaml".into(), text.into());
    }
    if random.percent(15) {
        let name = random.pick(&["Chart.lock", "requirements.lock"]);
        let mut text = lock(random);
        if random.percent(25) {
            text = words::damaged(random, &text, PIECES);
        }
        files.insert(name.into(), text.into());
    }
    if random.percent(20) {
        files.insert("values.yaml".into(), random.pick(VALUES).into());
    }
    json!({"op": "template", "files": files}).into()
}

const VALUES: &[&str] = &[
    "a: 1\n",
    "- a\n",
    "text\n",
    "",
    "null\n",
    "a: [\n",
    "a: {\n",
    "a: b: c\n",
    "\ta: 1\n",
    "a: 1\n---\nb: 2\n",
    "---\na: 1\n",
    "1: a\n",
    "a: .inf\n",
    "a: 1\na: 2\n",
    "d: text\n",
    "d: null\n",
    "d: {enabled: false}\n",
    "tags: {t: false}\n",
    "tags: 1\n",
    "global: 1\n",
    "d: [1]\n",
    "%YAML 9\n---\na: 1\n",
    "\u{feff}a: 1\n",
    "a: *b\n",
    "<<: 1\n",
    "? [a]\n: b\n",
    "~: 1\n",
];

fn chartfile(random: &mut Random, name: &str, old: bool) -> String {
    let mut lines = vec![
        format!("apiVersion: {}", if old { "v1" } else { "v2" }),
        format!("name: {name}"),
        "version: 1.0.0".to_owned(),
    ];
    // One of the three is odd or missing now and then.
    if random.percent(25) {
        let at = random.below(3);
        if random.percent(25) {
            lines.remove(at);
        } else {
            let key = random.pick(&["apiVersion", "name", "version"]);
            lines[at] = format!("{key}: {}", odd(random));
        }
    }
    for _ in 0..random.below(4) {
        lines.push(field(random));
    }
    if random.percent(30) {
        lines.push(dependencies(random).trim_end().to_owned());
    }
    if random.percent(20) {
        let (a, b) = (random.below(lines.len()), random.below(lines.len()));
        lines.swap(a, b);
    }
    lines.join("\n") + random.pick(&["\n", "\n", "\n", "", "\n---\n", "\n...\n"])
}

/// Something where something else is expected.
fn odd(random: &mut Random) -> String {
    words::pick(
        random,
        &[
            "1",
            "1.10",
            "1.0",
            "1e3",
            "0x1F",
            "0o17",
            "017",
            "-0",
            ".inf",
            "-.inf",
            ".nan",
            "true",
            "yes",
            "null",
            "~",
            "\"\"",
            "''",
            "\" \"",
            "text",
            "a b",
            "[a, b]",
            "[]",
            "[1, 2]",
            "[null]",
            "[[a]]",
            "{a: b}",
            "{}",
            "{a: 1}",
            "{name: a}",
            "[{name: a}]",
            "[{}]",
            "[{name: 1, email: true}]",
            "[{name: [a]}]",
            "2024-01-02",
            "12:30",
            "1_000",
            "12345678901234567890",
            "9007199254740993",
            "1e400",
            "0.1",
            "100000000000000000000",
            "\"1\"",
            "!!str 1",
            "!!int x",
            "!!binary aGk=",
            "!x y",
            "&a b",
            "*a",
            "|\n  text\n  more",
            ">-\n  folded\n  text",
            "\"a\\nb\"",
            "\"\\u0007\"",
            "\"\\t\"",
            "é",
            "\"\u{200b}\"",
            "\"a\\u00a0b\"",
            "v1",
            "v2",
            "v3",
            "V2",
            "library",
            "application",
            "1.2.3",
            "v1.2.3",
            "1.2",
            "01.2.3",
            "1.2.3-rc_1",
            "1.2.3+b",
            "../x",
            "a/b",
            ".",
            "..",
            "\"a\\\\b\"",
            "c",
            "-",
            "@",
            "http://x",
            "\"1.2.3 \"",
            "A",
            "c.d",
            "c_d",
            "\"c\\u0000d\"",
            "+1",
            "1:30",
        ],
    )
}

fn field(random: &mut Random) -> String {
    let (key, usual): (&str, &[&str]) = random.pick(&[
        ("appVersion", &["1.0", "\"1.10\"", "v2"]),
        ("description", &["words", "\"a\\nb\""]),
        (
            "kubeVersion",
            &["\">=1.20\"", "\"<1.0\"", "\"x y\"", "\">=1.20-0 <2\""],
        ),
        ("type", &["application", "library", "nope", "\"\""]),
        ("home", &["http://x"]),
        ("icon", &["http://x/i.png"]),
        ("keywords", &["[a, b]"]),
        ("sources", &["[http://a, b]"]),
        (
            "maintainers",
            &[
                "[{name: a, email: b, url: c}]",
                "[{email: b}]",
                "[null, {name: a}]",
                "[{name: \"a\\tb\"}]",
            ],
        ),
        (
            "annotations",
            &[
                "{a: b}",
                "{a: \"1\", b: \"\"}",
                "{a: 1}",
                "{a: true, b: 1.50}",
                "{1: a}",
                "{a: [b]}",
                "{a: null}",
            ],
        ),
        ("deprecated", &["true", "false"]),
        ("condition", &["a.b"]),
        ("tags", &["a,b"]),
        ("engine", &["gotpl"]),
        ("unknown", &["x"]),
        ("Name", &["d"]),
        ("APIVERSION", &["v1"]),
        ("APPversion", &["3"]),
        ("tillerVersion", &["\">2\""]),
    ]);
    let value = if random.percent(60) {
        random.pick(usual).to_owned()
    } else {
        odd(random)
    };
    format!("{key}: {value}")
}

/// A block of dependencies, under its key.
fn dependencies(random: &mut Random) -> String {
    if random.percent(12) {
        return format!("dependencies: {}\n", odd(random));
    }
    let mut text = "dependencies:\n".to_owned();
    for _ in 0..random.pick(&[1, 1, 1, 2, 2, 3]) {
        if random.percent(6) {
            text += &format!("- {}\n", odd(random));
            continue;
        }
        let mut lines = vec![
            format!("name: {}", random.pick(&["d", "d", "d", "e", "c", "nope"])),
            "version: \"*\"".to_owned(),
        ];
        for _ in 0..random.below(3) {
            let (key, usual): (&str, &[&str]) = random.pick(&[
                (
                    "repository",
                    &["\"\"", "http://x", "file://../d", "\"@r\"", "alias:r"],
                ),
                (
                    "condition",
                    &["d.enabled", "\"a,b\"", "\"\"", "\" d.enabled \""],
                ),
                ("tags", &["[t]", "[t, u]", "t"]),
                ("enabled", &["true", "false"]),
                (
                    "import-values",
                    &[
                        "[data]",
                        "[{child: a, parent: b}]",
                        "[1]",
                        "[null]",
                        "data",
                        "[{child: a}]",
                        "[{child: 1, parent: b}]",
                    ],
                ),
                (
                    "alias",
                    &["x", "d", "\"a b\"", "a.b", "\"\"", "a/b", "é", "-"],
                ),
                (
                    "version",
                    &["1.0.0", "\"^1\"", "\"x y\"", "\">2\"", "1", "\"\""],
                ),
                ("name", &["d", "\"d \"", "\"\""]),
                ("unknown", &["x"]),
            ]);
            let value = if random.percent(75) {
                random.pick(usual).to_owned()
            } else {
                odd(random)
            };
            lines.push(format!("{key}: {value}"));
        }
        if random.percent(6) {
            lines.remove(0);
        }
        text += &format!("- {}\n", lines.join("\n  "));
    }
    text
}

fn lock(random: &mut Random) -> String {
    let generated = random.pick(&[
        "\"2024-01-02T03:04:05Z\"",
        "\"2024-01-02T03:04:05.123456789+02:00\"",
        "2024-01-02",
        "text",
        "1",
        "null",
        "\"\"",
        "\"2024-13-01T00:00:00Z\"",
        "2024-01-02T03:04:05Z",
        "[a]",
        "\"2024-01-02t03:04:05z\"",
        "\"2024-01-02T24:00:00Z\"",
    ]);
    let digest = random.pick(&["sha256:abc", "1", "null", "[a]"]);
    format!(
        "dependencies:\n- name: d\n  repository: \"\"\n  version: {}\ndigest: {digest}\ngenerated: {generated}\n",
        odd(random)
    )
}

/// Charts in charts/, in directories or files that may be none.
fn below(random: &mut Random, files: &mut Map<String, Value>) {
    for _ in 0..1 + random.below(2) {
        let folder = random.pick(&["d", "d", "e", "d-1.0.0", "_x", ".h", "d.tgz"]);
        let name = random.pick(&["d", "d", "e", "c"]);
        match random.below(12) {
            0 => drop(files.insert(format!("charts/{folder}/README.md"), "text".into())),
            1 => drop(
                files.insert(
                    format!("charts/{folder}x.tgz"),
                    random
                        .pick(&["text", "", "\u{1f}\u{8b}", "PK\u{3}\u{4}", "a: b\n"])
                        .into(),
                ),
            ),
            2 => drop(files.insert(
                format!("charts/{folder}.txt"),
                random.pick(&["text", "apiVersion: v2\n"]).into(),
            )),
            _ => {
                let mut text = chartfile(random, name, false);
                if random.percent(12) {
                    text = words::damaged(random, &text, PIECES);
                }
                files.insert(format!("charts/{folder}/Chart.yaml"), text.into());
                files.insert(
                    format!("charts/{folder}/templates/d.yaml"),
                    "n: {{ .Chart.Name }} {{ toJson .Values }}\n".into(),
                );
                if random.percent(30) {
                    files.insert(
                        format!("charts/{folder}/values.yaml"),
                        random.pick(VALUES).into(),
                    );
                }
            }
        }
    }
}
