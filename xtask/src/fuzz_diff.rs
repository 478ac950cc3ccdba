//! `fuzz-diff`: made-up questions to both Helms' own functions and to ours, compared byte for byte.
//!
//! Where `oracle` asks about whole charts, this asks about pieces, by the hundred thousand. A
//! [`family::Family`] makes questions of one sort from a seed, in the protocol of tools/oracle, and
//! knows our own answer; `worker` asks, `shrink` makes a difference small, `report` counts and
//! tells. The families are the modules below and `FAMILIES` lists them. See docs/fuzzing.md.
//!
//! `cargo xtask-fast fuzz-diff [--family F[,F]] [--seed N] [--cases N] [--compat helm3|helm4|both] [--case I] [--show N]`,
//! or `--matrix` for what the families' cases cover, or `--record FILE` for what `recorded` tests.

mod answer;
mod data;
mod exec;
mod family;
mod recorded;
mod report;
mod shrink;
mod worker;

mod aliasing;
mod charts;
mod control;
mod dates;
mod functions;
mod ignore;
mod manifests;
mod printf;
mod regex;
mod schema;
mod set;
mod trees;
mod versions;
mod whole;
mod words;
mod yaml;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::oracle::pipe::Helm;
use crate::oracle::random::Random;
use family::Family;
use report::Report;

/// All families.
const FAMILIES: &[Family] = &[
    functions::FAMILY,
    printf::FAMILY,
    control::FAMILY,
    aliasing::FAMILY,
    regex::FAMILY,
    dates::FAMILY,
    yaml::FAMILY,
    set::FAMILY,
    trees::FAMILY,
    versions::FAMILY,
    manifests::FAMILY,
    schema::FAMILY,
    ignore::FAMILY,
    charts::FAMILY,
];

/// What the command line asked for.
struct Wanted {
    families: Vec<&'static Family>,
    seed: u64,
    cases: u64,
    helms: Vec<Helm>,
    case: Option<u64>,
    show: usize,
    matrix: bool,
    record: Option<PathBuf>,
}

/// Runs the families and prints the tables; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a difference.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let wanted = parse(args)?;
    for helm in &wanted.helms {
        if let Err(why) = crate::oracle::pipe::Pipe::start(*helm) {
            bail!("SKIPPED: {why:#}");
        }
    }
    if let Some(case) = wanted.case {
        return one(&wanted, case);
    }
    if let Some(file) = &wanted.record {
        return recorded::record(&wanted.families, wanted.seed, wanted.cases, file);
    }
    println!("seed {}, {} cases a family", wanted.seed, wanted.cases);
    let (mut table, mut passed, mut failed) = (String::new(), 0, 0);
    for family in &wanted.families {
        let report = worker::run(
            family,
            wanted.seed,
            wanted.cases.div_ceil(family.weight),
            &wanted.helms,
        )?;
        report.print(family, wanted.show);
        if wanted.matrix {
            report.print_matrix();
        }
        table += &report.rows(family);
        passed += report.agreed();
        failed += report.differing();
    }
    println!("\n{}\n{table}", Report::HEAD);
    println!("{passed} passed, {failed} failed");
    anyhow::ensure!(failed == 0, "{failed} cases differ");
    Ok(())
}

/// Repeats one case and shows all there is to see.
fn one(wanted: &Wanted, case: u64) -> Result<()> {
    let mut failed = 0;
    for family in &wanted.families {
        let mut random = Random::new(wanted.seed, family.name, case);
        let question = (family.generate)(&mut random, case);
        println!("{}", serde_json::to_string_pretty(&question.asked)?);
        for helm in &wanted.helms {
            failed += usize::from(!worker::tell(family, &question, *helm)?);
        }
    }
    anyhow::ensure!(failed == 0, "{failed} cases differ");
    Ok(())
}

fn parse(args: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted {
        families: FAMILIES.iter().collect(),
        seed: 1,
        cases: 2000,
        helms: vec![Helm::Four, Helm::Three],
        case: None,
        show: 20,
        matrix: false,
        record: None,
    };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        if flag == "--matrix" {
            wanted.matrix = true;
            continue;
        }
        let value = args
            .next()
            .with_context(|| format!("{flag} needs a value"))?;
        let number = || {
            value
                .parse::<u64>()
                .with_context(|| format!("{flag} {value}"))
        };
        match flag.as_str() {
            "--family" => wanted.families = families(value)?,
            "--seed" => wanted.seed = number()?,
            "--cases" => wanted.cases = number()?,
            "--case" => wanted.case = Some(number()?),
            "--show" => wanted.show = usize::try_from(number()?)?,
            "--record" => wanted.record = Some(value.into()),
            "--compat" => wanted.helms = helms(value)?,
            other => bail!("unknown flag {other}"),
        }
    }
    Ok(wanted)
}

fn families(names: &str) -> Result<Vec<&'static Family>> {
    let find = |name| FAMILIES.iter().find(|f| f.name == name);
    let known = || {
        FAMILIES
            .iter()
            .map(|f| f.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    names
        .split(',')
        .map(|name| {
            find(name).with_context(|| format!("no family {name:?}; there are {}", known()))
        })
        .collect()
}

fn helms(name: &str) -> Result<Vec<Helm>> {
    match name {
        "helm3" => Ok(vec![Helm::Three]),
        "helm4" => Ok(vec![Helm::Four]),
        "both" => Ok(vec![Helm::Four, Helm::Three]),
        other => bail!("--compat {other}: helm3, helm4 or both"),
    }
}
