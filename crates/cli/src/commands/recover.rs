//! `windlass recover`: bring a release that was left in the middle of a change to a good end.

use windlass_engine::{Recover, Recovered};
use windlass_release::Release;

use super::action;
use super::flags::{TIMEOUT, WAIT, WAIT_FOR_JOBS};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Invocation};
use crate::error::Outcome;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "recover",
    arguments: "<RELEASE>",
    short: "bring a release that was left in the middle of a change to a good end",
    long: "Finds out what became of a change that was interrupted, and ends it: an install, a rollback\n\
           or an uninstall is brought to its end, an upgrade is taken back to the revision before it.\n\n\
           A release that somebody is at work on is left alone. One that Helm left pending says\n\
           nothing of who made it: make sure yourself that nobody is at work on it.",
    count: Count::Exactly(1),
    flags: &[TIMEOUT, WAIT, WAIT_FOR_JOBS, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[Flag::switch("no-hooks", "leave hooks out")];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let name = invocation.args.first().cloned().unwrap_or_default();
    let options = Recover {
        name: name.clone(),
        waiting: action::waiting(flags, session),
        disable_hooks: flags.on("no-hooks"),
    };
    let mut connection = Connection::open(flags, session)?;
    let engine = connection.engine(session);
    let done = connection.run(session, None, engine.recover(options));
    let done = done.map_err(|error| action::failure(&error, None, invocation))?;
    session.print(told(&name, &done))
}

/// What was found and done, in a sentence or two.
fn told(name: &str, done: &Recovered) -> String {
    let now = |release: &Release| {
        let (revision, status) = (release.version, &release.info.status);
        format!("Revision {revision} is {status}.\n")
    };
    match done {
        Recovered::Settled(release) => {
            format!(
                "Release \"{name}\" needs no recovery: nothing is under way. {}",
                now(release)
            )
        }
        Recovered::Recorded(release) => format!(
            "Release \"{name}\": the change had been made in full, only its last record was missing. {}",
            now(release)
        ),
        Recovered::Finished {
            interrupted,
            status,
            release,
        } => format!(
            "Release \"{name}\": revision {interrupted} ({status}) was interrupted, and was brought to its end. {}",
            now(release)
        ),
        Recovered::TakenBack {
            interrupted,
            to,
            release,
        } => format!(
            "Release \"{name}\": the upgrade to revision {interrupted} was interrupted, and was taken back to revision {to}. {}",
            now(release)
        ),
        Recovered::Uninstalled(release) => format!(
            "Release \"{name}\": its uninstall was interrupted, and was brought to its end. Its history is kept. {}",
            now(release)
        ),
        _ => format!("Release \"{name}\" was recovered.\n"),
    }
}
