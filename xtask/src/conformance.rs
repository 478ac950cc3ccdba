//! `conformance`: the same commands, run once by Helm and once by Windlass, must leave the same.
//!
//! A scenario (`tests/conformance/scenarios`) is a list of commands over charts. Each side runs it in
//! a namespace of its own. After every command exit status, both outputs, the decoded release records
//! and the live objects are compared. `scenario` reads, `side` runs, `snapshot` looks at the cluster,
//! `mask` is the one list of what may differ, `compare` judges, `faults` proves that it can say no.
//!
//! `cargo xtask conformance [--only NAME] [--core] [--helm 3|4] [--against real|sandbox|self] [--bin
//! PATH] [--cluster DIR | --server 1.34] [--faults] [--show N]`
//!
//! `twin`: the same commands by the same Helm and kubectl, once on a real cluster and once on the
//! sandbox (`tests/conformance/twin`); only what they print is compared. Flags as above.
//!
//! `ours`: what only Windlass has, with what it must print in the scenario (`tests/conformance/ours`).
//! `--write` puts there what it prints.

mod compare;
mod faults;
mod mask;
mod ours;
mod scenario;
mod side;
mod snapshot;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::cluster::Cluster;
use crate::peers;
use crate::sandbox::Sandbox;
use compare::Difference;
use scenario::Scenario;
use side::Side;

/// How many scenarios run at once.
const WORKERS: usize = 2;

/// What our side is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    /// Windlass on the real cluster.
    Real,
    /// Windlass on `windlass sandbox serve`, Helm on the real cluster.
    Sandbox,
    /// Helm once more: what differs then is for `mask`.
    Oneself,
}

struct Options {
    only: Vec<String>,
    core: bool,
    helm: u8,
    against: Against,
    bin: PathBuf,
    cluster: Option<PathBuf>,
    /// The version of an older server.
    server: Option<String>,
    faults: bool,
    /// Whether what is printed goes into the scenarios.
    write: bool,
    show: usize,
}

/// `cargo xtask conformance`: runs the scenarios and prints what differs; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a difference.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = parse(args)?;
    let scenarios = choose(&options, "scenarios")?;
    let (cluster, sandbox) = start(&options)?;
    let real = cluster.kubeconfig();
    if options.faults {
        return faults::run(&options, &real, &scenarios);
    }
    let ours = sandbox.as_ref().map_or(real.clone(), Sandbox::kubeconfig);
    finish(
        &Bench::new(&options, &real, &ours, None)?,
        &scenarios,
        &options,
    )
}

/// `cargo xtask twin`: runs real clients on a real server and on the sandbox.
///
/// # Errors
/// As [`run`].
pub(crate) fn twin(args: &[String]) -> Result<()> {
    let mut options = parse(args)?;
    options.against = Against::Sandbox;
    let scenarios = choose(&options, "twin")?;
    let (cluster, sandbox) = start(&options)?;
    let sandbox = sandbox.context("the sandbox was asked for")?;
    finish(&Bench::twin(&cluster, &sandbox)?, &scenarios, &options)
}

/// `cargo xtask ours`: runs what only Windlass has, and prints what is not as the scenarios say.
///
/// # Errors
/// As [`run`].
pub(crate) fn ours(args: &[String]) -> Result<()> {
    let options = parse(args)?;
    let scenarios = choose(&options, ours::FOLDER)?;
    let parts = match options.against {
        Against::Sandbox => Sandbox::start(&options.bin).map(|it| (None, Some(it))),
        _ => start(&options).map(|(cluster, _)| (Some(cluster), None)),
    };
    let (cluster, sandbox) = parts.map_err(|why| anyhow!("{why:#}"))?;
    let kubeconfig = match (&cluster, &sandbox) {
        (Some(cluster), _) => cluster.kubeconfig(),
        (None, Some(sandbox)) => sandbox.kubeconfig(),
        (None, None) => bail!("no server was asked for"),
    };
    ours::run(&options, kubeconfig, &scenarios)
}

fn finish(bench: &Bench, scenarios: &[Scenario], options: &Options) -> Result<()> {
    let failed = bench.run(scenarios, &|name, outcome| {
        report(name, outcome, options.show);
    });
    println!("{} passed, {failed} failed", scenarios.len() - failed);
    ensure!(failed == 0, "the sides differ");
    Ok(())
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options {
        only: Vec::new(),
        core: false,
        helm: 4,
        against: Against::Real,
        bin: crate::root().join("target/release/windlass"),
        cluster: None,
        server: None,
        faults: false,
        write: false,
        show: 12,
    };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let mut value = || args.next().with_context(|| format!("{flag} needs a value"));
        match flag.as_str() {
            "--only" => options.only.push(value()?.clone()),
            "--core" => options.core = true,
            "--helm" => options.helm = value()?.parse()?,
            "--against" => {
                options.against = match value()?.as_str() {
                    "real" => Against::Real,
                    "sandbox" => Against::Sandbox,
                    "self" => Against::Oneself,
                    other => bail!("--against {other}: real, sandbox or self"),
                }
            }
            "--bin" => options.bin = value()?.into(),
            "--server" => options.server = Some(value()?.clone()),
            "--cluster" => options.cluster = Some(value()?.into()),
            "--faults" => options.faults = true,
            "--write" => options.write = true,
            "--show" => options.show = value()?.parse()?,
            other => bail!("unknown flag {other}"),
        }
    }
    ensure!(matches!(options.helm, 3 | 4), "--helm 3 or --helm 4");
    Ok(options)
}

