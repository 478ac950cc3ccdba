//! `versions`: versions and constraints, bare, in templates, and in charts that ask for a Kubernetes or
//! for charts of some version.

use serde_json::{Map, Value, json};
use windlass_version::{Constraints, Version};

use super::answer::Answer;
use super::family::{Family, Question};
use super::{exec, whole, words};
use crate::oracle::pipe::Helm;
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same,
    ..Family::new(
        "versions",
        "semantic versions and constraints, kubeVersion, dependencies' ranges",
        generate,
        answer,
    )
};

const PIECES: &[&str] = &[
    ".", ".", "-", "+", "v", "V", "x", "X", "*", " ", ",", "||", "|", ">", "<", "=", "!", "~", "^",
    "0", "1", "2", "01", "rc", "a-b", "é", "\n", "\t", "_", "~>", "=>", "!=", "(", "-0",
];

fn generate(random: &mut Random, _: u64) -> Question {
    match random.below(20) {
        0..12 => bare(random).into(),
        12..15 => in_a_template(random).into(),
        _ => in_a_chart(random).into(),
    }
}

fn bare(random: &mut Random) -> Value {
    let mut question = json!({"op": "semver"});
    if random.percent(85) {
        question["version"] = version(random).into();
    }
    if random.percent(70) {
        question["constraint"] = constraint(random).into();
    }
    if random.percent(20) {
        question["compare"] = version(random).into();
    }
    if random.percent(10) {
        let all: Vec<String> = (0..random.below(6)).map(|_| plain(random)).collect();
        question["versions"] = all.into();
    }
    if random.percent(15) {
        question["strict"] = json!(true);
    }
    question
}

fn in_a_template(random: &mut Random) -> Value {
    let quote = |text: String| Value::from(text).to_string();
    let (v, c) = (quote(version(random)), quote(constraint(random)));
    let text = match random.below(4) {
        0 | 1 => format!("{{{{ semverCompare {c} {v} }}}}"),
        2 => format!(
            "{{{{ $v := semver {v} }}}}{{{{ $v.Major }}}} {{{{ $v.Prerelease }}}} {{{{ $v.Metadata }}}} {{{{ $v.Original }}}} {{{{ $v.{} }}}}",
            random.pick(&[
                "IncMajor", "IncMinor", "IncPatch", "String", "Minor", "Patch"
            ])
        ),
        _ => format!(
            "{{{{ (semver {v}).Compare (semver {}) }}}}",
            quote(plain(random))
        ),
    };
    json!({"op": "exec", "template": text, "data": {}})
}

fn in_a_chart(random: &mut Random) -> Value {
    let quote = |text: String| Value::from(text).to_string();
    let mut head = "apiVersion: v2\nname: c\nversion: 1.0.0\n".to_owned();
    let mut question = json!({"op": "template"});
    let show = "k: {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Major }} {{ .Capabilities.KubeVersion.Minor }} {{ .Capabilities.KubeVersion.GitVersion }}\n";
    let mut files = Map::from_iter([("templates/k.yaml".to_owned(), json!(show))]);
    match random.below(4) {
        0 | 1 => head += &format!("kubeVersion: {}\n", quote(constraint(random))),
        2 => {
            head = format!(
                "apiVersion: v2\nname: c\nversion: {}\n",
                quote(version(random))
            );
        }
        _ => {
            head += &format!(
                "dependencies:\n- {{name: d, version: {}}}\n- {{name: d, version: {}, alias: e}}\n",
                quote(constraint(random)),
                quote(constraint(random)),
            );
            let below = format!(
                "apiVersion: v2\nname: d\nversion: {}\n",
                quote(plain(random))
            );
            files.insert("charts/d/Chart.yaml".into(), below.into());
            files.insert(
                "charts/d/templates/d.yaml".into(),
                "d: {{ .Chart.Name }}\n".into(),
            );
        }
    }
    files.insert("Chart.yaml".into(), head.into());
    question["files"] = files.into();
    if random.percent(60) {
        question["kube_version"] = kube_version(random).into();
    }
    question
}

