//! Runs recorded from the Helms: `tests/stories/*.txt`.
//!
//! A file is a story in one room, told once for each Helm. Lines that begin with `>>> ` are its steps:
//!
//! - `>>> file NAME` writes what follows;
//! - `>>> run ARGUMENTS` runs the program; words may stand in single quotes;
//! - `>>> stdin` is what the next run reads;
//! - `>>> cat NAME` and `>>> files NAME` look at what is there;
//! - `>>> exit N`, `>>> stdout` and `>>> stderr` are what is expected of the step before; one that is
//!   not there is 0 or empty. A Helm's name behind it says that it holds for that one only.
//!
//! `WINDLASS_RECORD=DIRECTORY cargo test -p windlass-cli --test it stories` runs `DIRECTORY/helm3` and
//! `DIRECTORY/helm4` instead and writes down what they do. Never edit expectations by hand.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use windlass_testkit::Outcome;

use super::lab::words;
use super::room::{Room, windlass};

const HELMS: [&str; 2] = ["helm3", "helm4"];
/// Ends a section whose last line has no line break.
const NO_NEWLINE: &str = ">>> no newline";

#[test]
fn the_binary_does_what_helm_did() {
    #[allow(
        clippy::disallowed_methods,
        reason = "whoever records runs this test by hand"
    )]
    let record = std::env::var_os("WINDLASS_RECORD").map(PathBuf::from);
    let mut files: Vec<PathBuf> =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut failures = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let steps = read(&text);
        let programs = HELMS.map(|helm| match &record {
            Some(directory) => directory.join(helm),
            None => windlass().to_owned(),
        });
        let done = [0, 1].map(|i| tell(&steps, &programs[i], HELMS[i]));
        let told = write(&text, &steps, &done);
        if record.is_some() {
            fs::write(&file, told).unwrap();
        } else if told != text {
            failures.push(format!("{}:\n{}", file.display(), difference(&text, &told)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Something to do; what is expected of it is in the file only.
enum Step {
    File(String, String),
    Stdin(String),
    Run(Vec<String>),
    Cat(String),
    Files(String),
}

/// The steps of a story, each with its heading.
fn read(text: &str) -> Vec<(String, Step)> {
    let mut steps = Vec::new();
    for (heading, body) in sections(text) {
        let (act, rest) = heading.split_once(' ').unwrap_or((&heading, ""));
        let step = match act {
            "file" => Step::File(rest.to_owned(), body),
            "stdin" => Step::Stdin(body),
            "run" => Step::Run(words(rest)),
            "cat" => Step::Cat(rest.to_owned()),
            "files" => Step::Files(rest.to_owned()),
            "exit" | "stdout" | "stderr" => continue,
            other => panic!("unknown step: {other}"),
        };
        steps.push((heading, step));
    }
    steps
}

/// Headings and what stands below them.
fn sections(text: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.trim_end() == NO_NEWLINE {
            if let Some((_, body)) = sections.last_mut() {
                body.pop();
            }
        } else if let Some(heading) = line.strip_prefix(">>> ") {
            sections.push((heading.trim_end().to_owned(), String::new()));
        } else if let Some((_, body)) = sections.last_mut() {
            body.push_str(line);
        }
    }
    sections
}

/// Does the steps in a new room; gives how each that does something visible ended.
fn tell(steps: &[(String, Step)], program: &std::path::Path, helm: &str) -> Vec<Option<Outcome>> {
    let room = Room::new();
    let mut input = String::new();
    let seen = |stdout: String| {
        Some(Outcome {
            status: 0,
            stdout,
            stderr: String::new(),
        })
    };
    let mut step = |step: &Step| match step {
        Step::File(name, content) => {
            room.write(name, content);
            None
        }
        Step::Stdin(text) => {
            input.clone_from(text);
            None
        }
        Step::Run(args) => {
            let program = room.program(program, helm);
            let program = program.stdin(std::mem::take(&mut input));
            Some(steady(&room.tell(&program, args)))
        }
        Step::Cat(name) => seen(steady_text(&room.read(name))),
        Step::Files(name) => {
            let lines = room.files(name).into_iter().map(|f| f + "\n");
            seen(lines.collect())
        }
    };
    steps.iter().map(|(_, s)| step(s)).collect()
}

fn steady(run: &Outcome) -> Outcome {
    Outcome {
        status: run.status,
        stdout: steady_text(&run.stdout),
        stderr: steady_text(&run.stderr),
    }
}

/// The times in lock files are those of the run.
fn steady_text(text: &str) -> String {
    let steady = |line: &str| match line.split_once("generated: ") {
        Some((before, _)) if before.trim().is_empty() => format!("{before}generated: TIME\n"),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(steady).collect()
}

/// The story with what was done.
fn write(text: &str, steps: &[(String, Step)], done: &[Vec<Option<Outcome>>; 2]) -> String {
    // What stands before the first step says what the story is about.
    let head = text.split(">>> ").next().unwrap_or_default();
    let mut out = head.to_owned();
    for (i, (heading, step)) in steps.iter().enumerate() {
        let _ = writeln!(out, ">>> {heading}");
        if let Step::File(_, body) | Step::Stdin(body) = step {
            push(&mut out, body);
        }
        if let (Some(three), Some(four)) = (&done[0][i], &done[1][i]) {
            expect(&mut out, "exit", [three, four], |run| match run.status {
                0 => String::new(),
                n => n.to_string(),
            });
            expect(&mut out, "stdout", [three, four], |run| run.stdout.clone());
            expect(&mut out, "stderr", [three, four], |run| run.stderr.clone());
        }
    }
    out
}

fn expect(out: &mut String, what: &str, runs: [&Outcome; 2], part: impl Fn(&Outcome) -> String) {
    let [three, four] = runs.map(part);
    let mut section = |text: &str, helm: &str| {
        if text.is_empty() {
            return;
        }
        if what == "exit" {
            let _ = writeln!(out, ">>> exit {text}{helm}");
        } else {
            let _ = writeln!(out, ">>> {what}{helm}");
            push(out, text);
        }
    };
    if three == four {
        section(&three, "");
    } else {
        section(&three, " helm3");
        section(&four, " helm4");
    }
}

fn push(out: &mut String, body: &str) {
    out.push_str(body);
    if !body.is_empty() && !body.ends_with('\n') {
        let _ = writeln!(out, "\n{NO_NEWLINE}");
    }
}

/// The first lines that differ.
fn difference(wanted: &str, found: &str) -> String {
    let mut lines = wanted.lines().zip(found.lines()).enumerate();
    let at = lines.find(|(_, (a, b))| a != b).map_or_else(
        || wanted.lines().count().min(found.lines().count()),
        |(i, _)| i,
    );
    let excerpt = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(at.saturating_sub(3)).take(12).collect();
        lines.join("\n")
    };
    format!(
        "line {}\n--- wanted\n{}\n--- found\n{}\n",
        at + 1,
        excerpt(wanted),
        excerpt(found)
    )
}
