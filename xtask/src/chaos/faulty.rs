//! `faulty`: commands on a server that fails in many ways.
//!
//! A [proxy](super::proxy) stands between the command and the server. By a seed it answers 429, 500, 503
//! and 409, breaks connections before and after the server has done what was asked, lets answers wait,
//! tells watches that they missed too much, takes an API group away, or stops knowing the user. A command
//! succeeds all the same, and then the [invariants](super::invariants) hold at once; or it ends by itself with an error that says what
//! is wrong, and the next command without the proxy sets all right.
//!
//! `cargo xtask faulty [--runs N] …`: N runs for each of {install, upgrade, rollback, uninstall} and chart.

use std::fs;
use std::process::Output;

use anyhow::{Context, Result, ensure};

use super::acts::{Case, Row};
use super::bench::{Bench, Room, errors};
use super::kills::set_right;
use super::options::Options;
use super::proxy::{Plan, Proxy};
use super::tally::Tally;

const RUNS: usize = 30;

/// Runs all; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a run after which something does not hold.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let bench = Bench::new(&options)?;
    println!("seed {}", options.seed);
    let mut cases = Vec::new();
    for row in Row::all(&[false], &options.only) {
        let runs = 0..options.runs.unwrap_or(RUNS);
        cases.extend(runs.map(|number| Case { row, number }));
    }
    let tally = Tally::of(&cases, Case::name, |case| one(&bench, case, options.seed));
    tally.tell("a faulty server was too much")
}

fn one(bench: &Bench, case: &Case, seed: u64) -> Result<String> {
    let row = case.row;
    let name = case.name();
    let room = Room::new(bench, &name)?;
    for words in row.act.before {
        room.well(&row.say(words))?;
    }
    let proxy = Proxy::start(bench.api().address(), Plan::new(seed, &name))?;
    let config = room.home().join("faulty");
    fs::write(&config, proxy.kubeconfig())?;
    let wait = match row.act.name {
        "uninstall" => " --timeout 60s",
        _ => " --wait --timeout 60s",
    };
    let output = room
        .windlass(&(row.say(row.act.harmed) + wait))
        .env("KUBECONFIG", &config)
        .output()?;
    let outcome = judge(&room, row, &output)
        .and_then(|what| set_right(&room, row).map(|()| what))
        .with_context(|| format!("{}\n  {}", errors(&output), proxy.faults().join("\n  ")))?;
    room.leave()?;
    let (act, chart) = (row.act.name, row.chart.name);
    Ok(format!("{act:9} {chart:5} {outcome}"))
}

/// Whether a command did what it says, or says what was wrong.
fn judge(room: &Room<'_>, row: Row, output: &Output) -> Result<&'static str> {
    if output.status.success() {
        let mut found = room.look()?;
        // A journal that could not be taken away is for the next command, which comes now.
        found.records.beside.clear();
        found.holds(row.chart.setting)?;
        return Ok("succeeded");
    }
    ensure!(output.status.code().is_some(), "it died");
    let said = errors(output);
    ensure!(
        said.starts_with("Error: ") || said.contains("\nError: "),
        "no error is told"
    );
    Ok("failed, and the next set all right")
}
