//! Random values over a chart's own.
//!
//! A [`Space`] is what there is to change: every path of the values as templates see them, and the
//! conditions and tags of dependencies. A question takes some paths and puts there what a user, or a
//! mistake, might.

use anyhow::Result;
use serde_json::Value;

use super::node::Node;
use super::peer::Oracle;
use super::question::{Edit, Question};
use super::random::Random;

/// What can be changed.
pub(super) struct Space {
    places: Vec<(Vec<String>, Node)>,
    inner: Vec<(Vec<String>, Node)>,
    switches: Vec<Vec<String>>,
}

/// Scalars that YAML, Go and charts have opinions about.
const SCALARS: &[&str] = &[
    "null",
    "~",
    "true",
    "false",
    "\"true\"",
    "0",
    "1",
    "-1",
    "3",
    "1.5",
    "1e3",
    "1e6",
    "1000000",
    "8080",
    "\"8080\"",
    "0x1F",
    "0o17",
    "017",
    "1_000",
    "12345678901234567890",
    "9007199254740993",
    "yes",
    "off",
    "2024-01-02",
    "\"2024-01-02\"",
    "12:30",
    "\"\"",
    "\" \"",
    "a",
    "\"a b\"",
    "\"a: b\"",
    "\"# c\"",
    "\"- x\"",
    "\"1Gi\"",
    "\"500m\"",
    "\"*\"",
    "\"&x\"",
    "\"{{ .Release.Name }}\"",
    "\"{{ .Values.global }}\"",
    "\"{{ include \\\"nope\\\" . }}\"",
    "\"{{\"",
    "\"line\\nline\\n\"",
    "\"tab\\there\"",
    "\"ünïcode ☃\"",
    "\"\\u0000\"",
    "\"'quote\\\"\"",
    "\"a,b\"",
    "\"<>&\"",
    "\"0.0.0.0\"",
    "\"1.2.3\"",
    "\"latest\"",
    "\"ClusterIP\"",
    "\"NodePort\"",
    "\"Always\"",
    "-0",
    "-0.0",
    "1.0",
    "100000000000000000000",
    "1e21",
    "0.1",
    "+1",
    "\"+1\"",
];

const WORDS: &[&str] = &[
    "enabled",
    "name",
    "extra",
    "a.b",
    "x-y",
    "global",
    "labels",
    "0",
    "annotations",
    "key",
    "value",
    "type",
    "",
    "create",
    "image",
    "true",
];

impl Space {
    /// The space of a chart; `None` where Helm does not load it.
    pub(super) fn of(question: &Question, oracle: &mut Oracle) -> Result<Option<Self>> {
        let Some(chart) = oracle.describe("chart", question)? else {
            return Ok(None);
        };
        let seen = oracle.describe("values", question)?;
        let values = match &seen {
            Some(seen) => &seen["values"],
            None => &chart["values"],
        };
        let mut space = Self {
            places: Vec::new(),
            inner: Vec::new(),
            switches: Vec::new(),
        };
        space.collect(&mut Vec::new(), values);
        space.dependencies(&mut Vec::new(), &chart);
        Ok(Some(space))
    }

    fn collect(&mut self, path: &mut Vec<String>, value: &Value) {
        let node = || Node::from_json(value);
        match value.as_object() {
            Some(entries) => {
                if !path.is_empty() {
                    self.inner.push((path.clone(), node()));
                }
                for (key, below) in entries {
                    path.push(key.clone());
                    self.collect(path, below);
                    path.pop();
                }
            }
            None if path.is_empty() => {}
            None => self.places.push((path.clone(), node())),
        }
    }

    /// Where conditions and tags look.
    fn dependencies(&mut self, path: &mut Vec<String>, chart: &Value) {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        for wanted in list(&chart["metadata"]["dependencies"]) {
            let below = |text: &str| {
                let parts = text.trim().split('.').map(str::to_owned);
                path.iter().cloned().chain(parts).collect::<Vec<_>>()
            };
            let condition = wanted["condition"].as_str().unwrap_or_default();
            self.switches
                .extend(condition.split(',').filter(|c| !c.is_empty()).map(below));
            for tag in list(&wanted["tags"]) {
                let tag = tag.as_str().unwrap_or_default();
                self.switches.push(vec!["tags".into(), tag.into()]);
            }
        }
        for child in list(&chart["dependencies"]) {
            path.push(
                child["metadata"]["name"]
                    .as_str()
                    .unwrap_or_default()
                    .into(),
            );
            self.dependencies(path, &child);
            path.pop();
        }
    }

    /// A question with values changed at random.
    pub(super) fn question(&self, plain: &Question, random: &mut Random) -> Question {
        let mut question = plain.clone();
        for _ in 0..1 + random.below(6) {
            let edit = self.edit(random);
            if random.percent(15) {
                question.sets.push(as_set(&edit, random));
            } else {
                question.edits.push(edit);
            }
        }
        for switch in [
            "include_crds",
            "is_upgrade",
            "skip_tests",
            "no_hooks",
            "skip_schema_validation",
        ] {
            if random.percent(10) {
                question.switches.push(switch);
            }
        }
        if random.percent(30) {
            let versions: [&'static str; 7] = [
                "1.19.0",
                "v1.22.3",
                "1.25",
                "1.28.0",
                "1.33.1",
                "v1.30.2-gke.100",
                "1.16",
            ];
            question.kube_version = Some(random.pick(&versions));
        }
        question
    }

