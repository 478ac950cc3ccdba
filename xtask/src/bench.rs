//! `bench-render`: the charts of the corpus, rendered by both Helms and by us in turn.
//!
//! Each run is a cold process with empty XDG folders. The three programs take turns on each chart,
//! and what counts is the ratio within one chart, since the machine is shared and noisy. The median
//! of the runs stands for a program on a chart: of the time on the clock, and of the time on all
//! processors, which suffers less from what else the machine does. Memory is the largest resident
//! set of any run, as the operating system accounts for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wait4::Wait4;

use crate::peers;

struct Program {
    label: &'static str,
    path: PathBuf,
    compat: Option<&'static str>,
}

/// Runs the benchmark; arguments: how many runs a chart (default 5), then parts of chart names.
///
/// # Errors
/// If a part is missing or a chart fails to render.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let runs = args
        .first()
        .map_or(Ok(5), |n| n.parse())
        .context("number of runs")?;
    let only = args.get(1..).unwrap_or_default();
    let windlass = crate::root().join("target/release/windlass");
    ensure!(
        windlass.is_file(),
        "no release build: cargo build --release first"
    );
    let programs = [
        Program {
            label: "helm3",
            path: peers::path("helm3")?,
            compat: None,
        },
        Program {
            label: "helm4",
            path: peers::path("helm4")?,
            compat: None,
        },
        Program {
            label: "windlass",
            path: windlass,
            compat: Some("helm4"),
        },
    ];
    let work = std::env::temp_dir().join(format!("windlass-bench-{}", std::process::id()));
    fs::create_dir_all(work.join("home"))?;
    let charts = unpack(&work, only)?;
    println!(
        "| chart | helm3 ms | helm4 ms | windlass ms | over helm3 | over helm4 | cpu over helm4 | \
         helm4 MiB | windlass MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut ratios = Ratios::default();
    for chart in charts {
        if let Some([three, four, ours]) = measure(&programs, &work, &chart, runs) {
            ratios.add(&chart, &three, &four, &ours);
        }
    }
    fs::remove_dir_all(&work)?;
    ratios.print_medians();
    Ok(())
}

/// What one run took, or the median of several.
#[derive(Clone, Copy)]
struct Cost {
    clock: Duration,
    processor: Duration,
    /// The largest resident set, in bytes.
    memory: u64,
}

impl Cost {
    fn of(mut runs: Vec<Self>) -> Self {
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

/// How many times faster we are, chart by chart.
#[derive(Default)]
struct Ratios {
    over_three: Vec<f64>,
    over_four: Vec<f64>,
    processor: Vec<f64>,
    most_memory: f64,
}

impl Ratios {
    fn add(&mut self, chart: &str, three: &Cost, four: &Cost, ours: &Cost) {
        let ms = |cost: &Cost| cost.clock.as_secs_f64() * 1e3;
        let mib = |cost: &Cost| cost.memory as f64 / f64::from(1 << 20);
        let over_three = ms(three) / ms(ours);
        let over_four = ms(four) / ms(ours);
        let processor = four.processor.as_secs_f64() / ours.processor.as_secs_f64();
        println!(
            "| {chart} | {:.1} | {:.1} | {:.2} | {over_three:.1}x | {over_four:.1}x | \
             {processor:.1}x | {:.0} | {:.0} |",
            ms(three),
            ms(four),
            ms(ours),
            mib(four),
            mib(ours),
        );
        self.over_three.push(over_three);
        self.over_four.push(over_four);
        self.processor.push(processor);
        self.most_memory = self.most_memory.max(mib(ours));
    }

    fn print_medians(mut self) {
        println!(
            "median of {} charts: {:.1}x over helm3, {:.1}x over helm4, {:.1}x less processor time \
             than helm4; at most {:.0} MiB",
            self.over_four.len(),
            median(&mut self.over_three),
            median(&mut self.over_four),
            median(&mut self.processor),
            self.most_memory,
        );
    }
}

fn unpack(work: &Path, only: &[String]) -> Result<Vec<String>> {
    let folder = crate::root().join("../shared/corpus/charts");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !only.is_empty() && !only.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let status = Command::new("tar")
            .arg("-xzf")
            .arg(&path)
            .arg("-C")
            .arg(work)
            .status()?;
        ensure!(status.success(), "cannot unpack {}", path.display());
        names.push(name);
    }
    names.sort();
    Ok(names)
}

/// The median of each program; `None` where the chart does not render with its defaults.
fn measure(programs: &[Program; 3], work: &Path, chart: &str, runs: usize) -> Option<[Cost; 3]> {
    let mut costs = [const { Vec::new() }; 3];
    for _ in 0..runs.max(1) {
        for (program, costs) in programs.iter().zip(&mut costs) {
            costs.push(once(program, work, chart)?);
        }
    }
    Some(costs.map(Cost::of))
}

fn once(program: &Program, work: &Path, chart: &str) -> Option<Cost> {
    let mut command = Command::new(&program.path);
    command
        .args([
            "template",
            "rel",
            &format!("./{chart}"),
            "--kube-version",
            "1.32.0",
        ])
        .current_dir(work)
        .env_clear()
        .env("HOME", work.join("home"))
        .env("NO_COLOR", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some(compat) = program.compat {
        command.env("WINDLASS_COMPAT", compat);
    }
    let start = Instant::now();
    let ended = command.spawn().ok()?.wait4().ok()?;
    let clock = start.elapsed();
    if !ended.status.success() {
        eprintln!(
            "{chart}: {} fails with default values; left out",
            program.label
        );
        return None;
    }
    Some(Cost {
        clock,
        processor: ended.rusage.utime + ended.rusage.stime,
        memory: ended.rusage.maxrss,
    })
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
