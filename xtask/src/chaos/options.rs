//! The flags that all suites have, and the server that they ask for.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::cluster::Cluster;
use crate::sandbox::Sandbox;

/// `[--bin BUILD] [--against sandbox|real] [--only PART] [--runs N] [--seed N] [--twice]`
pub(super) struct Options {
    pub(super) bin: PathBuf,
    pub(super) real: bool,
    /// Parts of names of what is run; all where there are none.
    pub(super) only: Vec<String>,
    /// How often, or how much.
    pub(super) runs: Option<usize>,
    pub(super) seed: u64,
    /// Whether what comes next is harmed as well.
    pub(super) twice: bool,
}

impl Options {
    pub(super) fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self {
            bin: crate::root().join("target/faults/windlass"),
            real: false,
            only: Vec::new(),
            runs: None,
            seed: u64::from(std::process::id()),
            twice: false,
        };
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            if flag == "--twice" {
                options.twice = true;
                continue;
            }
            let value = args
                .next()
                .with_context(|| format!("{flag} needs a value"))?;
            match flag.as_str() {
                "--bin" => options.bin = PathBuf::from(value),
                "--against" => options.real = value == "real",
                "--only" => options.only.push(value.clone()),
                "--runs" | "--sample" => options.runs = Some(value.parse()?),
                "--seed" => options.seed = value.parse()?,
                other => bail!("unknown flag {other}"),
            }
        }
        Ok(options)
    }

    /// The server; a missing part is told as SKIPPED.
    pub(super) fn start(&self) -> Result<Server> {
        let server = || {
            ensure!(self.bin.is_file(), "{} is not there", self.bin.display());
            match self.real {
                true => Cluster::start().map(Server::Real),
                false => Sandbox::start(&self.bin).map(Server::Sandbox),
            }
        };
        server().map_err(|why| anyhow!("SKIPPED: {why:#}"))
    }
}

/// A server that ends with the value.
pub(super) enum Server {
    Real(Cluster),
    Sandbox(Sandbox),
}

impl Server {
    pub(super) fn kubeconfig(&self) -> PathBuf {
        match self {
            Self::Real(cluster) => cluster.kubeconfig(),
            Self::Sandbox(sandbox) => sandbox.kubeconfig(),
        }
    }
}
