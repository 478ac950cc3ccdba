//! Our own answers to `template`: the whole command, in this process, over files laid down in memory.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::answer::{Answer, packed};
use crate::oracle::ours;
use crate::oracle::peer::Reply;
use crate::oracle::pipe::{Helm, text};

/// Where the files of a question stand in messages.
const CHART: &str = "chart";

/// Answers `template` about a chart given as `files`.
pub(super) fn answer(question: &Value, helm: Helm) -> Answer {
    asked(question, helm).unwrap_or_else(|why| Answer::Bad(format!("{why:#}")))
}

/// Whether the same was printed, and the same logged; on an error, whether it has the same text.
pub(super) fn same(theirs: &Answer, ours: &Answer) -> bool {
    alike(theirs, ours, |log| log)
}

/// [`same`], the lines of the log in any order: Helm walks tables of values in one that changes with each run.
pub(super) fn same_but_order(theirs: &Answer, ours: &Answer) -> bool {
    alike(theirs, ours, |log| {
        let mut lines: Vec<_> = log.split(|b| *b == b'\n').collect();
        lines.sort_unstable();
        lines.join(&b'\n')
    })
}

fn alike(theirs: &Answer, ours: &Answer, view: impl Fn(Vec<u8>) -> Vec<u8>) -> bool {
    let field = |fields: &Map<String, Value>, name| fields.get(name).and_then(text);
    let logged = |fields| view(field(fields, "log").unwrap_or_default());
    match (theirs, ours) {
        (Answer::Given(theirs), Answer::Given(ours)) => {
            let printed = |fields| without_addresses(&field(fields, "stdout").unwrap_or_default());
            printed(theirs) == printed(ours) && logged(theirs) == logged(ours)
        }
        (Answer::Refused(theirs, t), Answer::Refused(ours, o)) => {
            without_addresses(theirs) == without_addresses(ours) && logged(t) == logged(o)
        }
        _ => false,
    }
}

/// The text with `0x…` for every address of a Go pointer.
fn without_addresses(text: &[u8]) -> Vec<u8> {
    const SHORTEST: usize = 10;
    let mut shown = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(rest, b"(0x") {
        let digits = &rest[at + 3..];
        let end = digits.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        shown.extend(&rest[..at + 3]);
        if end >= SHORTEST {
            shown.extend("…".as_bytes());
        } else {
            shown.extend(&digits[..end]);
        }
        rest = &digits[end..];
    }
    shown.extend(rest);
    shown
}

fn asked(question: &Value, helm: Helm) -> Result<Answer> {
    thread_local!(static FOLDER: Folder = Folder::new());
    FOLDER.with(|folder| {
        let arguments = folder.lay_down(question)?;
        let answer = ours::command(&arguments, helm);
        let log = folder.hide(answer.log);
        let mut fields = Map::new();
        if !log.is_empty() {
            fields.insert("log".into(), packed(&log));
        }
        Ok(match answer.reply {
            Reply::Printed(printed) => {
                fields.insert("stdout".into(), packed(&printed));
                Answer::Given(fields)
            }
            Reply::Refused(error) => Answer::Refused(folder.hide(error), fields),
            Reply::Broke(why) => Answer::Broke(why),
        })
    })
}

/// A folder of one thread, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let thread = format!("{:?}", std::thread::current().id());
        let number: String = thread.chars().filter(char::is_ascii_digit).collect();
        Self(base.join(format!("windlass-fuzz-{}-{number}", std::process::id())))
    }

    /// Writes chart and values files; the command line that renders them.
    fn lay_down(&self, question: &Value) -> Result<Vec<String>> {
        if self.0.exists() {
            fs::remove_dir_all(&self.0)?;
        }
        let chart = self.0.join(CHART);
        fs::create_dir_all(&chart)?;
        for (name, body) in question["files"].as_object().context("files")? {
            let path = chart.join(name);
            fs::create_dir_all(path.parent().context("a folder")?)?;
            fs::write(path, text(body).context("a text")?)?;
        }
        let release = question["release"].as_str().unwrap_or("release-name");
        let mut arguments: Vec<String> = vec!["template".into(), release.into()];
        arguments.push(chart.to_string_lossy().into_owned());
        for (at, body) in list(&question["values"]).into_iter().enumerate() {
            let path = self.0.join(format!("values-{at}.yaml"));
            fs::write(&path, text(&body).context("a text")?)?;
            arguments.push(format!("--values={}", path.display()));
        }
        for field in ["set_json", "set", "set_string", "set_file", "set_literal"] {
            for given in list(&question[field]) {
                let given = given.as_str().unwrap_or_default().to_owned();
                arguments.push(format!("--{}={given}", field.replace('_', "-")));
            }
        }
        for field in ["namespace", "kube_version"] {
            if let Some(given) = question[field].as_str() {
                arguments.push(format!("--{}={given}", field.replace('_', "-")));
            }
        }
        for field in [
            "include_crds",
            "no_hooks",
            "skip_tests",
            "is_upgrade",
            "skip_schema_validation",
        ] {
            if question[field] == json!(true) {
                arguments.push(format!("--{}", field.replace('_', "-")));
            }
        }
        Ok(arguments)
    }

    /// The text without the folder's path.
    fn hide(&self, bytes: Vec<u8>) -> Vec<u8> {
        let path = format!("{}/", self.0.display());
        if memchr(&bytes, path.as_bytes()).is_none() {
            return bytes;
        }
        let mut hidden = Vec::new();
        let mut rest = bytes.as_slice();
        while let Some(at) = memchr(rest, path.as_bytes()) {
            hidden.extend(&rest[..at]);
            rest = &rest[at + path.len()..];
        }
        hidden.extend(rest);
        hidden
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // There may have been no question.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn memchr(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|at| at == wanted)
}

fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_folder_do_not_show() {
        let question = json!({"op": "template", "files": {"Chart.yaml": "a: ["}});
        let Answer::Refused(error, _) = answer(&question, Helm::Four) else {
            unreachable!("it is no chart");
        };
        assert!(!error.starts_with(b"/") && memchr(&error, b"windlass-fuzz").is_none());
    }

    #[test]
    fn addresses_are_alike() {
        let text = |address: &str| without_addresses(format!("a (*c.D)({address}) b").as_bytes());
        assert_eq!(text("0xc000010000"), text("0x367b5e6f44d0"));
        assert_ne!(text("0x1f"), text("0x2f"));
    }

    #[test]
    fn values_come_from_files_and_flags() {
        let question = json!({
            "op": "template",
            "files": {
                "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
                "templates/v.yaml": "v: {{ toJson .Values }}",
            },
            "values": ["a: 1", "b: 2"],
            "set": ["c=3"],
        });
        let Answer::Given(fields) = answer(&question, Helm::Four) else {
            unreachable!("it is a chart");
        };
        let printed = "---\n# Source: c/templates/v.yaml\nv: {\"a\":1,\"b\":2,\"c\":3}\n";
        assert_eq!(fields["stdout"], printed);
    }
}
