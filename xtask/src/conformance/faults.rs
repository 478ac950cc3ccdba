//! The suite on trial: with a fault in the engine, it must find a difference.
//!
//! A test build of the binary (`--features faults`) reads `WINDLASS_FAULT`. Each fault runs over the
//! scenarios of its part; one that no scenario notices is a hole in the suite. What differs without a
//! fault too proves nothing and does not count.

use std::path::Path;

use anyhow::{Result, ensure};

use super::scenario::Scenario;
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

/// Prints a line a fault; the last line is `N passed, N failed`.
pub(super) fn run(options: &Options, kubeconfig: &Path, scenarios: &[Scenario]) -> Result<()> {
    let mut missed = 0;
    let sound = Bench::new(options, kubeconfig, kubeconfig, None)?;
    for (fault, part) in FAULTS {
        let bench = Bench::new(options, kubeconfig, kubeconfig, Some(fault))?;
        let mut noticed = None;
        for scenario in scenarios.iter().filter(|s| s.name.contains(part)) {
            let anyway = sound.differences(scenario)?;
            let mut with = bench.differences(scenario)?;
            with.retain(|difference| !anyway.contains(difference));
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
