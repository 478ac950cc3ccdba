//! `windlass uninstall`: take releases out of the cluster.

use windlass_engine::Uninstall;
use windlass_plan::cluster::Propagation;

use super::action;
use super::flags::{TIMEOUT, WAIT, WAITING};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "uninstall",
    aliases: &["del", "delete", "un"],
    arguments: "RELEASE_NAME [...]",
    short: "take a release out of the cluster",
    long: "Deletes the objects of releases and, unless --keep-history is given, their records.",
    count: Count::AtLeast(1),
    flags: &[TIMEOUT, WAIT, WAITING, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

pub(super) const FLAGS: &[Flag] = &[
    Flag::text(
        "cascade",
        "what becomes of dependents: background, orphan or foreground",
    )
    .default("background"),
    Flag::text("description", "description of the uninstallation"),
    Flag::switch("dry-run", "simulate"),
    Flag::switch(
        "ignore-not-found",
        "a release that is not there is no error",
    ),
    Flag::switch("keep-history", "keep the release's records"),
    Flag::switch("no-hooks", "leave hooks out"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let told = options(flags, session)?;
    let mut connection = Connection::open(flags, session)?;
    let engine = connection.engine(session);
    for name in &invocation.args {
        let options = Uninstall {
            name: name.clone(),
            ..told.clone()
        };
        let done = connection.run(session, None, engine.uninstall(options));
        let done = done.map_err(|error| action::failure(&error, None, invocation))?;
        if let Some(done) = done
            && !done.info.is_empty()
        {
            session.print(format!("{}\n", done.info))?;
        }
        session.print(format!("release \"{name}\" uninstalled\n"))?;
    }
    Ok(())
}

/// What the engine is told of any release.
///
/// # Errors
/// A word that is none.
pub(super) fn options(flags: &Flags, session: &Session<'_>) -> Result<Uninstall, Failure> {
    Ok(Uninstall {
        name: String::new(),
        dry_run: flags.on("dry-run"),
        ignore_not_found: flags.on("ignore-not-found"),
        keep_history: flags.on("keep-history"),
        disable_hooks: flags.on("no-hooks"),
        waiting: action::waiting(flags, session),
        propagation: propagation(flags)?,
        description: flags.text("description").to_owned(),
    })
}

fn propagation(flags: &Flags) -> Result<Propagation, Failure> {
    match flags.text("cascade") {
        "background" => Ok(Propagation::Background),
        "foreground" => Ok(Propagation::Foreground),
        "orphan" => Ok(Propagation::Orphan),
        other => Err(Failure::new(format!(
            "invalid cascade value ({other}). \
             Must be \"background\", \"foreground\", or \"orphan\""
        ))),
    }
}
