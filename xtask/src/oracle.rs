//! `oracle`: whole charts, rendered by us and by both Helms, compared byte for byte.
//!
//! Where the corpus asks what was recorded, this asks Helm's own libraries about whatever it comes
//! up with: `sets` lists the charts, `overlay` changes their values at random, `scenario` makes up
//! umbrella charts, `peer` asks the oracles, `ours` renders in this process, `compare` judges,
//! `shrink` makes a difference small and `report` tells. All randomness comes from the seed.
//!
//! `cargo xtask-fast oracle [--seed N] [--overlays N] [--scenarios N] [--only SUBSTRING] [--show N]`

mod compare;
pub(crate) mod node;
pub(crate) mod ours;
mod overlay;
pub(crate) mod peer;
pub(crate) mod pipe;
pub(crate) mod question;
pub(crate) mod random;
mod report;
pub(crate) mod scenario;
mod sets;
mod shrink;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use compare::Verdict;
use peer::{Helm, Oracle};
use question::Question;
use report::Report;

/// What the command line asked for.
struct Wanted {
    seed: u64,
    overlays: u64,
    scenarios: u64,
    only: String,
    show: usize,
}

/// Runs everything and prints the tables; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a difference.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let wanted = parse(args)?;
    let mut bench = match Bench::new(&wanted) {
        Ok(bench) => bench,
        Err(why) => bail!("SKIPPED: {why:#}"),
    };
    println!(
        "seed {}, {} overlays a chart, {} scenarios",
        wanted.seed, wanted.overlays, wanted.scenarios
    );
    for chart in bench.sets()? {
        bench.chart(&chart)?;
    }
    bench.scenarios()?;
    let failed = bench.report.print(wanted.show);
    std::fs::remove_dir_all(&bench.work)?;
    println!("{} passed, {failed} failed", bench.report.passed());
    anyhow::ensure!(failed == 0, "{failed} cases differ");
    Ok(())
}

fn parse(args: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted {
        seed: 1,
        overlays: 20,
        scenarios: 1000,
        only: String::new(),
        show: 40,
    };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{flag} needs a value"))?;
        let number = || {
            value
                .parse::<u64>()
                .with_context(|| format!("{flag} {value}"))
        };
        match flag.as_str() {
            "--seed" => wanted.seed = number()?,
            "--overlays" => wanted.overlays = number()?,
            "--scenarios" => wanted.scenarios = number()?,
            "--show" => wanted.show = usize::try_from(number()?)?,
            "--only" => wanted.only.clone_from(value),
            other => bail!("unknown flag {other}"),
        }
    }
    Ok(wanted)
}

/// Both oracles, a folder to work in, and what was found so far.
struct Bench<'w> {
    wanted: &'w Wanted,
    oracles: [Oracle; 2],
    work: PathBuf,
    report: Report,
}

impl<'w> Bench<'w> {
    fn new(wanted: &'w Wanted) -> Result<Self> {
        let oracles = [Oracle::start(Helm::Four)?, Oracle::start(Helm::Three)?];
        let work = std::env::temp_dir().join(format!("windlass-oracle-{}", std::process::id()));
        std::fs::create_dir_all(&work)?;
        // Values files are named as the oracles name theirs, relative to here.
        std::env::set_current_dir(&work)?;
        Ok(Self {
            wanted,
            oracles,
            work,
            report: Report::default(),
        })
    }

    fn sets(&self) -> Result<Vec<sets::Chart>> {
        let mut charts = sets::helms_own()?;
        charts.extend(sets::created(&self.work)?);
        charts.extend(sets::corpus(&self.work)?);
        let only = self.wanted.only.as_str();
        charts.retain(|chart| chart.name.contains(only));
        Ok(charts)
    }

    /// All questions about one chart.
    fn chart(&mut self, chart: &sets::Chart) -> Result<()> {
        let plain = Question::about(&chart.path);
        if chart.flags {
            for question in plain.with_flag_sets() {
                self.ask(chart.set, &chart.name, &question)?;
            }
        } else {
            self.ask(chart.set, &chart.name, &plain)?;
        }
        let count = if chart.flags {
            self.wanted.overlays / 4
        } else {
            self.wanted.overlays
        };
        let Some(space) = overlay::Space::of(&plain, &mut self.oracles[0])? else {
            return Ok(());
        };
        for n in 0..count {
            let mut random = random::Random::new(self.wanted.seed, &chart.name, n);
            let question = space.question(&plain, &mut random);
            self.ask(chart.overlaid, &format!("{} {n}", chart.name), &question)?;
        }
        Ok(())
    }

    fn scenarios(&mut self) -> Result<()> {
        let folder = self.work.join("scenario");
        for n in 0..self.wanted.scenarios {
            let name = format!("scenario {n}");
            if !name.contains(self.wanted.only.as_str()) {
                continue;
            }
            let mut random = random::Random::new(self.wanted.seed, "scenario", n);
            let question = scenario::question(&folder, &mut random);
            self.ask("made-up umbrella charts", &name, &question)?;
        }
        Ok(())
    }

    /// Asks both Helms and us one question.
    fn ask(&mut self, set: &'static str, name: &str, question: &Question) -> Result<()> {
        question.lay_down()?;
        for oracle in &mut self.oracles {
            oracle.send(question)?;
        }
        let ours = [Helm::Four, Helm::Three].map(|helm| ours::render(question, helm));
        for (oracle, ours) in self.oracles.iter_mut().zip(ours) {
            let ours = ours?;
            let helm = oracle.helm;
            let theirs = oracle.receive()?;
            let verdict = compare::judge(&theirs, &ours, || oracle.ask(question))?;
            self.report
                .count(set, helm, &theirs, &verdict, ours.took, name);
            let Verdict::Differ(difference) = verdict else {
                continue;
            };
            if self.report.is_new(helm, &difference) {
                let small = shrink::shrink(question, &difference, oracle)?;
                self.report.example(helm, name, &difference, &small);
            }
        }
        Ok(())
    }
}
