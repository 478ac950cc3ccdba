//! `cli-parity`: our commands and flags beside those that the real Helms print for `COMMAND --help`.
//!
//! `help` reads help texts, `allowed` lists deliberate differences with reasons; here the commands are
//! walked and compared. A flag that only one Helm has must be taken under both settings of the dial.
//!
//! `cargo xtask cli-parity [--only COMMAND]`

mod allowed;
mod help;

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail};

use crate::peers;
use allowed::{Allowance, Part};
use help::{Flag, Help};

const HELMS: [&str; 2] = ["helm3", "helm4"];

/// Compares everything; the last line is `N passed, N failed`.
///
/// # Errors
/// A missing peer (after saying `SKIPPED`), or a difference.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let only = match args {
        [] => "",
        [flag, command] if flag == "--only" => command,
        _ => bail!("cli-parity takes --only COMMAND"),
    };
    for helm in HELMS {
        if let Err(why) = peers::path(helm) {
            bail!("SKIPPED: {why:#}");
        }
    }
    let mut parity = Parity::default();
    parity.walk(&[], only)?;
    parity.unused(only);
    for line in &parity.differences {
        println!("{line}");
    }
    let (passed, failed) = (parity.passed, parity.differences.len());
    println!(
        "{} commands; {} differences are allowed",
        parity.commands,
        parity.used.len()
    );
    println!("{passed} passed, {failed} failed");
    anyhow::ensure!(failed == 0, "{failed} differences");
    Ok(())
}

#[derive(Default)]
struct Parity {
    commands: usize,
    passed: usize,
    differences: Vec<String>,
    /// Which entries of the list were needed.
    used: BTreeMap<usize, ()>,
}

impl Parity {
    /// Compares a command and those below.
    fn walk(&mut self, path: &[String], only: &str) -> Result<()> {
        let theirs = [theirs("helm3", path)?, theirs("helm4", path)?];
        let all = path.join(" ");
        if only.is_empty() || all == only {
            self.commands += 1;
            for (i, helm) in HELMS.into_iter().enumerate() {
                self.command(&all, helm, &theirs[i], &theirs[1 - i], path);
            }
        }
        let mut below: Vec<&String> = theirs.iter().flat_map(|h| &h.commands).collect();
        below.sort();
        below.dedup();
        for name in below {
            let path: Vec<String> = path.iter().chain([name]).cloned().collect();
            self.walk(&path, only)?;
        }
        Ok(())
    }

    fn command(&mut self, all: &str, helm: &str, theirs: &Help, others: &Help, path: &[String]) {
        let ours = Help::read(&ours(helm, &with(path, &["--help"])).0);
        if ours.absent {
            self.differ(all, "", Part::Command, helm, "not there yet");
            return;
        }
        // What the other Helm alone has, we have in its form.
        let usage = if theirs.usage.is_empty() {
            others
        } else {
            theirs
        };
        self.same(all, "", Part::Usage, helm, &usage.usage, &ours.usage);
        for (name, flag) in &theirs.flags {
            self.flag(all, helm, flag, ours.flags.get(name), path);
        }
        for (name, flag) in &others.flags {
            if !theirs.flags.contains_key(name) {
                self.taken(all, helm, flag, path);
            }
        }
        for name in ours.flags.keys() {
            if !theirs.flags.contains_key(name) && !others.flags.contains_key(name) {
                let what = format!("--{name} is no Helm's");
                self.differ(all, name, Part::Extra, helm, &what);
            }
        }
    }

    fn flag(&mut self, all: &str, helm: &str, theirs: &Flag, ours: Option<&Flag>, path: &[String]) {
        let name = theirs.name.as_str();
        let Some(ours) = ours else {
            // A flag may be hidden from our help and still be taken.
            self.taken(all, helm, theirs, path);
            self.differ(
                all,
                name,
                Part::Shown,
                helm,
                &format!("--{name} is not shown"),
            );
            return;
        };
        self.same(all, name, Part::Short, helm, &theirs.short, &ours.short);
        self.same(all, name, Part::Kind, helm, &theirs.kind, &ours.kind);
        self.same(
            all,
            name,
            Part::Default,
            helm,
            &theirs.default,
            &ours.default,
        );
        if ours.help.is_empty() {
            self.differ(
                all,
                name,
                Part::Shown,
                helm,
                &format!("--{name} has no help"),
            );
        }
    }

