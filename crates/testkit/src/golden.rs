//! Recorded runs of the real Helms, and the comparison with them.
//!
//! A directory of recordings holds a file `cases` and, for each case and each Helm, `HELM/CASE.txt`. They are written by
//! `crates/cli/tests/goldens/record` and never by a test: what we print ourselves proves nothing.

use std::fs;
use std::path::Path;

use crate::program::Outcome;

/// The Helms that are recorded, as the dial names them.
pub const HELMS: [&str; 2] = ["helm3", "helm4"];

/// A command whose outcome is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What its recordings are called.
    pub name: String,
    /// What follows the program's name.
    pub arguments: Vec<String>,
}

/// The cases of a directory: lines `NAME: ARGUMENTS`, split at blanks; `#` starts a comment.
#[must_use]
pub fn cases(directory: &Path) -> Vec<Case> {
    let path = directory.join("cases");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, arguments) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("{}: not NAME: ARGUMENTS: {line}", path.display()));
            Case {
                name: name.to_owned(),
                arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            }
        })
        .collect()
}

/// What a recording of this outcome would hold.
#[must_use]
pub fn recording(outcome: &Outcome) -> String {
    format!(
        "exit status {}\n=== standard error\n{}=== standard output\n{}",
        outcome.status, outcome.stderr, outcome.stdout
    )
}

/// What is wrong with an outcome, measured by what a Helm's was; `None` where it is the same.
#[must_use]
pub fn difference(directory: &Path, helm: &str, case: &str, outcome: &Outcome) -> Option<String> {
    let path = directory.join(helm).join(format!("{case}.txt"));
    let Ok(wanted) = fs::read_to_string(&path) else {
        return Some(format!(
            "{}: no such recording; crates/cli/tests/goldens/record makes it",
            path.display()
        ));
    };
    let actual = recording(outcome);
    if wanted == actual {
        return None;
    }
    let number = wanted
        .lines()
        .zip(actual.lines())
        .take_while(|(w, a)| w == a)
        .count();
    let line = |text: &str| text.lines().nth(number).unwrap_or("(the end)").to_owned();
    Some(format!(
        "{}:{}\n  {helm} printed  {}\n  we print       {}",
        path.display(),
        number + 1,
        line(&wanted),
        line(&actual)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn outcome() -> Outcome {
        Outcome {
            status: 1,
            stdout: "out\n".into(),
            stderr: "err\n".into(),
        }
    }

    #[test]
    fn cases_are_lines() {
        let place = Place::new();
        place.write("cases", "# why\n\none: lint .\ntwo: template a\\,b  c\n");
        let all = cases(place.path());
        assert_eq!(all[0].arguments, ["lint", "."]);
        assert_eq!((all[1].name.as_str(), all.len()), ("two", 2));
        assert_eq!(all[1].arguments, ["template", "a\\,b", "c"]);
    }

    #[test]
    fn the_first_line_that_differs_is_shown() {
        let place = Place::new();
        let difference = || difference(place.path(), "helm4", "a", &outcome());
        assert!(
            difference()
                .unwrap_or_default()
                .contains("no such recording")
        );
        place.write("helm4/a.txt", recording(&outcome()));
        assert_eq!(difference(), None);
        place.write(
            "helm4/a.txt",
            recording(&outcome()).replace("out\n", "other\n"),
        );
        let text = difference().unwrap_or_default();
        assert!(text.contains("a.txt:5\n"), "{text}");
        assert!(
            text.contains("helm4 printed  other\n  we print       out"),
            "{text}"
        );
    }
}
