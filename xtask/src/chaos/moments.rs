//! `moments`: commands end at random instants, not only between requests.
//!
//! SIGKILL: afterwards the same command or `recover` sets all right. SIGTERM and SIGINT: the command ends
//! by itself and soon, says so by its exit status, and leaves nothing under way; an uninstall may say
//! that it was uninstalling. Then the next command sets all right as well.
//!
//! `cargo xtask moments [--runs N] …`: N for each of {install, upgrade, rollback, uninstall} and kind of
//! end, half with hooks.

use std::collections::BTreeMap;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::acts::Row;
use super::bench::{Bench, Room, errors};
use super::kills::set_right;
use super::options::Options;
use super::tally::Tally;
use crate::oracle::random::Random;

/// Runs for each command that is killed; a third of that for each that is asked to end.
const RUNS: usize = 100;

/// How long a command that is asked to end may take: a server that answers was never slower.
const PATIENCE: Duration = Duration::from_secs(20);

const SIGNALS: [&str; 3] = ["KILL", "TERM", "INT"];

struct Case {
    row: Row,
    signal: &'static str,
    number: usize,
}

impl Case {
    fn name(&self) -> String {
        let signal = self.signal.to_lowercase();
        format!("{}-{signal}-{}", self.row.name(), self.number)
    }
}

/// Runs all; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or an instant after which something does not hold.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let bench = Bench::new(&options)?;
    println!("seed {}", options.seed);
    let rows = Row::all(&[false, true], &options.only);
    let mut cases = Vec::new();
    for &row in &rows {
        // Four rows for each command: two charts, and what comes next.
        let runs = options.runs.unwrap_or(RUNS).div_ceil(4);
        for signal in SIGNALS {
            let runs = if signal == "KILL" {
                runs
            } else {
                runs.div_ceil(3)
            };
            cases.extend((0..runs).map(|number| Case {
                row,
                signal,
                number,
            }));
        }
    }
    let mut spans = BTreeMap::new();
    for &row in &rows {
        spans.insert(row.name(), span(&bench, row)?);
    }
    let tally = Tally::of(&cases, Case::name, |case| {
        one(&bench, case, spans[&case.row.name()], options.seed)
    });
    tally.tell("an end at some instant left something behind")
}

fn one(bench: &Bench, case: &Case, span: Duration, seed: u64) -> Result<String> {
    let row = case.row;
    let name = case.name();
    let mut random = Random::new(seed, &name, 0);
    let room = prepared(bench, row, &name)?;
    let instant = span.mul_f64(1.2) * u32::try_from(random.below(1000))? / 1000;
    let mut child = room.windlass(&row.say(row.act.harmed)).spawn()?;
    super::let_pass(instant);
    send(&child, case.signal)?;
    let ended = within(&mut child, PATIENCE)?;
    let output = child.wait_with_output()?;
    ensure!(ended, "{} {instant:?}: it did not end", case.signal);
    let told = || format!("{} after {instant:?}", case.signal);
    let outcome = judge(&room, case, &output).with_context(told)?;
    set_right(&room, row).with_context(told)?;
    room.leave()?;
    let (act, signal) = (row.act.name, case.signal);
    Ok(format!("{act:9} {signal:4} {outcome}"))
}

/// A room in which all is as it is before the command of a row.
fn prepared<'a>(bench: &'a Bench, row: Row, name: &str) -> Result<Room<'a>> {
    let room = Room::new(bench, name)?;
    for words in row.act.before {
        room.well(&row.say(words))?;
    }
    Ok(room)
}

/// How long the command of a row takes where nobody ends it.
fn span(bench: &Bench, row: Row) -> Result<Duration> {
    let room = prepared(bench, row, &format!("{}-whole", row.name()))?;
    let start = Instant::now();
    room.well(&row.say(row.act.harmed))?;
    let span = start.elapsed();
    room.leave()?;
    Ok(span)
}

fn send(child: &Child, signal: &str) -> Result<()> {
    // Until it is waited for, nobody else gets its id.
    let id = child.id().to_string();
    Command::new("kill")
        .args([&format!("-{signal}"), &id])
        .output()?;
    Ok(())
}

/// Whether a process ends in time; one that does not is killed.
fn within(child: &mut Child, time: Duration) -> Result<bool> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > time {
            child.kill()?;
            return Ok(false);
        }
        super::let_pass(Duration::from_millis(5));
    }
    Ok(true)
}

/// What a command says of its end, and whether that is true.
fn judge(room: &Room<'_>, case: &Case, output: &Output) -> Result<&'static str> {
    if output.status.success() {
        room.look()?.holds(case.row.chart.setting)?;
        return Ok("had come to its end");
    }
    if case.signal == "KILL" {
        ensure!(
            output.status.code().is_none(),
            "it was not killed but failed: {}",
            errors(output)
        );
        return Ok("killed");
    }
    if output.status.code().is_none() {
        // Before it listens for signals it has done nothing either.
        let found = room.look()?;
        ensure!(found.is_quiet(), "it died of the signal in the middle");
        return Ok("ended before it had begun");
    }
    let found = room.look()?;
    let records = &found.records;
    let uninstalling = case.row.act.name == "uninstall" && records.last == "uninstalling";
    ensure!(
        uninstalling || records.under_way.is_empty(),
        "it left {:?}: {}",
        records.under_way,
        errors(output)
    );
    ensure!(records.beside.is_empty(), "it left {:?}", records.beside);
    ensure!(!errors(output).is_empty(), "it ended without a word");
    Ok("ended in order")
}
