//! What a command costs: time on the clock, processor time, peak memory.
//!
//! A process inherits as its peak what the process had that it was split off from, and a tool that has just written a
//! gigabyte of records is large. So the command is started by a launcher, this program begun anew (`xtask measure`), which is
//! small and does nothing else.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wait4::Wait4 as _;

/// What one run took, or the medians of several.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) clock: Duration,
    pub(crate) processor: Duration,
    /// The largest resident set, in bytes.
    pub(crate) memory: u64,
}

impl Cost {
    /// Milliseconds on the clock.
    pub(crate) fn ms(&self) -> f64 {
        self.clock.as_secs_f64() * 1e3
    }

    /// Mebibytes of memory.
    pub(crate) fn mib(&self) -> f64 {
        self.memory as f64 / f64::from(1 << 20)
    }

    /// The medians of the times, and the largest resident set of all.
    pub(crate) fn median(mut runs: Vec<Self>) -> Self {
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
}

/// A command to be measured; what it prints is thrown away.
///
/// # Errors
/// If this program cannot be found.
pub(crate) fn launcher(program: &Path) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("measure").arg(program);
    Ok(command)
}

/// Runs what [`launcher`] made; `None` where the command fails.
///
/// # Errors
/// If the command cannot be started.
pub(crate) fn run(launcher: &mut Command) -> Result<Option<Cost>> {
    let output = launcher
        .stdout(Stdio::piped())
        .spawn()?
        .wait_with_output()?;
    ensure!(output.status.success(), "xtask measure: {}", output.status);
    let told = String::from_utf8(output.stdout)?;
    let numbers: Vec<u64> = told
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .with_context(|| format!("xtask measure said {told:?}"))?;
    let [failed, clock, processor, memory] = numbers[..] else {
        anyhow::bail!("xtask measure said {told:?}");
    };
    Ok((failed == 0).then_some(Cost {
        clock: Duration::from_micros(clock),
        processor: Duration::from_micros(processor),
        memory,
    }))
}

/// `xtask measure COMMAND…`: prints whether it failed, microseconds on the clock and of the processor, and bytes.
///
/// # Errors
/// If the command cannot be started.
pub(crate) fn measure(args: &[String]) -> Result<()> {
    let (program, args) = args
        .split_first()
        .context("usage: xtask measure COMMAND…")?;
    let start = Instant::now();
    let child = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .spawn();
    let ended = child.with_context(|| program.clone())?.wait4()?;
    let clock = start.elapsed();
    println!(
        "{} {} {} {}",
        u8::from(!ended.status.success()),
        clock.as_micros(),
        (ended.rusage.utime + ended.rusage.stime).as_micros(),
        ended.rusage.maxrss,
    );
    Ok(())
}
