//! The suite on trial: with a fault in the engine, it must find a difference.
//!
//! A test build of the binary (`--features faults`) reads `WINDLASS_FAULT`. Each fault runs over the
//! scenarios of its part; one that no scenario notices is a hole in the suite. What differs without a
//! fault too proves nothing and does not count.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use anyhow::{Result, ensure};

use super::compare::{self, Difference};
use super::scenario::Scenario;
use super::side::Evidence;
use super::{Bench, Options};

/// Each fault and the scenarios (by part of name) that are to notice it.
const FAULTS: &[(&str, &str)] = &[
    ("skip-prune", "removed"),
    ("swap-hook-order", "hooks-order"),
    ("wrong-field-manager", "basic-upgrade"),
    ("lost-label", "basic-upgrade"),
    ("no-ownership-annotations", "basic-upgrade"),
    ("wrong-description", "basic-upgrade"),
    ("no-history-limit", "history-max"),
    ("skip-hook-deletion", "hooks-order"),
    ("forget-supersede", "basic-upgrade"),
    ("ignore-keep-policy", "keep"),
    ("ignore-hook-weights", "hooks-weights"),
    ("forget-release-labels", "labels"),
    ("forget-last-manifest", "three-way"),
    ("reuse-nothing", "reuse-values"),
    ("adopt-anything", "ownership"),
];

/// What Helm left of a scenario, and where we differ from it without a fault.
struct Known {
    wanted: Vec<Evidence>,
    anyway: Vec<Difference>,
}

/// Prints a line a fault; the last line is `N passed, N failed`.
pub(super) fn run(options: &Options, kubeconfig: &Path, scenarios: &[Scenario]) -> Result<()> {
    let mut missed = 0;
    let sound = Bench::new(options, kubeconfig, kubeconfig, None)?;
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    for (fault, part) in FAULTS {
        let bench = Bench::new(options, kubeconfig, kubeconfig, Some(fault))?;
        let mut noticed = None;
        for scenario in scenarios.iter().filter(|s| s.name.contains(part)) {
            let known = match known.entry(&scenario.name) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(without(&sound, scenario)?),
            };
            let got = bench.ours.run(scenario, true)?;
            let mut with = compare::compare(&known.wanted, &got);
            with.retain(|difference| !known.anyway.contains(difference));
            if let Some(first) = with.into_iter().next() {
                noticed = Some((scenario.name.clone(), first));
                break;
            }
        }
        match noticed {
            Some((name, first)) => println!("noticed {fault} in {name}:\n{first}"),
            None => {
                missed += 1;
                println!("MISSED  {fault}");
            }
        }
    }
    println!("{} passed, {missed} failed", FAULTS.len() - missed);
    ensure!(missed == 0, "a fault went unnoticed");
    Ok(())
}

fn without(sound: &Bench, scenario: &Scenario) -> Result<Known> {
    let wanted = sound.helm.run(scenario, true)?;
    let got = sound.ours.run(scenario, true)?;
    let anyway = compare::compare(&wanted, &got);
    Ok(Known { wanted, anyway })
}
