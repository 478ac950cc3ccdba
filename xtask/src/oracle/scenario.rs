//! Umbrella charts made up at random: charts in charts with aliases, conditions, tags, imported
//! values, globals and nulls, whose templates look at and change what they share.
//!
//! Words are few, so that names meet: a table here is a number there, a chart's name is a key, two
//! charts define the same partial. `text` writes the templates.

mod text;

use std::collections::BTreeMap;
use std::path::Path;

use super::node::Node;
use super::overlay::{any_scalar, anything};
use super::question::{Edit, Question};
use super::random::Random;

/// Names of charts, and of their aliases.
const CHARTS: &[&str] = &["alpha", "beta", "gamma", "delta"];
const ALIASES: &[&str] = &["one", "two", "alpha", "a"];
/// Keys of values.
const KEYS: &[&str] = &[
    "a", "b", "c", "name", "enabled", "list", "alpha", "beta", "one", "x-y",
];

/// How deep charts stand in charts.
const DEPTH: usize = 3;

/// Makes a chart and values for it, to stand in a folder.
pub(crate) fn question(folder: &Path, random: &mut Random) -> Question {
    let mut files = BTreeMap::new();
    Maker {
        random,
        files: &mut files,
    }
    .chart("", "top", DEPTH);
    let mut question = Question {
        chart: folder.to_owned(),
        files,
        ..Question::default()
    };
    for _ in 0..random.below(5) {
        let mut path = Vec::new();
        for _ in 0..1 + random.below(3) {
            let names: &[&str] = match random.below(4) {
                0 => CHARTS,
                1 => ALIASES,
                2 => &["global", "tags", "exports"],
                _ => KEYS,
            };
            path.push(random.pick(names).to_owned());
        }
        let node = match random.below(3) {
            0 => Node::scalar(random.pick(&["true", "false", "null"])),
            1 if path.len() > 1 => any_scalar(random),
            _ => Node::Map(vec![
                ("a".into(), anything(random, 2)),
                ("enabled".into(), any_scalar(random)),
            ]),
        };
        question.edits.push(Edit { path, node });
    }
    if random.percent(20) {
        let sets = [
            "a.b=1",
            "alpha.enabled=false",
            "global.a=null",
            "tags.t=true",
            "list[1]=x",
            "beta=null",
        ];
        question.sets.push(("set", random.pick(&sets).to_owned()));
    }
    question
}

/// Writes charts.
struct Maker<'m> {
    random: &'m mut Random,
    files: &'m mut BTreeMap<String, String>,
}

/// A chart that stands in charts/.
struct Below {
    name: &'static str,
    version: &'static str,
}

