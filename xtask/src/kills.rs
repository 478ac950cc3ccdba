//! `kills`: a command that is killed anywhere leaves nothing that the next one cannot set right.
//!
//! Windlass, built with the feature `faults`, dies right before a request is sent or right after its
//! answer came, at every request of {install, upgrade, rollback, uninstall} with and without hooks. Then
//! either the same command runs again or `recover` does, and what is left must hold: one deployed
//! record, nothing under way, the live objects those of its manifest, no hook's leavings, no journal.
//!
//! `cargo xtask kills [--bin BUILD] [--against sandbox|real] [--only PART] [--sample N] [--seed N]`

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use regex::Regex;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::peers;
use crate::sandbox::Sandbox;

const WORKERS: usize = 2;

/// A command that has this many requests has no end.
const MOST_REQUESTS: usize = 400;

/// Kinds that the charts have.
const KINDS: &str = "configmap,secret,serviceaccount,service,deployment.apps,job.batch";

/// What is killed.
#[derive(Clone, Copy)]
struct Act {
    name: &'static str,
    /// What runs before, unharmed.
    before: &'static [&'static str],
    killed: &'static str,
    next: &'static str,
}

const ACTS: [Act; 4] = [
    Act {
        name: "install",
        before: &[],
        killed: "install web CHART",
        next: "upgrade --install web CHART",
    },
    Act {
        name: "upgrade",
        before: &["install web CHART"],
        killed: "upgrade web CHART CHANGE",
        next: "upgrade web CHART CHANGE",
    },
    Act {
        name: "rollback",
        before: &["install web CHART", "upgrade web CHART CHANGE"],
        killed: "rollback web 1",
        next: "rollback web 1",
    },
    Act {
        name: "uninstall",
        before: &["install web CHART"],
        killed: "uninstall web",
        next: "uninstall web --ignore-not-found",
    },
];

/// A chart, the flags that change what it gives, and the setting that shows the change.
type Chart = (&'static str, &'static str, &'static str, &'static str);

const CHARTS: [Chart; 2] = [
    (
        "plain",
        "basic",
        "--set settings.colour=blue,extraName=other",
        "colour",
    ),
    (
        "hooks",
        "hooks --set policy=hook-succeeded",
        "--set value=two",
        "value",
    ),
];

/// One row of the matrix.
#[derive(Clone, Copy)]
struct Row {
    act: Act,
    chart: Chart,
    /// `recover` comes next, and not the same command.
    recovers: bool,
}

impl Row {
    fn name(&self) -> String {
        let after = if self.recovers { "recover" } else { "again" };
        format!("{}-{}-{after}", self.act.name, self.chart.0)
    }

    fn say(&self, words: &str) -> String {
        words
            .replace("CHART", self.chart.1)
            .replace("CHANGE", self.chart.2)
    }
}

struct Options {
    bin: PathBuf,
    real: bool,
    only: Vec<String>,
    sample: Option<usize>,
    seed: u64,
}

/// Runs the matrix; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a point after which something does not hold.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = parse(args)?;
    let (kubeconfig, _cluster, _sandbox) =
        start(&options).map_err(|why| anyhow!("SKIPPED: {why:#}"))?;
    let bench = Bench {
        bin: options.bin.clone(),
        kubectl: peers::path("kubectl")?,
        kubeconfig,
        folder: std::env::temp_dir().join(format!("windlass-kills-{}", std::process::id())),
    };
    let mut rows = Vec::new();
    for act in ACTS {
        for chart in CHARTS {
            for recovers in [false, true] {
                let row = Row {
                    act,
                    chart,
                    recovers,
                };
                let name = row.name();
                if options.only.is_empty() || options.only.iter().any(|o| name.contains(o)) {
                    rows.push(row);
                }
            }
        }
    }
    let (passed, failed) = match options.sample {
        None => bench.all(&rows),
        Some(count) => bench.some(&rows, count, options.seed),
    };
    let _ = fs::remove_dir_all(&bench.folder);
    println!("{passed} passed, {failed} failed");
    ensure!(failed == 0, "a killed command left something behind");
    Ok(())
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options {
        bin: crate::root().join("target/faults/windlass"),
        real: false,
        only: Vec::new(),
        sample: None,
        seed: u64::from(std::process::id()),
    };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--bin" => options.bin = PathBuf::from(value),
            "--against" => options.real = value == "real",
            "--only" => options.only.push(value.clone()),
            "--sample" => options.sample = Some(value.parse()?),
            "--seed" => options.seed = value.parse()?,
            other => bail!("unknown flag {other}"),
        }
    }
    Ok(options)
}

fn start(options: &Options) -> Result<(PathBuf, Option<Cluster>, Option<Sandbox>)> {
    ensure!(
        options.bin.is_file(),
        "{} is not there",
        options.bin.display()
    );
    if options.real {
        let cluster = Cluster::start()?;
        return Ok((cluster.kubeconfig(), Some(cluster), None));
    }
    let sandbox = Sandbox::start(&options.bin)?;
    Ok((sandbox.kubeconfig(), None, Some(sandbox)))
}

