//! A real cluster on loopback: etcd, the API server, controllers, scheduler and kwok, which plays
//! nodes and containers. `cargo xtask cluster` gives one to a command; the suites start their own.
//!
//! Everything of a cluster lies in one folder: data, logs, process ids, and a kubeconfig for each
//! user of `cluster/objects.yaml` (`kubeconfig` itself is the administrator's). What pods can be told
//! to do is in `cluster/stages.yaml`. The parts come from `.ci/cluster-peers`.

mod parts;
mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::peers;
use parts::Ports;
pub(crate) use process::pause;
use process::{Lifetime, Process};

/// Users besides the administrator; the name is also the token.
const USERS: [&str; 5] = ["admin", "deployer", "reader", "namespaced", "nobody"];

/// Longer than a start takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// `cargo xtask cluster`: see [`USAGE`].
///
/// # Errors
/// If a part is missing or does not start, or the command fails.
pub(crate) fn run(args: &[String]) -> Result<()> {
    match args.split_first() {
        Some((flag, [folder])) if flag == "--keep" => keep(Path::new(folder)),
        Some((flag, [folder])) if flag == "--stop" => stop(Path::new(folder)),
        Some((flag, command)) if flag == "--" && !command.is_empty() => lend(command),
        _ => bail!("{USAGE}"),
    }
}

const USAGE: &str = "usage:
  cargo xtask cluster -- COMMAND...  run COMMAND with KUBECONFIG set to a new cluster, then stop that
  cargo xtask cluster --keep DIR     start a cluster in DIR and leave it running (DIR/kubeconfig)
  cargo xtask cluster --stop DIR     stop that and remove DIR";

fn keep(folder: &Path) -> Result<()> {
    if let Some(cluster) = Cluster::running(folder)? {
        println!("already running: {}", cluster.kubeconfig().display());
        return Ok(());
    }
    let cluster = Cluster::start_in(folder, Lifetime::Detached, None)?;
    println!(
        "export KUBECONFIG={}\nstop it: cargo xtask cluster --stop {}",
        cluster.kubeconfig().display(),
        cluster.folder.display()
    );
    cluster.leave();
    Ok(())
}

fn stop(folder: &Path) -> Result<()> {
    for process in process::read(folder)?.iter().rev() {
        process::stop_by_id(process)?;
    }
    fs::remove_dir_all(folder).with_context(|| folder.display().to_string())
}

fn lend(command: &[String]) -> Result<()> {
    let cluster = Cluster::start()?;
    let status = Command::new(&command[0])
        .args(&command[1..])
        .env("KUBECONFIG", cluster.kubeconfig())
        .status()
        .with_context(|| command[0].clone())?;
    ensure!(status.success(), "{}: {status}", command[0]);
    Ok(())
}

/// A running cluster; dropping it stops its processes and removes its folder.
pub(crate) struct Cluster {
    folder: PathBuf,
    processes: Vec<Process>,
    lifetime: Lifetime,
}

impl Cluster {
    /// Starts a cluster in a temporary folder; it ends with this process at the latest.
    ///
    /// # Errors
    /// If a part is missing, or is not ready in time; the error holds the end of its log.
    pub(crate) fn start() -> Result<Self> {
        Self::start_of(None)
    }

    /// The same with an older server: `1.34`.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub(crate) fn start_of(version: Option<&str>) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("windlass-cluster-{}", std::process::id()));
        Self::start_in(&folder, Lifetime::WithUs, version)
    }

    /// The cluster that `--keep` left in a folder, which dropping the value does not stop.
    ///
    /// # Errors
    /// If its files cannot be read.
    pub(crate) fn running(folder: &Path) -> Result<Option<Self>> {
        if !folder.join(process::FILE).is_file() {
            return Ok(None);
        }
        let cluster = Self {
            folder: folder.to_owned(),
            processes: Vec::new(),
            lifetime: Lifetime::Detached,
        };
        Ok(cluster.is_ready().then_some(cluster))
    }

    /// The administrator's kubeconfig.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder.join("kubeconfig")
    }

    /// `kubectl` as the administrator.
    ///
    /// # Errors
    /// If it has not been built.
    pub(crate) fn kubectl(&self) -> Result<Command> {
        let mut command = Command::new(peers::path("kubectl")?);
        command.env("KUBECONFIG", self.kubeconfig());
        Ok(command)
    }

    fn start_in(folder: &Path, lifetime: Lifetime, version: Option<&str>) -> Result<Self> {
        // What `.ci/cluster-peers` calls a part of Kubernetes of that version.
        let part = |name: &str| version.map_or(name.to_owned(), |v| format!("{name}-{v}"));
        fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let mut cluster = Self {
            folder,
            processes: Vec::new(),
            lifetime,
        };
        let ports = Ports::free()?;
        parts::write_files(&cluster.folder, &ports, &USERS)?;
        cluster.spawn("etcd", &parts::etcd(&cluster.folder, &ports))?;
        cluster.spawn(
            &part("kube-apiserver"),
            &parts::api_server(&cluster.folder, &ports),
        )?;
        cluster.wait("the API server", Self::is_ready)?;
        let flags = parts::controller_manager(&cluster.folder);
        cluster.spawn(&part("kube-controller-manager"), &flags)?;
        cluster.spawn(&part("kube-scheduler"), &parts::scheduler(&cluster.folder))?;
        cluster.apply("objects.yaml")?;
        let stages = peers::path("kwok-stages")?;
        cluster.spawn("kwok", &parts::kwok(&cluster.folder, &ports, &stages)?)?;
        cluster.wait("the node", Self::node_is_ready)?;
        Ok(cluster)
    }

    fn spawn(&mut self, name: &str, flags: &[String]) -> Result<()> {
        let process = Process::start(name, flags, &self.folder, self.lifetime)?;
        self.processes.push(process);
        Ok(())
    }

    fn apply(&self, file: &str) -> Result<()> {
        let output = self
            .kubectl()?
            .args(["apply", "--server-side", "-f"])
            .arg(self.folder.join(file))
            .output()?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    fn answers(&self, args: &[&str], wanted: &str) -> bool {
        self.kubectl()
            .and_then(|mut kubectl| Ok(kubectl.args(args).output()?))
            .is_ok_and(|output| {
                output.status.success() && String::from_utf8_lossy(&output.stdout).trim() == wanted
            })
    }

    fn is_ready(&self) -> bool {
        self.answers(&["get", "--raw", "/readyz"], "ok")
    }

    /// Ready, and without the taint that keeps pods away.
    fn node_is_ready(&self) -> bool {
        let path =
            "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}{.spec.taints[*].key}";
        self.answers(&["get", "node", "node-0", "-o", path], "True")
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Self) -> bool) -> Result<()> {
        let start = Instant::now();
        while !done(self) {
            for process in &mut self.processes {
                process.must_run()?;
            }
            ensure!(
                start.elapsed() < PATIENCE,
                "{what} is not ready after {PATIENCE:?}; logs are in {}",
                self.folder.display()
            );
            pause();
        }
        Ok(())
    }

    /// Lets the processes run on.
    fn leave(mut self) {
        self.processes.clear();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let started_here = !self.processes.is_empty();
        while let Some(mut process) = self.processes.pop() {
            process.stop();
        }
        // In a folder that somebody chose the logs of a failed start stay, for whoever reads the error.
        if started_here && self.lifetime == Lifetime::WithUs {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
