//! A program that renders, run cold.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::cost::{self, Cost};

/// A program that is measured.
pub(super) struct Program {
    pub(super) label: &'static str,
    pub(super) path: PathBuf,
}

impl Program {
    /// A run in `folder`, whose `home` is the empty home; `None` where the program fails.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(super) fn run(&self, folder: &Path, args: &[&str]) -> Result<Option<Cost>> {
        let mut command = cost::launcher(&self.path)?;
        plain(&mut command, folder);
        cost::run(command.args(args))
    }
}

/// Leaves a command nothing but the empty home, and has it say nothing.
pub(super) fn plain(command: &mut Command, folder: &Path) {
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder.join("home"))
        .env("NO_COLOR", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
}