struct Bench {
    bin: PathBuf,
    kubectl: PathBuf,
    kubeconfig: PathBuf,
    folder: PathBuf,
}

impl Bench {
    /// Every point of every row, two rows at a time.
    fn all(&self, rows: &[Row]) -> (usize, usize) {
        let (next, passed, failed) = (
            AtomicUsize::new(0),
            AtomicUsize::new(0),
            AtomicUsize::new(0),
        );
        let telling = Mutex::new(());
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let (good, bad) = self.row(*row);
                        let _guard = telling.lock();
                        println!("{:24} {} points", row.name(), good + bad.len());
                        for line in &bad {
                            println!("  FAILED {line}");
                        }
                        passed.fetch_add(good, Ordering::Relaxed);
                        failed.fetch_add(bad.len(), Ordering::Relaxed);
                    }
                });
            }
        });
        (passed.into_inner(), failed.into_inner())
    }

    fn row(&self, row: Row) -> (usize, Vec<String>) {
        let (mut good, mut bad) = (0, Vec::new());
        for moment in ["before", "after"] {
            for number in 1..MOST_REQUESTS {
                match self.point(row, moment, number) {
                    Ok(true) => good += 1,
                    Ok(false) => break,
                    Err(why) => bad.push(format!("{} {moment}:{number}: {why:#}", row.name())),
                }
            }
        }
        (good, bad)
    }

    /// So many points, chosen by a seed.
    fn some(&self, rows: &[Row], count: usize, seed: u64) -> (usize, usize) {
        println!("seed {seed}");
        let (mut passed, mut failed) = (0, 0);
        let mut state = seed;
        let mut draw = |most: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % most
        };
        let mut drawn = BTreeSet::new();
        while passed + failed < count {
            let row = rows[draw(rows.len())];
            let moment = ["before", "after"][draw(2)];
            let number = 1 + draw(60);
            if !drawn.insert((row.name(), moment, number)) {
                continue;
            }
            match self.point(row, moment, number) {
                Ok(true) => passed += 1,
                Ok(false) => {}
                Err(why) => {
                    failed += 1;
                    println!("FAILED {} {moment}:{number}: {why:#}", row.name());
                }
            }
        }
        (passed, failed)
    }

    /// One point; `false` if the command has fewer requests.
    fn point(&self, row: Row, moment: &str, number: usize) -> Result<bool> {
        let namespace = format!("{}-{moment}-{number}", row.name());
        let room = Room::new(self, &namespace)?;
        for words in row.act.before {
            room.well(&row.say(words))?;
        }
        let killed = room.windlass(&row.say(row.act.killed), &format!("{moment}:{number}"))?;
        if killed.status.success() {
            room.leave()?;
            return Ok(false);
        }
        ensure!(
            killed.status.code().is_none(),
            "it was not killed but failed: {}",
            errors(&killed)
        );
        let again = if row.recovers {
            "recover web".to_owned()
        } else {
            row.say(row.act.next)
        };
        let output = room.windlass(&again, "")?;
        let nothing = row.recovers && errors(&output).contains("not found");
        ensure!(
            output.status.success() || nothing,
            "`{again}` fails: {}",
            errors(&output)
        );
        room.check(row)
            .with_context(|| format!("after `{again}`: {}", text(&output.stdout).trim()))?;
        room.leave()?;
        Ok(true)
    }
}

/// A namespace and a home for one point.
struct Room<'a> {
    bench: &'a Bench,
    namespace: String,
    home: PathBuf,
}

impl<'a> Room<'a> {
    fn new(bench: &'a Bench, namespace: &str) -> Result<Self> {
        let home = bench.folder.join(namespace);
        fs::create_dir_all(&home)?;
        let room = Self {
            bench,
            namespace: namespace.to_owned(),
            home,
        };
        room.kubectl(&["create", "namespace", namespace])?;
        Ok(room)
    }

    fn leave(self) -> Result<()> {
        self.kubectl(&["delete", "namespace", &self.namespace, "--wait=false"])?;
        fs::remove_dir_all(&self.home)?;
        Ok(())
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", &self.home)
            .env("KUBECONFIG", &self.bench.kubeconfig)
            .stdin(Stdio::null())
            .current_dir(crate::root().join("tests/conformance/charts"));
        command
    }

    fn windlass(&self, words: &str, kill: &str) -> Result<Output> {
        let mut command = self.command(&self.bench.bin);
        command
            .args(words.split_whitespace())
            .args(["--namespace", &self.namespace])
            .env("WINDLASS_KILL", kill);
        Ok(command.output()?)
    }

    fn well(&self, words: &str) -> Result<()> {
        let output = self.windlass(words, "")?;
        ensure!(
            output.status.success(),
            "`{words}` fails: {}",
            errors(&output)
        );
        Ok(())
    }

    fn kubectl(&self, args: &[&str]) -> Result<String> {
        let output = self.command(&self.bench.kubectl).args(args).output()?;
        ensure!(
            output.status.success(),
            "kubectl {}: {}",
            args.join(" "),
            errors(&output)
        );
        Ok(text(&output.stdout))
    }

