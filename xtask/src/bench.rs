//! `bench-render`: the charts of the corpus, rendered by both Helms and by us in turn.
//!
//! Each run is a cold process with empty XDG folders. The three programs take turns on each chart,
//! and what counts is the ratio within one chart, since the machine is shared and noisy. The median
//! of the runs stands for a program on a chart: of the time on the clock, and of the time on all
//! processors, which suffers less from what else the machine does. Memory is the largest resident
//! set of any run, as the operating system accounts for it.
//!
//! `cargo xtask bench-render [N [PART…]]`: N runs a chart (default 5) of the charts whose names hold a part,
//! and then [`works`], where no part is given or one is `works`.

mod program;
mod works;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cost::Cost;
use crate::peers;
use program::Program;

/// Runs the benchmark; the head of this file has the arguments.
///
/// # Errors
/// If a part is missing or a chart fails to render.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let runs = args
        .first()
        .map_or(Ok(5), |n| n.parse())
        .context("number of runs")?;
    let only = args.get(1..).unwrap_or_default();
    let path = crate::root().join("target/release/windlass");
    ensure!(
        path.is_file(),
        "no release build: cargo build --release first"
    );
    let peer = |label| -> Result<_> {
        let path = peers::path(label)?;
        Ok(Program { label, path })
    };
    let windlass = Program {
        label: "windlass",
        path,
    };
    let programs = [peer("helm3")?, peer("helm4")?, windlass];
    let work = std::env::temp_dir().join(format!("windlass-bench-{}", std::process::id()));
    fs::create_dir_all(work.join("home"))?;
    if only != ["works"] {
        corpus(&programs, &work, only, runs)?;
    }
    if only.is_empty() || only.iter().any(|part| part == "works") {
        works::measure(&programs, &work, runs)?;
    }
    Ok(fs::remove_dir_all(&work)?)
}

/// The charts of the corpus with their defaults.
fn corpus(programs: &[Program; 3], work: &Path, only: &[String], runs: usize) -> Result<()> {
    println!(
        "| chart | helm3 ms | helm4 ms | windlass ms | over helm3 | over helm4 | cpu over helm4 | \
         helm4 MiB | windlass MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut ratios = Ratios::default();
    for chart in unpack(work, only)? {
        if let Some([three, four, ours]) = in_turn(programs, work, &chart, runs)? {
            ratios.add(&chart, &three, &four, &ours);
        }
    }
    ratios.print_medians();
    Ok(())
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
        let over_three = three.ms() / ours.ms();
        let over_four = four.ms() / ours.ms();
        let processor = four.processor.as_secs_f64() / ours.processor.as_secs_f64();
        println!(
            "| {chart} | {:.1} | {:.1} | {:.2} | {over_three:.1}x | {over_four:.1}x | \
             {processor:.1}x | {:.0} | {:.0} |",
            three.ms(),
            four.ms(),
            ours.ms(),
            four.mib(),
            ours.mib(),
        );
        self.over_three.push(over_three);
        self.over_four.push(over_four);
        self.processor.push(processor);
        self.most_memory = self.most_memory.max(ours.mib());
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
fn in_turn(
    programs: &[Program; 3],
    work: &Path,
    chart: &str,
    runs: usize,
) -> Result<Option<[Cost; 3]>> {
    let chart = format!("./{chart}");
    let args = ["template", "rel", &chart, "--kube-version", "1.32.0"];
    let mut costs = [const { Vec::new() }; 3];
    for _ in 0..runs.max(1) {
        for (program, costs) in programs.iter().zip(&mut costs) {
            let Some(cost) = program.run(work, &args)? else {
                eprintln!(
                    "{chart}: {} fails with default values; left out",
                    program.label
                );
                return Ok(None);
            };
            costs.push(cost);
        }
    }
    Ok(Some(costs.map(Cost::median)))
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
