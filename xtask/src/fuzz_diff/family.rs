//! [`Family`]: one sort of question, and how its answers are judged.

use serde_json::Value;

use super::answer::Answer;
use super::shrink;
use crate::oracle::pipe::Helm;
use crate::oracle::random::Random;

/// A question in the oracle's protocol, and what it covers.
pub(super) struct Question {
    /// The JSON object that is sent; our own answer is made from nothing else.
    pub(super) asked: Value,
    /// Cells of the family's matrix that it fills: row and column.
    pub(super) cells: Vec<(&'static str, &'static str)>,
}

impl From<Value> for Question {
    fn from(asked: Value) -> Self {
        let cells = Vec::new();
        Self { asked, cells }
    }
}

/// A family of questions.
pub(super) struct Family {
    /// Its name on the command line; part of every case's seed.
    pub(super) name: &'static str,
    /// What its cases are, for people.
    pub(super) about: &'static str,
    /// Makes the case of a number. Whatever is random comes from the stream, which belongs to the case.
    pub(super) generate: fn(&mut Random, u64) -> Question,
    /// Our own answer to a question.
    pub(super) answer: fn(&Value, Helm) -> Answer,
    /// Whether Helm's answer (first) and ours say the same; [`Answer::same`] for most.
    pub(super) same: fn(&Answer, &Answer) -> bool,
    /// To how many cases of other families one of these is equal in work; so many fewer are asked.
    pub(super) weight: u64,
    /// Questions that are a little smaller, the boldest first; [`shrink::smaller`] for most.
    pub(super) smaller: fn(&Value) -> Vec<Value>,
}

impl Family {
    /// A family judged and shrunk as most are.
    pub(super) const fn new(
        name: &'static str,
        about: &'static str,
        generate: fn(&mut Random, u64) -> Question,
        answer: fn(&Value, Helm) -> Answer,
    ) -> Self {
        Self {
            name,
            about,
            generate,
            answer,
            same: Answer::same,
            weight: 1,
            smaller: shrink::smaller,
        }
    }
}
