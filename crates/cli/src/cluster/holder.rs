//! The name of this process among all that may hold a release, and whether another that has such a
//! name still lives.
//!
//! `PID.START.PIDS.BOOT@HOST`: the process, when it started, the namespace that gives process ids, the
//! boot of the machine, and the machine's name for people. Where the system does not tell (it does on
//! Linux), random numbers stand for what is not known, and then nobody is known to be gone.

use std::fmt;
use std::fs;

use windlass_engine::Holders;

/// Knows the processes of this machine.
pub(super) struct Local;

/// What a name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    pid: u32,
    start: String,
    pids: String,
    boot: String,
    host: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pid,
            start,
            pids,
            boot,
            host,
        } = self;
        write!(f, "{pid}.{start}.{pids}.{boot}@{host}")
    }
}

impl Name {
    fn parse(text: &str) -> Option<Self> {
        let (parts, host) = text.split_once('@')?;
        let mut parts = parts.splitn(4, '.');
        let mut next = || parts.next().map(str::to_owned);
        Some(Self {
            pid: next()?.parse().ok()?,
            start: next()?,
            pids: next()?,
            boot: next()?,
            host: host.to_owned(),
        })
    }

    fn own() -> Self {
        let pid = std::process::id();
        Self {
            pid,
            start: start(pid).unwrap_or_else(random),
            pids: pids().unwrap_or_else(random),
            boot: boot().unwrap_or_else(random),
            host: read("/proc/sys/kernel/hostname").unwrap_or_default(),
        }
    }
}

/// The name of this process.
pub(super) fn name() -> String {
    Name::own().to_string()
}

impl Holders for Local {
    fn is_gone(&self, holder: &str) -> bool {
        let Some(name) = Name::parse(holder) else {
            return false;
        };
        let here = boot().is_some_and(|boot| boot == name.boot);
        let seen = pids().is_some_and(|pids| pids == name.pids);
        here && seen && start(name.pid).is_none_or(|start| start != name.start)
    }
}

/// When a process started, in ticks since the boot; `None` if there is none, or only what is left of
/// one that has ended.
fn start(pid: u32) -> Option<String> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    // The command's name, in parentheses, may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

fn pids() -> Option<String> {
    let link = fs::read_link("/proc/self/ns/pid").ok()?;
    let link = link.to_string_lossy();
    let number: String = link.chars().filter(char::is_ascii_digit).collect();
    (!number.is_empty()).then_some(number)
}

fn boot() -> Option<String> {
    read("/proc/sys/kernel/random/boot_id")
}

fn read(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned())
}

fn random() -> String {
    let mut random = [0; 8];
    getrandom::fill(&mut random).expect("the system's random source is there");
    format!("{:016x}", u64::from_ne_bytes(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_is_told_from_others() {
        let own = Name::own();
        assert_eq!(Name::parse(&own.to_string()), Some(own.clone()));
        assert!(!Local.is_gone(&own.to_string()));
        if boot().is_none() {
            return;
        }
        let with = |start: &str, pids: &str, boot: &str| {
            let pid = own.pid;
            Local.is_gone(&format!("{pid}.{start}.{pids}.{boot}@here"))
        };
        assert!(with("1", &own.pids, &own.boot), "its id was given anew");
        assert!(!with("1", &own.pids, "another"), "another machine");
        assert!(!with("1", "1", &own.boot), "another container");
        assert!(!Local.is_gone("somebody"));
    }
}
