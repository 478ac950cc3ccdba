//! `windlass diff revision` and `windlass diff rollback`: revisions of a release.

use super::{Sides, arguments, flags, index, revision_of};
use crate::cluster::Connection;
use crate::command::{Command, Count, Invocation};
use crate::error::{Failure, Outcome};
use crate::session::Session;

pub(super) static REVISION: Command = Command {
    name: "revision",
    arguments: "RELEASE REVISION1 [REVISION2]",
    short: "compare revisions of a release",
    long: "Compares a revision of a release with its newest, or two of its revisions.",
    count: Count::Any,
    flags: &[flags::COLORS, flags::SHOWING, flags::COMPARING],
    run: Some(revision),
    ..Command::DEFAULT
};

pub(super) static ROLLBACK: Command = Command {
    name: "rollback",
    arguments: "RELEASE REVISION",
    short: "show what a rollback would change",
    long: "Compares the newest revision of a release with the one that it would be rolled back to.",
    count: Count::Any,
    flags: &[flags::COLORS, flags::SHOWING, flags::COMPARING],
    run: Some(rollback),
    ..Command::DEFAULT
};

fn revision(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    match invocation.args.as_slice() {
        [] | [_] => Err(Failure::new(
            "Too few arguments to Command \"revision\".\n\
             Minimum 2 arguments required: release name, revision",
        )),
        [name, one] => {
            // Helm-diff counts no differences here. They are differences all the same.
            compare(name, number(one)?, 0, invocation, session)
        }
        [name, one, other] => {
            let (one, other) = (number(one)?, number(other)?);
            let (older, newer) = (one.min(other), one.max(other));
            compare(name, older, newer, invocation, session)
        }
        _ => Err(Failure::new(
            "Too many arguments to Command \"revision\".\n\
             Maximum 3 arguments allowed: release name, revision1, revision2",
        )),
    }
}

fn rollback(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let args = &invocation.args;
    arguments(args.len(), &["release name", "revision number"])?;
    let [name, revision] = args.as_slice() else {
        return Ok(());
    };
    compare(name, 0, number(revision)?, invocation, session)
}

/// A revision's number.
fn number(text: &str) -> Result<i64, Failure> {
    text.parse()
        .map_err(|_| Failure::new(format!("{text:?} is no revision: it must be a number")))
}

/// Compares two revisions; 0 is the newest.
fn compare(
    name: &str,
    old: i64,
    new: i64,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Outcome {
    let flags = &invocation.flags;
    let options = flags::options(flags, session)?;
    let mut connection = Connection::open(flags, session)?;
    let old = revision_of(name, old, &mut connection, session)?;
    let new = revision_of(name, new, &mut connection, session)?;
    let namespace = connection.namespace();
    let sides = Sides::new(
        index(&old.manifest, namespace, flags)?,
        index(&new.manifest, namespace, flags)?,
    );
    sides.compare(&options, invocation, session)
}
