//! `bench-engine`: releases by Helm 4 and by us in turn on one cluster.
//!
//! Install and upgrade, unchanged and with one object changed, of a large chart (kube-prometheus-stack of the
//! corpus) and of a small one; `list --all-namespaces` over 2,000 releases, and `status` and `history`
//! of 200 revisions, by whom they may be written. Every install starts without the chart's
//! objects and CRDs. The programs take turns, and what counts is the ratio: the machine is shared.
//! A release of 5,000 objects is made by us alone, for its memory.
//!
//! `cargo xtask bench-engine [--runs N] [--bin PATH] [--cluster DIR] [--only PARTS]`, where parts are named
//! as in [`PARTS`], with commas between them.

mod large;
mod records;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::cluster::Cluster;
use crate::cost::{self, Cost};
use crate::peers;
use records::Writer;

struct Bench {
    cluster: Cluster,
    programs: [PathBuf; 2],
    folder: PathBuf,
    runs: usize,
}

/// What is measured, and what it is called for `--only`.
const PARTS: [&str; 9] = [
    "small",
    "stack",
    "large",
    "list-ours",
    "history-ours",
    "list-helm",
    "history-helm",
    "list-mixed",
    "history-mixed",
];

/// Measures and prints a table.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a command that fails.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let (mut bin, mut running, mut runs) = (crate::root().join("target/release/windlass"), None, 3);
    let mut only = PARTS.join(",");
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--bin" => bin = value.into(),
            "--cluster" => running = Some(PathBuf::from(value)),
            "--runs" => runs = value.parse()?,
            "--only" => only.clone_from(value),
            other => bail!("unknown flag {other}"),
        }
    }
    let only: Vec<&str> = only.split(',').collect();
    if let Some(unknown) = only.iter().find(|part| !PARTS.contains(part)) {
        bail!("no part is called {unknown:?}: {}", PARTS.join(", "));
    }
    let bench = match Bench::new(bin, running, runs) {
        Ok(bench) => bench,
        Err(why) => bail!("SKIPPED: {why:#}"),
    };
    println!(
        "| work | helm4 ms | windlass ms | over helm4 | cpu over helm4 | helm4 MiB | windlass MiB |"
    );
    println!("|---|---|---|---|---|---|---|");
    for part in only {
        bench.part(part)?;
    }
    fs::remove_dir_all(&bench.folder)?;
    Ok(())
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            path.file_name()
                .is_some_and(|n| n.to_string_lossy().contains(name))
        })
}

