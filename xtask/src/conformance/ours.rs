//! What only Windlass has, so that there is no Helm to compare with: scenarios that say themselves what
//! each command prints. They are the same for the real server and for the sandbox.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::compare::Difference;
use super::scenario::{PRINTED, Scenario, file_name, is_command};
use super::side::{CHECKED, Evidence, Side};
use super::{Options, report};

/// The folder of these scenarios.
pub(super) const FOLDER: &str = "ours";

/// Runs them one by one; the last line is `N passed, N failed`.
pub(super) fn run(options: &Options, kubeconfig: PathBuf, scenarios: &[Scenario]) -> Result<()> {
    let mut side = Side::new(CHECKED, &options.bin, kubeconfig)?;
    side.set("WINDLASS_COMPAT", &format!("helm{}", options.helm));
    let mut failed = 0;
    for scenario in scenarios {
        let ran = side.run(scenario, false);
        if options.write {
            write(scenario, ran.as_ref().map_or(&[], Vec::as_slice))?;
        }
        let outcome = ran.map(|evidence| differences(scenario, &evidence));
        failed += usize::from(!matches!(&outcome, Ok(found) if found.is_empty()));
        report(&scenario.name, &outcome, options.show);
    }
    println!("{} passed, {failed} failed", scenarios.len() - failed);
    ensure!(failed == 0, "it does not do as the scenarios say");
    Ok(())
}

fn differences(scenario: &Scenario, evidence: &[Evidence]) -> Vec<Difference> {
    let steps = scenario.steps.iter().zip(evidence);
    steps
        .filter_map(|(step, got)| Difference::in_print(&step.line, &step.prints, &printed(got)))
        .collect()
}

/// Standard output, then standard error; blanks at the ends of lines do not count.
fn printed(evidence: &Evidence) -> String {
    let parts = [&evidence.stdout, &evidence.stderr];
    let lines = parts.into_iter().flat_map(|part| part.lines());
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Puts what was printed below the commands of the file.
fn write(scenario: &Scenario, evidence: &[Evidence]) -> Result<()> {
    let path = super::folder()
        .join(FOLDER)
        .join(format!("{}.txt", scenario.name));
    let prints: Vec<String> = evidence.iter().map(printed).collect();
    fs::write(&path, with_prints(&fs::read_to_string(&path)?, &prints))?;
    Ok(())
}

/// A scenario's text with what its commands print.
fn with_prints(text: &str, prints: &[String]) -> String {
    let mut prints = prints.iter();
    let mut written = String::new();
    let mut in_files = false;
    for line in text.lines() {
        in_files = in_files || file_name(line).is_some();
        if !in_files && line.starts_with(PRINTED) {
            continue;
        }
        written.push_str(line);
        written.push('\n');
        if !in_files && is_command(line) {
            for printed in prints.next().map_or("", String::as_str).lines() {
                let line = format!("{PRINTED} {printed}");
                written.push_str(line.trim_end());
                written.push('\n');
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_put_below_commands_and_nothing_else_changes() {
        let text = "# a\nx\n| old\n\n! y\n-- f --\n| kept\nz\n";
        let prints = ["new\n\n  lines\n".to_owned(), "more\n".to_owned()];
        let wanted = "# a\nx\n| new\n|\n|   lines\n\n! y\n| more\n-- f --\n| kept\nz\n";
        assert_eq!(with_prints(text, &prints), wanted);
    }
}
