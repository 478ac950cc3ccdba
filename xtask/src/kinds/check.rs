//! `cargo xtask kinds check`: one question, two answers.
//!
//! Questions are made up from real types and asked of `tools/oracle/kinds`, which links Kubernetes'
//! libraries, and of crate `kinds`. Every difference is printed; with `--golden FILE` the questions and
//! the libraries' answers are written down for the crate's own tests.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use windlass_kinds::schema::Schema;

use super::generate::{self, Random};

#[path = "../../../crates/kinds/tests/it/ask.rs"]
mod ask;

const KINDS: [(&str, &str); 17] = [
    ("apps/v1", "Deployment"),
    ("v1", "Service"),
    ("v1", "Pod"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("networking.k8s.io/v1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("v1", "ServiceAccount"),
    ("v1", "PersistentVolumeClaim"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("v1", "Namespace"),
    (
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
    ),
];

/// Recorded cases are no longer than this, in bytes, and of each operation there are this many.
const LONGEST: usize = 2500;
const OF_EACH: usize = 40;

/// Differences of one operation that are printed in full.
const SHOWN: usize = 3;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let golden = args.iter().position(|arg| arg == "--golden");
    let file = golden.and_then(|at| args.get(at + 1)).map(PathBuf::from);
    let numbers = &args[..golden.unwrap_or(args.len())];
    let number = |at: usize, otherwise: u64| -> Result<u64> {
        let given = numbers.get(at).map(|text| text.parse());
        Ok(given.transpose()?.unwrap_or(otherwise))
    };
    let (count, seed) = (number(0, 2000)?, number(1, 1)?);
    let questions: Vec<Value> = (0..count).map(|at| question(seed, at)).collect();
    let theirs = oracle(&questions)?;
    let mut different: BTreeMap<String, usize> = BTreeMap::new();
    for (question, theirs) in questions.iter().zip(&theirs) {
        let ours = ask::comparable(ask::answer(question));
        if ours != *theirs {
            let op = question["op"].as_str().unwrap_or("").to_owned();
            let seen = different.entry(op).or_default();
            *seen += 1;
            if *seen <= SHOWN {
                println!("--- {question}\ntheirs {theirs}\nours   {ours}");
            }
        }
    }
    println!("{count} questions, different: {different:?}");
    if let Some(file) = file {
        return save(&file, &questions, &theirs);
    }
    ensure!(different.is_empty(), "answers differ");
    Ok(())
}

fn save(file: &Path, questions: &[Value], theirs: &[Value]) -> Result<()> {
    let mut text = String::new();
    let mut of_op: BTreeMap<&str, usize> = BTreeMap::new();
    for (question, answer) in questions.iter().zip(theirs) {
        let line = json!({"question": question, "answer": answer}).to_string();
        let count = of_op
            .entry(question["op"].as_str().unwrap_or(""))
            .or_default();
        if line.len() < LONGEST && *count < OF_EACH {
            *count += 1;
            text.push_str(&line);
            text.push('\n');
        }
    }
    std::fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

fn question(seed: u64, at: u64) -> Value {
    let random = &mut Random::new(seed.wrapping_mul(1_000_003).wrapping_add(at));
    let (version, kind) = *random.pick(&KINDS);
    let (group, bare) = version.split_once('/').unwrap_or(("", version));
    let Some(schema) = Schema::builtin(group, bare, kind) else {
        return Value::Null;
    };
    let root = schema.root();
    let head = |mut object: Value| {
        object["apiVersion"] = version.into();
        object["kind"] = kind.into();
        object["metadata"]["name"] = "x".into();
        object
    };
    let original = head(generate::value(random, root, 0));
    let modified = head(generate::changed(random, &original, root, 0));
    let current = head(generate::changed(random, &original, root, 0));
    let ask = |op: &str, more: Value| {
        let mut question = json!({"op": op, "apiVersion": version, "kind": kind});
        for (key, value) in more.as_object().into_iter().flatten() {
            question[key] = value.clone();
        }
        question
    };
    match random.below(9) {
        0 => ask(
            "strategic-three-way",
            json!({"original": original, "modified": modified, "current": current}),
        ),
        1 => ask(
            "strategic-two-way",
            json!({"original": original, "modified": modified}),
        ),
        2 => {
            let patch = windlass_kinds::patch::strategic::three_way(
                &schema, &original, &modified, &current,
            );
            ask(
                "strategic-apply",
                json!({"original": current, "patch": patch.unwrap_or(modified)}),
            )
        }
        3 => ask(
            "merge-three-way",
            json!({"original": original, "modified": modified, "current": current}),
        ),
        4 => ask(
            "merge-diff",
            json!({"original": original, "modified": modified}),
        ),
        5 => {
            let patch = windlass_kinds::patch::merge::diff(&original, &modified);
            ask("merge-apply", json!({"original": current, "patch": patch}))
        }
        6 => {
            let spoil = random.once_in(2);
            let original = if spoil {
                head(generate::spoilt(random, &original, root))
            } else {
                original
            };
            ask("written", json!({"original": original}))
        }
        _ => ask(
            "managed",
            json!({"steps": steps(random, &schema, &original, &head)}),
        ),
    }
}

/// A life: applies and writes by a few managers.
fn steps(
    random: &mut Random,
    schema: &Schema,
    first: &Value,
    head: &dyn Fn(Value) -> Value,
) -> Vec<Value> {
    let mut steps = Vec::new();
    let mut object = first.clone();
    for at in 0..random.below(5) + 2 {
        let manager = random.pick(&["helm", "kubectl", "c"]);
        if at > 0 && random.once_in(3) {
            let next = head(generate::changed(random, &object, schema.root(), 0));
            let patch = windlass_kinds::patch::merge::diff(&object, &next);
            steps.push(json!({"op": "update", "manager": manager, "object": next, "patch": patch}));
            continue;
        }
        let op = if random.once_in(4) && at == 0 {
            "update"
        } else {
            "apply"
        };
        let force = random.once_in(2);
        steps.push(json!({"op": op, "manager": manager, "force": force, "object": object}));
        object = head(generate::changed(random, &object, schema.root(), 0));
        if random.once_in(20) {
            object = head(generate::spoilt(random, &object, schema.root()));
        }
    }
    steps
}

/// The libraries' answers.
fn oracle(questions: &[Value]) -> Result<Vec<Value>> {
    let dir = crate::root().join("tools/oracle/kinds");
    let program = std::env::temp_dir().join("windlass-oracle-kinds");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(&dir)
        .status()
        .context("running go build")?;
    ensure!(built.success(), "go build in {} failed", dir.display());
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", program.display()))?;
    let mut input = child.stdin.take().context("no stdin")?;
    let text: String = questions.iter().map(|q| format!("{q}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    writer
        .join()
        .map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    let answers: Vec<Value> = String::from_utf8(output.stdout)?
        .lines()
        .map(|line| Ok(ask::comparable(whole(serde_json::from_str(line)?))))
        .collect::<Result<_>>()?;
    ensure!(
        answers.len() == questions.len(),
        "{} questions, {} answers",
        questions.len(),
        answers.len()
    );
    Ok(answers)
}

/// Both members, whichever the libraries left out.
fn whole(mut answer: Value) -> Value {
    for member in ["result", "error"] {
        if answer.get(member).is_none() {
            answer[member] = Value::Null;
        }
    }
    answer
}
