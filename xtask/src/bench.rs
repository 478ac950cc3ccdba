//! `bench-render`: the charts of the corpus, rendered by both Helms and by us in turn.
//!
//! Each run is a cold process with empty XDG folders. The three programs take turns on each chart,
//! and what counts is the ratio within one chart, since the machine is shared and noisy. The median
//! of the runs stands for a program on a chart.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

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
    println!("| chart | helm3 ms | helm4 ms | windlass ms | over helm3 | over helm4 |");
    println!("|---|---|---|---|---|---|");
    let (mut over_three, mut over_four) = (Vec::new(), Vec::new());
    for chart in charts {
        let Some(medians) = measure(&programs, &work, &chart, runs) else {
            continue;
        };
        let ms = medians.map(|d| d.as_secs_f64() * 1e3);
        let (three, four) = (ms[0] / ms[2], ms[1] / ms[2]);
        println!(
            "| {chart} | {:.1} | {:.1} | {:.2} | {three:.1}x | {four:.1}x |",
            ms[0], ms[1], ms[2]
        );
        over_three.push(three);
        over_four.push(four);
    }
    fs::remove_dir_all(&work)?;
    println!(
        "median of {} charts: {:.1}x over helm3, {:.1}x over helm4",
        over_four.len(),
        median(&mut over_three),
        median(&mut over_four)
    );
    Ok(())
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
fn measure(
    programs: &[Program; 3],
    work: &Path,
    chart: &str,
    runs: usize,
) -> Option<[Duration; 3]> {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..runs {
        for (program, times) in programs.iter().zip(&mut times) {
            times.push(once(program, work, chart)?);
        }
    }
    Some(times.map(|mut t| {
        t.sort();
        t[t.len() / 2]
    }))
}

fn once(program: &Program, work: &Path, chart: &str) -> Option<Duration> {
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
    let status = command.status().ok()?;
    let elapsed = start.elapsed();
    if !status.success() {
        eprintln!(
            "{chart}: {} fails with default values; left out",
            program.label
        );
        return None;
    }
    Some(elapsed)
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
