//! Where commands run: each run in a namespace and a home of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Result, ensure};

use super::invariants::{Found, KINDS};
use super::options::{Options, Server};
use crate::api::Api;

/// The program that is tested, and the server.
pub(super) struct Bench {
    bin: PathBuf,
    api: Api,
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
            api: Api::of(&server.kubeconfig())?,
            kubeconfig: server.kubeconfig(),
            folder: std::env::temp_dir().join(format!("windlass-chaos-{}", std::process::id())),
            _server: server,
        })
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
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
        bench.api.create_namespace(namespace)?;
        Ok(room)
    }

    /// Removes both. A room of which something is wrong is left for whoever looks.
    pub(super) fn leave(self) -> Result<()> {
        self.bench.api.delete_namespace(&self.namespace)?;
        fs::remove_dir_all(&self.home)?;
        Ok(())
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// A command of a program that speaks Helm, to be changed further.
    pub(super) fn helm(&self, program: &Path, words: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", &self.home)
            .env("KUBECONFIG", &self.bench.kubeconfig)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir(crate::root().join("tests/conformance/charts"))
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

    /// What the namespace holds.
    pub(super) fn look(&self) -> Result<Found> {
        let mut objects = Vec::new();
        for (group, kinds) in KINDS {
            for kind in kinds {
                let path = format!("{group}/namespaces/{}/{kind}", self.namespace);
                objects.extend(self.bench.api.list(&path)?);
            }
        }
        Found::of(objects)
    }
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn errors(output: &Output) -> String {
    text(&output.stderr).trim().to_owned()
}
