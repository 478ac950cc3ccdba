//! Counting and telling.

use std::collections::BTreeMap;
use std::time::Duration;

use super::compare::{self, Difference, Verdict};
use super::peer::{Answer, Helm, Reply};
use super::question::Question;

/// What is slower than this in-process is worth a line.
const SLOW: Duration = Duration::from_secs(3);

/// Counts of one set under one Helm.
#[derive(Default)]
struct Row {
    cases: usize,
    refused: usize,
    same: usize,
    masked: usize,
    same_lines: usize,
    no_answer: usize,
    differ: usize,
}

/// A kind of difference.
#[derive(Default)]
struct Class {
    cases: usize,
    example: String,
}

/// All that was found.
#[derive(Default)]
pub(super) struct Report {
    rows: BTreeMap<(&'static str, Helm), Row>,
    classes: BTreeMap<(Helm, String), Class>,
    /// Why Helm refused: it tells whether a set's cases get anywhere.
    refusals: BTreeMap<(&'static str, String), usize>,
    slow: Vec<String>,
}

impl Report {
    pub(super) fn count(
        &mut self,
        set: &'static str,
        helm: Helm,
        theirs: &Answer,
        verdict: &Verdict,
        took: Duration,
        name: &str,
    ) {
        let row = self.rows.entry((set, helm)).or_default();
        row.cases += 1;
        if let Reply::Refused(error) = &theirs.reply {
            row.refused += 1;
            let error = String::from_utf8_lossy(error);
            let why = error
                .lines()
                .rfind(|line| !line.is_empty() && !line.starts_with("Use --debug"));
            let why = compare::shape(why.unwrap_or_default());
            *self.refusals.entry((set, why)).or_default() += 1;
        }
        let counter = match verdict {
            Verdict::Same => &mut row.same,
            Verdict::SameMasked => &mut row.masked,
            Verdict::SameLines => &mut row.same_lines,
            Verdict::NoAnswer => &mut row.no_answer,
            Verdict::Differ(_) => &mut row.differ,
        };
        *counter += 1;
        if let Verdict::Differ(difference) = verdict {
            let key = (helm, difference.class.clone());
            self.classes.entry(key).or_default().cases += 1;
        }
        if took > SLOW {
            self.slow
                .push(format!("{name} ({}): {took:.1?}", helm.name()));
        }
    }

    /// Whether a class has no example yet.
    pub(super) fn is_new(&self, helm: Helm, difference: &Difference) -> bool {
        let class = self.classes.get(&(helm, difference.class.clone()));
        class.is_some_and(|class| class.example.is_empty())
    }

    /// Keeps a small question as the example of a class, and tells it at once.
    pub(super) fn example(
        &mut self,
        helm: Helm,
        name: &str,
        difference: &Difference,
        question: &Question,
    ) {
        let mut text = format!(
            "{} {name}\n  chart: {}\n",
            helm.name(),
            question.chart.display()
        );
        for (name, content) in &question.files {
            text += &format!("  --- {name}\n");
            for line in content.lines() {
                text += &format!("      {line}\n");
            }
        }
        for line in question.values().unwrap_or_default().lines() {
            text += &format!("  values: {line}\n");
        }
        for (field, set) in &question.sets {
            text += &format!("  {field}: {set}\n");
        }
        if !question.switches.is_empty() || question.kube_version.is_some() {
            text += &format!(
                "  flags: {:?} {:?}\n",
                question.switches, question.kube_version
            );
        }
        text += &format!(
            "  theirs {}\n  ours   {}\n",
            difference.theirs, difference.ours
        );
        eprintln!("{text}");
        let key = (helm, difference.class.clone());
        self.classes.entry(key).or_default().example = text;
    }

    fn print_refusals(&self) {
        let mut refusals: Vec<_> = self.refusals.iter().collect();
        refusals.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        println!("what Helm refuses most:");
        for ((set, why), count) in refusals.iter().take(20) {
            println!("{count:6} {set}: {why}");
        }
        println!();
    }

    pub(super) fn passed(&self) -> usize {
        let good = |row: &Row| row.same + row.masked + row.same_lines;
        self.rows.values().map(good).sum()
    }

    /// Prints the tables, with examples of so many classes; how many cases differ.
    pub(super) fn print(&self, show: usize) -> usize {
        let mut classes: Vec<(&(Helm, String), &Class)> = self.classes.iter().collect();
        classes.sort_by_key(|(_, class)| std::cmp::Reverse(class.cases));
        for ((helm, class), found) in classes.iter().take(show) {
            println!(
                "{} cases of {}: {class}\n{}",
                found.cases,
                helm.name(),
                found.example
            );
        }
        for slow in &self.slow {
            println!("slow: {slow}");
        }
        println!("{} classes of differences\n", classes.len());
        self.print_refusals();
        println!(
            "| set | helm | cases | agree | differ | refused by Helm | of those that agree: but for random lines | as sets of lines | Helm breaks |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        for ((set, helm), row) in &self.rows {
            println!(
                "| {set} | {} | {} | {} | {} | {} ({}%) | {} | {} | {} |",
                helm.name(),
                row.cases,
                row.same + row.masked + row.same_lines,
                row.differ,
                row.refused,
                row.refused * 100 / row.cases.max(1),
                row.masked,
                row.same_lines,
                row.no_answer,
            );
        }
        self.rows.values().map(|row| row.differ).sum()
    }
}
