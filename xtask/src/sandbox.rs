//! The embedded sandbox as a server on loopback: `windlass sandbox serve`, run and stopped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::cluster::pause;

/// A server, which ends with the value.
pub(crate) struct Sandbox {
    child: Child,
    folder: PathBuf,
}

impl Sandbox {
    /// Starts the server of a binary with an empty state of its own.
    ///
    /// # Errors
    /// If it does not start or writes no kubeconfig.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("windlass-sandbox-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let log = fs::File::create(folder.join("log"))?;
        let child = Command::new(program)
            .args(["sandbox", "serve"])
            .env("HOME", &folder)
            .env("XDG_DATA_HOME", folder.join("data"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| program.display().to_string())?;
        let mut sandbox = Self { child, folder };
        sandbox.wait()?;
        Ok(sandbox)
    }

    /// Its administrator's kubeconfig.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder.join("data/windlass/sandbox/kubeconfig")
    }

    fn wait(&mut self) -> Result<()> {
        let start = Instant::now();
        let written = |path: &Path| {
            fs::read_to_string(path).is_ok_and(|text| text.contains("current-context"))
        };
        while !written(&self.kubeconfig()) {
            let ended = self.child.try_wait()?;
            ensure!(
                ended.is_none() && start.elapsed() < Duration::from_secs(20),
                "the sandbox does not serve: {}",
                fs::read_to_string(self.folder.join("log")).unwrap_or_default()
            );
            pause();
        }
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
