//! `ignore`: patterns of a .helmignore, held against paths.

use serde_json::{Map, Value, json};
use windlass_chart::ignore::Rules;

use super::answer::Answer;
use super::exec::compat;
use super::family::{Family, Question};
use super::{whole, words};
use crate::oracle::pipe::{Helm, text};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same,
    ..Family::new(
        "ignore",
        ".helmignore patterns over paths",
        generate,
        answer,
    )
};

const PIECES: &[&str] = &[
    "a",
    "b",
    "ab",
    "a",
    ".",
    "..",
    "/",
    "/",
    "*",
    "*",
    "?",
    "[",
    "]",
    "[a]",
    "[^a]",
    "[!a]",
    "[a-c]",
    "[c-a]",
    "[-]",
    "[]a]",
    "[a-",
    "[\\]]",
    "\\",
    "\\*",
    "\\\\",
    "!",
    "#",
    "**",
    " ",
    "\t",
    "\r",
    "é",
    "-",
    "^",
    ".txt",
    "templates",
    "charts",
    "Chart.yaml",
    "values.yaml",
    "\u{a0}",
    "{a,b}",
];

/// What is no pattern, or turns out to be none.
const MALFORMED: &[&str] = &[
    "**", "a/**", "**/a", "[", "[a", "a[", "[]", "[^]", "[-a]", "[a-]", "\\", "a\\", "/*[", "b/*[",
    "[\\", "[a-\\", "!**", "!/*[", "a/[", "?[", "\\/", "[[]", "[^", "[!", "[]]", "/[/", "*[",
    "a***", "ab[", "abc[", "abc[]", "ab\\",
];

const NAMES: &[&str] = &[
    "a",
    "b",
    "ab",
    "abc",
    "a.txt",
    "b.txt",
    ".a",
    ".",
    "templates",
    "charts",
    "Chart.yaml",
    "values.yaml",
    "é",
    "[a]",
    "a*",
    "a b",
    "-",
    "\\",
    "*",
    "#",
    "!a",
    "..",
    "",
];

fn generate(random: &mut Random, _: u64) -> Question {
    let rules = rules(random);
    let paths: Vec<String> = (0..1 + random.below(4)).map(|_| path(random)).collect();
    if random.percent(80) {
        return json!({"op": "ignore", "rules": rules, "paths": paths}).into();
    }
    let mut files = Map::from_iter([
        (
            "Chart.yaml".to_owned(),
            json!("apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ),
        (
            "templates/t.yaml".to_owned(),
            json!("f: {{ keys .Files | sortAlpha | toJson }}\n"),
        ),
        (".helmignore".to_owned(), json!(rules)),
    ]);
    for path in paths {
        let clean = windlass_chart::path::clean(path.trim_end_matches('/'));
        // A file may not stand where a folder is.
        let is_free = |name: &String| {
            !name.starts_with(&format!("{clean}/"))
                && !clean.starts_with(&format!("{name}/"))
                && *name != clean
        };
        if !clean.starts_with('.') && files.keys().all(is_free) {
            files.insert(clean, "x".into());
        }
    }
    json!({"op": "template", "files": files}).into()
}

fn rules(random: &mut Random) -> String {
    let mut rules = String::new();
    if random.percent(3) {
        rules.push('\u{feff}');
    }
    for _ in 0..random.below(4) {
        let line = match random.below(11) {
            10 => words::pick(random, MALFORMED),
            0 => words::pick(
                random,
                &[
                    "",
                    "# comment",
                    "  ",
                    "/",
                    "!",
                    "!/",
                    "a/",
                    "/a",
                    "//",
                    "./a",
                    "!a/",
                    "*/",
                    "templates/*",
                    "*.txt",
                    "/*",
                ],
            ),
            1..4 => rooted(random),
            _ => words::soup(random, PIECES, 5),
        };
        rules += &line;
        rules += random.pick(&["\n", "\n", "\n", "\r\n", "\n\n", " \n", ""]);
    }
    rules
}

/// A pattern that is likely to match one of the paths.
fn rooted(random: &mut Random) -> String {
    let parts: Vec<&str> = (0..1 + random.below(2))
        .map(|_| {
            random.pick(&[
                "a",
                "b",
                "*",
                "?",
                "a*",
                "*.txt",
                "[ab]",
                "[^b]*",
                "templates",
                ".*",
                "[a-c]",
                "\\a",
                "é",
                "?b",
            ])
        })
        .collect();
    format!(
        "{}{}{}",
        random.pick(&["", "", "/", "!", "!/"]),
        parts.join("/"),
        random.pick(&["", "", "/"])
    )
}

fn path(random: &mut Random) -> String {
    let parts: Vec<&str> = (0..1 + random.below(3))
        .map(|_| random.pick(NAMES))
        .collect();
    let path = parts.join("/");
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "a" } else { path };
    format!("{path}{}", random.pick(&["", "", "/"]))
}

fn answer(question: &Value, helm: Helm) -> Answer {
    if question["op"] == "template" {
        return whole::answer(question, helm);
    }
    let mut rules = match Rules::parse(&text(&question["rules"]).unwrap_or_default()) {
        Ok(rules) => rules,
        Err(error) => return Answer::error(error.to_string()),
    };
    rules.add_defaults();
    let rules = rules.speaking(compat(helm));
    let (mut ignored, mut loaded) = (Vec::new(), Vec::new());
    for path in question["paths"].as_array().into_iter().flatten() {
        let path = path.as_str().unwrap_or_default();
        let bare = path.strip_suffix('/').unwrap_or(path);
        let at = rules.ignores(bare, bare != path);
        ignored.push(json!(at));
        let parents = parents(bare);
        loaded.push(json!(
            !at && !parents.iter().any(|parent| rules.ignores(parent, true))
        ));
    }
    Answer::Given(Map::from_iter([
        ("ignored".to_owned(), ignored.into()),
        ("loaded".to_owned(), loaded.into()),
    ]))
}

/// What is logged shows where a chart is loaded whole.
fn same(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Given(t), Answer::Given(o)) if o.contains_key("ignored") => {
            t.get("ignored") == o.get("ignored") && t.get("loaded") == o.get("loaded")
        }
        (Answer::Refused(t, _), Answer::Refused(o, _)) => t == o,
        _ => whole::same(theirs, ours),
    }
}

/// The folders above.
fn parents(path: &str) -> Vec<String> {
    let above = |at: &String| Some(windlass_chart::path::directory(at));
    std::iter::successors(above(&path.to_owned()), above)
        .take_while(|parent| parent != "." && parent != "/")
        .collect()
}
