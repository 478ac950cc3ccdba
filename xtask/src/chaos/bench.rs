//! Where commands run: each run in a namespace and a home of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Result, ensure};

use super::invariants::{Found, KINDS};
use super::options::{Options, Server};
use crate::peers;

/// The program that is tested, and the server.
pub(super) struct Bench {
    bin: PathBuf,
    kubectl: PathBuf,
    kubeconfig: PathBuf,
    folder: PathBuf,
    // Ends with the bench.
    _server: Server,
}

impl Bench {
    pub(super) fn new(options: &Options) -> Result<Self> {
        let server = options.start()?;
        Ok(Self {
            bin: options.bin.clone(),
            kubectl: peers::path("kubectl")?,
            kubeconfig: server.kubeconfig(),
            folder: std::env::temp_dir().join(format!("windlass-chaos-{}", std::process::id())),
            _server: server,
        })
    }

    pub(super) fn kubectl(&self) -> &Path {
        &self.kubectl
    }

    pub(super) fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A namespace and a home for one run.
pub(super) struct Room<'a> {
    bench: &'a Bench,
    namespace: String,
    home: PathBuf,
}

impl<'a> Room<'a> {
    pub(super) fn new(bench: &'a Bench, namespace: &str) -> Result<Self> {
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

    /// Removes both. A room of which something is wrong is left for whoever looks.
    pub(super) fn leave(self) -> Result<()> {
        self.kubectl(&["delete", "namespace", &self.namespace, "--wait=false"])?;
        fs::remove_dir_all(&self.home)?;
        Ok(())
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", &self.home)
            .env("KUBECONFIG", &self.bench.kubeconfig)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir(crate::root().join("tests/conformance/charts"));
        command
    }

    /// A command of a program that speaks Helm, to be changed further.
    pub(super) fn helm(&self, program: &Path, words: &str) -> Command {
        let mut command = self.command(program);
        command
            .args(words.split_whitespace())
            .args(["--namespace", &self.namespace]);
        command
    }

    /// The same of the program that is tested.
    pub(super) fn windlass(&self, words: &str) -> Command {
        self.helm(&self.bench.bin, words)
    }

    /// Runs a command that must succeed.
    pub(super) fn well(&self, words: &str) -> Result<String> {
        let output = self.windlass(words).output()?;
        ensure!(
            output.status.success(),
            "`{words}` fails: {}",
            errors(&output)
        );
        Ok(text(&output.stdout))
    }

    pub(super) fn kubectl(&self, args: &[&str]) -> Result<String> {
        let output = self.command(&self.bench.kubectl).args(args).output()?;
        ensure!(
            output.status.success(),
            "kubectl {}: {}",
            args.join(" "),
            errors(&output)
        );
        Ok(text(&output.stdout))
    }

    /// What the namespace holds.
    pub(super) fn look(&self) -> Result<Found> {
        let found = self.kubectl(&["get", KINDS, "-o", "json", "-n", &self.namespace])?;
        Found::of(&found)
    }
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn errors(output: &Output) -> String {
    text(&output.stderr).trim().to_owned()
}
