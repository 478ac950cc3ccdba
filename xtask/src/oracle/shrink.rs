//! Making a question that shows a difference small, the class of the difference staying.

use anyhow::Result;

use super::compare::{self, Difference, Verdict};
use super::ours;
use super::peer::Oracle;
use super::question::Question;

/// How many questions a shrink may cost.
const EFFORT: usize = 400;

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
        for at in 0..lines.len() {
            let mut less = lines.clone();
            less.remove(at);
            change(&|q| drop(q.files.insert(name.clone(), less.join("\n") + "\n")));
        }
    }
    all
}