fn choose(options: &Options, folder: &str) -> Result<Vec<Scenario>> {
    let mut scenarios = scenario::all(folder)?;
    if options.helm == 3 {
        scenarios = scenarios.into_iter().map(Scenario::in_helm3).collect();
    }
    scenarios.retain(|scenario| {
        let wanted = |part: &String| scenario.name.contains(part.as_str());
        (options.only.is_empty() || options.only.iter().any(wanted))
            && (!options.core || scenario.core)
            && (!scenario.real || options.against != Against::Sandbox)
            && scenario.helm.is_none_or(|helm| helm == options.helm)
    });
    ensure!(!scenarios.is_empty(), "no scenario of that name");
    let mut steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
    ensure!(
        folder == ours::FOLDER || steps.all(|step| step.prints.is_empty()),
        "what is printed is Helm's to say in {folder}"
    );
    Ok(scenarios)
}

/// What the options ask for; a missing part is told as SKIPPED.
fn start(options: &Options) -> Result<(Cluster, Option<Sandbox>)> {
    let parts = || {
        let cluster = match &options.cluster {
            Some(folder) => Cluster::running(folder)?.context("no cluster runs there")?,
            None => Cluster::start_of(options.server.as_deref())?,
        };
        let sandbox = (options.against == Against::Sandbox)
            .then(|| Sandbox::start(&options.bin))
            .transpose()?;
        Ok((cluster, sandbox))
    };
    parts().map_err(|why: anyhow::Error| anyhow!("SKIPPED: {why:#}"))
}

/// Both sides.
struct Bench {
    helm: Side,
    ours: Side,
    /// Whether the cluster is looked at after each step.
    looks: bool,
}

impl Bench {
    fn new(options: &Options, real: &Path, ours: &Path, fault: Option<&str>) -> Result<Self> {
        let (label, part) = match options.helm {
            3 => (side::UNCHECKED, "helm3"),
            _ => (side::CHECKED, "helm4"),
        };
        let peer = peers::path(part)?;
        let program = match options.against {
            Against::Oneself => peer.clone(),
            _ => options.bin.clone(),
        };
        ensure!(program.is_file(), "{} is not there", program.display());
        let mut ours = Side::new("ours", &program, ours.to_owned())?;
        ours.set("WINDLASS_COMPAT", &format!("helm{}", options.helm));
        if let Some(fault) = fault {
            ours.set("WINDLASS_FAULT", fault);
        }
        Ok(Self {
            helm: Side::new(label, &peer, real.to_owned())?,
            ours,
            looks: true,
        })
    }

    fn twin(cluster: &Cluster, sandbox: &Sandbox) -> Result<Self> {
        let helm = peers::path("helm4")?;
        Ok(Self {
            helm: Side::new(side::CHECKED, &helm, cluster.kubeconfig())?,
            ours: Side::new("ours", &helm, sandbox.kubeconfig())?,
            looks: false,
        })
    }

    /// Runs the scenarios, those that need the cluster for themselves last; how many differ.
    fn run(
        &self,
        scenarios: &[Scenario],
        tell: &(dyn Fn(&str, &Result<Vec<Difference>>) + Sync),
    ) -> usize {
        let (alone, together): (Vec<&Scenario>, Vec<&Scenario>) =
            scenarios.iter().partition(|scenario| scenario.alone);
        let failed = AtomicUsize::new(0);
        let telling = Mutex::new(());
        let work = |scenario: &Scenario| {
            let outcome = self.differences(scenario);
            if !matches!(&outcome, Ok(differences) if differences.is_empty()) {
                failed.fetch_add(1, Ordering::Relaxed);
            }
            let _guard = telling.lock();
            tell(&scenario.name, &outcome);
        };
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while let Some(scenario) = together.get(next.fetch_add(1, Ordering::Relaxed)) {
                        work(scenario);
                    }
                });
            }
        });
        alone.into_iter().for_each(work);
        failed.into_inner()
    }

    fn differences(&self, scenario: &Scenario) -> Result<Vec<Difference>> {
        let wanted = self.helm.run(scenario, self.looks).context("Helm's side")?;
        let got = self.ours.run(scenario, self.looks).context("our side")?;
        Ok(compare::compare(&wanted, &got))
    }
}

fn report(name: &str, outcome: &Result<Vec<Difference>>, show: usize) {
    match outcome {
        Ok(differences) if differences.is_empty() => println!("same    {name}"),
        Ok(differences) => {
            println!("DIFFERS {name}: {} places", differences.len());
            for difference in differences.iter().take(show) {
                println!("{difference}");
            }
        }
        Err(why) => println!("BROKEN  {name}: {why:#}"),
    }
}

/// Where scenarios and their charts lie.
fn folder() -> PathBuf {
    crate::root().join("tests/conformance")
}

/// Makes a folder anew.
fn fresh(folder: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())
}
