//! `kills`: a command that is killed anywhere leaves nothing that the next one cannot set right.
//!
//! Windlass, built with the feature `faults`, dies right before a request is sent or right after its
//! answer came, at every request of {install, upgrade, rollback, uninstall} with and without hooks. Then
//! either the same command runs again or `recover` does, and the [invariants](super::invariants) hold.
//! With `--twice` a command is killed at some request, and what comes next at every one of its own.
//!
//! `cargo xtask kills [--bin BUILD] [--against sandbox|real] [--only PART] [--sample N] [--seed N] [--twice]`

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};

use super::acts::Row;
use super::bench::{Bench, Room, errors, text};
use super::options::Options;
use crate::oracle::random::Random;

const WORKERS: usize = 2;

/// About as many requests as the longest command has, and as most have.
const REQUESTS: usize = 60;
const USUAL_REQUESTS: usize = 26;

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
        None => all(&bench, &rows, &options),
        Some(count) => some(&bench, &rows, count, options.seed),
    };
    println!("{passed} passed, {failed} failed");
    ensure!(failed == 0, "a killed command left something behind");
    Ok(())
}

/// Every point of every row, two rows at a time.
fn all(bench: &Bench, rows: &[Row], options: &Options) -> (usize, usize) {
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
                    let (good, bad) = points(bench, *row, options);
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

fn points(bench: &Bench, row: Row, options: &Options) -> (usize, Vec<String>) {
    let (mut good, mut bad) = (0, Vec::new());
    // What comes next has few requests where the first command had done nothing, or all.
    let patience = if options.twice { 12 } else { 0 };
    for moment in ["before", "after"] {
        let mut ended = 0;
        for number in 1..MOST_REQUESTS {
            let came = match options.twice {
                true => second_point(bench, row, moment, number, options.seed),
                false => point(bench, row, moment, number),
            };
            match came {
                Ok(true) => {
                    good += 1;
                    ended = 0;
                }
                Ok(false) if ended == patience => break,
                Ok(false) => ended += 1,
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
        let number = 1 + random.below(REQUESTS);
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
    let room = prepared(bench, row, moment, number)?;
    let was_killed = killed(&room, &row.say(row.act.harmed), moment, number)?;
    if was_killed {
        set_right(&room, row)?;
    }
    room.leave()?;
    Ok(was_killed)
}

/// One point of what comes after a command that was killed at some request.
fn second_point(bench: &Bench, row: Row, moment: &str, number: usize, seed: u64) -> Result<bool> {
    let room = prepared(bench, row, moment, number)?;
    let mut random = Random::new(seed, &row.name(), u64::try_from(number)?);
    let (first, at) = (
        random.pick(&["before", "after"]),
        1 + random.below(USUAL_REQUESTS),
    );
    let judge = || -> Result<bool> {
        killed(&room, &row.say(row.act.harmed), first, at)?;
        let was_killed = killed(&room, &row.next(), moment, number)?;
        set_right(&room, row)?;
        Ok(was_killed)
    };
    let was_killed = judge().with_context(|| format!("first killed {first}:{at}"))?;
    room.leave()?;
    Ok(was_killed)
}

fn prepared<'a>(bench: &'a Bench, row: Row, moment: &str, number: usize) -> Result<Room<'a>> {
    let room = Room::new(bench, &format!("{}-{moment}-{number}", row.name()))?;
    for words in row.act.before {
        room.well(&row.say(words))?;
    }
    Ok(room)
}

/// Runs a command that is to be killed; whether it was, or came to its end before.
fn killed(room: &Room<'_>, words: &str, moment: &str, number: usize) -> Result<bool> {
    let mut command = room.windlass(words);
    let output = command
        .env("WINDLASS_KILL", format!("{moment}:{number}"))
        .output()?;
    // There is nothing to recover where the first command had done nothing yet, or all.
    let nothing = words.starts_with("recover") && errors(&output).contains("not found");
    if output.status.success() || nothing {
        return Ok(false);
    }
    ensure!(
        output.status.code().is_none(),
        "`{words}` was not killed but failed: {}",
        errors(&output)
    );
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
