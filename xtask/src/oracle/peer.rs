//! [`Oracle`]: Helm's libraries behind a pipe, and what they [`Reply`].

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::question::Question;
use crate::peers;

/// Longer than any chart takes; Helm itself has no limit.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which Helm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helm {
    Three,
    Four,
}

impl Helm {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Three => "helm3",
            Self::Four => "helm4",
        }
    }
}

/// How a render ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// Standard output.
    Printed(Vec<u8>),
    /// What follows `Error: `.
    Refused(Vec<u8>),
    /// A panic, an overflow, or no end: nothing to compare with.
    Broke(String),
}

/// A reply, and what was logged meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) reply: Reply,
    pub(super) log: Vec<u8>,
}

/// A running oracle.
pub(super) struct Oracle {
    pub(super) helm: Helm,
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

impl Oracle {
    pub(super) fn start(helm: Helm) -> Result<Self> {
        let name = match helm {
            Helm::Three => "oracle3",
            Helm::Four => "oracle4",
        };
        let mut child = Command::new(peers::path(name)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdin = child.stdin.take().context("the oracle's input")?;
        let stdout = child.stdout.take().context("the oracle's output")?;
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            helm,
            child,
            stdin,
            lines,
        })
    }

    /// Asks for a render; the answer is to be fetched with [`Oracle::receive`].
    pub(super) fn send(&mut self, question: &Question) -> Result<()> {
        self.write(&question.json("template"))
    }

    /// The answer to what was sent.
    pub(super) fn receive(&mut self) -> Result<Answer> {
        let Some(answer) = self.read()? else {
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
        self.write(&asked)?;
        let answer = self.read()?;
        Ok(answer.filter(|a| a["error"].is_null() && a["panic"].is_null() && a["bad"].is_null()))
    }

    fn write(&mut self, question: &Value) -> Result<()> {
        let line = format!("{question}\n");
        let sent = self.stdin.write_all(line.as_bytes());
        sent.and_then(|()| self.stdin.flush())
            .context("writing to the oracle")
    }

    /// The next answer; an oracle that died or does not answer is replaced by a new one.
    fn read(&mut self) -> Result<Option<Value>> {
        if let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            return Ok(Some(serde_json::from_str(&line)?));
        }
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait()?;
        *self = Self::start(self.helm)?;
        Ok(None)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A text of the protocol: a string, or base64 where it is no UTF-8.
fn text(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Object(_) => value["base64"].as_str().map(base64),
        _ => None,
    }
}

fn base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for digit in text.bytes() {
        let six = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(six)) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_plain_or_packed() {
        let read = |json: &str| text(&serde_json::from_str(json).unwrap_or_default());
        assert_eq!(read("\"a\""), Some(b"a".to_vec()));
        assert_eq!(read("{\"base64\": \"/wBh\"}"), Some(vec![0xff, 0, b'a']));
        assert_eq!(read("{\"base64\": \"/w==\"}"), Some(vec![0xff]));
        assert_eq!(read("null"), None);
    }
}
