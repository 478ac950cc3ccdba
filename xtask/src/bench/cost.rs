//! What a run of a program takes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// A program that is measured.
pub(super) struct Program {
    pub(super) label: &'static str,
    pub(super) path: PathBuf,
}

/// What one run took, or the median of several.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) clock: Duration,
    pub(super) processor: Duration,
    /// The largest resident set, in bytes.
    pub(super) memory: u64,
}

impl Cost {
    /// The medians of times, and the largest memory.
    pub(super) fn of(mut runs: Vec<Self>) -> Self {
        let middle = runs.len() / 2;
        runs.sort_by_key(|run| run.processor);
        let processor = runs[middle].processor;
        runs.sort_by_key(|run| run.clock);
        Self {
            clock: runs[middle].clock,
            processor,
            memory: runs.iter().map(|run| run.memory).max().unwrap_or_default(),
        }
    }

    pub(super) fn ms(&self) -> f64 {
        self.clock.as_secs_f64() * 1e3
    }

    pub(super) fn mib(&self) -> f64 {
        self.memory as f64 / f64::from(1 << 20)
    }
}

impl Program {
    /// A cold run in `folder`, whose `home` is the empty home; `None` where the program fails.
    pub(super) fn run(&self, folder: &Path, args: &[&str]) -> Option<Cost> {
        let mut command = self.command(folder);
        let start = Instant::now();
        let ended = command.args(args).spawn().ok()?.wait4().ok()?;
        let clock = start.elapsed();
        ended.status.success().then_some(Cost {
            clock,
            processor: ended.rusage.utime + ended.rusage.stime,
            memory: ended.rusage.maxrss,
        })
    }

    /// The program with nothing but the empty home, and silent.
    pub(super) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.path);
        plain(&mut command, folder);
        command
    }
}

/// Takes a command's environment and output from it.
pub(super) fn plain(command: &mut Command, folder: &Path) {
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder.join("home"))
        .env("NO_COLOR", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
}
