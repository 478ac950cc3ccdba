//! `kills`: a command that is killed anywhere leaves nothing that the next one cannot set right.
//!
//! Windlass, built with the feature `faults`, dies right before a request is sent or right after its
//! answer came, at every request of {install, upgrade, rollback, uninstall} with and without hooks. Then
//! either the same command runs again or `recover` does, and the [invariants](super::invariants) hold.
//!
//! `cargo xtask kills [--bin BUILD] [--against sandbox|real] [--only PART] [--sample N] [--seed N]`

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};

use super::acts::Row;
use super::bench::{Bench, Room, errors, text};
use super::options::Options;
use crate::oracle::random::Random;

const WORKERS: usize = 2;

/// A command that has this many requests has no end.
const MOST_REQUESTS: usize = 400;

/// Runs the matrix; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a point after which something does not hold.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let bench = Bench::new(&options)?;
    let rows = Row::all(&[false, true], &options.only);
    let (passed, failed) = match options.runs {
        None => all(&bench, &rows),
        Some(count) => some(&bench, &rows, count, options.seed),
    };
    println!("{passed} passed, {failed} failed");
    ensure!(failed == 0, "a killed command left something behind");
    Ok(())
}

/// Every point of every row, two rows at a time.
fn all(bench: &Bench, rows: &[Row]) -> (usize, usize) {
    let (next, passed, failed) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    let telling = Mutex::new(());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (good, bad) = points(bench, *row);
                    let _guard = telling.lock();
                    println!("{:24} {} points", row.name(), good + bad.len());
                    for line in &bad {
                        println!("  FAILED {line}");
                    }
                    passed.fetch_add(good, Ordering::Relaxed);
                    failed.fetch_add(bad.len(), Ordering::Relaxed);
                }
            });
        }
    });
    (passed.into_inner(), failed.into_inner())
}

fn points(bench: &Bench, row: Row) -> (usize, Vec<String>) {
    let (mut good, mut bad) = (0, Vec::new());
    for moment in ["before", "after"] {
        for number in 1..MOST_REQUESTS {
            match point(bench, row, moment, number) {
                Ok(true) => good += 1,
                Ok(false) => break,
                Err(why) => bad.push(format!("{} {moment}:{number}: {why:#}", row.name())),
            }
        }
    }
    (good, bad)
}

/// So many points, chosen by a seed.
fn some(bench: &Bench, rows: &[Row], count: usize, seed: u64) -> (usize, usize) {
    println!("seed {seed}");
    let (mut passed, mut failed) = (0, 0);
    let mut random = Random::new(seed, "kills", 0);
    let mut drawn = BTreeSet::new();
    while passed + failed < count {
        let row = rows[random.below(rows.len())];
        let moment = random.pick(&["before", "after"]);
        let number = 1 + random.below(60);
        if !drawn.insert((row.name(), moment, number)) {
            continue;
        }
        match point(bench, row, moment, number) {
            Ok(true) => passed += 1,
            Ok(false) => {}
            Err(why) => {
                failed += 1;
                println!("FAILED {} {moment}:{number}: {why:#}", row.name());
            }
        }
    }
    (passed, failed)
}

/// One point; `false` if the command has fewer requests.
fn point(bench: &Bench, row: Row, moment: &str, number: usize) -> Result<bool> {
    let room = Room::new(bench, &format!("{}-{moment}-{number}", row.name()))?;
    for words in row.act.before {
        room.well(&row.say(words))?;
    }
    let mut harmed = room.windlass(&row.say(row.act.harmed));
    let killed = harmed
        .env("WINDLASS_KILL", format!("{moment}:{number}"))
        .output()?;
    if killed.status.success() {
        room.leave()?;
        return Ok(false);
    }
    ensure!(
        killed.status.code().is_none(),
        "it was not killed but failed: {}",
        errors(&killed)
    );
    set_right(&room, row)?;
    room.leave()?;
    Ok(true)
}

/// Runs what comes after a command that did not come to its end, and judges what is left.
pub(super) fn set_right(room: &Room<'_>, row: Row) -> Result<()> {
    let next = row.next();
    let output = room.windlass(&next).output()?;
    // Where the first command had done nothing yet, or all, there is nothing to recover.
    let nothing = row.recovers && errors(&output).contains("not found");
    ensure!(
        output.status.success() || nothing,
        "`{next}` fails: {}",
        errors(&output)
    );
    check(room, row).with_context(|| format!("after `{next}`: {}", text(&output.stdout).trim()))
}

fn check(room: &Room<'_>, row: Row) -> Result<()> {
    let found = room.look()?;
    found.holds(row.chart.setting)?;
    // Where an uninstall was killed before it began, there is nothing to recover from.
    let may_be_gone = row.act.name == "uninstall" || found.records.count == 0;
    ensure!(
        !may_be_gone || row.recovers || found.records.count == 0,
        "records of what is uninstalled are left"
    );
    ensure!(may_be_gone || !found.is_gone(), "no deployed revision");
    let asked = match row.act.name {
        "upgrade" => ["blue", "two"],
        _ => ["green", "one"],
    };
    ensure!(
        found.is_gone() || row.recovers || found.shows(asked),
        "not what was asked for"
    );
    Ok(())
}
