//! `windlass rollback`: bring back an earlier revision of a release.

use windlass_chart::compat::Compat;
use windlass_engine::Rollback;
use windlass_engine::options::DryRun;

use super::action;
use super::dry_run::{self, Of};
use super::flags::{
    FORCE, FORCE_EXCLUSIVE, HISTORY_MAX, RECREATE, SERVER_SIDE, TIMEOUT, WAIT, WAIT_FOR_JOBS,
    WAITING,
};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Invocation};
use crate::error::{Failure, Outcome};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "rollback",
    arguments: "<RELEASE> [REVISION]",
    short: "bring back an earlier revision of a release",
    long: "Makes a new revision of a release that is as an earlier one was.\n\n\
           Without a revision, or with 0, that is the one before the current one.",
    count: Count::AtLeast(1),
    flags: &[
        FORCE,
        SERVER_SIDE,
        TIMEOUT,
        WAIT,
        WAITING,
        WAIT_FOR_JOBS,
        HISTORY_MAX,
        RECREATE,
        FLAGS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(run),
    ..Command::DEFAULT
};

pub(super) const FLAGS: &[Flag] = &[
    Flag::switch(
        "cleanup-on-fail",
        "if the rollback fails, delete the objects it created",
    ),
    Flag::text(
        "description",
        "description of the new revision, of at most 256 characters",
    ),
    // E6
    Flag::switch("dry-run", "simulate").dialect(Compat::Helm3),
    Flag::text("dry-run", "simulate: none, client or server")
        .default("none")
        .bare("unset")
        .dialect(Compat::Helm4),
    Flag::switch("no-hooks", "leave hooks out"),
    Flag::switch("recreate-pods", "restart the pods of changed workloads"),
];

/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 256;

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let options = options(invocation, session)?;
    let mut connection = Connection::open(flags, session)?;
    let engine = connection.engine(session);
    let done = connection.run(session, None, engine.rollback(options));
    done.map_err(|error| action::failure(&error, None, invocation))?;
    session.print("Rollback was a success! Happy Helming!\n")
}

/// What the engine is told.
///
/// # Errors
/// A revision that is no number, a description that is too long, a word that is none.
pub(super) fn options(
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Rollback, Failure> {
    let flags = &invocation.flags;
    let revision = match invocation.args.get(1) {
        Some(given) => revision(given)?,
        None => 0,
    };
    let description = flags.text("description");
    let length = description.chars().count();
    if length > LONGEST_DESCRIPTION {
        return Err(Failure::new(format!(
            "description must be {LONGEST_DESCRIPTION} characters or less, got {length}"
        )));
    }
    // E6: a switch to Helm 3.
    let dry_run = if session.compat.checks_dry_run_first() {
        dry_run::strategy(flags.text("dry-run"), Of::Action, session)?
    } else if flags.on("dry-run") {
        DryRun::Client
    } else {
        DryRun::None
    };
    Ok(Rollback {
        name: invocation.args.first().cloned().unwrap_or_default(),
        revision,
        dry_run,
        waiting: action::waiting(flags, session),
        disable_hooks: flags.on("no-hooks"),
        force_replace: action::force_replace(flags),
        force_conflicts: flags.on("force-conflicts"),
        server_side: action::server_side(flags),
        clean_up_on_failure: flags.on("cleanup-on-fail"),
        max_history: action::max_history(flags, session),
        description: description.to_owned(),
        recreate: action::recreate(flags)?,
    })
}

/// Go's `strconv.Atoi`.
fn revision(text: &str) -> Result<i64, Failure> {
    windlass_value::fmt::parse_int(text.as_bytes(), 10, 64).map_err(|error| {
        let error = error.to_string().replace("ParseInt", "Atoi");
        Failure::new(format!("could not convert revision to a number: {error}"))
    })
}
