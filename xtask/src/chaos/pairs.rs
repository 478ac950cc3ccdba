//! `pairs`: two commands on one release at once.
//!
//! Every ordered pair of {install, upgrade, upgrade --install, rollback, uninstall}, the second begun a
//! moment after the first, on a release that is there (two revisions) and on one that is not. Whatever
//! the order in which they come to act, afterwards the [invariants](super::invariants) hold, as if one had
//! run after the other or only one at all; one of them has succeeded, or each says what was in its way;
//! and neither took the other for dead.
//!
//! `cargo xtask pairs [--runs N] …`: N rounds of all pairs.

use std::process::{Child, Output};
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use super::acts::CHARTS;
use super::bench::{Bench, Room, errors};
use super::options::Options;
use super::tally::Tally;
use crate::oracle::random::Random;

/// Rounds of all pairs.
const ROUNDS: usize = 3;

/// The most that lies between the two begins: about as long as a command takes.
const LATEST: usize = 300;

/// What a command says that came too late, too early, or in the way of another.
const REASONS: [&str; 7] = [
    "another operation (install/upgrade/rollback) is in progress",
    "cannot reuse a name that is still in use",
    "already exists",
    "has no deployed releases",
    "not found",
    "already deleted",
    "release has no 1 version",
];

/// A command and what the colour is after it, if it was the last to act: none after an uninstall.
const ACTS: [(&str, &str); 5] = [
    ("install", "install web CHART"),
    ("upgrade", "upgrade web CHART CHANGE"),
    ("upgrade-install", "upgrade --install web CHART CHANGE"),
    ("rollback", "rollback web 1"),
    ("uninstall", "uninstall web"),
];

/// How far a release is before.
const STATES: [&str; 2] = ["there", "new"];

struct Case {
    first: (&'static str, &'static str),
    second: (&'static str, &'static str),
    state: &'static str,
    round: usize,
}

impl Case {
    fn name(&self) -> String {
        let (first, second) = (self.first.0, self.second.0);
        format!("{first}-and-{second}-{}-{}", self.state, self.round)
    }
}

/// Runs all; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing part (after saying `SKIPPED`), or a pair after which something does not hold.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let bench = Bench::new(&options)?;
    println!("seed {}", options.seed);
    let mut cases = Vec::new();
    for round in 0..options.runs.unwrap_or(ROUNDS) {
        for first in ACTS {
            for second in ACTS {
                cases.extend(STATES.map(|state| Case {
                    first,
                    second,
                    state,
                    round,
                }));
            }
        }
    }
    let only = &options.only;
    cases.retain(|case| only.is_empty() || only.iter().any(|part| case.name().contains(part)));
    let tally = Tally::of(&cases, Case::name, |case| one(&bench, case, options.seed));
    tally.tell("two commands at once did harm")
}

fn one(bench: &Bench, case: &Case, seed: u64) -> Result<String> {
    let name = case.name();
    let mut random = Random::new(seed, &name, 0);
    let chart = CHARTS[case.round % CHARTS.len()];
    let say = |words: &str| {
        words
            .replace("CHART", chart.words)
            .replace("CHANGE", chart.change)
    };
    let room = Room::new(bench, &name)?;
    if case.state == "there" {
        room.well(&say("install web CHART"))?;
        room.well(&say("upgrade web CHART CHANGE"))?;
    }
    let offset = random.below(LATEST) * random.below(2);
    let first = room.windlass(&say(case.first.1)).spawn()?;
    super::let_pass(Duration::from_millis(u64::try_from(offset)?));
    let second = room.windlass(&say(case.second.1)).spawn()?;
    let outcomes = [ended(case.first.0, first)?, ended(case.second.0, second)?];
    let told = || format!("{offset} ms apart; {}", told(case, &outcomes));
    let judged = judge(&room, case, chart.setting, &outcomes);
    let outcome = judged.map_err(|why| why.context(told()))?;
    room.leave()?;
    Ok(format!("{:5} {outcome}", case.state))
}

fn ended(name: &str, child: Child) -> Result<Output> {
    let output = child.wait_with_output()?;
    ensure!(output.status.code().is_some(), "{name} died");
    Ok(output)
}

fn told(case: &Case, outcomes: &[Output; 2]) -> String {
    let [first, second] = outcomes
        .each_ref()
        .map(|output| match output.status.success() {
            true => "succeeds".to_owned(),
            false => format!("says `{}`", errors(output)),
        });
    format!("{} {first}, {} {second}", case.first.0, case.second.0)
}

fn judge(
    room: &Room<'_>,
    case: &Case,
    setting: &str,
    outcomes: &[Output; 2],
) -> Result<&'static str> {
    for output in outcomes.iter().filter(|output| !output.status.success()) {
        let said = errors(output);
        ensure!(
            REASONS.iter().any(|reason| said.contains(reason)),
            "that is no reason"
        );
    }
    let found = room.look()?;
    found.holds(setting)?;
    let robbed = |words: &String| words.starts_with("Interrupted:");
    ensure!(
        !found.records.descriptions.iter().any(robbed),
        "a holder that lived was robbed: {:?}",
        found.records.descriptions
    );
    let [first, second] = outcomes.each_ref().map(|output| output.status.success());
    let last = match (first, second) {
        (true, false) => case.first.0,
        (false, true) => case.second.0,
        (true, true) => return Ok("both succeed"),
        (false, false) => {
            let able =
                case.state == "there" && (case.first.0, case.second.0) != ("install", "install");
            ensure!(!able, "neither succeeds");
            return Ok("neither can");
        }
    };
    let is_as_asked = match last {
        "uninstall" => found.is_gone() && found.records.count == 0,
        "upgrade" | "upgrade-install" => found.shows(["blue", "two"]),
        "install" | "rollback" => found.shows(["green", "one"]),
        other => bail!("{other} is no command"),
    };
    ensure!(is_as_asked, "only {last} succeeds, and that is not seen");
    Ok("one succeeds")
}
