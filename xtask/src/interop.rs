//! `interop`: what one program made, another goes on with.
//!
//! Helm 3, Helm 4 and Windlass each make a release; each of them then installs over it, upgrades it,
//! rolls it back and uninstalls it, while the maker goes on in between. After every act the live
//! objects are what the act says, and all three programs tell the same history.
//!
//! `cargo xtask interop [--bin PATH] [--cluster DIR]`

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::peers;

struct Program {
    label: &'static str,
    path: PathBuf,
}

/// Runs all pairs; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or an act that left something else than it should.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut bin = crate::root().join("target/release/windlass");
    let mut running = None;
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--bin" => bin = value.into(),
            "--cluster" => running = Some(PathBuf::from(value)),
            other => bail!("unknown flag {other}"),
        }
    }
    let (cluster, programs) = match parts(bin, running) {
        Ok(parts) => parts,
        Err(why) => bail!("SKIPPED: {why:#}"),
    };
    let (mut passed, mut failed) = (0, 0);
    for maker in &programs {
        for actor in &programs {
            let pair = Pair::new(&cluster, &programs, maker, actor)?;
            let outcome = pair.run();
            pair.clean_up()?;
            match outcome {
                Ok(()) => {
                    passed += 1;
                    println!(
                        "fits    made by {}, acted on by {}",
                        maker.label, actor.label
                    );
                }
                Err(why) => {
                    failed += 1;
                    println!(
                        "FAILED  made by {}, acted on by {}: {why:#}",
                        maker.label, actor.label
                    );
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    ensure!(failed == 0, "programs do not fit together");
    Ok(())
}

fn parts(bin: PathBuf, running: Option<PathBuf>) -> Result<(Cluster, [Program; 3])> {
    ensure!(bin.is_file(), "{} is not there", bin.display());
    let program = |label, path| Program { label, path };
    let programs = [
        program("helm3", peers::path("helm3")?),
        program("helm4", peers::path("helm4")?),
        program("windlass", bin),
    ];
    let cluster = match running {
        Some(folder) => Cluster::running(&folder)?.context("no cluster runs there")?,
        None => Cluster::start()?,
    };
    Ok((cluster, programs))
}

/// A maker, an actor, and the namespace that they share.
struct Pair<'a> {
    cluster: &'a Cluster,
    programs: &'a [Program],
    maker: &'a Program,
    actor: &'a Program,
    namespace: String,
    home: PathBuf,
}

impl<'a> Pair<'a> {
    fn new(
        cluster: &'a Cluster,
        programs: &'a [Program],
        maker: &'a Program,
        actor: &'a Program,
    ) -> Result<Self> {
        let namespace = format!("{}-{}-{}", maker.label, actor.label, std::process::id());
        let home = std::env::temp_dir().join(format!("windlass-interop-{namespace}"));
        fs::create_dir_all(&home)?;
        let pair = Self {
            cluster,
            programs,
            maker,
            actor,
            namespace,
            home,
        };
        pair.kubectl(&["create", "namespace", &pair.namespace])?;
        Ok(pair)
    }

    fn clean_up(&self) -> Result<()> {
        self.kubectl(&["delete", "namespace", &self.namespace, "--wait=false"])?;
        fs::remove_dir_all(&self.home)?;
        Ok(())
    }

    /// The acts. `one` to `five` are colours that the chart writes into an object; `extra` is an
    /// object that some revisions have.
    fn run(&self) -> Result<()> {
        let (maker, actor) = (self.maker, self.actor);
        self.must(maker, &["install", "web"], "one", true)?;
        self.must(maker, &["upgrade", "web"], "two", false)?;
        self.expect("two", false, &["superseded", "deployed"])?;

        let refused = self.call(actor, &["install", "web", &chart()])?;
        ensure!(
            !refused.status.success(),
            "install did not notice the release"
        );
        self.expect("two", false, &["superseded", "deployed"])?;

        self.must(actor, &["upgrade", "web"], "three", true)?;
        self.expect("three", true, &["superseded", "superseded", "deployed"])?;
        self.must(maker, &["upgrade", "web"], "four", false)?;
        self.plainly(actor, &["rollback", "web", "1"])?;
        let mut statuses = vec!["superseded"; 4];
        statuses.push("deployed");
        self.expect("one", true, &statuses)?;

        self.plainly(actor, &["uninstall", "web", "--keep-history"])?;
        ensure!(self.colour()?.is_none(), "uninstall left an object");
        statuses[4] = "uninstalled";
        self.history(&statuses)?;
        self.must(actor, &["install", "--replace", "web"], "five", true)?;
        statuses[4] = "superseded";
        statuses.push("deployed");
        self.expect("five", true, &statuses)?;
        self.plainly(maker, &["rollback", "web", "2"])?;
        statuses[5] = "superseded";
        statuses.push("deployed");
        self.expect("two", false, &statuses)?;

        self.plainly(actor, &["uninstall", "web"])?;
        let left = self.kubectl(&["get", "secret,configmap,serviceaccount", "-o", "name"])?;
        let left: Vec<&str> = left
            .lines()
            .filter(|l| !l.ends_with("/kube-root-ca.crt") && !l.ends_with("/default"))
            .collect();
        ensure!(left.is_empty(), "uninstall left {}", left.join(", "));
        Ok(())
    }

    /// An install or upgrade to a colour.
    fn must(&self, program: &Program, args: &[&str], colour: &str, extra: bool) -> Result<()> {
        let (chart, extra) = (chart(), format!("extra={extra}"));
        let colour = format!("workload=false,settings.colour={colour}");
        let mut args = args.to_vec();
        args.extend([chart.as_str(), "--set", &colour, "--set", &extra]);
        self.plainly(program, &args)
    }

    fn plainly(&self, program: &Program, args: &[&str]) -> Result<()> {
        let output = self.call(program, args)?;
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let command = args.first().copied().unwrap_or_default();
        ensure!(
            output.status.success(),
            "{command} by {}: {words}",
            program.label
        );
        Ok(())
    }

    fn call(&self, program: &Program, args: &[&str]) -> Result<Output> {
        Command::new(&program.path)
            .args(args)
            .args(["--namespace", &self.namespace])
            .env_clear()
            .env("HOME", &self.home)
            .env("PATH", "/usr/bin:/bin")
            .env("KUBECONFIG", self.cluster.kubeconfig())
            .output()
            .with_context(|| program.label)
    }

    fn kubectl(&self, args: &[&str]) -> Result<String> {
        let mut command = self.cluster.kubectl()?;
        let output = command
            .args(args)
            .args(["--namespace", &self.namespace])
            .output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "kubectl {}: {words}",
            args.join(" ")
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    fn colour(&self) -> Result<Option<String>> {
        let path = "jsonpath={.data.colour}";
        let told = self.kubectl(&[
            "get",
            "configmap",
            "web-settings",
            "--ignore-not-found",
            "-o",
            path,
        ])?;
        Ok((!told.is_empty()).then_some(told))
    }

    fn expect(&self, colour: &str, extra: bool, statuses: &[&str]) -> Result<()> {
        let live = self.colour()?.unwrap_or_default();
        ensure!(
            live == colour,
            "the object says {live:?} instead of {colour:?}"
        );
        let found = self.kubectl(&[
            "get",
            "configmap",
            "web-extra",
            "--ignore-not-found",
            "-o",
            "name",
        ])?;
        ensure!(
            found.is_empty() != extra,
            "the extra object should{} be there",
            if extra { "" } else { " not" }
        );
        self.history(statuses)
    }

    /// All programs tell one history, of these statuses.
    fn history(&self, statuses: &[&str]) -> Result<()> {
        let mut told = Vec::new();
        for program in self.programs {
            let output = self.call(program, &["history", "web", "-o", "json"])?;
            let mut list: Value = serde_json::from_slice(&output.stdout).with_context(|| {
                format!(
                    "history by {}: {}",
                    program.label,
                    String::from_utf8_lossy(&output.stderr)
                )
            })?;
            let revisions = list.as_array_mut().context("a history is a list")?;
            for revision in revisions.iter_mut() {
                revision["updated"].take();
                // Helm 3 does not know it.
                if let Some(revision) = revision.as_object_mut() {
                    revision.remove("rollback_revision");
                }
            }
            let got: Vec<&str> = revisions
                .iter()
                .filter_map(|r| r["status"].as_str())
                .collect();
            ensure!(
                got == statuses,
                "history by {}: {got:?} instead of {statuses:?}",
                program.label
            );
            told.push(list);
        }
        ensure!(
            told.windows(2).all(|two| two[0] == two[1]),
            "histories differ: {told:?}"
        );
        Ok(())
    }
}

fn chart() -> String {
    let chart = crate::root().join("tests/conformance/charts/basic");
    chart.to_string_lossy().into_owned()
}