fn kube_version(random: &mut Random) -> String {
    let text = words::pick(
        random,
        &[
            "1.20",
            "v1.29.3",
            "1.29.3-gke.1",
            "v1.30+",
            "1.2.3.4",
            "1",
            "v1.2.3-rc.1+b",
            "01.2",
            "1.02",
            "1.33.0+k3s1",
            "",
            "v",
            "1.x",
            " 1.2",
            "1.2 ",
            "1..2",
            "99999999999999999999.1",
            "V1.20",
            "1.28.0-alpha",
            "1.27.x",
        ],
    );
    if random.percent(15) {
        words::damaged(random, &text, PIECES)
    } else {
        text
    }
}

/// A version that is one, mostly.
fn plain(random: &mut Random) -> String {
    let number = |random: &mut Random| {
        random.pick(&[
            "0",
            "1",
            "1",
            "2",
            "2",
            "3",
            "10",
            "11",
            "20",
            "18446744073709551615",
        ])
    };
    let mut text = random.pick(&["", "", "", "v"]).to_owned();
    text += number(random);
    for _ in 0..random.pick(&[2, 2, 2, 2, 2, 1, 0]) {
        text += ".";
        text += number(random);
    }
    if random.percent(35) {
        text += random.pick(&[
            "-0",
            "-rc.1",
            "-rc.2",
            "-alpha",
            "-1",
            "-a-b",
            "-alpha.beta",
            "-0a",
            "-10",
            "-9",
            "-RC",
            "-x.7.z",
            "--",
        ]);
    }
    if random.percent(20) {
        text += random.pick(&["+b", "+1", "+001", "+a.b-c", "+k3s1"]);
    }
    text
}

fn version(random: &mut Random) -> String {
    let text = plain(random);
    match random.below(20) {
        0 => words::soup(random, PIECES, 6),
        1..4 => words::damaged(random, &text, PIECES),
        4 => words::pick(
            random,
            &[
                "",
                "v",
                "1.",
                ".1",
                "1.2.3.4",
                "01.2.3",
                "1.02.3",
                "1.2.03",
                "1.2.3-",
                "1.2.3+",
                "1.2.3-01",
                "1.2.3-a..b",
                "1.2.3-é",
                "18446744073709551616.0.0",
                "1.2.3-99999999999999999999",
                "vv1",
                "V1.2.3",
                " 1.2.3",
                "1.2.3 ",
                "1,2",
                "1.2.3+a_b",
                "1.2-rc",
                "1-rc",
                "1.2.3-rc_1",
                "latest",
                "a.b.c",
                "1.2.a",
                "1.2.3-a+",
                "1.2.3+a+b",
                "-1.2.3",
                "+1.2.3",
                "1.2.-3",
            ],
        ),
        _ => text,
    }
}

fn constraint(random: &mut Random) -> String {
    let mut text = String::new();
    for or in 0..random.pick(&[1, 1, 1, 2, 3]) {
        if or > 0 {
            text += random.pick(&["||", " || ", " ||", "|", "||||", " || || "]);
        }
        for and in 0..random.pick(&[1, 1, 1, 2, 2, 3, 0]) {
            if and > 0 {
                text += random.pick(&[" ", ", ", ",", " , ", "  ", ",,", "\t"]);
            }
            text += &part(random);
        }
    }
    match random.below(12) {
        0 => words::damaged(random, &text, PIECES),
        1 if random.percent(30) => words::soup(random, PIECES, 7),
        _ => text,
    }
}

fn part(random: &mut Random) -> String {
    if random.percent(12) {
        let (from, to) = (ranged(random), ranged(random));
        return format!(
            "{from}{}{to}",
            random.pick(&[" - ", " - ", " - ", "-", " -", "- ", "  -  "])
        );
    }
    let operator = random.pick(&[
        "", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "==", "><", "!", "=~",
    ]);
    let space = random.pick(&["", "", "", " ", "  "]);
    format!("{operator}{space}{}", ranged(random))
}