    /// A flag must be taken, whatever help shows.
    fn taken(&mut self, all: &str, helm: &str, flag: &Flag, path: &[String]) {
        let long = format!("--{}", flag.name);
        let args = if flag.kind.is_empty() || flag.kind.contains('[') {
            with(path, &[&long, "--help"])
        } else {
            let value = match flag.kind.as_str() {
                "int" | "uint" => "1",
                "duration" => "1s",
                "stringToString" => "a=b",
                "format" => "json",
                _ => "x",
            };
            with(path, &[&long, value, "--help"])
        };
        let (_, said) = ours(helm, &args);
        if said.contains("unknown flag") {
            let what = format!("{long} is an unknown flag");
            self.differ(all, &flag.name, Part::Shown, helm, &what);
        } else {
            self.passed += 1;
        }
    }

    fn same(&mut self, all: &str, flag: &str, part: Part, helm: &str, theirs: &str, ours: &str) {
        if theirs == ours {
            self.passed += 1;
            return;
        }
        let name = if flag.is_empty() {
            String::new()
        } else {
            format!("--{flag} ")
        };
        let what = format!("{name}{part:?}: {helm} has {theirs:?}, we have {ours:?}");
        self.differ(all, flag, part, helm, &what);
    }

    fn differ(&mut self, command: &str, flag: &str, part: Part, helm: &str, what: &str) {
        let fits = |a: &&(usize, &Allowance)| a.1.covers(command, flag, part);
        if let Some((at, _)) = allowed::LIST
            .iter()
            .enumerate()
            .collect::<Vec<_>>()
            .iter()
            .find(fits)
        {
            self.used.insert(*at, ());
            return;
        }
        self.differences.push(format!("{helm} {command}: {what}"));
    }

    /// An entry that nothing needs is a mistake of its own.
    fn unused(&mut self, only: &str) {
        if !only.is_empty() {
            return;
        }
        for (at, allowance) in allowed::LIST.iter().enumerate() {
            if !self.used.contains_key(&at) {
                let what = format!("the list allows what does not differ: {allowance:?}");
                self.differences.push(what);
            }
        }
    }
}

fn with(path: &[String], more: &[&str]) -> Vec<String> {
    let more = more.iter().map(|s| (*s).to_owned());
    path.iter().cloned().chain(more).collect()
}

/// The help of a Helm; that of a command it does not have is empty.
fn theirs(helm: &str, path: &[String]) -> Result<Help> {
    let output = std::process::Command::new(peers::path(helm)?)
        .args(path)
        .arg("--help")
        .env_clear()
        .env("HOME", "/nowhere")
        .output()?;
    let help = Help::read(&String::from_utf8_lossy(&output.stdout));
    let last = path.last().map_or("helm", String::as_str);
    // An unknown command shows the help of the one above.
    let named = help.usage.split_whitespace().any(|word| word == last) || path.is_empty();
    Ok(if named { help } else { Help::default() })
}

/// What we print for a command line, called as one of the Helms: standard output and error.
fn ours(helm: &str, args: &[String]) -> (String, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let compat = ("WINDLASS_COMPAT".to_owned(), helm.to_owned());
    let home = ("HOME".to_owned(), "/nowhere".to_owned());
    windlass_cli::run(
        args,
        windlass_cli::Surroundings {
            called: "helm".to_owned(),
            environment: HashMap::from([compat, home]),
            stdin: &mut std::io::empty(),
            stdout: &mut stdout,
            stderr: &mut stderr,
            is_watched: false,
            sandbox: None,
        },
    );
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(stdout), text(stderr))
}
