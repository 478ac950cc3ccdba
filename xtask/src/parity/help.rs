//! [`Help`]: what a help text says of a command, read from cobra's layout.

use std::collections::BTreeMap;

/// A command, as its help shows it.
#[derive(Debug, Default)]
pub(super) struct Help {
    /// Whether the command is announced only.
    pub(super) absent: bool,
    /// The usage line and the other names.
    pub(super) usage: String,
    /// Commands below.
    pub(super) commands: Vec<String>,
    /// Its own flags and those of the program.
    pub(super) flags: BTreeMap<String, Flag>,
}

/// A flag, as help shows it.
#[derive(Debug, Default)]
pub(super) struct Flag {
    pub(super) name: String,
    pub(super) short: String,
    /// The name of its value, and what it is where the flag stands bare.
    pub(super) kind: String,
    pub(super) default: String,
    pub(super) help: String,
}

impl Help {
    pub(super) fn read(text: &str) -> Self {
        let mut help = Self {
            absent: text.lines().next().is_some_and(|l| l.ends_with(ANNOUNCED)),
            ..Self::default()
        };
        let mut section = "";
        for line in text.lines() {
            if !line.starts_with(' ') {
                section = line;
                continue;
            }
            match section {
                "Usage:" | "Aliases:" => {
                    help.usage += line.trim();
                    help.usage.push('\n');
                }
                "Available Commands:" => {
                    let name = line.split_whitespace().next();
                    help.commands.extend(name.map(str::to_owned));
                }
                "Flags:" | "Global Flags:" => {
                    if let Some(flag) = flag(line) {
                        help.flags.insert(flag.name.clone(), flag);
                    }
                }
                _ => {}
            }
        }
        help
    }
}

/// What the help of a command begins with that is announced only.
const ANNOUNCED: &str = "(not there yet)";

/// `  -o, --output format   prints … (default table)`
fn flag(line: &str) -> Option<Flag> {
    let line = line.trim_start();
    let (short, rest) = match line.strip_prefix('-').filter(|l| !l.starts_with('-')) {
        Some(rest) => rest.split_once(", ")?,
        None => ("", line),
    };
    // The help stands behind at least three blanks.
    let (head, help) = rest.split_once("   ").unwrap_or((rest, ""));
    let (name, kind) = head.split_once(' ').unwrap_or((head, ""));
    let help = help.trim();
    let default = help
        .strip_suffix(')')
        .and_then(|h| h.rsplit_once("(default "))
        .map_or("", |(_, default)| default);
    Some(Flag {
        name: name.strip_prefix("--")?.to_owned(),
        short: short.to_owned(),
        kind: kind.to_owned(),
        default: default.to_owned(),
        help: help.to_owned(),
    })
}
