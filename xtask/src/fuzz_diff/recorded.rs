//! Some questions of each family with both Helms' answers, so that what the fuzzer knows is tested where no Helm is.
//!
//! `cargo xtask-fast fuzz-diff --seed N --cases 60 --record xtask/src/fuzz_diff/recorded.jsonl` writes them anew: those
//! on which Helm is always of one mind, and we are of the same.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::family::Family;
use super::worker;

/// Longer lines are left out.
const LONGEST: usize = 4000;

/// Records the cases of some families.
///
/// # Errors
/// An oracle that cannot be asked, or a file that cannot be written.
pub(super) fn record(families: &[&Family], seed: u64, cases: u64, file: &Path) -> Result<()> {
    let (mut text, mut count) = (String::new(), 0);
    for family in families {
        for (asked, [three, four]) in worker::agreed(family, seed, cases)? {
            let (three, four) = (three.kept(), four.kept());
            let mut line = json!({"family": family.name, "asked": asked});
            if three == four {
                line["both"] = four;
            } else {
                line["helm3"] = three;
                line["helm4"] = four;
            }
            let line = line.to_string();
            if line.len() <= LONGEST {
                writeln!(text, "{line}")?;
                count += 1;
            }
        }
    }
    std::fs::write(file, text).with_context(|| file.display().to_string())?;
    println!("{count} questions with their answers in {}", file.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use serde_json::Value;

    use super::*;
    use crate::fuzz_diff::FAMILIES;
    use crate::fuzz_diff::answer::Answer;
    use crate::oracle::pipe::Helm;

    /// An answer as [`Answer::kept`] wrote it.
    fn kept(line: &Value, helm: &str) -> Option<Answer> {
        let fields = line.get("both").or_else(|| line.get(helm))?;
        Some(Answer::read(Some(fields.clone())))
    }

    #[test]
    fn we_answer_as_helm_answered() {
        let mut wrong = Vec::new();
        let mut count = 0;
        for line in include_str!("recorded.jsonl").lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let family = FAMILIES.iter().find(|f| f.name == line["family"]).unwrap();
            for helm in [Helm::Three, Helm::Four] {
                let theirs = kept(&line, helm.name()).unwrap();
                let ours = worker::ours(family, &line["asked"], helm);
                count += 1;
                if !(family.same)(&theirs, &ours) {
                    wrong.push(format!(
                        "{} {}: {}\n  theirs {}\n  ours   {}",
                        family.name,
                        helm.name(),
                        line["asked"],
                        theirs.shown(),
                        ours.shown()
                    ));
                }
            }
        }
        assert!(count > 1000, "the recording is not empty");
        assert!(
            wrong.is_empty(),
            "{} of {count} differ\n{}",
            wrong.len(),
            wrong[..wrong.len().min(5)].join("\n")
        );
    }
}