    /// Whether all holds.
    fn check(&self, row: Row) -> Result<()> {
        let found = self.kubectl(&["get", KINDS, "-o", "json", "-n", &self.namespace])?;
        let found: Value = serde_json::from_str(&found)?;
        let found = found["items"].as_array().cloned().unwrap_or_default();
        let records = Records::of(&found)?;
        ensure!(
            records.under_way.is_empty(),
            "left under way: {:?}",
            records.under_way
        );
        ensure!(records.journals == 0, "a journal is left");
        let jobs = found.iter().filter(|object| object["kind"] == "Job");
        let jobs: Vec<&str> = jobs.map(name).collect();
        ensure!(jobs.is_empty(), "hooks' leavings: {jobs:?}");
        // Where an uninstall was killed before it began, there is nothing to recover from.
        let may_be_gone = row.act.name == "uninstall" || records.count == 0;
        let gone = may_be_gone && records.deployed.is_empty();
        ensure!(
            !may_be_gone || row.recovers || records.count == 0,
            "records of what is uninstalled are left"
        );
        ensure!(
            gone || records.deployed.len() == 1,
            "{} deployed revisions",
            records.deployed.len()
        );
        let manifest = records.deployed.first().map_or("", String::as_str);
        let (wanted, live) = (objects_of(manifest)?, owned(&found));
        ensure!(
            wanted == live,
            "the manifest has {wanted:?}, the cluster {live:?}"
        );
        if !gone && !row.recovers {
            let changed = row.act.name == "upgrade";
            let word = if changed {
                ["blue", "two"]
            } else {
                ["green", "one"]
            };
            ensure!(
                word.iter().any(|word| manifest.contains(word)),
                "not what was asked for"
            );
        }
        same_setting(row.chart.3, manifest, &found)
    }
}

/// What release records say.
#[derive(Default)]
struct Records {
    count: usize,
    /// Manifests.
    deployed: Vec<String>,
    under_way: Vec<String>,
    journals: usize,
}

impl Records {
    fn of(objects: &[Value]) -> Result<Self> {
        let mut records = Self::default();
        for object in objects.iter().filter(|object| object["kind"] == "Secret") {
            if name(object).starts_with("sh.windlass.journal") {
                records.journals += 1;
            }
            if object["type"] != "helm.sh/release.v1" {
                continue;
            }
            records.count += 1;
            let status = object["metadata"]["labels"]["status"].as_str();
            match status.unwrap_or_default() {
                "deployed" => records.deployed.push(manifest(object)?),
                status if status.starts_with("pending") || status == "uninstalling" => {
                    records.under_way.push(format!("{} {status}", name(object)));
                }
                _ => {}
            }
        }
        Ok(records)
    }
}

/// The manifest in a record, decoded without our own code.
fn manifest(record: &Value) -> Result<String> {
    let data = record["data"]["release"].as_str().unwrap_or_default();
    let packed = STANDARD.decode(STANDARD.decode(data)?)?;
    let mut json = String::new();
    GzDecoder::new(&*packed).read_to_string(&mut json)?;
    let record: Value = serde_json::from_str(&json)?;
    Ok(record["manifest"].as_str().unwrap_or_default().to_owned())
}

/// Kinds and names of the objects of a manifest of our charts.
fn objects_of(manifest: &str) -> Result<BTreeSet<String>> {
    let kind = Regex::new(r"(?m)^kind: (\S+)")?;
    let name = Regex::new(r"(?m)^(?:  name: |metadata: \{name: )([^\s,}]+)")?;
    let one = |document: &str| {
        let part = |rule: &Regex| Some(rule.captures(document)?[1].to_owned());
        Some(format!("{}/{}", part(&kind)?, part(&name)?))
    };
    Ok(manifest.split("\n---").filter_map(one).collect())
}

/// Kinds and names of the objects that say that they are the release's.
fn owned(objects: &[Value]) -> BTreeSet<String> {
    let ours =
        |object: &&Value| object["metadata"]["annotations"]["meta.helm.sh/release-name"] == "web";
    let named = |object: &Value| {
        let kind = object["kind"].as_str().unwrap_or_default();
        format!("{kind}/{}", name(object))
    };
    objects.iter().filter(ours).map(named).collect()
}

/// Whether the setting that changes between revisions is that of the manifest.
fn same_setting(key: &str, manifest: &str, objects: &[Value]) -> Result<()> {
    let rule = Regex::new(&format!(r#"\b{key}: "?(\w+)"#))?;
    let Some(wanted) = rule.captures(manifest) else {
        return Ok(());
    };
    let live = objects.iter().find_map(|object| {
        let ours = object["metadata"]["annotations"]["meta.helm.sh/release-name"] == "web";
        ours.then(|| object["data"][key].as_str()).flatten()
    });
    let wanted = &wanted[1];
    ensure!(live == Some(wanted), "{key} is {live:?} and not {wanted:?}");
    Ok(())
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn errors(output: &Output) -> String {
    text(&output.stderr).trim().to_owned()
}
