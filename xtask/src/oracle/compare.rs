//! The judgement: equal, equal but for what differs between two runs of Helm itself, or different.
//!
//! Helm is asked again only where we differ. Lines at which its own runs differ (passwords,
//! certificates, the clock) do not count; where its runs differ only in the order of lines (it walks
//! Go's maps), ours may come in any order too.

use anyhow::Result;

use super::ours::Ours;
use super::peer::{Answer, Reply};

/// How often Helm is asked again.
const AGAIN: usize = 4;
/// How many answers it takes to believe that Helm's order is not random.
const PATIENT: usize = 40;

/// What became of a case.
#[derive(Debug)]
pub(super) enum Verdict {
    Same,
    /// The same but for lines that vary between runs of Helm.
    SameMasked,
    /// The same lines, whose order varies between runs of Helm.
    SameLines,
    /// Helm has no answer.
    NoAnswer,
    Differ(Difference),
}

/// Where two answers part.
#[derive(Debug, Clone)]
pub(super) struct Difference {
    /// The kind of difference: shapes of both lines.
    pub(super) class: String,
    pub(super) theirs: String,
    pub(super) ours: String,
}

/// Compares; `again` asks Helm once more.
pub(super) fn judge(
    theirs: &Answer,
    ours: &Ours,
    mut again: impl FnMut() -> Result<Answer>,
) -> Result<Verdict> {
    if matches!(theirs.reply, Reply::Broke(_)) {
        return Ok(Verdict::NoAnswer);
    }
    let ours = &ours.answer;
    if same(theirs, ours) {
        return Ok(Verdict::Same);
    }
    let mut runs = vec![theirs.clone()];
    for _ in 0..AGAIN {
        let run = again()?;
        if same(&run, ours) {
            return Ok(Verdict::SameMasked);
        }
        if matches!(run.reply, Reply::Broke(_)) {
            return Ok(Verdict::NoAnswer);
        }
        runs.push(run);
    }
    let mut verdict = with_variation(&runs, ours);
    while matches!(verdict, Verdict::Differ(_)) && runs.len() < PATIENT && same_lines(theirs, ours)
    {
        // An order of few things may come out alike several times running.
        runs.push(again()?);
        verdict = with_variation(&runs, ours);
    }
    Ok(verdict)
}

/// Whether order apart the answers are the same.
fn same_lines(theirs: &Answer, ours: &Answer) -> bool {
    let sorted = |answer| {
        let mut lines = reply(answer);
        lines.extend(log(answer));
        lines.sort();
        lines
    };
    sorted(theirs) == sorted(ours)
}

fn same(theirs: &Answer, ours: &Answer) -> bool {
    theirs.reply == ours.reply && theirs.log == ours.log
}

/// Output and log vary each for reasons of their own.
fn with_variation(runs: &[Answer], ours: &Answer) -> Verdict {
    let part = |cut: fn(&Answer) -> Vec<String>| {
        let runs: Vec<Vec<String>> = runs.iter().map(cut).collect();
        lines_vary(&runs, &cut(ours))
    };
    match (part(reply), part(log)) {
        (Verdict::Differ(found), _) | (_, Verdict::Differ(found)) => Verdict::Differ(found),
        (Verdict::SameLines, _) | (_, Verdict::SameLines) => Verdict::SameLines,
        _ => Verdict::SameMasked,
    }
}

