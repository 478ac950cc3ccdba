//! Making a question that shows a difference small, the class of the difference staying.

use anyhow::Result;

use super::compare::{self, Difference, Verdict};
use super::ours;
use super::peer::Oracle;
use super::question::Question;

/// How many questions a shrink may cost.
const EFFORT: usize = 1200;

/// A question as small as can be that still shows the difference.
pub(super) fn shrink(
    question: &Question,
    difference: &Difference,
    oracle: &mut Oracle,
) -> Result<Question> {
    let mut small = question.clone();
    let mut left = EFFORT;
    'again: while left > 0 {
        for candidate in smaller(&small) {
            if left == 0 {
                break 'again;
            }
            left -= 1;
            if shows(&candidate, difference, oracle)? {
                small = candidate;
                continue 'again;
            }
        }
        break;
    }
    small.lay_down()?;
    Ok(small)
}

fn shows(question: &Question, difference: &Difference, oracle: &mut Oracle) -> Result<bool> {
    question.lay_down()?;
    oracle.send(question)?;
    let ours = ours::render(question, oracle.helm)?;
    let theirs = oracle.receive()?;
    let verdict = compare::judge(&theirs, &ours, || oracle.ask(question))?;
    Ok(matches!(verdict, Verdict::Differ(found) if found.class == difference.class))
}

/// Questions with one thing less each, the greatest things first.
fn smaller(question: &Question) -> Vec<Question> {
    let mut all = Vec::new();
    let mut change = |how: &dyn Fn(&mut Question)| {
        let mut less = question.clone();
        how(&mut less);
        all.push(less);
    };
    for folder in folders(question) {
        change(&|q| q.files.retain(|name, _| !name.starts_with(folder)));
    }
    for name in question.files.keys() {
        change(&|q| drop(q.files.remove(name)));
    }
    for at in 0..question.edits.len() {
        change(&|q| drop(q.edits.remove(at)));
    }
    for at in 0..question.sets.len() {
        change(&|q| drop(q.sets.remove(at)));
    }
    for at in 0..question.switches.len() {
        change(&|q| _ = q.switches.remove(at));
    }
    if question.kube_version.is_some() {
        change(&|q| q.kube_version = None);
    }
    for (at, edit) in question.edits.iter().enumerate() {
        for node in edit.node.smaller() {
            change(&|q| q.edits[at].node = node.clone());
        }
    }
    for (name, text) in &question.files {
        let lines: Vec<&str> = text.lines().collect();
        for size in [lines.len() / 2, lines.len() / 4, 1] {
            let starts = (0..lines.len()).step_by(size.max(1));
            for at in starts.filter(|_| size > 0) {
                let mut less = lines.clone();
                less.drain(at..lines.len().min(at + size));
                change(&|q| drop(q.files.insert(name.clone(), less.join("\n") + "\n")));
            }
        }
    }
    all
}

/// The folders of the question's charts below others, outermost first.
fn folders(question: &Question) -> Vec<&str> {
    let mut folders: Vec<&str> = question
        .files
        .keys()
        .filter_map(|name| name.strip_suffix("Chart.yaml"))
        .filter(|folder| !folder.is_empty())
        .collect();
    folders.sort_by_key(|folder| folder.len());
    folders
}
