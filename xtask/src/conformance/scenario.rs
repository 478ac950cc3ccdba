//! Scenarios: text files of commands, then the files that the commands name.
//!
//! ```text
//! # What must come out the same.
//! #! alone
//! helm install web basic --set a=b
//! ! helm install web basic
//! kubectl get configmap -o name
//! -- values.yaml --
//! replicas: 2
//! ```
//!
//! A command is a line of shell in which `helm` and `kubectl` mean this side's; `$NS` is its
//! namespace. `!` says that Helm 4 must fail, anything else that it must not: a scenario that breaks
//! early compares nothing. Lines `| TEXT` below a command are what it must print, where there is no Helm
//! to compare with (`super::ours`). Helm 3 is told the same with its own flags. The real Helm 3 is there as
//! `helm3` on both sides, for releases that it made. The charts of `tests/conformance/charts` lie in
//! the working folder. Words after `#!`: `alone` needs the cluster for itself, `core` belongs to the
//! quick choice, `helm3` and `helm4` are for that Helm only,
//! `real` is not for the sandbox.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// One command.
pub(super) struct Step {
    pub(super) line: String,
    pub(super) fails: bool,
    /// What it must print: standard output, then standard error.
    pub(super) prints: String,
}

impl Step {
    /// Whether releases or objects may be others afterwards.
    pub(super) fn writes(&self) -> bool {
        let mut words = self.line.split_whitespace();
        let Some(program) = words.find(|word| !word.contains('=')) else {
            return false;
        };
        let reads: &[&str] = match program {
            "helm" | "helm3" => &["list", "get", "status", "history", "template", "version"],
            "kubectl" => &["get", "wait"],
            _ => return false,
        };
        words.next().is_some_and(|verb| !reads.contains(&verb))
    }
}

/// Flags that Helm 4 renamed, with their older names.
const RENAMED: [(&str, &str); 2] = [
    ("--rollback-on-failure", "--atomic"),
    ("--force-replace", "--force"),
];

/// The same command as Helm 3 would be told. We take the flags of both always; Helm 3 has no word for
/// who applies.
fn in_helm3(line: &str) -> String {
    if !line.starts_with("helm ") {
        return line.to_owned();
    }
    let words = line.split(' ').filter_map(|word| {
        if word == "--force-conflicts" || word.starts_with("--server-side") {
            return None;
        }
        let (flag, value) = word.split_at(word.find('=').unwrap_or(word.len()));
        let renamed = RENAMED.iter().find(|(new, _)| *new == flag);
        Some(renamed.map_or_else(|| word.to_owned(), |(_, old)| format!("{old}{value}")))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A parsed scenario.
pub(super) struct Scenario {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
    pub(super) files: Vec<(String, String)>,
    pub(super) alone: bool,
    pub(super) core: bool,
    /// What the sandbox cannot tell in the server's words.
    pub(super) real: bool,
    /// The only Helm that has what it shows.
    pub(super) helm: Option<u8>,
}

impl Scenario {
    /// The scenario for Helm 3.
    pub(super) fn in_helm3(mut self) -> Self {
        for step in &mut self.steps {
            step.line = in_helm3(&step.line);
        }
        self
    }
}

/// All scenarios of a folder of `tests/conformance`, by name.
pub(super) fn all(folder: &str) -> Result<Vec<Scenario>> {
    let mut scenarios = Vec::new();
    for entry in fs::read_dir(super::folder().join(folder))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        scenarios.push(parse(&path, &text).with_context(|| path.display().to_string())?);
    }
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scenarios)
}

/// What a line that a command prints begins with.
pub(super) const PRINTED: char = '|';

/// Whether a line before the files is a command.
pub(super) fn is_command(line: &str) -> bool {
    !line.starts_with(['#', PRINTED]) && !line.trim().is_empty()
}

/// The name of the file that begins with a line.
pub(super) fn file_name(line: &str) -> Option<&str> {
    line.strip_prefix("-- ")?.strip_suffix(" --")
}

fn parse(path: &Path, text: &str) -> Result<Scenario> {
    let mut scenario = Scenario {
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        steps: Vec::new(),
        files: Vec::new(),
        alone: false,
        core: false,
        real: false,
        helm: None,
    };
    for line in text.lines() {
        if let Some(name) = file_name(line) {
            scenario.files.push((name.to_owned(), String::new()));
        } else if let Some((_, content)) = scenario.files.last_mut() {
            content.push_str(line);
            content.push('\n');
        } else if let Some(words) = line.strip_prefix("#!") {
            for word in words.split_whitespace() {
                match word {
                    "alone" => scenario.alone = true,
                    "core" => scenario.core = true,
                    "real" => scenario.real = true,
                    "helm3" => scenario.helm = Some(3),
                    "helm4" => scenario.helm = Some(4),
                    other => bail!("unknown word {other:?} after #!"),
                }
            }
        } else if let Some(printed) = line.strip_prefix(PRINTED) {
            let step = scenario.steps.last_mut();
            let step = step.context("a line that is printed before any command")?;
            step.prints
                .push_str(printed.strip_prefix(' ').unwrap_or(printed));
            step.prints.push('\n');
        } else if is_command(line) {
            let (fails, line) = line.strip_prefix("! ").map_or((false, line), |l| (true, l));
            scenario.steps.push(Step {
                line: line.to_owned(),
                fails,
                prints: String::new(),
            });
        }
    }
    Ok(scenario)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn commands_come_before_files() {
        let text = "# words\n#! alone\n\nhelm list\n! HELM_DRIVER=memory helm install a b\n-- x/y --\n# kept\n";
        let scenario = parse(Path::new("/s/name.txt"), text).unwrap();
        assert_eq!(scenario.name, "name");
        assert!(scenario.alone && !scenario.core);
        assert_eq!(scenario.files, [("x/y".to_owned(), "# kept\n".to_owned())]);
        let told: Vec<_> = scenario
            .steps
            .iter()
            .map(|s| (s.fails, s.writes()))
            .collect();
        assert_eq!(told, [(false, false), (true, true)]);
    }

    #[test]
    fn what_commands_print_stands_below_them() {
        let text = "windlass plan\n| a\n|\n|  b\nkubectl get x\n";
        let scenario = parse(Path::new("a.txt"), text).unwrap();
        let prints: Vec<_> = scenario.steps.iter().map(|s| s.prints.as_str()).collect();
        assert_eq!(prints, ["a\n\n b\n", ""]);
        assert!(parse(Path::new("a.txt"), "| a\n").is_err());
    }

    #[test]
    fn helm_3_is_told_in_its_words() {
        let told = |line: &str| in_helm3(line);
        let new = "helm upgrade a b --server-side=false --rollback-on-failure --force-replace -f x";
        assert_eq!(told(new), "helm upgrade a b --atomic --force -f x");
        let off = "helm upgrade a b --force-replace=false";
        assert_eq!(told(off), "helm upgrade a b --force=false");
        let other = "kubectl apply --server-side --force-conflicts -f x";
        assert_eq!(told(other), other);
    }

    #[test]
    fn every_scenario_can_be_read() {
        let steps: usize = all("twin").unwrap().iter().map(|s| s.steps.len()).sum();
        assert!(steps >= 40);
        assert!(all("ours").unwrap().len() >= 10);
        assert!(all("scenarios").unwrap().len() >= 100);
    }
}