impl Maker<'_> {
    fn file(&mut self, folder: &str, name: &str, text: String) {
        self.files.insert(format!("{folder}{name}"), text);
    }

    fn chart(&mut self, folder: &str, name: &str, depth: usize) -> &'static str {
        let version = self
            .random
            .pick(&["1.0.0", "0.2.1", "2.0.0-rc.1", "1.2.3+b"]);
        let mut below = Vec::new();
        let count = if depth == 0 { 0 } else { self.random.below(4) };
        for at in 0..count {
            let child = CHARTS[(at + self.random.below(2)) % CHARTS.len()];
            if below.iter().any(|b: &Below| b.name == child) {
                continue;
            }
            let version = self.chart(&format!("{folder}charts/{child}/"), child, depth - 1);
            below.push(Below {
                name: child,
                version,
            });
        }
        self.chartfile(folder, name, version, &below);
        let values = self.values(&below);
        self.file(folder, "values.yaml", values.document());
        self.templates(folder, name, &below);
        if self.random.percent(30) {
            self.file(folder, "data.txt", "one\ntwo {{ .Release.Name }}\n".into());
            self.file(folder, "conf/b.yaml", "k: [1, 2]\n".into());
        }
        version
    }

    fn chartfile(&mut self, folder: &str, name: &str, version: &str, below: &[Below]) {
        let old = self.random.percent(10);
        let api = if old { "v1" } else { "v2" };
        let mut text = format!("apiVersion: {api}\nname: {name}\nversion: {version}\n");
        let extras = [
            "appVersion: 1.10\n",
            "appVersion: \"v2\"\n",
            "description: some words\n",
            "annotations: {a: b, c: \"1\"}\n",
            "kubeVersion: \">=1.20.0-0\"\n",
            "keywords: [x, y]\n",
            "maintainers: [{name: m, email: m@x}]\n",
            "home: https://x\nsources: [s]\n",
            "unknown: field\n",
            "deprecated: true\n",
        ];
        for _ in 0..self.random.below(3) {
            let extra = self.random.pick(&extras);
            if !text.contains(extra.split(':').next().unwrap_or_default()) {
                text += extra;
            }
        }
        if name != "top" && self.random.percent(10) {
            text += "type: library\n";
        }
        let wanted = self.wanted(below);
        if old {
            self.file(folder, "Chart.yaml", text);
            if !wanted.is_empty() {
                self.file(folder, "requirements.yaml", wanted);
            }
        } else {
            self.file(folder, "Chart.yaml", text + &wanted);
        }
    }

    /// The list of dependencies: most charts once, some never, some under several names.
    fn wanted(&mut self, below: &[Below]) -> String {
        let mut text = String::new();
        let mut taken = Vec::new();
        for child in below {
            let times = match self.random.below(10) {
                0 => 0,
                1..8 => 1,
                _ => 2,
            };
            for _ in 0..times {
                text += &self.one_wanted(child, &mut taken);
            }
        }
        if text.is_empty() {
            text
        } else {
            format!("dependencies:\n{text}")
        }
    }

    fn one_wanted(&mut self, child: &Below, taken: &mut Vec<&'static str>) -> String {
        let alias = self.random.percent(30).then(|| self.random.pick(ALIASES));
        let name = alias.unwrap_or(child.name);
        // Helm refuses two of one name, which needs no asking often.
        if taken.contains(&name) && self.random.percent(97) {
            return String::new();
        }
        taken.push(name);
        let version = match self.random.below(12) {
            0 if self.random.percent(20) => ">=9.0.0",
            0 | 1 => "*",
            2 => "~1",
            3 => ">=0.0.0-0",
            _ => child.version,
        };
        let mut text = format!(
            "- name: {}\n  version: \"{version}\"\n  repository: \"\"\n",
            child.name
        );
        if let Some(alias) = alias {
            text += &format!("  alias: {alias}\n");
        }
        if self.random.percent(40) {
            let paths = [
                "alpha.enabled",
                "one.enabled",
                "beta.enabled",
                "global.a",
                "a",
                "c.enabled,alpha.enabled",
                "x.y, b",
            ];
            text += &format!("  condition: {}\n", self.random.pick(&paths));
        }
        if self.random.percent(30) {
            text += &format!(
                "  tags: {}\n",
                self.random.pick(&["[t]", "[t, u]", "[alpha]", "[]"])
            );
        }
        if self.random.percent(5) {
            text += "  enabled: false\n";
        }
        if self.random.percent(35) {
            let imports = [
                "[data]",
                "[data, more]",
                "[{child: a, parent: b}]",
                "[{child: exports.data, parent: .}]",
                "[{child: ., parent: a}]",
                "[{child: a.b, parent: c.name}, data]",
                "[{child: global, parent: global}]",
                "[{child: nope, parent: a}]",
            ];
            text += &format!("  import-values: {}\n", self.random.pick(&imports));
        }
        text
    }

    fn values(&mut self, below: &[Below]) -> Node {
        let mut root = Node::Map(Vec::new());
        for _ in 0..1 + self.random.below(5) {
            let key = self.random.pick(KEYS).to_owned();
            // Templates look for tables in these.
            let node = if matches!(key.as_str(), "a" | "alpha" | "beta" | "one") {
                self.table()
            } else {
                anything(self.random, 2)
            };
            root.put(&[key], node);
        }
        for name in ["global", "exports", "tags"] {
            if self.random.percent(40) {
                let node = match name {
                    "exports" => Node::Map(vec![
                        ("data".into(), self.table()),
                        ("more".into(), self.table()),
                    ]),
                    "tags" => Node::Map(vec![
                        ("t".into(), self.flag()),
                        ("alpha".into(), self.flag()),
                    ]),
                    _ => self.table(),
                };
                root.put(&[name.to_owned()], node);
            }
        }
        for child in below {
            let name = if self.random.percent(30) {
                self.random.pick(ALIASES)
            } else {
                child.name
            };
            if self.random.percent(60) {
                let node = self.table();
                root.put(&[name.to_owned()], node);
            }
            if self.random.percent(30) {
                let flag = self.flag();
                root.put(&[name.to_owned(), "enabled".to_owned()], flag);
            }
            if self.random.percent(20) {
                let node = self.table();
                root.put(&[name.to_owned(), "global".to_owned()], node);
            }
        }
        root
    }

    fn flag(&mut self) -> Node {
        Node::scalar(
            self.random
                .pick(&["true", "true", "false", "null", "\"yes\"", "1"]),
        )
    }

    /// A table more often than not.
    fn table(&mut self) -> Node {
        if self.random.percent(6) {
            return anything(self.random, 1);
        }
        let mut table = Node::Map(Vec::new());
        for _ in 0..self.random.below(4) {
            let key = self.random.pick(KEYS).to_owned();
            let node = match self.random.below(6) {
                0 => Node::scalar("null"),
                1 => anything(self.random, 1),
                2 => Node::Map(vec![
                    ("a".into(), Node::scalar("1")),
                    ("b".into(), Node::scalar("null")),
                ]),
                3 => Node::string("{{ .Values.a | toJson }}"),
                _ => Node::scalar(self.random.pick(&[
                    "1",
                    "x",
                    "true",
                    "\"\"",
                    "2.5",
                    "[1, {a: 2}]",
                ])),
            };
            table.put(&[key], node);
        }
        table
    }

    fn templates(&mut self, folder: &str, name: &str, below: &[Below]) {
        let partials = text::partials(self.random, name);
        self.file(folder, "templates/_p.tpl", partials);
        let below: Vec<&str> = below.iter().map(|b| b.name).collect();
        for at in 0..1 + self.random.below(2) {
            let text = text::manifest(self.random, name, &below);
            self.file(folder, &format!("templates/m{at}.yaml"), text);
        }
    }
}