fn lines_vary(runs: &[Vec<String>], ours: &[String]) -> Verdict {
    let theirs = &runs[0];
    if theirs == ours {
        return Verdict::Same;
    }
    let varies = |at: usize| runs.iter().any(|run| run.get(at) != theirs.get(at));
    if runs.iter().any(|run| run != theirs) {
        let even = runs.iter().all(|run| run.len() == ours.len());
        if even && (0..ours.len()).all(|at| theirs[at] == ours[at] || varies(at)) {
            return Verdict::SameMasked;
        }
        let sorted = |lines: &[String]| {
            let mut lines = lines.to_vec();
            lines.sort();
            lines
        };
        let wanted = sorted(theirs);
        if runs.iter().all(|run| sorted(run) == wanted) && sorted(ours) == wanted {
            return Verdict::SameLines;
        }
    }
    let end = theirs.len().max(ours.len());
    let at = (0..end)
        .find(|at| theirs.get(*at) != ours.get(*at) && !varies(*at))
        .or_else(|| (0..end).find(|at| theirs.get(*at) != ours.get(*at)))
        .unwrap_or_default();
    let line = |lines: &[String]| lines.get(at).map_or("(no more lines)", |l| l).to_owned();
    let (theirs, ours) = (line(theirs), line(ours));
    Verdict::Differ(Difference {
        class: format!("{} | {}", shape(&theirs), shape(&ours)),
        theirs,
        ours,
    })
}

/// The lines of a reply, each saying what it is a line of.
fn reply(answer: &Answer) -> Vec<String> {
    match &answer.reply {
        Reply::Printed(text) => lines("out", text),
        Reply::Refused(text) => lines("error", text),
        Reply::Broke(why) => lines("broke", why.as_bytes()),
    }
}

fn log(answer: &Answer) -> Vec<String> {
    lines("log", &answer.log)
}

fn lines(kind: &str, text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text)
        .split('\n')
        .map(|line| format!("{kind}: {line}"))
        .collect()
}

/// A line without what is particular to a chart: names in quotes, paths, numbers.
pub(super) fn shape(line: &str) -> String {
    let mut shape = String::new();
    for word in line.split(' ') {
        let plain = word.len() < 40 && !word.contains(['"', '/', '\'']);
        let word: String = if plain {
            word.chars()
                .map(|c| if c.is_ascii_digit() { '0' } else { c })
                .collect()
        } else {
            "…".into()
        };
        if !(word == "…" && shape.ends_with("… ")) {
            shape += &word;
            shape.push(' ');
        }
    }
    shape.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Answer {
        Answer {
            reply: Reply::Printed(text.into()),
            log: Vec::new(),
        }
    }

    fn verdict(runs: &[&str], ours: &str) -> Verdict {
        let runs: Vec<Answer> = runs.iter().map(|r| printed(r)).collect();
        with_variation(&runs, &printed(ours))
    }

    #[test]
    fn what_varies_is_masked_and_nothing_else() {
        assert!(matches!(
            verdict(&["a\n1", "a\n2"], "a\n3"),
            Verdict::SameMasked
        ));
        assert!(matches!(
            verdict(&["a\n1", "a\n2"], "b\n3"),
            Verdict::Differ(_)
        ));
        assert!(matches!(
            verdict(&["a\n1", "a\n1"], "a\n3"),
            Verdict::Differ(_)
        ));
    }

    #[test]
    fn order_is_free_only_where_helms_is() {
        assert!(matches!(
            verdict(&["x\na\nb\nc", "x\nb\na\nc"], "x\nc\na\nb"),
            Verdict::SameLines
        ));
        assert!(matches!(
            verdict(&["a\nb", "a\nb"], "b\na"),
            Verdict::Differ(_)
        ));
    }

    #[test]
    fn output_and_log_vary_apart() {
        let both = |out: &str, log: &str| Answer {
            reply: Reply::Printed(out.into()),
            log: log.into(),
        };
        let runs = [both("1", "a\nb\nc"), both("2", "b\na\nc")];
        let verdict = with_variation(&runs, &both("3", "c\nb\na"));
        assert!(matches!(verdict, Verdict::SameLines));
        let verdict = with_variation(&runs, &both("3", "c\nb\nd"));
        assert!(matches!(verdict, Verdict::Differ(_)));
    }

    #[test]
    fn shapes_lack_numbers_and_names() {
        assert_eq!(
            shape("error: at \"a\" /b/c line 12"),
            "error: at … line 00 "
        );
    }
}
