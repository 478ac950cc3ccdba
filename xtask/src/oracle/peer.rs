//! [`Oracle`]: both Helms' answers about whole charts, and what they [`Reply`].

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::pipe::{Pipe, text};
use super::question::Question;

pub(crate) use super::pipe::Helm;

/// How a render ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Standard output.
    Printed(Vec<u8>),
    /// What follows `Error: `.
    Refused(Vec<u8>),
    /// A panic, an overflow, or no end: nothing to compare with.
    Broke(String),
}

/// A reply, and what was logged meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) log: Vec<u8>,
}

/// A running oracle.
pub(super) struct Oracle {
    pub(super) helm: Helm,
    pipe: Pipe,
}

impl Oracle {
    pub(super) fn start(helm: Helm) -> Result<Self> {
        let pipe = Pipe::start(helm)?;
        Ok(Self { helm, pipe })
    }

    /// Asks for a render; the answer is to be fetched with [`Oracle::receive`].
    pub(super) fn send(&mut self, question: &Question) -> Result<()> {
        self.pipe.send(&question.json("template"))
    }

    /// The answer to what was sent.
    pub(super) fn receive(&mut self) -> Result<Answer> {
        let Some(answer) = self.pipe.receive()? else {
            return Ok(Answer {
                reply: Reply::Broke("overflow or no end".into()),
                log: Vec::new(),
            });
        };
        let log = text(&answer["log"]).unwrap_or_default();
        let reply = if let Some(bad) = answer["bad"].as_str() {
            bail!("the oracle does not understand: {bad}");
        } else if let Some(cause) = text(&answer["panic"]) {
            Reply::Broke(format!("panic: {}", String::from_utf8_lossy(&cause)))
        } else if let Some(error) = text(&answer["error"]) {
            Reply::Refused(error)
        } else {
            Reply::Printed(text(&answer["stdout"]).context("stdout in an answer")?)
        };
        Ok(Answer { reply, log })
    }

    /// Both at once.
    pub(super) fn ask(&mut self, question: &Question) -> Result<Answer> {
        self.send(question)?;
        self.receive()
    }

    /// Another operation about the question's chart and values; `None` where it fails.
    pub(super) fn describe(&mut self, op: &str, question: &Question) -> Result<Option<Value>> {
        let mut asked = question.json(op);
        if op == "chart"
            && let Some(fields) = asked.as_object_mut()
        {
            fields.retain(|name, _| matches!(name.as_str(), "op" | "dir" | "archive" | "fresh"));
        }
        self.pipe.send(&asked)?;
        let answer = self.pipe.receive()?;
        Ok(answer.filter(|a| a["error"].is_null() && a["panic"].is_null() && a["bad"].is_null()))
    }
}
