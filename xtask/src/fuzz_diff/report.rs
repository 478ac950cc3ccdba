//! Counting, grouping differences into classes, and telling.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answer;
use super::family::Family;
use super::worker::Found;
use crate::oracle::pipe::Helm;

/// Cases of a class that are shrunk: those whose messages differ are alike, those whose results do
/// may have any reason.
const EXAMPLES: usize = 4;
const RESULTS: usize = 60;
/// Classes of one family that get examples at all.
const CLASSES: usize = 300;

/// What became of a case under one Helm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The same.
    Agrees,
    /// Helm's own answers vary, and one of them is ours.
    Varies,
    /// Helm panicked, overflowed its stack or its memory, or found no end.
    HelmBreaks,
    /// We passed a limit of ours.
    Limited,
    /// A difference.
    Differs,
}

#[derive(Default)]
struct Row {
    cases: u64,
    agree: u64,
    varies: u64,
    errors: u64,
    breaks: u64,
    limited: u64,
    differ: u64,
}

#[derive(Default)]
struct Class {
    cases: u64,
    first: u64,
    shrunk: usize,
    /// The smallest of each shape of the question.
    examples: BTreeMap<String, (u64, Found)>,
}

/// What was found in one family.
#[derive(Default)]
pub(super) struct Report {
    rows: BTreeMap<Helm, Row>,
    classes: BTreeMap<(Helm, String), Class>,
    cells: BTreeMap<(&'static str, &'static str), u64>,
}

impl Report {
    /// The head of the table of [`Report::rows`].
    pub(super) const HEAD: &'static str = "| family | helm | cases | agree | end in an error of Helm's | Helm varies | Helm breaks | our limits | differ |\n\
        |---|---|---|---|---|---|---|---|---|";

    /// Counts a case; whether a shrunk example of its difference is wanted.
    pub(super) fn count(
        &mut self,
        helm: Helm,
        outcome: Outcome,
        theirs: &Answer,
        ours: &Answer,
        case: u64,
    ) -> bool {
        let row = self.rows.entry(helm).or_default();
        row.cases += 1;
        row.errors += u64::from(matches!(theirs, Answer::Refused(..)));
        let counter = match outcome {
            Outcome::Agrees => &mut row.agree,
            Outcome::Varies => &mut row.varies,
            Outcome::HelmBreaks => &mut row.breaks,
            Outcome::Limited => &mut row.limited,
            Outcome::Differs => &mut row.differ,
        };
        *counter += 1;
        if outcome != Outcome::Differs {
            return false;
        }
        let room = self.classes.len() < CLASSES;
        let class = self.classes.entry((helm, class(theirs, ours))).or_default();
        if class.cases == 0 {
            class.first = case;
        }
        class.cases += 1;
        let most = match (theirs, ours) {
            (Answer::Given(_), Answer::Given(_)) => RESULTS,
            _ => EXAMPLES,
        };
        let wanted = room && class.shrunk < most;
        class.shrunk += usize::from(wanted);
        wanted
    }

    /// Keeps an example of a class if it is the smallest so far.
    pub(super) fn example(&mut self, helm: Helm, case: u64, found: Found) {
        let key = (helm, class(&found.theirs, &found.ours));
        let examples = &mut self.classes.entry(key).or_default().examples;
        let size = |found: &Found| found.asked.to_string().len();
        let shape = question_shape(&found.asked.to_string());
        let smaller = |(_, kept): &(u64, Found)| size(&found) < size(kept);
        if examples.get(&shape).is_none_or(smaller) {
            examples.insert(shape, (case, found));
        }
    }

    /// Counts cells of the matrix.
    pub(super) fn covered(&mut self, cells: &[(&'static str, &'static str)]) {
        for cell in cells {
            *self.cells.entry(*cell).or_default() += 1;
        }
    }

    /// Cases that were compared and found equal.
    pub(super) fn agreed(&self) -> u64 {
        self.rows.values().map(|row| row.agree + row.varies).sum()
    }

    /// Cases that differ.
    pub(super) fn differing(&self) -> u64 {
        self.rows.values().map(|row| row.differ).sum()
    }

