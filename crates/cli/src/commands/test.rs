//! `windlass test`: run a release's tests.

use windlass_engine::hooks::suite::{self, Filters};
use windlass_engine::logs::LogError;
use windlass_engine::{Engine, Test, Tested};

use super::action;
use super::flags::{TIMEOUT, WAITING};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::release_view::{StatusOptions, print_status};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "test",
    arguments: "[RELEASE]",
    short: "run a release's tests",
    long: "Runs the test hooks of a release, in order, and tells how they ended.",
    count: Count::Exactly(1),
    flags: &[TIMEOUT, WAITING, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::slice(
        "filter",
        "tests to run, as name=TEST, or to leave out, as !name=TEST (repeatable)",
    ),
    Flag::switch("hide-notes", "do not print the notes"),
    Flag::switch("logs", "print the logs of the tests' pods"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let options = Test {
        name: invocation.args.first().cloned().unwrap_or_default(),
        filters: filters(flags),
        waiting: action::waiting(flags, session),
    };
    let mut connection = Connection::open(flags, session)?;
    let engine = connection.engine(session);
    let tested = connection.run(session, None, engine.test(&options));
    let tested = tested.map_err(|error| action::failure(&error, None, invocation))?;
    let shown = show(
        &engine,
        &options,
        &tested,
        &mut connection,
        invocation,
        session,
    );
    // Logs are gone with the pods: what tests leave is cleaned up last, and whatever happened.
    let Tested {
        release, aftermath, ..
    } = tested;
    let cleaned = connection.run(
        session,
        None,
        engine.clean_up_tests(&options, &release, aftermath),
    );
    shown?;
    cleaned.map_err(|error| action::failure(&error, None, invocation))
}

/// Prints how the tests went and, if asked, what they printed.
///
/// # Errors
/// Tests that failed, logs that cannot be had.
fn show(
    engine: &Engine,
    options: &Test,
    tested: &Tested,
    connection: &mut Connection,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Outcome {
    let flags = &invocation.flags;
    let result = match &tested.result {
        Ok(()) => Ok(()),
        Err(error) => Err(action::failure(error, None, invocation)),
    };
    let status = StatusOptions {
        debug: session.debug,
        hide_notes: session.compat.hides_notes_of_tests() || flags.on("hide-notes"),
        ..StatusOptions::default()
    };
    print_status(session, &tested.release, &status)?;
    if flags.on("logs") {
        session.print("\n")?;
        let mut output = Vec::new();
        let namespace = connection.namespace().to_owned();
        let mut sink = |bytes: &[u8]| output.extend_from_slice(bytes);
        let logs = suite::logs(
            engine,
            &tested.release,
            &namespace,
            &options.filters,
            &mut sink,
        );
        let logs = connection.run(session, None, logs);
        session.print(output)?;
        if let Err(error) = logs {
            return Err(with_logs_failure(&error, result, session));
        }
    }
    result
}

/// Helm 4 tells of the tests and of the logs, Helm 3 of the logs only.
fn with_logs_failure(error: &LogError, result: Outcome, session: &Session<'_>) -> Failure {
    let text = windlass_engine::error::text(error);
    match result {
        Err(failed) if session.compat.joins_test_and_log_failures() => {
            Failure::new(format!("{}\n{text}", failed.message))
        }
        _ => Failure::new(text),
    }
}

/// `name=TEST`, `!name=TEST`; anything else means nothing.
fn filters(flags: &Flags) -> Filters {
    let mut filters = Filters::default();
    for filter in flags.all("filter") {
        if let Some(name) = filter.strip_prefix("name=") {
            filters.names.push(name.to_owned());
        } else if let Some(rest) = filter.strip_prefix('!')
            && let Some(name) = without_blank(rest).strip_prefix("name=")
        {
            filters.without.push(name.to_owned());
        }
    }
    filters
}

/// One blank may stand behind the `!`.
fn without_blank(text: &str) -> &str {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r');
    text.strip_prefix(blank).unwrap_or(text)
}
