//! [`Pipe`]: a running oracle, JSON lines in and out.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::peers;

/// Longer than any chart takes; Helm itself has no limit.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which Helm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Helm {
    Three,
    Four,
}

impl Helm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Three => "helm3",
            Self::Four => "helm4",
        }
    }
}

/// An oracle's process. It ends with this.
pub(crate) struct Pipe {
    helm: Helm,
    child: Child,
    /// Lines on their way to it. They are written by a thread of their own: an oracle that finds no end
    /// reads no more either, and whoever waits for it must be able to give up.
    questions: Sender<String>,
    lines: Receiver<String>,
}

impl Pipe {
    pub(crate) fn start(helm: Helm) -> Result<Self> {
        let name = match helm {
            Helm::Three => "oracle3",
            Helm::Four => "oracle4",
        };
        let mut child = Command::new(peers::path(name)?)
            // Nothing is fetched: a schema that refers to the network is refused at once.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut stdin = child.stdin.take().context("the oracle's input")?;
        let stdout = child.stdout.take().context("the oracle's output")?;
        let (questions, asked) = channel::<String>();
        std::thread::spawn(move || {
            for line in asked {
                if stdin.write_all(line.as_bytes()).is_err() {
                    break;
                }
            }
        });
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
            questions,
            lines,
        })
    }

    /// Asks. An oracle that has died is noticed where its answer is awaited.
    pub(crate) fn send(&mut self, question: &Value) -> Result<()> {
        // Without a reader the oracle has died, which shows where its answer is awaited.
        let _ = self.questions.send(format!("{question}\n"));
        Ok(())
    }

    /// The next answer. `None`: the oracle died or does not answer, and another one runs in its
    /// place, which knows nothing of the questions before.
    pub(crate) fn receive(&mut self) -> Result<Option<Value>> {
        // A line that breaks off is the last word of a process that died.
        if let Ok(line) = self.lines.recv_timeout(PATIENCE)
            && let Ok(answer) = serde_json::from_str(&line)
        {
            return Ok(Some(answer));
        }
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait()?;
        *self = Self::start(self.helm)?;
        Ok(None)
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A text of the protocol: a string, or base64 where it is no UTF-8.
pub(crate) fn text(value: &Value) -> Option<Vec<u8>> {
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