    /// Prints the classes of differences, most cases first.
    pub(super) fn print(&self, family: &Family, show: usize) {
        println!("\n{}: {}", family.name, family.about);
        let mut classes: Vec<_> = self.classes.iter().collect();
        classes.sort_by_key(|(_, class)| std::cmp::Reverse(class.cases));
        for ((helm, name), class) in classes.iter().take(show) {
            println!("{:6} {} {name}", class.cases, helm.name());
            if class.examples.is_empty() {
                println!("       case {}", class.first);
            }
            for (case, found) in class.examples.values() {
                println!("       case {case}: {}", found.asked);
                println!("         theirs {}", cut(&found.theirs.shown()));
                println!("         ours   {}", cut(&found.ours.shown()));
            }
        }
        println!("{} classes of differences", classes.len());
    }

    /// The family's rows of the table.
    pub(super) fn rows(&self, family: &Family) -> String {
        let row = |(helm, row): (&Helm, &Row)| {
            format!(
                "| {} | {} | {} | {} | {} ({}%) | {} | {} | {} | {} |\n",
                family.name,
                helm.name(),
                row.cases,
                row.agree,
                row.errors,
                row.errors * 100 / row.cases.max(1),
                row.varies,
                row.breaks,
                row.limited,
                row.differ
            )
        };
        self.rows.iter().map(row).collect()
    }

    /// Prints how many cases filled each cell, and how many cells are empty.
    pub(super) fn print_matrix(&self) {
        let columns: BTreeSet<_> = self.cells.keys().map(|(_, column)| *column).collect();
        let rows: BTreeSet<_> = self.cells.keys().map(|(row, _)| *row).collect();
        let count = |row, column| self.cells.get(&(row, column)).copied().unwrap_or(0);
        let columns: Vec<_> = columns.into_iter().collect();
        println!("| function | {} |", columns.join(" | "));
        println!("|---|{}", "---|".repeat(columns.len()));
        for row in &rows {
            let counts: Vec<_> = columns.iter().map(|c| count(row, c).to_string()).collect();
            println!("| {row} | {} |", counts.join(" | "));
        }
        let holes = rows.len() * columns.len() - self.cells.len();
        println!(
            "{} rows, {} columns, {holes} holes",
            rows.len(),
            columns.len()
        );
    }
}

fn cut(text: &str) -> String {
    const ENOUGH: usize = 600;
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What sort of difference this is: both answers without what is particular to the case.
fn class(theirs: &Answer, ours: &Answer) -> String {
    format!("{} | {}", shape(theirs), shape(ours))
}

fn shape(answer: &Answer) -> String {
    match answer {
        Answer::Given(_) => "succeeds".into(),
        Answer::Refused(error, _) => text_shape(&String::from_utf8_lossy(error)),
        other => text_shape(&other.shown()),
    }
}

/// A question without numbers and the like of punctuation.
fn question_shape(asked: &str) -> String {
    asked
        .split(|c: char| !c.is_alphabetic() && !matches!(c, '%' | '#' | '+'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A message without quoted names, nodes and numbers.
pub(super) fn text_shape(text: &str) -> String {
    let mut shape = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let close = match c {
            '"' | '`' => c,
            '<' => '>',
            c if c.is_ascii_digit() => {
                if !shape.ends_with('0') {
                    shape.push('0');
                }
                continue;
            }
            c => {
                shape.push(c);
                continue;
            }
        };
        rest.by_ref().find(|found| *found == close);
        shape.push('…');
    }
    shape.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_lacks_names_nodes_and_numbers() {
        assert_eq!(
            text_shape("template: t:1:23: executing \"t\" at <f 1>: bad \"x\""),
            "template: t:0:0: executing … at …: bad …"
        );
    }

    #[test]
    fn only_differences_of_few_classes_are_shrunk() {
        let mut report = Report::default();
        let (theirs, ours) = (Answer::error("a"), Answer::error("b"));
        let mut count = |outcome| report.count(Helm::Four, outcome, &theirs, &ours, 7);
        assert!(!count(Outcome::Agrees));
        let wanted = (0..10).filter(|_| count(Outcome::Differs)).count();
        assert_eq!(wanted, EXAMPLES);
        assert_eq!((report.agreed(), report.differing()), (1, 10));
    }
}
