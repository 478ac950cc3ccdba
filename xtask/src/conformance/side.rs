//! One side of the comparison: a program called `helm`, a namespace, and what the steps left.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::fresh;
use super::mask;
use super::scenario::{Scenario, Step};
use super::snapshot;
use crate::api::Api;
use crate::peers;

/// The label of the side whose exit statuses must be what scenarios expect. All have four letters.
pub(super) const CHECKED: &str = "helm";

/// The label of a Helm that may do otherwise.
pub(super) const UNCHECKED: &str = "hel3";

/// What one step left.
pub(super) struct Evidence {
    pub(super) line: String,
    pub(super) status: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// Release records and live objects, after steps that may change them.
    pub(super) cluster: Value,
}

/// A program, and the cluster that it works on.
pub(super) struct Side {
    label: &'static str,
    api: Api,
    kubeconfig: PathBuf,
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

impl Side {
    pub(super) fn new(label: &'static str, program: &Path, kubeconfig: PathBuf) -> Result<Self> {
        let folder =
            std::env::temp_dir().join(format!("windlass-conformance-{}", std::process::id()));
        let bin = folder.join("bin").join(label);
        fresh(&bin)?;
        // Texts name the program by what it was called as.
        symlink(program.canonicalize()?, bin.join("helm"))?;
        symlink(program.canonicalize()?, bin.join("windlass"))?;
        symlink(peers::path("kubectl")?, bin.join("kubectl"))?;
        symlink(peers::path("helm3")?, bin.join("helm3"))?;
        Ok(Self {
            label,
            api: Api::of(&kubeconfig)?,
            kubeconfig,
            folder,
            variables: Vec::new(),
        })
    }

    /// Sets a variable of the program's environment.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Runs all steps in a new namespace and removes that.
    pub(super) fn run(&self, scenario: &Scenario, looks: bool) -> Result<Vec<Evidence>> {
        // Both sides get the same path: some texts hold it.
        let work = self.folder.join(&scenario.name);
        fresh(&work)?;
        lay_out(scenario, &work.join("work"))?;
        // As long on both sides, and new each time: the last one may still be going away.
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let run = std::process::id() % 1000 * 1000 + RUNS.fetch_add(1, Ordering::Relaxed) % 1000;
        let namespace = format!("{}-{}-{run:06}", scenario.name, self.label);
        let kubeconfig = fs::read_to_string(&self.kubeconfig)?;
        fs::write(
            work.join("kubeconfig"),
            kubeconfig.replace(
                "    user: ",
                &format!("    namespace: {namespace}\n    user: "),
            ),
        )?;
        let room = Room {
            side: self,
            work,
            namespace,
            looks,
        };
        self.api.create_namespace(&room.namespace)?;
        let evidence = scenario.steps.iter().map(|step| room.step(step)).collect();
        room.clean_up()?;
        evidence
    }
}

fn lay_out(scenario: &Scenario, work: &Path) -> Result<()> {
    let charts = super::folder().join("charts");
    fs::create_dir_all(work)?;
    let status = Command::new("cp")
        .arg("-Rp")
        .arg(charts.join("."))
        .arg(work)
        .status()?;
    ensure!(status.success(), "cannot copy {}", charts.display());
    for (name, content) in &scenario.files {
        let path = work.join(name);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, content)?;
        // Records hold the times of a chart's files.
        Command::new("touch")
            .args(["-d", "2026-01-01T00:00:00Z"])
            .arg(&path)
            .status()?;
    }
    Ok(())
}

/// A side's namespace and folder during one scenario.
struct Room<'a> {
    side: &'a Side,
    work: PathBuf,
    namespace: String,
    looks: bool,
}

impl Room<'_> {
    fn command(&self, program: &str) -> Command {
        let bin = self.side.folder.join("bin").join(self.side.label);
        let mut command = Command::new(program);
        command
            .current_dir(self.work.join("work"))
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("HOME", self.work.join("home"))
            .env("KUBECONFIG", self.work.join("kubeconfig"))
            .env("NS", &self.namespace)
            .env("TZ", "UTC")
            .envs(
                self.side
                    .variables
                    .iter()
                    .map(|(name, value)| (name, value)),
            );
        command
    }

    fn step(&self, step: &Step) -> Result<Evidence> {
        let output = self.command("/bin/sh").args(["-c", &step.line]).output()?;
        let text = |bytes: &[u8]| mask::text(&String::from_utf8_lossy(bytes), &self.namespace);
        let evidence = Evidence {
            line: step.line.clone(),
            status: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            cluster: if self.looks && step.writes() {
                snapshot::take(&self.namespace, &self.side.api)?
            } else {
                Value::Null
            },
        };
        ensure!(
            self.side.label != CHECKED || output.status.success() != step.fails,
            "`{}`: {}, which the scenario does not expect: {}",
            step.line,
            output.status,
            evidence.stderr
        );
        Ok(evidence)
    }

    /// The namespace, what of the cluster carries its name, and what charts of the suite define.
    fn clean_up(&self) -> Result<()> {
        snapshot::remove_cluster_scoped(&self.namespace, &self.side.api)?;
        self.side.api.delete_namespace(&self.namespace)?;
        fs::remove_dir_all(&self.work)?;
        Ok(())
    }
}