impl Bench {
    fn new(bin: PathBuf, running: Option<PathBuf>, runs: usize) -> Result<Self> {
        ensure!(bin.is_file(), "{} is not there", bin.display());
        let programs = [peers::path("helm4")?, bin];
        let folder = std::env::temp_dir().join(format!("windlass-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let cluster = match running {
            Some(folder) => Cluster::running(&folder)?.context("no cluster runs there")?,
            None => Cluster::start()?,
        };
        Ok(Self {
            cluster,
            programs,
            folder,
            runs,
        })
    }

    fn part(&self, part: &str) -> Result<()> {
        match part {
            "small" => self.small(),
            "stack" => self.stack(),
            "large" => self.large(),
            "list-ours" => self.list(Writer::Ours),
            "list-helm" => self.list(Writer::Helm),
            "list-mixed" => self.list(Writer::Both),
            "history-ours" => self.revisions(Writer::Ours),
            "history-helm" => self.revisions(Writer::Helm),
            _ => self.revisions(Writer::Both),
        }
    }

    fn small(&self) -> Result<()> {
        let chart = crate::root().join("tests/conformance/charts/basic");
        let chart = chart.to_string_lossy();
        self.releases("small chart", &chart, &[], "settings.colour=red")
    }

    fn stack(&self) -> Result<()> {
        let corpus = crate::root().join("../shared/corpus/charts");
        let Some(chart) = find(&corpus, "kube-prometheus-stack") else {
            println!("SKIPPED: no kube-prometheus-stack in {}", corpus.display());
            return Ok(());
        };
        // Without its admission hooks, which wait for Jobs: what is measured is the engine.
        let flags = [
            "--set",
            "prometheusOperator.admissionWebhooks.enabled=false,prometheusOperator.tls.enabled=false",
        ];
        let change = "prometheusOperator.labels.changed=yes";
        self.releases(
            "kube-prometheus-stack",
            &chart.to_string_lossy(),
            &flags,
            change,
        )
    }

    /// Install, unchanged upgrade, and an upgrade with a value that changes one object.
    fn releases(&self, name: &str, chart: &str, flags: &[&str], change: &str) -> Result<()> {
        let mut installs = [const { Vec::new() }; 2];
        let mut upgrades = [const { Vec::new() }; 2];
        let mut changes = [const { Vec::new() }; 2];
        for _ in 0..self.runs {
            for (i, program) in self.programs.iter().enumerate() {
                let with = |verb: &'static str| [&[verb, "bench", chart], flags].concat();
                let run = installs[i].len();
                let namespace = format!("bench-{}-{}-{i}-{run}", std::process::id(), name.len());
                self.kubectl(&["create", "namespace", &namespace])?;
                installs[i].push(self.time(program, &with("install"), &namespace)?);
                upgrades[i].push(self.time(program, &with("upgrade"), &namespace)?);
                let changing = [with("upgrade").as_slice(), &["--set", change]].concat();
                changes[i].push(self.time(program, &changing, &namespace)?);
                self.time(&self.programs[0], &["uninstall", "bench"], &namespace)?;
                self.kubectl(&["delete", "namespace", &namespace, "--wait=false"])?;
                self.remove_definitions()?;
            }
        }
        print(&format!("install {name}"), installs);
        print(&format!("unchanged upgrade of {name}"), upgrades);
        print(
            &format!("upgrade of {name} with one object changed"),
            changes,
        );
        Ok(())
    }

    /// CRDs stay after an uninstall; the next install is to make them anew.
    fn remove_definitions(&self) -> Result<()> {
        let names = self.kubectl(&["get", "customresourcedefinitions", "-o", "name"])?;
        let names: Vec<&str> = names
            .lines()
            .filter(|n| n.ends_with(".monitoring.coreos.com"))
            .collect();
        if !names.is_empty() {
            self.kubectl(&[&["delete"], names.as_slice()].concat())?;
        }
        Ok(())
    }

    fn kubectl(&self, args: &[&str]) -> Result<String> {
        let output = self.cluster.kubectl()?.args(args).output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "kubectl {}: {words}",
            args.join(" ")
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    fn time(&self, program: &Path, args: &[&str], namespace: &str) -> Result<Cost> {
        let mut command = cost::launcher(program)?;
        command
            .args(args)
            .args(["--namespace", namespace])
            .env_clear()
            .env("HOME", self.folder.join("home"))
            .env("PATH", "/usr/bin:/bin")
            .env("KUBECONFIG", self.cluster.kubeconfig())
            .stderr(fs::File::create(self.folder.join("stderr"))?);
        let Some(cost) = cost::run(&mut command)? else {
            let words = fs::read_to_string(self.folder.join("stderr")).unwrap_or_default();
            bail!("{} {}: {words}", program.display(), args.join(" "));
        };
        Ok(cost)
    }
}

fn print(work: &str, costs: [Vec<Cost>; 2]) {
    let [helm, ours] = costs.map(Cost::median);
    println!(
        "| {work} | {:.0} | {:.0} | {:.1}x | {:.1}x | {:.0} | {:.0} |",
        helm.ms(),
        ours.ms(),
        helm.ms() / ours.ms(),
        helm.processor.as_secs_f64() / ours.processor.as_secs_f64(),
        helm.mib(),
        ours.mib(),
    );
}

fn print_ours(work: &str, costs: Vec<Cost>) {
    let ours = Cost::median(costs);
    println!(
        "| {work} | – | {:.0} | – | – | – | {:.0} |",
        ours.ms(),
        ours.mib()
    );
}