fn ranged(random: &mut Random) -> String {
    let number = |random: &mut Random| {
        random.pick(&["0", "0", "1", "1", "2", "3", "10", "x", "X", "*", "01"])
    };
    let mut text = random.pick(&["", "", "", "", "v"]).to_owned();
    text += number(random);
    for _ in 0..random.pick(&[2, 2, 2, 1, 1, 0, 3]) {
        text += ".";
        text += number(random);
    }
    if random.percent(25) {
        text += random.pick(&["-0", "-rc.1", "-alpha", "-1", "-a-b", "-x", "-01"]);
    }
    if random.percent(8) {
        text += random.pick(&["+b", "+001"]);
    }
    text
}

fn answer(question: &Value, helm: Helm) -> Answer {
    match question["op"].as_str() {
        Some("template") => whole::answer(question, helm),
        Some("exec") => exec::answer(question, helm),
        _ => semver(question),
    }
}

/// `semver` of the oracle.
fn semver(question: &Value) -> Answer {
    let read = |text: &str| match question["strict"] == json!(true) {
        true => Version::parse_strict(text),
        false => Version::parse(text),
    };
    let refused = |error: windlass_version::Error, stage: &str| {
        Answer::Refused(error.to_string().into(), stage_of(stage))
    };
    let mut fields = Map::new();
    let mut version = None;
    if let Some(text) = question["version"].as_str() {
        match read(text) {
            Ok(read) => version = Some(read),
            Err(error) => return refused(error, "version"),
        }
    }
    if let Some(v) = &version {
        fields.insert("version".into(), parts(v));
        if let Some(text) = question["compare"].as_str() {
            match read(text) {
                Ok(other) => fields.insert("compare".into(), json!(v.cmp(&other) as i8)),
                Err(error) => return refused(error, "compare"),
            };
        }
    }
    if let Some(text) = question["constraint"].as_str() {
        let constraint = match Constraints::parse(text) {
            Ok(constraint) => constraint,
            Err(error) => return refused(error, "constraint"),
        };
        if let Some(v) = &version {
            let validated = constraint.validate(v);
            fields.insert("check".into(), constraint.check(v).into());
            fields.insert("validate".into(), validated.is_ok().into());
            fields.insert("reasons".into(), validated.err().unwrap_or_default().into());
        }
    }
    if let Some(texts) = question["versions"].as_array() {
        let mut all = Vec::new();
        for text in texts {
            match read(text.as_str().unwrap_or_default()) {
                Ok(version) => all.push(version),
                Err(error) => return refused(error, "versions"),
            }
        }
        all.sort();
        let all: Vec<&str> = all.iter().map(Version::original).collect();
        fields.insert("sorted".into(), all.into());
    }
    Answer::Given(fields)
}

fn stage_of(stage: &str) -> Map<String, Value> {
    Map::from_iter([("stage".to_owned(), json!(stage))])
}

fn parts(v: &Version) -> Value {
    json!({
        "string": v.to_string(), "original": v.original(), "major": v.major(), "minor": v.minor(),
        "patch": v.patch(), "prerelease": v.prerelease(), "metadata": v.metadata(),
    })
}

/// A constraint's own text is nothing that a chart can see.
fn same(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Given(t), Answer::Given(o)) if t.contains_key("stdout") => {
            whole::same(&Answer::Given(t.clone()), &Answer::Given(o.clone()))
        }
        (Answer::Given(t), Answer::Given(o)) => {
            let unseen = ["constraint", "compatible"];
            t.iter()
                .filter(|(name, _)| !unseen.contains(&name.as_str()))
                .eq(o.iter())
        }
        _ => Answer::same(theirs, ours),
    }
}