    fn edit(&self, random: &mut Random) -> Edit {
        if !self.switches.is_empty() && random.percent(15) {
            let node = match random.below(10) {
                0 => any_scalar(random),
                1..5 => Node::scalar("false"),
                _ => Node::scalar("true"),
            };
            let path = self.switches[random.below(self.switches.len())].clone();
            return Edit { path, node };
        }
        let inner = random.percent(20);
        let from = if inner || self.places.is_empty() {
            &self.inner
        } else {
            &self.places
        };
        if from.is_empty() || random.percent(4) {
            let path = vec![random.pick(WORDS).to_owned()];
            return Edit {
                path,
                node: anything(random, 2),
            };
        }
        let (path, node) = &from[random.below(from.len())];
        let mut path = path.clone();
        if inner && random.percent(30) {
            path.push(random.pick(WORDS).to_owned());
            return Edit {
                path,
                node: anything(random, 2),
            };
        }
        Edit {
            path,
            node: changed(node, random),
        }
    }
}

/// Something like what was there, more often than not.
fn changed(node: &Node, random: &mut Random) -> Node {
    if random.percent(15) {
        return anything(random, 2);
    }
    match node {
        Node::Scalar(text) => match text.as_str() {
            "true" if random.percent(80) => Node::scalar("false"),
            "false" if random.percent(80) => Node::scalar("true"),
            _ if random.percent(40) => any_scalar(random),
            text if text.starts_with('"') => match random.below(4) {
                0 => Node::string(""),
                1 => Node::scalar(&format!("{}-x\"", text.trim_end_matches('"'))),
                2 => Node::string("some-name"),
                _ => Node::List(vec![node.clone()]),
            },
            "null" => anything(random, 2),
            _ => Node::scalar(random.pick(&["0", "2", "17", "\"5\"", "2.5", "-3"])),
        },
        Node::List(items) => {
            let mut items = items.clone();
            match random.below(5) {
                0 => items.clear(),
                1 => items.push(anything(random, 2)),
                2 if !items.is_empty() => drop(items.pop()),
                _ => match random.below(items.len()) {
                    _ if items.is_empty() => items.push(anything(random, 3)),
                    at if random.percent(50) => items.push(items[at].clone()),
                    at => items[at] = changed(&items[at], random),
                },
            }
            Node::List(items)
        }
        Node::Map(entries) => {
            let mut entries = entries.clone();
            match random.below(4) {
                0 => return Node::Map(Vec::new()),
                1 => return Node::scalar("null"),
                2 if !entries.is_empty() => {
                    let at = random.below(entries.len());
                    entries[at].1 = changed(&entries[at].1, random);
                }
                _ => entries.push((random.pick(WORDS).to_owned(), anything(random, 2))),
            }
            let mut seen = std::collections::BTreeSet::new();
            entries.retain(|(key, _)| seen.insert(key.clone()));
            Node::Map(entries)
        }
    }
}

pub(super) fn any_scalar(random: &mut Random) -> Node {
    // What JSON cannot hold ends a render before it begins.
    let outlandish = ["1e400", ".inf", "-.inf", ".nan"];
    let often = !random.percent(1);
    Node::scalar(random.pick(if often { SCALARS } else { &outlandish }))
}

/// A value of any kind, so deep at most.
pub(super) fn anything(random: &mut Random, depth: usize) -> Node {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => Node::Map(Vec::new()),
        1 => Node::List(Vec::new()),
        2..6 => any_scalar(random),
        6 | 7 => Node::List(
            (0..1 + random.below(3))
                .map(|_| anything(random, depth - 1))
                .collect(),
        ),
        _ => {
            let mut entries: Vec<(String, Node)> = Vec::new();
            for _ in 0..1 + random.below(3) {
                let key = random.pick(WORDS);
                if entries.iter().all(|(k, _)| k != key) {
                    entries.push((key.to_owned(), anything(random, depth - 1)));
                }
            }
            Node::Map(entries)
        }
    }
}

/// The edit as a flag.
fn as_set(edit: &Edit, random: &mut Random) -> (&'static str, String) {
    let path: Vec<String> = edit
        .path
        .iter()
        .map(|part| part.replace('.', "\\."))
        .collect();
    let path = path.join(".");
    let text = edit.node.flow();
    let bare = text.trim_matches('"');
    match random.below(10) {
        0 => ("set_string", format!("{path}={bare}")),
        1 => ("set_literal", format!("{path}={bare}")),
        2 | 3 => ("set_json", format!("{path}={text}")),
        4 => ("set", format!("{path}[{}]={bare}", random.below(3))),
        5 => ("set", format!("{path}={{{bare},x}}")),
        6 => ("set", format!("{path}.extra={bare},tags.a=true")),
        _ => ("set", format!("{path}={bare}")),
    }
}
