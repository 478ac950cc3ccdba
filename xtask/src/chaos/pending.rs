//! `pending`: releases that Helm itself left in the middle.
//!
//! Helm 4 is killed at random instants of {install, upgrade, rollback}. Where that leaves a revision
//! pending, our next command says which one, since when, that nobody is named, and `recover` as the
//! remedy; then `--auto-recover` on the same command, or `recover` alone, sets all right.
//!
//! `cargo xtask pending [--runs N] …`: N runs in all.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::acts::{Case, Row};
use super::bench::{Bench, Room, errors};
use super::options::Options;
use super::tally::Tally;
use crate::oracle::random::Random;
use crate::peers;

const RUNS: usize = 36;

/// Runs all; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a release that is not mended.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let bench = Bench::new(&options)?;
    println!("seed {}", options.seed);
    let mut rows = Row::all(&[false, true], &options.only);
    // Helm has no record of an uninstall that is under way but one that it takes up again itself.
    rows.retain(|row| row.act.name != "uninstall");
    let mut spans = BTreeMap::new();
    for &row in &rows {
        spans.insert(row.name(), span(&bench, row)?);
    }
    let runs = options.runs.unwrap_or(RUNS).div_ceil(rows.len().max(1));
    let mut cases = Vec::new();
    for &row in &rows {
        cases.extend((0..runs).map(|number| Case { row, number }));
    }
    let tally = Tally::of(&cases, Case::name, |case| {
        one(&bench, case, spans[&case.row.name()], options.seed)
    });
    tally.tell("what Helm left was not mended")
}

/// A room with a release of Helm's, as it is before the command of a row.
fn prepared<'a>(bench: &'a Bench, row: Row, name: &str) -> Result<Room<'a>> {
    let room = Room::new(bench, name)?;
    let helm = peers::path("helm4")?;
    for words in row.act.before {
        let output = room.helm(&helm, &row.say(words)).output()?;
        ensure!(output.status.success(), "Helm: {}", errors(&output));
    }
    Ok(room)
}

/// How long Helm's command takes where nobody ends it.
fn span(bench: &Bench, row: Row) -> Result<Duration> {
    let room = prepared(bench, row, &format!("{}-whole", row.name()))?;
    let start = Instant::now();
    let helm = peers::path("helm4")?;
    let output = room.helm(&helm, &row.say(row.act.harmed)).output()?;
    ensure!(output.status.success(), "Helm: {}", errors(&output));
    let span = start.elapsed();
    room.leave()?;
    Ok(span)
}

fn one(bench: &Bench, case: &Case, span: Duration, seed: u64) -> Result<String> {
    let row = case.row;
    let name = case.name();
    let mut random = Random::new(seed, &name, 0);
    let room = prepared(bench, row, &name)?;
    let instant = span * u32::try_from(100 + random.below(900))? / 1000;
    let helm = peers::path("helm4")?;
    let mut child = room.helm(&helm, &row.say(row.act.harmed)).spawn()?;
    super::let_pass(instant);
    child.kill()?;
    child.wait_with_output()?;
    let told = || format!("Helm killed after {instant:?}");
    let outcome = mend(&room, row).with_context(told)?;
    room.look()?.holds(row.chart.setting).with_context(told)?;
    room.leave()?;
    Ok(format!("{:9} {outcome}", row.act.name))
}

/// Brings the release to a good end; what it was like.
fn mend(room: &Room<'_>, row: Row) -> Result<&'static str> {
    let found = room.look()?;
    let next = row.say(row.act.next);
    if !found.records.last.starts_with("pending") {
        room.well(&next)?;
        return Ok("was not under way");
    }
    let refused = match row.act.name {
        // Rolling back is Helm's own remedy, so that it goes ahead.
        "rollback" => "upgrade web CHART CHANGE",
        _ => row.act.next,
    };
    explained(room, &row.say(refused), &found.records.last)?;
    match row.recovers {
        true => room.well("recover web")?,
        false => room.well(&format!("{next} --auto-recover"))?,
    };
    let found = room.look()?;
    ensure!(!found.is_gone(), "no deployed revision");
    Ok(match row.recovers {
        true => "was pending, mended by recover",
        false => "was pending, mended by --auto-recover",
    })
}

/// Whether a command that finds the release pending says what there is to know.
fn explained(room: &Room<'_>, words: &str, status: &str) -> Result<()> {
    let output = room.windlass(words).arg("--explain").output()?;
    ensure!(
        !output.status.success(),
        "`{words}` went over a pending release"
    );
    let said = errors(&output);
    let year = "since 20";
    for part in [
        "another operation (install/upgrade/rollback) is in progress",
        status,
        year,
        "does not say who",
        "windlass recover web",
        "--auto-recover",
    ] {
        ensure!(said.contains(part), "{part:?} is not in: {said}");
    }
    Ok(())
}
