//! `windlass status`: how a release is doing.

use super::flags::OUTPUT;
use super::unavailable;
use crate::command::{Command, Count, Flag, FlagKind};

pub(super) static COMMAND: Command = Command {
    name: "status",
    arguments: "RELEASE_NAME",
    short: "show how a release is doing (not there yet)",
    long: "Shows a release's last deployment, its objects, its tests and its notes.",
    count: Count::Exactly(1),
    flags: &[OUTPUT, FLAGS],
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::of("revision", FlagKind::Int, "the revision to show").default("0"),
    // E10: Helm 4 shows both always.
    Flag::switch("show-desc", "show the description"),
    Flag::switch("show-resources", "show the objects"),
];
