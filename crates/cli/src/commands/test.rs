//! `windlass test`: run a release's tests.

use super::flags::TIMEOUT;
use super::unavailable;
use crate::command::{Command, Count, Flag};

pub(super) static COMMAND: Command = Command {
    name: "test",
    arguments: "[RELEASE]",
    short: "run a release's tests (not there yet)",
    long: "Runs the test hooks of a release, in order, and tells how they ended.",
    count: Count::Exactly(1),
    flags: &[TIMEOUT, FLAGS],
    run: Some(unavailable::needs_cluster),
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
